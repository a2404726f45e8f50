package topiary.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.LabException;
import topiary.lab.process.ProcessId;

class LifetimeIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Cache CACHE = Scratch.cache();

  @Test
  void tetheredServersDieWithTheirOwnerHoweverItDies() throws IOException {
    String name = Lab.freeName(CACHE, "tethered");
    Process owner = owner(name, "p(r1,r2)");
    List<ProcessId> servers;
    Lab guest;
    try {
      assertEquals("up 3", owner.inputReader().readLine());
      guest = Lab.open(CACHE, name);
      guest.kill("r2");
      guest.start("r2");
      guest.hang("r1");
      servers = processes(guest);
      assertEquals(3, servers.size());
      assertTrue(guest.exists());
      assertFalse(Lab.freeName(CACHE, name).equals(name));
    } finally {
      owner.destroyForcibly();
    }
    for (ProcessId server : servers) {
      assertTrue(server.awaitEnd(LIMIT), server + " outlived its owner");
    }
    assertTrue(
        Await.holds(LIMIT, () -> shells(guest).isEmpty()),
        "a shell of the tether outlived its server");
    assertFalse(guest.exists());

    // What it left is replaced by the next lab of the name.
    assertEquals(name, Lab.freeName(CACHE, name));
    Path left = guest.directory().resolve("servers/r2");
    assertTrue(Files.exists(left));
    try (Lab next = Lab.start(LabSpec.of(CACHE, name, "p"))) {
      assertFalse(Files.exists(left));
      assertEquals(1, next.members().size());
    }
    assertFalse(Files.exists(guest.directory()));
  }

  @Test
  void anOwnerThatEndsInOrderLeavesNoFolder() throws Exception {
    String name = Lab.freeName(CACHE, "orderly");
    Process owner = owner(name, "p");
    try {
      assertEquals("up 1", owner.inputReader().readLine());
      owner.outputWriter().close();
      assertTrue(owner.waitFor(LIMIT));
    } finally {
      owner.destroyForcibly();
    }
    assertFalse(Files.exists(CACHE.labs().resolve(name)));
  }

  @Test
  void detachedServersStayUntilTakenDown() {
    String name = Lab.freeName(CACHE, "detached");
    try (Lab first = Lab.start(LabSpec.of(CACHE, name, "p(r1)").detached())) {
      assertEquals(2, processes(first).size());
    }
    Lab again = Lab.open(CACHE, name);
    List<ProcessId> servers = processes(again);
    assertEquals(2, servers.size());
    var e =
        assertThrows(LabException.class, () -> Lab.start(LabSpec.of(CACHE, name, "p").detached()));
    assertTrue(e.getMessage().contains("is up already"), e.getMessage());
    assertFalse(Lab.freeName(CACHE, name).equals(name));
    again.hang("r1");
    again.down();
    assertTrue(servers.stream().noneMatch(ProcessId::alive));
    assertFalse(Files.exists(again.directory()));
  }

  @Test
  void serversOfABuilderThatWasKilledAreEndedAndStrangersAreSpared() throws IOException {
    String name = Lab.freeName(CACHE, "half");
    Lab half = Lab.start(LabSpec.of(CACHE, name, "p(r1)").detached());
    List<ProcessId> servers = processes(half);
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      // As the file is before the builder is done, one pid not yet recorded and the other given to
      // a stranger since.
      Path file = half.directory().resolve("lab.json");
      LabState state = LabState.read(file).orElseThrow();
      ProcessId reused = ProcessId.of(stranger.pid()).orElseThrow();
      new LabState(
              LabState.FORMAT,
              name,
              state.flavor(),
              state.home(),
              state.mode(),
              false,
              false,
              state.owner(),
              List.of(
                  state.server("p").at(state.server("p").port(), null),
                  state.server("r1").at(state.server("r1").port(), reused)),
              List.of())
          .write(file);
      assertEquals(Member.State.STOPPED, half.member("r1").state());
      half.kill("r1");
      try (Lab next = Lab.start(LabSpec.of(CACHE, name, "p"))) {
        assertTrue(servers.stream().noneMatch(ProcessId::alive));
        assertEquals(1, next.members().size());
      }
      assertTrue(stranger.isAlive());
    } finally {
      stranger.destroyForcibly();
    }
  }

  private static Process owner(String name, String tree) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            TetheredOwner.class.getName(),
            CACHE.root().toString(),
            name,
            tree)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<ProcessId> processes(Lab lab) {
    return lab.members().stream()
        .filter(m -> m.pid() != 0)
        .map(m -> ProcessId.of(m.pid()).orElseThrow())
        .toList();
  }

  private static List<ProcessId> shells(Lab lab) {
    return List.of("p", "r1", "r2").stream()
        .flatMap(
            m ->
                ProcessId.withArgument(
                    "--defaults-file=" + lab.directory().resolve("servers/" + m + "/my.cnf"))
                    .stream())
        .toList();
  }
}
