package topiary.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A node whose state is in MySQL's kind of database, and states that are carried to another. */
class StoreIT {

  private static Rig rig;

  @BeforeAll
  static void up() {
    rig = Rig.of("state", "p(r1,r2)");
  }

  @AfterAll
  static void down() {
    if (rig != null) {
      rig.close();
    }
  }

  @Test
  void aNodeKeepsItsStateInASchemaAndItCanBeCarriedElsewhere() throws Exception {
    Path data = Rig.folder("data");
    Path config = rig.configFile(data, "r1", schema());
    String run;
    try (Program node = Program.start("node", "--config", config.toString())) {
      Caller http = ready(node);
      assertEquals("mysql", backend(http));
      run = deed(http, "set-writeable");
      refused(6, "is in use by another Topiary", "store", "export", "--config", config, "x.db");
      node.kill();
    }
    // What it acknowledged is there.
    try (Program node = Program.start("node", "--config", config.toString())) {
      Caller http = ready(node);
      assertEquals("DONE", http.get("run?plan=" + run).json().get("end"));
      // The server goes and comes back, and the node with it.
      rig.lab.kill("p");
      try {
        Until.holds(
            "it is told",
            () -> {
              Caller.Got got = http.post("set-read-only", Map.of("instance", rig.address("r1")));
              return got.status() == 503 && got.body().contains("cannot be reached");
            });
        assertEquals(503, http.get("health").status());
        assertFalse(rig.readOnly("r1"), "what could not be written down was not begun");
      } finally {
        rig.lab.start("p");
        rig.lab.makeWritable("p");
      }
      Until.holds("it is well again", () -> http.get("health").status() == 200);
      Until.holds("all are seen", () -> rig.follows("r1").equals("p Yes Yes"));
      deed(http, "set-read-only");
      node.interrupt();
      assertFalse(node.err().contains("\tat "), node.err());
    }

    Path file = Rig.folder("state.db");
    String state = hash(done("store", "export", "--config", config, file));
    refused(1, "is there already", "store", "export", "--config", config, file);
    assertEquals(state, hash(done("store", "export", "--config", config, "--replace", file)));

    Path there = Rig.folder("there");
    Path other = rig.configFile(there, "r1");
    refused(6, "there is no state of a node in", "store", "export", "--config", other, "x.db");
    assertFalse(Files.exists(there));
    Path bad = Files.write(Rig.folder("bad.db"), new byte[5000]);
    refused(1, "is damaged", "store", "import", "--config", other, bad);
    refused(1, "cannot be read", "store", "import", "--config", other, Rig.folder("none"));
    assertFalse(Files.exists(there), "nothing is made for a file that cannot be used");
    byte[] content = Files.readAllBytes(file);
    assertEquals(state, hash(done("store", "import", file, "--config", other)));
    assertArrayEquals(content, Files.readAllBytes(file));
    refused(1, "say --replace", "store", "import", "--config", other, file);
    assertEquals(state, hash(done("store", "import", "--replace", "--config", other, file)));
    try (Program node = Program.start("node", "--config", other.toString())) {
      Caller http = ready(node);
      assertEquals("DONE", http.get("run?plan=" + run).json().get("end"));
      assertEquals("sqlite", backend(http));
      node.interrupt();
    }
    // And back.
    assertEquals(state, hash(done("store", "import", "--replace", "--config", config, file)));
  }

  @Test
  void whatIsNotACommandIsToldWithTheUsage() throws Exception {
    for (List<String> words :
        List.of(
            List.of("store"),
            List.of("store", "eat", "--config", "a", "b"),
            List.of("store", "export", "--config", "a"),
            List.of("store", "export", "a"),
            List.of("store", "import", "--config", "a", "b", "c"),
            List.of("store", "import", "--config", "a", "--force"))) {
      Program.Ended ended = Program.run(words.toArray(String[]::new));
      assertEquals(2, ended.status(), words.toString());
      assertTrue(ended.err().startsWith("topiary: store export|import"), ended.err());
    }
    refused(5, "there is no file", "store", "export", "--config", "/nowhere.json", "x.db");
  }

  /** A schema on the head of the fleet, which also looks after the schema of its own manager. */
  private static Map<String, Object> schema() {
    return Map.of(
        "mysql",
        rig.address("p"),
        "schema",
        "state",
        "user",
        "lab",
        "password",
        Map.of("file", rig.lab.credentials().file().resolveSibling("lab").toString()));
  }

  private static String backend(Caller http) throws Exception {
    return String.valueOf(http.get("/api/health").json().get("Details"))
        .replaceAll(".*DBBackend=([a-z]+).*", "$1");
  }

  private static String deed(Caller http, String operation) throws Exception {
    Caller.Got got = http.post(operation, Map.of("instance", rig.address("r1")));
    assertEquals(202, got.status(), got.body());
    String run = got.header("Topiary-Run");
    assertEquals("DONE", http.follow(run).get("end"));
    return run;
  }

  private static String done(Object... words) throws Exception {
    Program.Ended ended = Program.run(texts(words));
    assertEquals(0, ended.status(), ended.err());
    assertEquals("", ended.err());
    assertTrue(ended.out().contains(": 3 servers, up to entry "), ended.out());
    return ended.out();
  }

  private static String hash(String out) {
    return out.substring(out.indexOf(", state "));
  }

  private static void refused(int status, String sentence, Object... words) throws Exception {
    Program.Ended ended = Program.run(texts(words));
    assertEquals(status, ended.status(), ended.err());
    assertEquals("", ended.out());
    assertEquals(1, ended.err().lines().count(), ended.err());
    assertTrue(ended.err().startsWith("topiary: "), ended.err());
    assertTrue(ended.err().contains(sentence), ended.err());
  }

  private static String[] texts(Object... words) {
    return List.of(words).stream().map(Object::toString).toArray(String[]::new);
  }

  private static Caller ready(Program node) throws IOException {
    var http = new Caller(node.ready());
    Until.holds(
        "all are seen",
        () ->
            Integer.valueOf(3)
                .equals(((Map<?, ?>) http.get("health").json().get("conditions")).get("SEEN")));
    return http;
  }
}
