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

class LabCommandIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Cache cache = Scratch.cache();
  private final String name = Lab.freeName(cache, "command");
  private final Terminal terminal = new Terminal(Optional.of(cache));

  @Test
  void aLabByCommands() {
    try {
      walk();
    } finally {
      if (Files.exists(cache.labs().resolve(name))) {
        terminal.run("down", "--name", name);
      }
    }
  }

  private void walk() {
    assertEquals(0, run("up", "--tree", "p(r1,r2)"), terminal::err);
    Lab lab = Lab.open(cache, name);
    assertTrue(terminal.out().contains(lab.member("r1").address()), terminal.out());
    assertTrue(terminal.out().contains(lab.credentials().file().toString()), terminal.out());
    assertEquals(1, run("up"));
    assertTrue(terminal.err().contains("is up already"), terminal.err());

    assertEquals(0, run("status"));
    assertTrue(
        terminal.out().matches("(?s).*\nr2 +127\\.0\\.0\\.1:\\d+ +\\d+ +running +p +yes +0-1-1\n"),
        terminal.out());

    assertEquals(0, run("load", "start", "--rate", "300"), terminal::err);
    assertEquals(1, run("load", "start"));
    assertEquals(0, run("kill", "r1"), terminal::err);
    assertEquals("r1 is stopped\n", terminal.out());
    assertEquals(0, run("hang", "r2"), terminal::err);
    assertEquals(0, run("status", "--json"), terminal::err);
    var members = JsonMapper.shared().readTree(terminal.out()).get("members");
    assertEquals("STOPPED", members.get(1).get("state").asString());
    assertTrue(members.get(1).get("pid").isNull());
    assertEquals("HUNG", members.get(2).get("state").asString());
    assertFalse(members.get(0).get("readOnly").asBoolean());
    assertEquals(1, run("load", "check", "--on", "r1"));
    assertTrue(terminal.err().contains("r1 cannot be checked"), terminal.err());
    assertEquals(0, run("resume", "r2"), terminal::err);
    assertEquals(0, run("start", "r1"), terminal::err);
    assertEquals(1, run("start", "r1"));
    assertEquals(0, run("restart", "r1"), terminal::err);
    assertTrue(terminal.out().contains("r1 is running, read-only"), terminal::out);
    assertEquals(0, run("load", "check"), terminal::out);
    assertEquals(0, run("load", "status"), terminal::err);
    assertTrue(terminal.out().startsWith("load is running"), terminal.out());
    assertEquals(0, run("load", "stop"), terminal::err);
    assertEquals(1, run("load", "stop"));
    assertEquals(0, run("load", "start"), terminal::err);

    List<ProcessId> processes = new ArrayList<>(ProcessId.withArgument(lab.directory().toString()));
    assertEquals(1, processes.size(), "the load");
    lab.members().forEach(m -> processes.add(ProcessId.of(m.pid()).orElseThrow()));
    assertEquals(0, run("down"), terminal::err);
    assertTrue(Await.holds(LIMIT, () -> processes.stream().noneMatch(ProcessId::alive)));
    assertFalse(Files.exists(lab.directory()));
  }

  private int run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--name", name));
    return terminal.run(all.toArray(String[]::new));
  }
}
