package topiary.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.LabException;
import topiary.lab.flavor.FilePosition;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;
import topiary.lab.flavor.ServerView;
import topiary.lab.load.Check;
import topiary.lab.load.Load;
import topiary.lab.process.ProcessId;

/** Every flavour that is there: a fleet, its ledger, a crash. */
class FlavorsIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** Its receiver is woken at once; what it commits, when its own log had no room, in 60 s. */
  private static final Duration WAKING = Duration.ofSeconds(90);

  private static final int ROWS = 20;
  private static final Cache CACHE = Scratch.cacheOfFetched();

  static Stream<Flavor> flavors() {
    return Flavors.all().stream().filter(f -> f != Flavors.standard());
  }

  private static LabSpec spec(Flavor flavor, String tree) {
    Flavors.absent(flavor, CACHE).ifPresent(Assumptions::abort);
    return LabSpec.of(CACHE, Lab.freeName(CACHE, "flavor"), tree).flavor(flavor);
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void aFleetLosesNothingByACrashAndLeavesNothing(Flavor flavor) throws SQLException {
    Lab lab = Lab.start(spec(flavor, "p(r1,r2(r3))"));
    List<ProcessId> processes;
    try (lab) {
      assertEquals(
          List.of("-", "p", "p", "r2"),
          lab.status(LOOK).stream().map(s -> s.source().orElse("-")).toList());
      nobodyGetsInWithoutAPassword(lab);
      topiarysAccountHasExactlyItsGrants(lab);
      assertEquals(flavor.id(), Lab.open(CACHE, lab.name()).flavor().id());
      try (Load load = Load.start(lab, 200)) {
        grows(load);
        lab.kill("r2");
        grows(load);
        lab.start("r2");
        lab.restart("p");
        assertFalse(lab.status(LOOK).getFirst().writable(), "a server comes back read-only");
        lab.makeWritable("p");
        grows(load);
        load.stop();
        List<Check.Result> results = load.check(LIMIT);
        assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
      }
      processes = lab.members().stream().map(m -> ProcessId.of(m.pid()).orElseThrow()).toList();
    }
    assertTrue(processes.stream().noneMatch(ProcessId::alive));
    assertFalse(Files.exists(lab.directory()));
  }

  static Stream<Flavor> all() {
    return Flavors.all().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void byFileAndPositionAndWithAcknowledgedCommits(Flavor flavor) throws SQLException {
    LabSpec spec = spec(flavor, "p(r1(r2))").withoutGtid();
    boolean plugins = !flavor.id().equals("mysql-5.6");
    if (!plugins) {
      LabSpec more = spec.semiSync();
      assertTrue(
          assertThrows(LabException.class, () -> Lab.start(more).close())
              .getMessage()
              .contains("without the plugins of semi-synchronous replication"));
    }
    try (Lab lab = Lab.start(plugins ? spec.semiSync() : spec)) {
      assertFalse(lab.mode().gtid());
      write(lab, "p", "CREATE TABLE lab.t (id INT PRIMARY KEY)");
      // Before 8.0 a server killed amid this statement does not find back by itself.
      assertTrue(lab.awaitPosition("r2", view(lab, "p").position(), LIMIT));
      lab.restart("r1");
      write(lab, "p", "INSERT INTO lab.t VALUES (1)");
      String position = view(lab, "p").position();
      assertTrue(position.matches("p-bin\\.\\d+:\\d+"), position);
      assertTrue(lab.awaitPosition("r2", position, LIMIT), position);
      assertEquals(1, count(lab, "r2"));
      assertTrue(view(lab, "r2").position().startsWith("r2-bin."));
      String beyond = FilePosition.read(position).orElseThrow().offset() + 1 + "";
      assertFalse(
          lab.awaitPosition(
              "r1", position.replaceAll(":.*", ":" + beyond), Duration.ofMillis(100)));
      if (plugins) {
        assertTrue(acknowledged(lab, "p") > 0);
      }
    }
  }

  @Test
  void theServerInAFolderServesAndIsFoundAgain() throws SQLException {
    Path home = Flavors.standard().install(CACHE);
    LabSpec spec = LabSpec.of(CACHE, Lab.freeName(CACHE, "folder"), "p(r1)");
    try (Lab lab = Lab.start(spec.flavor(Flavors.in(home)))) {
      assertEquals("bin:" + home, lab.flavor().id());
      Lab again = Lab.open(CACHE, lab.name());
      again.restart("r1");
      write(lab, "p", "CREATE TABLE lab.t (id INT PRIMARY KEY)");
      assertTrue(again.awaitPosition("r1", view(again, "p").position(), LIMIT));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void coMastersAndAReplicaOfTwo(Flavor flavor) throws SQLException {
    LabSpec spec = spec(flavor, "p<>q(m),s(m)");
    if (!flavor.multiSource()) {
      assertTrue(
          assertThrows(LabException.class, () -> Lab.start(spec).close())
              .getMessage()
              .contains("can have one source only"));
      return;
    }
    try (Lab lab = Lab.start(spec)) {
      List<MemberStatus> status = lab.status(LOOK);
      assertEquals(
          List.of(List.of("q"), List.of("p"), List.of("q", "s"), List.of()),
          status.stream().map(MemberStatus::sources).toList());
      assertEquals(
          List.of(true, false, false, true), status.stream().map(MemberStatus::writable).toList());
      assertEquals(
          List.of("", "s"),
          view(lab, "m").channels().stream().map(ServerView.Replication::channel).toList());
      write(lab, "p", "CREATE TABLE lab.t (id INT PRIMARY KEY)");
      write(lab, "p", "INSERT INTO lab.t VALUES (1)");
      assertTrue(lab.awaitPosition("m", view(lab, "p").position(), LIMIT));
      // Both co-masters may write at once, and so may a third: they do not clash.
      lab.makeWritable("q");
      lab.restart("m");
      write(lab, "s", "CREATE TABLE lab.s (id INT PRIMARY KEY)");
      write(lab, "p", "INSERT INTO lab.t VALUES (2)");
      write(lab, "q", "INSERT INTO lab.t VALUES (3)");
      write(lab, "p", "INSERT INTO lab.t VALUES (4)");
      assertTrue(lab.awaitPosition("q", view(lab, "p").position(), LIMIT));
      assertTrue(lab.awaitPosition("p", view(lab, "q").position(), LIMIT));
      for (String head : List.of("p", "q", "s")) {
        assertTrue(lab.awaitPosition("m", view(lab, head).position(), LIMIT), head);
      }
      for (String member : List.of("p", "q", "m")) {
        assertEquals(4, count(lab, member), member);
      }
      assertTrue(
          lab.status(LOOK).stream().allMatch(s -> s.fault().isEmpty()),
          () -> lab.status(LOOK).toString());
    }
  }

  /** MariaDB's is {@link FaultsIT}'s; MySQL has another word for it, and looks again after 60 s. */
  @Test
  void aReplicaOfMySqlWithAFullDiskReceivesAgainWhenThereIsRoom() throws SQLException {
    LabSpec spec = spec(Flavors.named("mysql-9.7"), "p(r1)").smallDisks();
    SmallDisks.obstacle().ifPresent(Assumptions::abort);
    try (Lab lab = Lab.start(spec)) {
      write(lab, "p", "CREATE TABLE lab.t (id INT AUTO_INCREMENT PRIMARY KEY, text TEXT)");
      assertTrue(lab.awaitPosition("r1", view(lab, "p").position(), LIMIT));
      try (var full = lab.faults().fullDisk("r1")) {
        assertTrue(
            Await.holds(
                LIMIT,
                () -> {
                  writeText(lab);
                  return waiting(lab, "r1").equals(List.of("system user"));
                }),
            "nobody is seen to wait for space");
        full.heal();
        assertEquals(List.of(), waiting(lab, "r1"));
      }
      boolean on = lab.awaitPosition("r1", view(lab, "p").position(), WAKING);
      assertTrue(on, () -> "r1 does not go on: " + lab.status(LOOK) + ", " + told(lab, "r1"));
      assertEquals(count(lab, "p"), count(lab, "r1"));
    }
  }

  /** All that a replica says of itself and of who is at work in it. */
  private static String told(Lab lab, String member) {
    var told = new StringBuilder();
    try (var connection = lab.connection(member);
        var statement = connection.createStatement()) {
      for (String question : List.of("SHOW REPLICA STATUS", "SHOW PROCESSLIST")) {
        try (var rows = statement.executeQuery(question)) {
          while (rows.next()) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
              String value = rows.getString(i);
              if (value != null && !value.isEmpty()) {
                told.append(rows.getMetaData().getColumnLabel(i)).append('=').append(value);
                told.append("; ");
              }
            }
            told.append('\n');
          }
        }
      }
    } catch (SQLException e) {
      told.append(e.getMessage());
    }
    return told.toString();
  }

  private static void writeText(Lab lab) {
    try {
      write(lab, "p", "INSERT INTO lab.t (text) VALUES (REPEAT('x', 2000))");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> waiting(Lab lab, String member) {
    try (var connection = lab.connection(member);
        var statement = connection.createStatement()) {
      return List.copyOf(Faults.waiting(statement).values());
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static ServerView view(Lab lab, String member) {
    return lab.status(LOOK).stream()
        .filter(s -> s.member().name().equals(member))
        .findFirst()
        .flatMap(MemberStatus::view)
        .orElseThrow();
  }

  private static void write(Lab lab, String member, String sql) throws SQLException {
    try (var connection = lab.connection(member);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int count(Lab lab, String member) throws SQLException {
    try (var connection = lab.connection(member);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT COUNT(*) FROM lab.t")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static int acknowledged(Lab lab, String member) throws SQLException {
    try (var connection = lab.connection(member);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_%_yes_tx'")) {
      row.next();
      return row.getInt(2);
    }
  }

  /** The ones of MariaDB are {@link LabIT}'s. */
  private static void topiarysAccountHasExactlyItsGrants(Lab lab) throws SQLException {
    Set<String> old =
        Set.of("SUPER", "PROCESS", "RELOAD", "REPLICATION SLAVE", "REPLICATION CLIENT", "EVENT");
    Set<String> fine =
        Set.of(
            "PROCESS",
            "RELOAD",
            "REPLICATION SLAVE",
            "REPLICATION CLIENT",
            "EVENT",
            "SET_ANY_DEFINER",
            "REPLICATION_SLAVE_ADMIN",
            "SYSTEM_VARIABLES_ADMIN",
            "BINLOG_ADMIN",
            "SESSION_VARIABLES_ADMIN",
            "REPLICATION_APPLIER",
            "CONNECTION_ADMIN",
            "PERSIST_RO_VARIABLES_ADMIN");
    Set<String> grants = new TreeSet<>();
    try (var connection = lab.connection("r1");
        var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW GRANTS FOR topiary")) {
      while (row.next()) {
        String list = row.getString(1).replaceAll("^GRANT (.*) ON \\*\\.\\* TO .*$", "$1");
        grants.addAll(List.of(list.split(", ?")));
      }
    }
    switch (lab.flavor().id()) {
      case "mysql-9.7" -> assertEquals(fine, grants);
      case "mysql-5.6" -> assertEquals(old, grants);
      default -> assertTrue(grants.contains("SLAVE MONITOR"), grants::toString);
    }
  }

  private static void nobodyGetsInWithoutAPassword(Lab lab) {
    for (String user : List.of("root", "", "topiary")) {
      assertThrows(
          SQLException.class,
          () ->
              DriverManager.getConnection(
                      "jdbc:mysql://"
                          + lab.member("p").address()
                          + "/?sslMode=DISABLED&allowPublicKeyRetrieval=true",
                      user,
                      "")
                  .close());
    }
  }

  private static void grows(Load load) {
    int from = load.acknowledged();
    assertTrue(Await.holds(LIMIT, () -> load.acknowledged() >= from + ROWS), "no rows are written");
  }
}
