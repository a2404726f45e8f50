package topiary.lab.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mysql.cj.jdbc.Driver;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.lab.Ports;
import topiary.lab.base.Await;
import topiary.lab.base.LabException;
import topiary.lab.sim.Address;
import topiary.lab.tree.Tree;

/** Simulated servers as Connector/J sees them, set up as Topiary does it. */
class SimulatedFleetTest {

  private static final int NETWORK = 78;
  private static SimulatedFleet fleet;

  @BeforeAll
  static void up() {
    fleet = SimulatedFleet.start(SimulatedSpec.of(20).clusters(2).network(NETWORK).port(port()));
  }

  @AfterAll
  static void down() {
    if (fleet != null) {
      fleet.close();
    }
  }

  private static int port() {
    return new Ports("127." + NETWORK + ".0.1", Set.of()).take();
  }

  private static Connection connect(Address to, String password, int millis) throws SQLException {
    var p = new Properties();
    p.setProperty("user", "topiary");
    p.setProperty("password", password);
    p.setProperty("connectTimeout", Integer.toString(millis));
    p.setProperty("socketTimeout", Integer.toString(millis));
    p.setProperty("sslMode", "PREFERRED");
    p.setProperty("defaultAuthenticationPlugin", "mysql_native_password");
    p.setProperty(
        "disabledAuthenticationPlugins",
        "mysql_clear_password,sha256_password,caching_sha2_password");
    p.setProperty("connectionAttributes", "program_name:topiary");
    p.setProperty("useServerPrepStmts", "false");
    return new Driver().connect("jdbc:mysql://" + to + "/", p);
  }

  private static Connection connect(Address to) throws SQLException {
    return connect(to, "topiary", 10_000);
  }

  private static Map<String, String> ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      var row = new HashMap<String, String>();
      if (result.next()) {
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.put(result.getMetaData().getColumnLabel(i), result.getString(i));
        }
      }
      return row;
    }
  }

  private static Address member(int tree, int index) {
    return fleet.clusters().get(tree).get(index);
  }

  @Test
  void eachKindGreetsAsItself() throws SQLException {
    try (Connection mysql = connect(member(0, 0));
        Connection maria = connect(member(1, 0))) {
      assertEquals("9.7.4-2", mysql.getMetaData().getDatabaseProductVersion());
      assertEquals("11.4.5-MariaDB-log", maria.getMetaData().getDatabaseProductVersion());
      assertEquals(
          member(0, 0).host(), ask(mysql, "SELECT @@report_host AS h, NULL AS n").get("h"));
      assertTrue(mysql.isValid(1));
      assertTrue(ask(mysql, "SHOW REPLICAS").containsKey("Replica_UUID"));
      assertEquals(Map.of(), ask(maria, "SHOW ALL SLAVES STATUS"));
    }
  }

  @Test
  void whoeverHasAPasswordOfTheOtherKindGetsInToo() throws SQLException {
    var p = new Properties();
    p.setProperty("user", "topiary");
    p.setProperty("password", "topiary");
    p.setProperty("defaultAuthenticationPlugin", "caching_sha2_password");
    try (Connection connection = new Driver().connect("jdbc:mysql://" + member(0, 0) + "/", p)) {
      assertEquals("1", ask(connection, "SELECT 1 AS one").get("one"));
    }
  }

  @Test
  void aWrongPasswordIsRefused() {
    var refused =
        assertThrows(SQLException.class, () -> connect(member(0, 1), "wrong", 10_000).close());
    assertEquals(1045, refused.getErrorCode());
    assertEquals("28000", refused.getSQLState());
  }

  @Test
  void whatIsNoStatementIsASyntaxError() throws SQLException {
    try (Connection connection = connect(member(0, 1));
        Statement statement = connection.createStatement()) {
      var refused = assertThrows(SQLException.class, () -> statement.execute("SELEC 1"));
      assertEquals(1064, refused.getErrorCode());
      assertEquals("42000", refused.getSQLState());
      assertTrue(refused.getMessage().contains("near 'SELEC 1'"), refused.getMessage());
      // The connection is as good as before.
      assertEquals("1", ask(connection, "SELECT 1 AS one").get("one"));
    }
  }

  @Test
  void aLongAnswerArrivesWhole() throws SQLException {
    try (Connection connection = connect(member(0, 1));
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SHOW GLOBAL VARIABLES")) {
      var names = new HashSet<String>();
      while (result.next()) {
        names.add(result.getString(1));
      }
      assertTrue(names.size() > 500 && names.contains("super_read_only"), names::toString);
    }
  }

  @Test
  void aKilledConnectionEndsAndItsLockIsTakenByWhoWaits() throws Exception {
    try (Connection one = connect(member(0, 2));
        Connection two = connect(member(0, 2));
        Connection three = connect(member(0, 2))) {
      assertEquals("1", ask(one, "SELECT GET_LOCK('l', 0) AS got").get("got"));
      String holder = ask(two, "SELECT IS_USED_LOCK('l') AS h").get("h");
      assertEquals(ask(one, "SELECT CONNECTION_ID() AS h").get("h"), holder);
      var got = new HashMap<String, String>();
      Thread waiter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      got.putAll(ask(three, "SELECT GET_LOCK('l', 8) AS got"));
                    } catch (SQLException e) {
                      got.put("got", e.getMessage());
                    }
                  });
      assertTrue(
          Await.holds(
              Duration.ofSeconds(5),
              () -> {
                try {
                  return ask(
                          two,
                          "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE INFO LIKE"
                              + " 'SELECT GET_LOCK%8%'")
                      .get("n")
                      .equals("1");
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
              }));
      try (Statement statement = two.createStatement()) {
        statement.execute("KILL CONNECTION " + holder);
      }
      waiter.join();
      assertEquals(Map.of("got", "1"), got);
      var lost = assertThrows(SQLException.class, () -> ask(one, "SELECT 1"));
      assertEquals("08S01", lost.getSQLState());
    }
  }

  @Test
  void aFleetThatHasEndedSaysSo() {
    int port = new Ports("127.81.0.1", Set.of()).take();
    var over = SimulatedFleet.start(SimulatedSpec.of(2).network(81).port(port));
    Address server = over.servers().getFirst();
    over.close();
    var e = assertThrows(LabException.class, () -> over.kill(server));
    assertEquals("the simulated servers have ended", e.getMessage());
  }

  @Test
  void aDeadServerRefusesAndLivesAgain() throws SQLException {
    Address server = member(1, 3);
    try (Connection kept = connect(server)) {
      fleet.kill(server);
      assertThrows(SQLException.class, () -> ask(kept, "SELECT 1"));
      var refused = assertThrows(SQLException.class, () -> connect(server).close());
      // Refused, or reset by a port that was closing just then.
      assertInstanceOf(SocketException.class, last(refused));
    } finally {
      fleet.revive(server);
    }
    try (Connection connection = connect(server)) {
      assertEquals("Yes", ask(connection, "SHOW ALL SLAVES STATUS").get("Slave_IO_Running"));
    }
  }

  @Test
  void aHungServerTakesConnectionsAndSaysNothing() throws SQLException {
    Address server = member(1, 4);
    try (Connection kept = connect(server)) {
      fleet.hang(server);
      var silent = assertThrows(SQLException.class, () -> connect(server, "topiary", 300).close());
      assertInstanceOf(SocketTimeoutException.class, last(silent));
      kept.setNetworkTimeout(Runnable::run, 300);
      assertThrows(SQLException.class, () -> ask(kept, "SELECT 1"));
    } finally {
      fleet.revive(server);
    }
    connect(server).close();
  }

  @Test
  void faultsArePutBySqlAsWell() throws SQLException {
    Address server = member(1, 5);
    try (Connection other = connect(member(1, 6));
        Statement statement = other.createStatement()) {
      statement.execute("CALL lab.kill('" + server.host() + "')");
      assertThrows(SQLException.class, () -> connect(server).close());
      statement.execute("CALL lab.heal()");
      connect(server).close();
      var refused =
          assertThrows(SQLException.class, () -> statement.execute("CALL lab.kill('10.0.0.1')"));
      assertTrue(refused.getMessage().contains("no simulated server at 10.0.0.1"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 60_001})
  void anImpossibleNumberIsRefused(int servers) {
    assertThrows(LabException.class, () -> SimulatedSpec.of(servers));
  }

  /** A replica's status: a row for each channel, in today's words for both kinds. */
  private static List<Map<String, String>> channels(Address server) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      boolean maria = ask(connection, "SELECT @@version AS v").get("v").contains("MariaDB");
      var rows = new ArrayList<Map<String, String>>();
      try (ResultSet result =
          statement.executeQuery(maria ? "SHOW ALL SLAVES STATUS" : "SHOW REPLICA STATUS")) {
        while (result.next()) {
          var row = new HashMap<String, String>();
          for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            String column =
                result
                    .getMetaData()
                    .getColumnLabel(i)
                    .replace("Master_", "Source_")
                    .replace("Slave_", "Replica_")
                    .replace("Connection_name", "Channel_Name");
            row.put(column, result.getString(i));
          }
          rows.add(row);
        }
      }
      return rows;
    }
  }

  private static String semiSync(Address server) throws SQLException {
    try (Connection connection = connect(server)) {
      return ask(connection, "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_%_clients'")
          .getOrDefault("Value", "none");
    }
  }

  @Test
  void someClustersHaveWhatRealOnesHaveAndAllOfThemReplicate() throws SQLException {
    var spec = SimulatedSpec.of(168).clusters(28).network(NETWORK + 2).port(port());
    try (SimulatedFleet various = SimulatedFleet.start(spec.asVariousAsReal())) {
      for (int i = 0; i < 28; i++) {
        int number = i + 1;
        List<Address> tree = various.clusters().get(i);
        String what = "tree " + number;
        boolean pair = number % 7 == 0;
        for (Address server : tree) {
          List<Map<String, String>> channels = channels(server);
          boolean head = server.equals(tree.getFirst());
          boolean two = number % 13 == 0 && server.equals(tree.get(3));
          assertEquals(head && !pair ? 0 : two ? 2 : 1, channels.size(), what);
          for (Map<String, String> channel : channels) {
            assertEquals("Yes", channel.get("Replica_IO_Running"), () -> what + channel);
            assertEquals("Yes", channel.get("Replica_SQL_Running"), () -> what + channel);
            boolean held = number % 11 == 0 && server.equals(tree.getLast());
            assertEquals(held ? "3600" : "0", channel.get("SQL_Delay"), what);
            boolean filtered = number % 5 == 0 && server.equals(tree.get(4));
            assertEquals(filtered ? "scratch" : "", channel.get("Replicate_Ignore_DB"), what);
          }
          if (two) {
            assertEquals("other", channels.get(1).get("Channel_Name"), what);
            assertEquals(
                various.clusters().get(i - 2).getFirst().host(),
                channels.get(1).get("Source_Host"),
                what);
          }
          if (head && pair) {
            assertEquals(tree.get(1).host(), channels.getFirst().get("Source_Host"), what);
          }
        }
        String clients = semiSync(tree.getFirst());
        assertEquals(
            number % 3 == 0, !clients.equals("0") && !clients.equals("none"), what + clients);
      }
    }
  }

  @Test
  void treesAreOfTheShapeThatATextHas() throws SQLException {
    Tree shape = Tree.parse("p(r)<>q(m),o(m)");
    var spec = SimulatedSpec.of(shape, 2).network(NETWORK + 3).port(port());
    assertEquals(10, spec.servers());
    try (SimulatedFleet shaped = SimulatedFleet.start(spec)) {
      for (List<Address> tree : shaped.clusters()) {
        for (int i = 0; i < tree.size(); i++) {
          var sources = shape.members().get(i).sources();
          List<String> hosts =
              channels(tree.get(i)).stream().map(c -> c.get("Source_Host")).toList();
          assertEquals(
              sources.stream()
                  .map(s -> shape.members().stream().map(Tree.Member::name).toList().indexOf(s))
                  .map(at -> tree.get(at).host())
                  .toList(),
              hosts);
        }
      }
    }
    var wrong = assertThrows(LabException.class, () -> spec.clusters(3));
    assertEquals("3 trees of 5 servers each are not 10 servers", wrong.getMessage());
  }

  @Test
  void anAddressThatIsTakenIsNamed() {
    var spec = SimulatedSpec.of(3).network(NETWORK).port(fleet.spec().port());
    var taken = assertThrows(LabException.class, () -> SimulatedFleet.start(spec).close());
    assertTrue(taken.getMessage().contains(fleet.servers().getFirst().toString()));
  }

  @Test
  void twoThousandAreUpSoonAndTakeLittleMemory() throws SQLException {
    long began = System.nanoTime();
    try (SimulatedFleet many =
        SimulatedFleet.start(SimulatedSpec.of(2000).network(NETWORK + 1).port(port()))) {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertTrue(took.toSeconds() < 10, "up after " + took);
      assertEquals(200, many.seeds().size());
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      long kilobytes = (runtime.totalMemory() - runtime.freeMemory()) >> 10;
      assertTrue(kilobytes < 60_000, kilobytes + " KB are in use");
      for (Address seed : List.of(many.servers().getFirst(), many.servers().getLast())) {
        try (Connection connection = connect(seed)) {
          assertEquals(seed.host(), ask(connection, "SELECT @@report_host AS h").get("h"));
        }
      }
    }
  }

  private static Throwable last(Throwable e) {
    Throwable last = e;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return last;
  }
}
