package topiary.app.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import topiary.app.config.HookConfig;
import topiary.engine.intent.RecoveryId;
import topiary.engine.policy.HookList;
import topiary.engine.port.Hooks;

/** Hooks as processes of this machine. */
@Timeout(60)
class ShellHooksTest {

  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Duration SHORT = Duration.ofMillis(600);

  @TempDir Path folder;

  private static ShellHooks hooks(Duration limit, String... commands) {
    return new ShellHooks(
        new HookConfig("bash", limit, Map.of(HookList.BEFORE_RECOVERY, List.of(commands))),
        "node 1",
        (name, task) -> Thread.ofVirtual().name(name).start(task));
  }

  private static Hooks.Done run(Duration limit, String command) throws InterruptedException {
    return hooks(limit, command).run(call(Map.of("failedHost", "db1", "failureType", "it's")));
  }

  private static Hooks.Call call(Map<String, String> facts) {
    return new Hooks.Call(new RecoveryId("r1"), HookList.BEFORE_RECOVERY, 1, 2, facts);
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  /** The process whose id a hook has written, once it has. */
  private ProcessHandle process(String name) throws Exception {
    Path file = folder.resolve(name);
    while (!Files.exists(file) || !Files.readString(file).endsWith("\n")) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElse(null);
  }

  private static void assertGone(ProcessHandle process) throws Exception {
    if (process != null) {
      process.onExit().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void itIsToldByTextAndByEnvironmentAndNothingIsInItsInput() throws Exception {
    Hooks.Done done =
        run(
            LONG,
            "cat; echo \"{failedHost} {failureType} $ORC_FAILURE_TYPE $TOPIARY_ATTEMPT"
                + " $ORC_ORCHESTRATOR_HOST\"; echo lost >&2");
    assertEquals(Optional.empty(), done.failure());
    assertEquals("db1 {failureType} it's 2 node 1\nlost\n", done.output());
  }

  @Test
  void whoTookWhosePlaceIsAnArgumentToo() throws Exception {
    var config =
        new HookConfig(
            "bash", LONG, Map.of(HookList.AFTER_TAKE_SOURCE, List.of("echo \"$1 $2 $#\"")));
    var facts = Map.of("successorHost", "db2:3306", "failedHost", "db1:3306");
    Hooks.Done done =
        new ShellHooks(config, "n", (name, task) -> Thread.ofVirtual().start(task))
            .run(new Hooks.Call(new RecoveryId("r1"), HookList.AFTER_TAKE_SOURCE, 1, 1, facts));
    assertEquals("db2:3306 db1:3306 2\n", done.output());
  }

  @Test
  void oneThatFailsSaysHow() throws Exception {
    assertEquals(
        new Hooks.Done(Optional.of("it ended with 3"), "no\n"), run(LONG, "echo no; exit 3"));
    Hooks.Done none = run(LONG, "/nowhere/at/all");
    assertEquals(Optional.of("it ended with 127"), none.failure());
    var shell = new HookConfig("/nowhere/sh", LONG, Map.of(HookList.BEFORE_RECOVERY, List.of("a")));
    Hooks.Done done = new ShellHooks(shell, "n", (name, task) -> task.run()).run(call(Map.of()));
    assertTrue(done.failure().isPresent());
  }

  /** What it has started has long left it, and is found all the same. */
  @Test
  void oneThatHangsIsEndedWithAllItHasStarted() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/setsid"))
            || Files.isExecutable(Path.of("/bin/setsid")),
        "there is no setsid here, without which what has left is not found");
    String command =
        "(sleep 1000 & echo $! > "
            + file("orphan")
            + ") ; sleep 1000 & echo $! > "
            + file("child")
            + "; trap '' TERM; echo waits; while true; do sleep 1000; done";
    long began = System.nanoTime();
    Hooks.Done done = run(SHORT, command);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    assertEquals(Optional.of("it was ended after 0.6 s, with all it had started"), done.failure());
    assertEquals("waits\n", done.output());
    assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, took::toString);
    assertGone(process("child"));
    assertGone(process("orphan"));
  }

  @Test
  void oneThatFloodsIsReadAndTheFirstAndLastOfItAreKept() throws Exception {
    Hooks.Done done =
        run(LONG, "echo first; head -c 50000000 /dev/zero | tr '\\0' x; echo; echo last");
    assertEquals(Optional.empty(), done.failure());
    assertTrue(done.output().startsWith("first\nxxx"), done::output);
    assertTrue(done.output().endsWith("xxx\nlast\n"), done::output);
    assertTrue(done.output().contains(" bytes left out …\n"), done::output);
    assertTrue(done.output().length() < 2 * Output.KEPT + 100);
    Hooks.Done endless = run(SHORT, "yes");
    assertTrue(endless.failure().isPresent());
    assertTrue(endless.output().length() < 2 * Output.KEPT + 100);
  }

  @Test
  void whatItLeavesRunningIsNotWaitedFor() throws Exception {
    Hooks.Done done = run(LONG, "echo begun; sleep 1000 & echo $! > " + file("left"));
    assertEquals(new Hooks.Done(Optional.empty(), "begun\n"), done);
    ProcessHandle left = process("left");
    assertTrue(left != null && left.isAlive());
    left.destroyForcibly();
  }

  @Test
  void oneThatEndsWithAnAmpersandIsNotWaitedForAndItsEndDoesNotMatter() throws Exception {
    Hooks.Done done =
        run(LONG, "sleep 0.3; echo $ORC_FAILED_HOST > " + file("later") + "; exit 1 &");
    assertEquals(Optional.empty(), done.failure());
    assertFalse(Files.exists(folder.resolve("later")));
    while (!Files.exists(folder.resolve("later"))
        || !Files.readString(folder.resolve("later")).equals("db1\n")) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void aNodeThatIsBeingStoppedEndsIt() throws Exception {
    var end = new CompletableFuture<Throwable>();
    Thread node =
        Thread.ofVirtual()
            .start(
                () ->
                    end.complete(
                        assertThrows(
                            InterruptedException.class,
                            () -> run(LONG, "echo $$ > " + file("shell") + "; sleep 1000; true"))));
    ProcessHandle shell = process("shell");
    node.interrupt();
    end.get(20, TimeUnit.SECONDS);
    assertGone(shell);
  }

  @Test
  void whatItWritesMovesNoCursorAndBreaksNoText() throws IOException {
    var output = new Output();
    byte[] bytes = "a\u001b[2Jb\0c\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    output.add(bytes, bytes.length);
    output.add(new byte[] {(byte) 0xff}, 1);
    assertEquals("a\ufffd[2Jb\ufffdc\n\ufffd", output.text());
  }

  @Test
  void theOutputIsWholeUpToItsLimit() {
    for (int length : new int[] {0, 1, 2047, 2048, 2049, 4095, 4096, 4097, 20_000}) {
      for (int chunk : new int[] {1, 7, 5000}) {
        var output = new Output();
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
          text.append((char) ('a' + i % 26));
        }
        for (int i = 0; i < length; i += chunk) {
          byte[] part =
              text.substring(i, Math.min(length, i + chunk))
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
          output.add(part, part.length);
        }
        String expected =
            length <= 4096
                ? text.toString()
                : text.substring(0, 2048)
                    + "\n… "
                    + (length - 4096)
                    + " bytes left out …\n"
                    + text.substring(length - 2048);
        assertEquals(expected, output.text());
      }
    }
  }
}
