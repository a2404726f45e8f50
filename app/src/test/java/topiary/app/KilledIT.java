package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import topiary.store.sqlite.SqliteStore;

/** A node is killed while it writes down a stream of deeds, and while it makes a plan. */
class KilledIT {

  private static final int ROUNDS = 3;

  /** Of each server, before a round ends. */
  private static final int DEEDS = 6;

  private static Rig rig;

  @BeforeAll
  static void up() {
    rig = Rig.of("killed", "p(r1,r2)");
  }

  @AfterAll
  static void down() {
    if (rig != null) {
      rig.close();
    }
  }

  // ---- while it writes

  @Test
  void whateverItAcknowledgedIsThereAfterAKillInTheMiddleOfAStreamOfDeeds() throws Exception {
    long seed = Long.getLong("topiary.seed", System.nanoTime());
    var random = new Random(seed);
    System.out.println("KilledIT: again with -Dtopiary.seed=" + seed);
    Path data = Rig.folder("data");
    Map<String, String> told = new ConcurrentHashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      int enough = told.size() + 2 * DEEDS + random.nextInt(DEEDS);
      try (Program node = start(data);
          var clients = Executors.newVirtualThreadPerTaskExecutor()) {
        var http = ready(node);
        checkTold(http, told);
        List<Future<?>> both =
            List.of(
                clients.submit(() -> deeds(http, rig.address("r1"), told)),
                clients.submit(() -> deeds(http, rig.address("r2"), told)));
        Until.holds("so many deeds", () -> told.size() >= enough);
        // At any moment of a deed, of which each takes some ten milliseconds.
        Thread.sleep(random.nextInt(20));
        node.kill();
        for (Future<?> client : both) {
          client.get();
        }
      }
      checkStore(data);
    }
    try (Program node = start(data)) {
      var http = ready(node);
      checkTold(http, told);
      for (Map<String, Object> run : http.get("runs?limit=1000").list()) {
        assertTrue(run.get("end") != null, "nothing stays open: " + run);
      }
      assertEquals(0, http.get("health").json().get("plansUnderWay"));
      for (String server : List.of("r1", "r2")) {
        deed(http, "set-read-only", rig.address(server));
        assertTrue(rig.readOnly(server));
      }
      node.interrupt();
      assertFalse(node.err().contains("\tat "), node.err());
    }
  }

  /** Deeds on one server until nobody answers; what was told of each is kept. */
  private static Void deeds(Caller http, String server, Map<String, String> told)
      throws InterruptedException {
    for (int i = 0; true; i++) {
      try {
        Caller.Got got =
            http.post(i % 2 == 0 ? "set-writeable" : "set-read-only", Map.of("instance", server));
        if (got.status() == 202) {
          String run = got.header("Topiary-Run");
          told.put(run, "");
          told.put(run, http.follow(run).get("end").toString());
        } else {
          // So already, as a round begins with what the one before has left.
          assertEquals(422, got.status(), got.body());
        }
      } catch (IOException e) {
        // It was killed.
        return null;
      }
    }
  }

  /** Every run is known that anybody was told of, and ended as was told, or was interrupted. */
  private static void checkTold(Caller http, Map<String, String> told) throws Exception {
    for (Map.Entry<String, String> run : told.entrySet()) {
      Caller.Got got = http.get("run?plan=" + run.getKey());
      assertEquals(200, got.status(), got.body());
      if (run.getValue().isEmpty()) {
        Until.holds(
            "it is reported", () -> http.get("run?plan=" + run.getKey()).json().get("end") != null);
        Map<String, Object> now = http.get("run?plan=" + run.getKey()).json();
        assertTrue(List.of("DONE", "INTERRUPTED").contains(now.get("end")), now.toString());
        assertFalse(now.get("report").toString().isEmpty() && now.get("end").equals("INTERRUPTED"));
      } else {
        assertEquals(run.getValue(), got.json().get("end"), got.body());
      }
    }
  }

  /** The state is that of the log's last entry, and the same whenever it is read. */
  private static void checkStore(Path data) throws SQLException {
    String hash;
    long applied;
    try (var store = SqliteStore.open(data)) {
      hash = store.stateHash();
      applied = store.lastApplied().index();
    }
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("topiary.db"));
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT count(*), max(log_index) FROM command UNION ALL SELECT 0, applied_index"
                    + " FROM meta")) {
      row.next();
      assertEquals(applied, row.getLong(1), "no entry is missing");
      assertEquals(applied, row.getLong(2));
      row.next();
      assertEquals(applied, row.getLong(2));
    }
    try (var store = SqliteStore.open(data)) {
      assertEquals(hash, store.stateHash());
      assertEquals(applied, store.lastApplied().index());
    }
  }

  // ---- while it plans

  @Test
  void aKillWhileItPlansLeavesNothing() throws Exception {
    Path data = Rig.folder("data");
    try (Program node = start(data);
        var client = Executors.newVirtualThreadPerTaskExecutor()) {
      var http = ready(node);
      var measure = new Measure(node.pid());
      rig.lab.hang("r1");
      try {
        Future<Void> asked = client.submit(() -> ask(http));
        Until.holds("it is planning", () -> measure.anyIn("topiary.engine.manager.Desk.plan"));
        node.kill();
        asked.get();
      } finally {
        rig.lab.resume("r1");
      }
    }
    try (Program node = start(data)) {
      var http = ready(node);
      assertEquals(List.of(), http.get("runs").list());
      assertEquals(0, http.get("health").json().get("plansUnderWay"));
      Until.holds("the servers are as they were", () -> rig.follows("r1").equals("p Yes Yes"));
      deed(http, "set-read-only", rig.address("r1"));
      node.interrupt();
      assertFalse(node.err().contains("\tat "), node.err());
    }
  }

  /** Asks for what cannot be planned at once, again and again, until nobody answers. */
  private static Void ask(Caller http) throws InterruptedException {
    Map<String, String> move = Map.of("replica", rig.address("r1"), "below", rig.address("r2"));
    while (true) {
      try {
        Caller.Got got = http.post("relocate", move);
        assertEquals(422, got.status(), got.body());
      } catch (IOException e) {
        // It was killed.
        return null;
      }
    }
  }

  // ---- what both have in common

  private static void deed(Caller http, String operation, String server) throws Exception {
    Caller.Got got = http.post(operation, Map.of("instance", server));
    if (got.status() == 202) {
      assertEquals("DONE", http.follow(got.header("Topiary-Run")).get("end"));
    } else {
      assertEquals(422, got.status(), got.body());
    }
  }

  private static Program start(Path data) throws IOException {
    return Program.start("node", "--config", rig.configFile(data, "r1").toString());
  }

  private static Caller ready(Program node) throws Exception {
    var http = new Caller(node.ready());
    Until.holds(
        "all are seen",
        () ->
            Integer.valueOf(3)
                .equals(((Map<?, ?>) http.get("health").json().get("conditions")).get("SEEN")));
    return http;
  }
}
