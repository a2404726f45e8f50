package topiary.app.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.app.Samples;
import topiary.app.desktop.SampleFindings;
import topiary.app.desktop.model.Looks;
import topiary.app.desktop.model.Message;
import topiary.app.desktop.model.Outside;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.model.WindowModel;
import topiary.app.gateway.FakeGateway;
import topiary.engine.finding.Code;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** Messages by the desktop's notifications: a program of the test's own is in their place. */
class NotifySendTest {

  private static final Message MESSAGE = new Message(true, "a:1 fails", "it does");

  @TempDir private Path folder;

  /** A program that writes its words down, each ended by NUL, and then does something. */
  private Path program(String then) throws IOException {
    Path file = folder.resolve(NotifySend.NAME);
    Files.writeString(
        file, "#!/bin/sh\nfor a in \"$@\"; do printf '%s\\0' \"$a\"; done > \"$0.words\"\n" + then);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }

  private Message.Way way() {
    return NotifySend.of(Map.of("PATH", "/nowhere:" + folder));
  }

  private List<String> words() throws IOException {
    return List.of(Files.readString(folder.resolve(NotifySend.NAME + ".words")).split("\0"));
  }

  @Test
  void aDeadPrimaryIsShown() throws IOException {
    program("");
    var outside = new Outside(way());
    outside.looking().set(false);
    var node = new FakeGateway();
    var model =
        new WindowModel(
            node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT), new Looks(), outside);
    model.start();
    node.tell(Samples.topology(1, Samples.primary("a")), Samples.NOW);
    model.told().tick(Samples.NOW);
    node.found =
        Map.of(Samples.key("a"), List.of(SampleFindings.finding(Code.DEAD_MASTER, Samples.NOW)));
    node.tell(Samples.topology(2, Samples.primary("a")), Samples.NOW);
    model.told().tick(Samples.NOW);
    assertEquals(
        List.of(
            "--app-name=Topiary",
            "--urgency=critical",
            "--",
            "DeadMaster: a:3306",
            "a:3306: " + Code.DEAD_MASTER.words()),
        words());
    assertEquals("", model.notice().get());
  }

  @Test
  void whateverAServerIsCalledIsText() throws IOException {
    program("");
    Path made = folder.resolve("made");
    String evil = "--help $(touch " + made + "); `touch " + made + "` \u0007\u0000";
    assertEquals("", way().show(new Message(false, evil, "<b>a & b</b>\nC:\\n")));
    assertFalse(Files.exists(made));
    assertEquals(
        List.of(
            "--app-name=Topiary",
            "--urgency=normal",
            "--",
            evil.replaceAll("\\p{Cntrl}", " "),
            "&lt;b&gt;a &amp; b&lt;/b&gt;\nC:\\\\n"),
        words());
  }

  @Test
  void oneThatRefusesSaysSo() throws IOException {
    program("echo oh no >&2; exit 3");
    assertEquals(
        "The system's notifications refused a message (notify-send ended with 3).",
        way().show(MESSAGE));
  }

  @Test
  void oneThatHangsIsEnded() throws IOException {
    Path hangs = program("echo $$ > \"$0.pid\"; exec sleep 600");
    assertEquals(
        "The system's notifications do not answer.",
        new NotifySend(hangs, Duration.ofMillis(300)).show(MESSAGE));
    long pid = Long.parseLong(Files.readString(folder.resolve("notify-send.pid")).strip());
    ProcessHandle.of(pid).ifPresent(left -> left.onExit().join());
  }

  @Test
  void oneThatCannotBeStartedSaysSo() throws IOException {
    Path file = program("");
    Message.Way way = way();
    Files.delete(file);
    String answer = way.show(MESSAGE);
    assertTrue(answer.startsWith("The system's notifications cannot be used: "), answer);
  }

  @Test
  void whereThereIsNoneNothingIsShown() throws IOException {
    Files.writeString(folder.resolve(NotifySend.NAME), "nothing that can be run");
    assertSame(Message.Way.NONE, way());
    assertSame(Message.Way.NONE, NotifySend.of(Map.of()));
    assertFalse(Message.Way.NONE.show(MESSAGE).isEmpty());
  }
}
