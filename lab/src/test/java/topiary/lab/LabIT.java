package topiary.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.LabException;
import topiary.lab.process.ProcessId;

/** One fleet of five, used by every test and left as it was found. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LabIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Cache CACHE = Scratch.cache();
  private static Lab lab;

  @BeforeAll
  static void up() {
    lab = Lab.start(LabSpec.of(CACHE, Lab.freeName(CACHE, "fleet"), "p(r1,r2(r3,r4))"));
  }

  @AfterAll
  static void down() {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  @Order(1)
  void everyoneReplicatesFromWhomTheTreeSays() throws SQLException {
    assertEquals(
        List.of("p", "r1", "r2", "r3", "r4"), lab.members().stream().map(Member::name).toList());
    List<MemberStatus> status = lab.status(Duration.ofSeconds(2));
    assertEquals(
        List.of("-", "p", "p", "r2", "r2"),
        status.stream().map(s -> s.source().orElse("-")).toList());
    assertEquals(
        List.of(true, false, false, false, false),
        status.stream().map(MemberStatus::writable).toList());
    write("CREATE TABLE lab.t (id INT PRIMARY KEY)");
    write("INSERT INTO lab.t VALUES (1)");
    for (String replica : List.of("r1", "r2", "r3", "r4")) {
      assertTrue(lab.awaitPosition(replica, position(), LIMIT), replica);
      assertEquals(1, count(replica), replica);
    }
  }

  @Test
  @Order(2)
  void topiarysAccountHasExactlyItsGrants() throws SQLException {
    var account = lab.credentials();
    assertFalse(account.toString().contains(account.password()));
    Set<String> grants = new TreeSet<>();
    try (var connection =
            DriverManager.getConnection(
                "jdbc:mysql://" + lab.member("r1").address() + "/?sslMode=DISABLED",
                account.user(),
                account.password());
        var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW GRANTS")) {
      while (row.next()) {
        grants.add(row.getString(1).replaceAll("^GRANT (.*) ON \\*\\.\\* TO .*$", "$1"));
      }
    }
    var wanted =
        Set.of(
            "RELOAD",
            "PROCESS",
            "REPLICATION SLAVE",
            "BINLOG MONITOR",
            "CONNECTION ADMIN",
            "READ_ONLY ADMIN",
            "REPLICATION MASTER ADMIN",
            "REPLICATION SLAVE ADMIN",
            "BINLOG ADMIN",
            "EVENT",
            "SET USER",
            "SLAVE MONITOR");
    assertEquals(1, grants.size());
    assertEquals(wanted, Set.of(grants.iterator().next().split(", ")));
  }

  @Test
  @Order(3)
  void nobodyGetsInWithoutAPassword() {
    for (String user : List.of("root", "", "mariadb.sys")) {
      assertThrows(
          SQLException.class,
          () ->
              DriverManager.getConnection(
                      "jdbc:mysql://" + lab.member("p").address() + "/?sslMode=DISABLED", user, "")
                  .close());
    }
  }

  @Test
  @Order(4)
  void secretsAreForTheOwnerOnly() throws Exception {
    assertEquals("rwx------", mode(lab.directory()));
    assertEquals("rw-------", mode(lab.credentials().file()));
    assertEquals("rw-------", mode(lab.directory().resolve("lab.json")));
    for (Member member : lab.members()) {
      String line = ProcessId.of(member.pid()).orElseThrow().arguments().toString();
      assertFalse(line.contains(lab.credentials().password()), line);
    }
  }

  private static String mode(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  @Order(5)
  void theNameIsTakenWhileTheLabLives() {
    var spec = LabSpec.of(CACHE, lab.name(), "p");
    var e = assertThrows(LabException.class, () -> Lab.start(spec));
    assertTrue(
        e.getMessage().startsWith("lab " + lab.name() + " is in use by process "), e.getMessage());
    assertEquals(5, lab.members().stream().filter(m -> m.state() == Member.State.RUNNING).count());
    assertFalse(Lab.freeName(CACHE, lab.name()).equals(lab.name()));
  }

  @Test
  @Order(6)
  void aKilledReplicaComesBackAndCatchesUp() throws SQLException {
    Member before = lab.member("r2");
    lab.kill("r2");
    assertEquals(Member.State.STOPPED, lab.member("r2").state());
    assertEquals(0, lab.member("r2").pid());
    lab.kill("r2");
    write("INSERT INTO lab.t VALUES (2)");
    lab.start("r2");
    Member after = lab.member("r2");
    assertEquals(before.port(), after.port());
    assertFalse(before.pid() == after.pid());
    for (String replica : List.of("r2", "r3", "r4")) {
      assertTrue(lab.awaitPosition(replica, position(), LIMIT), replica);
      assertEquals(2, count(replica), replica);
    }
    assertThrows(LabException.class, () -> lab.start("r2"));
  }

  @Test
  @Order(7)
  void aHungServerAcceptsAndDoesNotAnswer() throws SQLException {
    lab.hang("r1");
    assertEquals(Member.State.HUNG, lab.member("r1").state());
    long before = System.nanoTime();
    assertThrows(SQLException.class, () -> lab.connection("r1", Duration.ofMillis(500)).close());
    List<MemberStatus> status = lab.status(Duration.ofSeconds(1));
    assertTrue(System.nanoTime() - before < Duration.ofSeconds(10).toNanos());
    assertEquals("hung", status.get(1).fault());
    assertEquals(4, status.stream().filter(s -> s.view().isPresent()).count());
    lab.resume("r1");
    assertEquals(Member.State.RUNNING, lab.member("r1").state());
    write("INSERT INTO lab.t VALUES (3)");
    assertTrue(lab.awaitPosition("r1", position(), LIMIT));
  }

  @Test
  @Order(8)
  void aKilledHeadComesBackReadOnly() throws SQLException {
    lab.restart("p");
    assertFalse(lab.status(Duration.ofSeconds(2)).getFirst().writable());
    lab.makeWritable("p");
    write("INSERT INTO lab.t VALUES (4)");
    assertTrue(lab.awaitPosition("r4", position(), LIMIT));
  }

  @Test
  @Order(9)
  void oneMayManageItFromElsewhere() {
    Lab other = Lab.open(CACHE, lab.name());
    assertEquals(lab.members(), other.members());
    var e = assertThrows(LabException.class, other::down);
    assertTrue(e.getMessage().contains("in use by"), e.getMessage());
    other.close();
    assertEquals(Member.State.RUNNING, lab.member("p").state());
    assertThrows(LabException.class, () -> Lab.open(CACHE, "never-started"));
  }

  @Test
  @Order(10)
  void aServerThatCannotStartIsToldWithTheEndOfItsLog() throws Exception {
    lab.kill("r4");
    Path options = lab.directory().resolve("servers/r4/my.cnf");
    String text = Files.readString(options);
    Files.writeString(options, text + "no_such_option=1\n");
    var e = assertThrows(LabException.class, () -> lab.start("r4"));
    assertTrue(e.getMessage().startsWith("r4 ended while starting"), e.getMessage());
    assertTrue(e.getMessage().contains("no_such_option"), e.getMessage());
    Files.writeString(options, text);
    try (var thief = new ServerSocket()) {
      thief.bind(new InetSocketAddress("127.0.0.1", lab.member("r4").port()));
      // The words by which a new lab knows to try another port.
      assertTrue(
          assertThrows(LabException.class, () -> lab.start("r4"))
              .getMessage()
              .contains("Address already in use"));
    }
    lab.start("r4");
  }

  @Test
  @Order(11)
  void nothingIsLeftBehind() {
    List<ProcessId> processes =
        lab.members().stream().map(m -> ProcessId.of(m.pid()).orElseThrow()).toList();
    lab.hang("r3");
    List<String> proofs =
        lab.members().stream()
            .map(
                m ->
                    "--defaults-file=" + lab.directory().resolve("servers/" + m.name() + "/my.cnf"))
            .toList();
    lab.close();
    assertTrue(processes.stream().noneMatch(ProcessId::alive));
    assertFalse(Files.exists(lab.directory()));
    // The shells of the tether name the option file as well.
    assertTrue(
        Await.holds(
            LIMIT, () -> proofs.stream().allMatch(p -> ProcessId.withArgument(p).isEmpty())));
    assertTrue(assertThrows(LabException.class, lab::members).getMessage().contains("is down"));
    lab.close();
  }

  private static void write(String sql) throws SQLException {
    try (Connection connection = lab.connection("p");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String position() {
    return lab.status(LIMIT).getFirst().view().orElseThrow().position();
  }

  private static int count(String member) throws SQLException {
    try (Connection connection = lab.connection(member);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT COUNT(*) FROM lab.t")) {
      row.next();
      return row.getInt(1);
    }
  }
}
