package topiary.lab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import topiary.lab.Lab;
import topiary.lab.Scratch;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.process.ProcessId;

/** Faults by commands, on a detached lab, whose proxy is a process of its own. */
class FaultCommandIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Cache cache = Scratch.cache();
  private final String name = Lab.freeName(cache, "faults-command");
  private final Terminal terminal = new Terminal(Optional.of(cache));

  @Test
  void faultsByCommands() {
    try {
      walk();
    } finally {
      if (Files.exists(cache.labs().resolve(name))) {
        terminal.run("down", "--name", name);
      }
    }
  }

  private void walk() {
    assertEquals(0, run("up", "--tree", "p(r1)", "--proxied"), terminal::err);
    Lab lab = Lab.open(cache, name);
    assertEquals(0, run("faults"), terminal::err);
    assertEquals("nothing is wrong on purpose in lab " + name + "\n", terminal.out());

    assertEquals(0, run("cut", "r1", "p"), terminal::err);
    assertEquals(
        "the link from r1 to p is cut\nheal it with: lab heal link-1 --name " + name + "\n",
        terminal.out());
    assertTrue(
        Await.holds(LIMIT, () -> !lab.status(LIMIT).get(1).fault().isEmpty()),
        "r1 says that it cannot connect");
    assertEquals(0, run("slow", "others", "p", "--delay", "50", "--rate", "9000"), terminal::err);
    assertEquals(1, run("lag", "r1"));
    assertTrue(terminal.err().contains("is not connected to its source"), terminal.err());
    assertEquals(0, run("stop-applier", "r1"), terminal::err);
    assertEquals(1, run("full-disk", "p"));
    assertTrue(terminal.err().contains("start it with: lab up --small-disks"), terminal.err());

    assertEquals(0, run("status"), terminal::err);
    assertTrue(
        terminal
            .out()
            .endsWith(
                """

                Wrong on purpose (lab heal --name %s):
                  link-1              the link from r1 to p is cut
                  link-2              the link from others to p is slow: 50 ms each way, 9000 bytes a second
                  stopped-applier-r1  r1 receives and does not apply: its applier is stopped
                """
                    .formatted(name)),
        terminal.out());
    assertEquals(0, run("status", "--json"), terminal::err);
    var status = JsonMapper.shared().readTree(terminal.out());
    assertTrue(status.get("proxied").asBoolean());
    assertEquals("link-1", status.get("faults").get(0).get("id").asString());

    assertEquals(1, run("heal", "link-9"));
    assertTrue(
        terminal.err().contains("there is no fault link-9; there is link-1"), terminal.err());
    assertEquals(0, run("heal", "r1", "p"), terminal::err);
    assertEquals("healed:\n  link-1  the link from r1 to p is cut\n", terminal.out());
    assertEquals(0, run("heal"), terminal::err);
    assertEquals(List.of(), lab.faults().standing());

    List<ProcessId> helpers = ProcessId.withArgument(lab.directory().toString());
    assertEquals(1, helpers.size(), "the proxy");
    assertEquals(0, run("down"), terminal::err);
    assertTrue(Await.holds(LIMIT, () -> helpers.stream().noneMatch(ProcessId::alive)));
    assertFalse(Files.exists(lab.directory()));
  }

  private int run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--name", name));
    return terminal.run(all.toArray(String[]::new));
  }
}
