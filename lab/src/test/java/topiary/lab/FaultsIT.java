package topiary.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.LabException;
import topiary.lab.junit.LabExtension;
import topiary.lab.process.ProcessId;
import topiary.lab.proxy.Direction;
import topiary.lab.proxy.Link;

/**
 * A proxied fleet of three in which everything goes wrong, one at a time; each test leaves it
 * healed and level.
 */
class FaultsIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Cache CACHE = Scratch.cache();

  @RegisterExtension
  static final LabExtension LAB =
      LabExtension.of(
          () ->
              LabSpec.of(CACHE, Lab.freeName(CACHE, "faults"), "p(r1,r2)").proxied().smallDisks());

  private static Lab lab;

  @BeforeAll
  static void prepare() throws SQLException {
    lab = LAB.lab();
    write("CREATE TABLE lab.t (id INT AUTO_INCREMENT PRIMARY KEY, text TEXT)");
  }

  @AfterEach
  void allIsWellAgain() throws SQLException {
    lab.faults().healAll();
    assertEquals(List.of(), lab.faults().standing());
    if (!lab.status(LIMIT).getFirst().writable()) {
      lab.makeWritable("p");
    }
    write("INSERT INTO lab.t (text) VALUES ('again')");
    level("r1");
    level("r2");
  }

  @Test
  void thePublicPortIsTheOnlyOneThatAnybodySees() throws Exception {
    Member p = lab.member("p");
    try (var connection = lab.connection("p", LIMIT);
        var statement = connection.createStatement()) {
      try (var row = statement.executeQuery("SELECT @@report_port, @@port")) {
        row.next();
        assertEquals(p.port(), row.getInt(1));
        assertFalse(row.getInt(2) == p.port());
      }
      var seen = new TreeMap<Integer, String>();
      try (var row = statement.executeQuery("SHOW SLAVE HOSTS")) {
        while (row.next()) {
          seen.put(row.getInt("Port"), row.getString("Host"));
        }
      }
      assertEquals(
          new TreeMap<>(
              Map.of(lab.member("r1").port(), "127.0.0.1", lab.member("r2").port(), "127.0.0.1")),
          seen);
    }
    assertEquals(p.port(), Integer.parseInt(slave("r1").get("Master_Port")));
    assertEquals("p", lab.status(LIMIT).get(1).source().orElseThrow());
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(lab.directory().resolve("proxy.json"))));
  }

  @Test
  void aCutReplicationLinkIsToldByItsReplicaAlone() throws SQLException {
    try (var cut = lab.faults().cut("r1", "p")) {
      assertEquals("the link from r1 to p is cut", cut.sentence());
      assertTrue(cut.stands());
      awaitSlave("r1", s -> !s.get("Slave_IO_Running").equals("Yes"));
      awaitSlave("r1", s -> !s.get("Last_IO_Error").isEmpty());
      write("INSERT INTO lab.t (text) VALUES ('while cut')");
      level("r2");
      assertFalse(lab.awaitPosition("r1", position(), SHORT));
      assertEquals("Yes", slave("r2").get("Slave_IO_Running"));
    }
    level("r1");
  }

  @Test
  void aBlackHoleForOthersLeavesReplicationAlone() throws SQLException {
    Connection there = lab.clientConnection("p", SHORT);
    try (there;
        var _ = lab.faults().blackHole(Link.from("others").to("p"))) {
      long before = System.nanoTime();
      assertThrows(SQLException.class, () -> lab.clientConnection("p", SHORT).close());
      assertTrue(System.nanoTime() - before >= SHORT.toNanos() * 9 / 10, "it timed out");
      assertThrows(
          SQLException.class,
          () -> {
            try (var statement = there.createStatement()) {
              statement.execute("SELECT 1");
            }
          });
      write("INSERT INTO lab.t (text) VALUES ('the lab itself gets through')");
      level("r1");
      level("r2");
      lab.clientConnection("r1", SHORT).close();
    }
    lab.clientConnection("p", SHORT).close();
  }

  @Test
  void aClientThatWasGivenANameHasLinksOfItsOwn() throws SQLException {
    var unknown = assertThrows(LabException.class, () -> lab.faults().cut("me", "r1"));
    assertTrue(unknown.getMessage().contains("has no member me"), unknown.getMessage());
    for (String taken : List.of("r2", Link.OTHERS)) {
      assertThrows(LabException.class, () -> lab.faults().name(taken, ProcessId.own()));
    }
    lab.faults().name("me", ProcessId.own());
    try (var cut = lab.faults().cut("me", "r1")) {
      assertEquals("the link from me to r1 is cut", cut.sentence());
      assertThrows(SQLException.class, () -> lab.clientConnection("r1", SHORT).close());
      try (var _ = lab.faults().cut(Link.OTHERS, "r2")) {
        // It is not one of the others any more.
        lab.clientConnection("r2", LIMIT).close();
      }
    } finally {
      lab.faults().name("me", new ProcessId(ProcessId.own().pid(), 0));
    }
  }

  @Test
  void oneWayLetsTheReplicaAskAndHearNothing() throws SQLException {
    try (var _ = lab.faults().oneWay(Direction.TO_SERVER, Link.from("r2").to("p"))) {
      write("INSERT INTO lab.t (text) VALUES ('unheard')");
      level("r1");
      assertFalse(lab.awaitPosition("r2", position(), SHORT));
      // Heartbeats come every second and slave_net_timeout is 4 s.
      awaitSlave("r2", s -> !s.get("Slave_IO_Running").equals("Yes"));
    }
    level("r2");
  }

  @Test
  void anIsolatedServerHasNoLinksAtAll() throws SQLException {
    try (var fault = lab.faults().cut(Link.to("r1"), Link.from("r1").toAnybody())) {
      assertEquals(
          "the link from everybody to r1 and the link from r1 to everybody is cut",
          fault.sentence());
      var e = assertThrows(SQLException.class, () -> lab.clientConnection("r1", SHORT).close());
      assertTrue(e.toString().contains("Communications link failure"), e.toString());
      awaitSlave("r1", s -> !s.get("Slave_IO_Running").equals("Yes"));
      assertEquals("", lab.status(LIMIT).get(2).fault());
    }
  }

  @Test
  void slowLinksAreSlow() throws SQLException {
    try (var _ = lab.faults().slow(Duration.ofMillis(200), Link.from("others").to("p"))) {
      long before = System.nanoTime();
      lab.clientConnection("p", LIMIT).close();
      assertTrue(System.nanoTime() - before >= 400_000_000);
    }
    try (var _ = lab.faults().slowHandshakes("p", Duration.ofSeconds(2))) {
      assertThrows(SQLException.class, () -> lab.clientConnection("p", SHORT).close());
    }
    lab.clientConnection("p", SHORT).close();
  }

  @Test
  void allConnectionsOfAServerCanBeTaken() throws SQLException {
    try (var fault = lab.faults().tooManyConnections("r2")) {
      assertEquals("r2 has no connection left", fault.sentence());
      var e = assertThrows(SQLException.class, () -> lab.clientConnection("r2", LIMIT).close());
      assertEquals(1040, e.getErrorCode());
      assertTrue(lab.status(LIMIT).get(2).fault().contains("Too many connections"));
    }
    lab.clientConnection("r2", LIMIT).close();
    assertEquals("10", one("r2", "SELECT @@connect_timeout"));
  }

  @Test
  void aKilledServerRefusesAtItsPublicPortAndIsThereAgainAfterItsStart() throws SQLException {
    int port = lab.member("r1").port();
    try (var killed = lab.faults().kill("r1")) {
      var e = assertThrows(SQLException.class, () -> lab.clientConnection("r1", LIMIT).close());
      Throwable deepest = e;
      while (deepest.getCause() != null) {
        deepest = deepest.getCause();
      }
      assertEquals("Connection refused", deepest.getMessage());
      assertEquals(List.of("r1 is not running"), sentences());
      assertTrue(killed.stands());
    }
    assertEquals(port, lab.member("r1").port());
    lab.clientConnection("r1", LIMIT).close();
  }

  @Test
  void anotherProcessMaySeeAndHealThem() {
    Fault cut = lab.faults().cut("r2", "p");
    Lab other = Lab.open(CACHE, lab.name());
    assertEquals(
        List.of(cut.sentence()), other.faults().standing().stream().map(Fault::sentence).toList());
    assertEquals(1, other.faults().heal(Link.from("r2").to("p")).size());
    assertFalse(cut.stands());
    cut.close();
    var e = assertThrows(LabException.class, () -> lab.faults().cut("r9", "p"));
    assertTrue(e.getMessage().contains("has no member r9"), e.getMessage());
  }

  @Test
  void aLaggingReplicaReceivesAndDoesNotApply() throws SQLException {
    try (var lag = lab.faults().lag("r1", Duration.ofHours(1))) {
      assertEquals("r1 applies what it receives 3600 s late", lag.sentence());
      write("INSERT INTO lab.t (text) VALUES ('later')");
      awaitSlave("r1", s -> s.get("Gtid_IO_Pos").equals(position()));
      assertFalse(lab.awaitPosition("r1", position(), SHORT));
      assertEquals("Yes", slave("r1").get("Slave_SQL_Running"));
      level("r2");
      lab.kill("p");
      awaitSlave("r1", s -> s.get("Slave_IO_Running").equals("Connecting"));
      var e = assertThrows(LabException.class, lag::heal);
      assertTrue(e.getMessage().contains("would throw away"), e.getMessage());
      assertTrue(lag.stands());
      // The source comes first, and its replica is given the time to see it.
      assertEquals(2, lab.faults().healAll().size());
    }
    level("r1");
    assertEquals("0", slave("r1").get("SQL_Delay"));
  }

  @Test
  void whatAStoppedApplierHasReceivedIsNotLostWithItsSource() throws SQLException {
    Fault stopped = lab.faults().stopApplier("r1");
    write("INSERT INTO lab.t (text) VALUES ('received')");
    String position = position();
    awaitSlave("r1", s -> s.get("Gtid_IO_Pos").equals(position));
    assertEquals("No", slave("r1").get("Slave_SQL_Running"));
    try (var _ = lab.faults().kill("p")) {
      assertEquals(
          List.of("p is not running", "r1 receives and does not apply: its applier is stopped"),
          sentences());
      stopped.close();
      assertTrue(lab.awaitPosition("r1", position, LIMIT));
    }
  }

  @Test
  void aStoppedReceiverIsHealed() throws SQLException {
    try (var _ = lab.faults().stopReceiver("r1")) {
      assertEquals("No", slave("r1").get("Slave_IO_Running"));
    }
    awaitSlave("r1", s -> s.get("Slave_IO_Running").equals("Yes"));
  }

  @Test
  void whoTakesWritesIsPutBack() throws SQLException {
    try (var _ = lab.faults().readOnly("p");
        var _ = lab.faults().writable("r2")) {
      assertEquals(List.of("p is read-only", "r2 takes writes"), sentences());
      assertEquals("1", one("p", "SELECT @@read_only"));
      assertEquals("0", one("r2", "SELECT @@read_only"));
    }
    assertEquals("0", one("p", "SELECT @@read_only"));
    assertEquals("1", one("r2", "SELECT @@read_only"));
    Fault writable = lab.faults().writable("r2");
    lab.restart("r2");
    assertFalse(writable.stands(), "it came back read-only");
  }

  @Test
  void aHungServerIsThawed() throws SQLException {
    try (var hung = lab.faults().hang("r2")) {
      assertEquals("r2 hangs", hung.sentence());
      assertThrows(SQLException.class, () -> lab.clientConnection("r2", SHORT).close());
    }
    lab.clientConnection("r2", LIMIT).close();
  }

  @Test
  void aWrongClockIsTheServersAlone() throws SQLException {
    try (var clock = lab.faults().wrongClock("r1", Duration.ofHours(1).negated())) {
      assertEquals("the clock of r1 is 3600 s behind", clock.sentence());
      long wrong =
          Long.parseLong(one("r1", "SELECT UNIX_TIMESTAMP()")) - System.currentTimeMillis() / 1000;
      assertTrue(wrong > -3610 && wrong < -3590, wrong + " s");
      write("INSERT INTO lab.t (text) VALUES ('from another time')");
      level("r1");
    }
    long right =
        Long.parseLong(one("r1", "SELECT UNIX_TIMESTAMP()")) - System.currentTimeMillis() / 1000;
    assertTrue(Math.abs(right) < 10, right + " s");
  }

  @Test
  void aFullDiskLetsCommitsWaitUntilThereIsRoom() throws Exception {
    assumeSmallDisks();
    write("CREATE TABLE lab.full (id INT AUTO_INCREMENT PRIMARY KEY, text TEXT)");
    Set<Long> done = ConcurrentHashMap.newKeySet();
    try (var full = lab.faults().fullDisk("p")) {
      assertEquals("the disk of p is full", full.sentence());
      // Small rows find room in pages begun, until the binary log needs a new one.
      Thread writer = Thread.ofVirtual().start(() -> writeUntilItFails(done));
      assertTrue(Await.holds(LIMIT, () -> waitsForSpace("p")));
      assertTrue(
          Files.readString(lab.directory().resolve("servers/p/error.log"))
              .contains("No space left on device"));
      assertEquals("1", one("p", "SELECT 1"));
      full.heal();
      writer.join(LIMIT);
    }
    write("INSERT INTO lab.full (text) VALUES ('room again')");
    level("r1");
    assertTrue(Long.parseLong(one("r1", "SELECT COUNT(*) FROM lab.full")) > done.size());
  }

  private static void assumeSmallDisks() {
    SmallDisks.obstacle().ifPresent(Assumptions::abort);
  }

  private static void writeUntilItFails(Set<Long> done) {
    try (Connection connection = lab.connection("p", Duration.ofSeconds(60));
        var statement = connection.createStatement()) {
      for (long i = 0; i < 10_000; i++) {
        statement.execute("INSERT INTO lab.full (text) VALUES (REPEAT('x', 200))");
        done.add(i);
      }
    } catch (SQLException e) {
      // Its connection was ended when there was room again.
    }
  }

  @Test
  void aReplicaWithAFullDiskReceivesAgainWhenThereIsRoom() throws SQLException {
    assumeSmallDisks();
    try (var _ = lab.faults().fullDisk("r2")) {
      while (!waitsForSpace("r2")) {
        write("INSERT INTO lab.t (text) VALUES (REPEAT('x', 2000))");
      }
    }
    level("r2");
  }

  private static boolean waitsForSpace(String member) {
    try (Connection connection = lab.connection(member);
        var statement = connection.createStatement()) {
      return !Faults.waiting(statement).isEmpty();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> sentences() {
    return lab.faults().standing().stream().map(Fault::sentence).toList();
  }

  private static void awaitSlave(String member, Predicate<Map<String, String>> condition)
      throws SQLException {
    assertTrue(
        Await.holds(LIMIT, () -> condition.test(slave(member))), () -> slave(member).toString());
  }

  private static Map<String, String> slave(String member) {
    try (Connection connection = lab.connection(member);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW SLAVE STATUS")) {
      var all = new TreeMap<String, String>();
      row.next();
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        all.put(row.getMetaData().getColumnLabel(i), String.valueOf(row.getString(i)));
      }
      return all;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void level(String member) throws SQLException {
    assertTrue(lab.awaitPosition(member, position(), LIMIT), () -> slave(member).toString());
  }

  private static void write(String sql) throws SQLException {
    try (Connection connection = lab.connection("p");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String one(String member, String sql) throws SQLException {
    try (Connection connection = lab.connection(member);
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static String position() {
    return lab.status(LIMIT).getFirst().view().orElseThrow().position();
  }
}
