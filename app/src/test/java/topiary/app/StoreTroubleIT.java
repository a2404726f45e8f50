package topiary.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import topiary.app.config.NodeConfig;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.Seen;
import topiary.app.gateway.place.Place;
import topiary.app.wire.Node;
import topiary.app.wire.OwnPlaces;
import topiary.engine.intent.Intent;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.CommandLog;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Verdict;
import topiary.lab.base.Disk;
import topiary.store.StoreChoice;

/**
 * What becomes of a node whose database is held by another program, whose disk is full, whose file
 * is damaged: it says so everywhere, begins nothing that it could not write down, and goes on when
 * the trouble is over.
 */
class StoreTroubleIT {

  /** How long a node here waits for whoever holds its database; the rest is the same for any. */
  private static final Duration BUSY = Duration.ofMillis(300);

  private static Rig rig;
  private static Path used;

  @BeforeAll
  static void up() {
    rig = Rig.of("trouble", "p(r1,r2)");
  }

  @AfterAll
  static void down() {
    if (rig != null) {
      rig.close();
    }
  }

  // ---- locked

  @Test
  void whileAnotherProgramHoldsTheDatabaseNothingIsBegunAndAfterwardsItGoesOn() throws Exception {
    Path data = Rig.folder("data");
    try (Program node = Program.start("node", "--config", config(data).toString())) {
      var http = ready(node);
      try (var other = hold(data)) {
        notNow(http, "topiary.db is in use by another program: end that one, then try again");
        assertEquals(200, http.get("runs").status(), "what was done can still be read");
        other.rollback();
      }
      goesOn(http, node);
    }
  }

  @Test
  void aPlanThatCannotBeWrittenAnyMorePutsBackWhatItMovedAndItsEndIsWrittenLater()
      throws Exception {
    Path data = Rig.folder("data");
    var held = new AtomicReference<Connection>();
    NodeConfig plain = rig.config(data, 0, rig.lab.credentials().file());
    var config =
        new NodeConfig(
            plain.host(),
            plain.port(),
            plain.dataFolder(),
            plain.servers(),
            plain.credentials(),
            plain.probe(),
            plain.access(),
            plain.cluster(),
            new StoreChoice.Sqlite(BUSY));
    try (var node =
        new Node(
            config,
            fault -> {
              throw new AssertionError("the node cannot go on", fault);
            },
            log -> new Holding(log, 3, () -> held.set(hold(data))))) {
      node.start();
      var http = new Caller(node.address());
      assertEquals(200, http.post("discover", Map.of("instance", rig.address("r1"))).status());
      Until.holds("all are seen", () -> http.get("clusters").list().toString().contains("=3"));
      Map<String, String> move = Map.of("replica", rig.address("r1"), "below", rig.address("r2"));
      Caller.Got got = http.post("relocate", move);
      assertEquals(202, got.status(), got.body());
      String run = got.header("Topiary-Run");
      Map<String, Object> end = http.follow(run);
      assertEquals("FAILED", end.get("end"), end.toString());
      String report = end.get("report").toString();
      assertTrue(report.contains("done, but not journalled: the command log cannot be"), report);
      assertTrue(report.contains("The journal lacks this end: "), report);
      assertEquals("p Yes Yes", rig.follows("r1"), report);
      assertEquals(503, http.get("health").status());
      held.get().rollback();
      held.get().close();
      Until.holds(
          "its end is written",
          () ->
              http.get("health").status() == 200
                  && http.get("health").json().get("plansUnderWay").equals(0));
      assertEquals("FAILED", http.get("run?plan=" + run).json().get("end"));
      for (String below : List.of("r2", "p")) {
        Caller.Got again =
            http.post(
                "relocate", Map.of("replica", rig.address("r1"), "below", rig.address(below)));
        assertEquals(202, again.status(), again.body());
        assertEquals("DONE", http.follow(again.header("Topiary-Run")).get("end"));
      }
    }
  }

  private interface Taking {
    void take() throws SQLException;
  }

  /** A log before which something happens once, when a step has been done. */
  private record Holding(CommandLog inner, int step, Taking taking, AtomicBoolean taken)
      implements ForwardingLog {

    Holding(CommandLog inner, int step, Taking taking) {
      this(inner, step, taking, new AtomicBoolean());
    }

    @Override
    public CompletableFuture<Verdict> submit(Entry entry) {
      if (entry.command() instanceof Command.EndStep end
          && end.number() == step
          && taken.compareAndSet(false, true)) {
        try {
          taking.take();
        } catch (SQLException e) {
          return CompletableFuture.failedFuture(e);
        }
      }
      return inner.submit(entry);
    }
  }

  @Test
  void aDatabaseThatAnotherProgramHoldsAtTheStartIsTold() throws Exception {
    Path data = made();
    Path config = config(data);
    try (var other = hold(data)) {
      refused(config, data + "/topiary.db is in use by another program: end that one, then try");
      other.rollback();
    }
    starts(config);
  }

  @Test
  void theNodeInTheWindowsProgramTellsTheSame() throws Exception {
    Path settings = Rig.folder("settings");
    Path data = made();
    Place here =
        new Place.Here(
            rig.lab.credentials().user(), Optional.of(InstanceKey.parse(rig.address("r1"))));
    String password = rig.lab.credentials().password();
    String sentence = "topiary.db is in use by another program: end that one, then try again";
    try (var background = Executors.newVirtualThreadPerTaskExecutor();
        var places = new OwnPlaces(settings, data, background)) {
      try (var other = hold(data)) {
        var e = assertThrows(GatewayException.class, () -> places.open(here, password));
        assertTrue(e.getMessage().endsWith(sentence), e.getMessage());
        other.rollback();
      }
      Gateway gateway = places.open(here, password).gateway();
      var heard = new CopyOnWriteArrayList<Seen>();
      gateway.listen(heard::add);
      Until.holds(
          "all are seen",
          () -> !heard.isEmpty() && heard.getLast().topology().instances().size() == 3);
      var intent = new Intent.SetReadOnly(InstanceKey.parse(rig.address("r1")), false);
      String plan = gateway.plan(intent).fingerprint();
      try (var other = hold(data)) {
        var e = assertThrows(GatewayException.class, () -> gateway.apply(plan));
        assertTrue(e.getMessage().endsWith(sentence), e.getMessage());
        Until.holds("the window is told", () -> !heard.getLast().live());
        assertTrue(heard.getLast().trouble().endsWith(sentence), heard.getLast().trouble());
        other.rollback();
      }
      Until.holds("the window is told", () -> heard.getLast().live());
      assertTrue(rig.readOnly("r1"));
    }
  }

  // ---- full

  @Test
  void onAFullDiskNothingIsBegunAndWhenThereIsRoomItGoesOn() throws Exception {
    Path data = Rig.folder("small");
    Path config = config(data);
    Files.createDirectories(data);
    // A disk of its own, which only this process sees.
    String mount = "mount -t tmpfs -o size=24m,mode=700 tmpfs \"$DISK\" && exec \"$@\"";
    var small = List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh");
    Map<String, String> disk = Map.of("DISK", data.toString());
    assumeTrue(possible(small, disk), "no disk of one's own can be made here");
    try (Program node = Program.start(small, disk, "node", "--config", config.toString())) {
      var http = ready(node);
      Path seen = Path.of("/proc", Long.toString(node.pid()), "root", data.toString());
      assertTrue(Files.exists(seen.resolve("topiary.db")), seen.toString());
      Path filler = seen.resolve("filler");
      Until.holds(
          "the history is written",
          () -> http.get("topology?at=" + Instant.now()).body().contains(rig.address("r2")));
      fill(filler);
      Instant filled = Instant.now();
      notNow(
          http,
          "topiary.db is full, and nothing was changed: make room, then try again",
          () -> http.post("set-read-only", Map.of("instance", rig.address("p"), "dryRun", true)));
      theHistoryWaits(http, filled, node);
      Files.delete(filler);
      goesOn(http, node);
      theHistoryGoesOn(http, node);
    }
    String full = mount.replace("exec", "head -c 30m /dev/zero >\"$DISK/filler\"; exec");
    var filled = List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", full, "sh");
    try (Program node = Program.start(filled, disk, "node", "--config", config.toString())) {
      assertEquals(6, node.end(), node.err());
      String said = node.err().lines().filter(l -> l.startsWith("topiary: ")).toList().toString();
      assertTrue(said.contains(" is full") && said.contains("make room"), node.err());
      clean(node.err());
    }
  }

  /** It is said, the node looks on, and what was written before can be read. */
  private static void theHistoryWaits(Caller http, Instant filled, Program node) throws Exception {
    rig.sql("r2", "SET GLOBAL gtid_strict_mode = OFF");
    String sentence =
        "the history is not written: the disk that holds .*/history\\.db is full: make room, and it"
            + " is written again";
    Until.holds(
        "it is said",
        () -> {
          String warnings = http.get("health").json().get("warnings").toString();
          if (!warnings.matches("\\[" + sentence + "]")) {
            throw new IllegalStateException(warnings);
          }
          return true;
        });
    Until.holds("it is seen", () -> !strict(http.get("topology")));
    Caller.Got then = http.get("topology?at=" + filled);
    assertEquals(200, then.status(), then.body());
    assertTrue(strict(then), then.body());
    assertTrue(node.alive());
  }

  /** By itself, with a picture of everybody as they are. */
  private static void theHistoryGoesOn(Caller http, Program node) throws Exception {
    Until.holds(
        "nothing is to be warned of",
        () -> http.get("health").json().get("warnings").equals(List.of()));
    assertFalse(strict(http.get("topology?at=" + Instant.now())));
    rig.sql("r2", "SET GLOBAL gtid_strict_mode = ON");
    Until.holds(
        "what comes is written",
        () ->
            http.get("history/changes?instance=" + rig.address("r2"))
                .body()
                .contains("\"gtidStrict\":{\"before\":false,\"after\":true}"));
    assertEquals(true, http.get("audit/verify").json().get("holds"), "the audit lacks nothing");
    assertTrue(node.err().contains("the history is written again"), node.err());
  }

  private static boolean strict(Caller.Got topology) {
    return !topology.body().contains("\"gtidStrict\":false");
  }

  private static boolean possible(List<String> before, Map<String, String> environment)
      throws IOException, InterruptedException {
    var command = new java.util.ArrayList<>(before);
    command.add("true");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getInputStream().readAllBytes();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      // No such command.
      return false;
    }
  }

  private static void fill(Path filler) throws IOException {
    try (var out = Files.newOutputStream(filler)) {
      for (int size = 1 << 16; size > 0; size /= 2) {
        byte[] some = new byte[size];
        try {
          while (true) {
            out.write(some);
          }
        } catch (IOException e) {
          // So much does not fit any more; less may.
          continue;
        }
      }
    }
  }

  // ---- damaged

  @Test
  void whatIsNotItsDatabaseIsToldAndLeftAsItWas() throws Exception {
    Path data = made();
    Path config = config(data);
    Path file = data.resolve("topiary.db");
    byte[] good = Files.readAllBytes(file);

    byte[] header = good.clone();
    Arrays.fill(header, 0, 100, (byte) 0x55);
    leftAlone(config, file, header, "is damaged");

    Files.write(file, good);
    change(file, "INSERT INTO migration VALUES (99, '0099-later.sql', 'x')");
    leftAlone(config, file, Files.readAllBytes(file), "0099-later.sql");

    Path foreign = Rig.folder("foreign.db");
    change(foreign, "CREATE TABLE cake (slices INTEGER)");
    leftAlone(config, file, Files.readAllBytes(foreign), "no database of Topiary");

    Files.write(file, good);
    starts(config);
  }

  private static void leftAlone(Path config, Path file, byte[] content, String sentence)
      throws Exception {
    Files.write(file, content);
    refused(config, sentence);
    assertArrayEquals(content, Files.readAllBytes(file));
  }

  @Test
  void aFileThatIsDamagedUnderARunningNodeIsToldAndNothingIsBegun() throws Exception {
    Path data = Rig.folder("data");
    Path file = data.resolve("topiary.db");
    try (Program node = Program.start("node", "--config", config(data).toString())) {
      var http = ready(node);
      byte[] noise = new byte[(int) Files.size(file)];
      Arrays.fill(noise, (byte) 0xa5);
      Files.write(file, noise);
      for (String path : List.of("runs", "run?plan=p0123456789ab")) {
        Caller.Got got = http.get(path);
        assertEquals(503, got.status(), got.body());
        assertTrue(got.error().startsWith("broken: " + file + " is damaged"), got.body());
      }
      Caller.Got undo = http.post("undo", Map.of());
      assertEquals(503, undo.status(), undo.body());
      Caller.Got health = http.get("health");
      assertEquals(503, health.status(), health.body());
      assertTrue(health.json().get("trouble").toString().contains(" is damaged"), health.body());
      assertEquals(500, http.get("/api/health").status());
      // What cannot be written down is not begun; whether that ends the node is SQLite's to say.
      http.post("set-writeable", Map.of("instance", rig.address("r1")));
      assertTrue(rig.readOnly("r1"));
      clean(node.err());
    }
    refused(config(data), "is damaged");
  }

  // ---- what all have in common

  private interface Asking {
    Caller.Got ask() throws Exception;
  }

  private static void notNow(Caller http, String sentence) throws Exception {
    notNow(http, sentence, () -> http.get("clusters"));
  }

  /** A deed is refused with the sentence, and everybody who asks is told; but it is still read. */
  private static void notNow(Caller http, String sentence, Asking reading) throws Exception {
    assertTrue(rig.readOnly("r1"));
    Until.holds(
        "it is found out",
        () -> {
          Caller.Got got = http.post("set-writeable", Map.of("instance", rig.address("r1")));
          assertEquals(503, got.status(), got.body());
          assertTrue(got.error().startsWith("broken: the command log cannot be written: "));
          assertTrue(got.error().endsWith(sentence), got.body());
          return true;
        });
    assertTrue(rig.readOnly("r1"), "what could not be written down was not begun");
    Caller.Got health = http.get("health");
    assertEquals(503, health.status(), health.body());
    assertTrue(health.json().get("trouble").toString().endsWith(sentence), health.body());
    Caller.Got theirs = http.get("/api/health");
    assertEquals(500, theirs.status());
    assertTrue(theirs.json().get("Message").toString().endsWith(sentence), theirs.body());
    var cli = Program.run("health", "--api", http.address());
    assertEquals(1, cli.status());
    assertTrue(cli.err().startsWith("in trouble: ") && cli.err().contains(sentence), cli.err());
    assertEquals(200, reading.ask().status());
  }

  /** By itself: nothing is asked of it but how it is. */
  private static void goesOn(Caller http, Program node) throws Exception {
    Until.holds("it is well again", () -> http.get("health").status() == 200);
    for (String operation : List.of("set-writeable", "set-read-only")) {
      Caller.Got got = http.post(operation, Map.of("instance", rig.address("r1")));
      assertEquals(202, got.status(), got.body());
      assertEquals("DONE", http.follow(got.header("Topiary-Run")).get("end"));
    }
    assertTrue(rig.readOnly("r1"));
    assertEquals(2, http.get("runs").list().size());
    assertEquals(0, http.get("health").json().get("plansUnderWay"));
    assertTrue(node.alive());
    String err = node.err();
    assertTrue(err.contains("trouble with the node's state: "), err);
    assertTrue(err.contains("the node's state can be written again"), err);
    clean(err);
  }

  private static void clean(String err) {
    assertFalse(err.contains("\tat ") || err.contains("Exception"), err);
  }

  private static void refused(Path config, String sentence) throws Exception {
    Program.Ended ended = Program.run("node", "--config", config.toString());
    assertEquals(6, ended.status(), ended.err());
    assertEquals("", ended.out());
    assertEquals(1, ended.err().lines().count(), ended.err());
    assertTrue(ended.err().startsWith("topiary: "), ended.err());
    assertTrue(ended.err().contains(sentence), ended.err());
  }

  private static void starts(Path config) throws Exception {
    try (Program node = Program.start("node", "--config", config.toString())) {
      node.ready();
      node.interrupt();
    }
  }

  /** A folder that a node has used: for each test a copy of the same. */
  private static Path made() throws Exception {
    if (used == null) {
      Path data = Rig.folder("used");
      try (Program node = Program.start("node", "--config", config(data).toString())) {
        ready(node);
        node.interrupt();
      }
      used = data;
    }
    Path copy = Rig.folder("data");
    Disk.copySparse(used, copy);
    return copy;
  }

  private static Caller ready(Program node) throws Exception {
    var http = new Caller(node.ready());
    Until.holds(
        "all are seen",
        () ->
            http.get("clusters").list().toString().contains("instances=3")
                && http.get("health").json().get("waitingFor").equals(Map.of()));
    return http;
  }

  private static Path config(Path data) throws IOException {
    return rig.configFile(data, "r1", Map.of("busySeconds", BUSY.toMillis() / 1e3));
  }

  /** Another program's hold on the database, until it rolls back. */
  private static Connection hold(Path data) throws SQLException {
    Connection other =
        DriverManager.getConnection(
            "jdbc:sqlite:" + data.resolve("topiary.db") + "?transaction_mode=EXCLUSIVE");
    try (var statement = other.createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + Duration.ofSeconds(10).toMillis());
      other.setAutoCommit(false);
      statement.execute("UPDATE meta SET node_epoch = node_epoch");
      return other;
    } catch (SQLException e) {
      other.close();
      throw e;
    }
  }

  private static void change(Path file, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
