package topiary.engine.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Ground;
import topiary.engine.fake.Passwords;
import topiary.engine.fake.RealClock;
import topiary.engine.fake.Threads;
import topiary.engine.model.Channel;
import topiary.engine.model.Condition;
import topiary.engine.model.Detected;
import topiary.engine.model.Facts;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;
import topiary.engine.model.Observation;
import topiary.engine.mysql.JdbcFleet;
import topiary.engine.policy.Detection;
import topiary.engine.policy.Detection.Teller;
import topiary.engine.policy.Detection.Trait;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.ServerTrouble;

/** What one look makes of servers in every state. */
class ProberIT {

  private static final Threads THREADS = new Threads();

  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final Duration SLACK = Duration.ofMillis(500);

  /** Bytes in a packet before a statement. */
  private static final int HEAD = 5;

  private static Ground ground;
  private final Passwords passwords = ground.passwords();
  private final Prober prober = prober(passwords);

  @BeforeAll
  static void up() {
    ground = Ground.up("prober", "p(r1(r2))");
    // The account of tests may do everything but hand rights on; here it must.
    ground.tell(
        "p",
        "UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.access', JSON_VALUE(Priv,"
            + " '$.access') | 1024) WHERE User = 'lab'",
        "FLUSH PRIVILEGES");
  }

  @AfterAll
  static void down() {
    if (ground != null) {
      ground.close();
    }
  }

  @AfterEach
  void close() {
    prober.close();
  }

  @Test
  void aHealthyTreeIsSeen() {
    Facts p = seen("p");
    assertEquals(Optional.empty(), p.primaryChannel());
    assertFalse(p.settings().readOnly());
    assertEquals(List.of(ground.key("r1")), p.reportedReplicas());
    Facts r1 = seen("r1");
    Channel channel = r1.primaryChannel().orElseThrow();
    assertEquals(ground.key("p"), channel.source());
    assertTrue(channel.replicating());
    assertTrue(r1.settings().readOnly());
    assertEquals(List.of(ground.key("r2")), r1.reportedReplicas());
    assertEquals(ground.key("r1"), seen("r2").primaryChannel().orElseThrow().source());
    assertEquals(Optional.of(ground.key("r2")), seen("r2").identity().reported());
    for (String member : List.of("p", "r1", "r2")) {
      assertEquals(List.of(), seen(member).complaints());
    }
    assertEquals(
        ground.ask("p", "SELECT @@gtid_current_pos AS p").get("p"), p.positions().executedGtid());
  }

  @Test
  void aRefusedPortIsUnreachable() throws IOException {
    InstanceKey key;
    try (var free = socket()) {
      key = key(free);
    }
    is(Condition.ABSENT, key + " refuses connections: nothing listens there", look(key));
  }

  @Test
  void anUnknownHostIsUnreachable() {
    var key = new InstanceKey("no-such-host.invalid", 3306);
    is(Condition.UNREACHABLE, "no host is called no-such-host.invalid", prober.look(key));
  }

  @Test
  void anOddHostNameIsATroubleAndNoCrash() {
    for (String host : List.of("%", "a%zz", "db%31", "a:b", "fe80::1%nowhere", "-", "..")) {
      Observation seen = prober.look(new InstanceKey(host, 3306));
      assertEquals(Condition.UNREACHABLE, seen.condition(), () -> host + ": " + seen.sentence());
    }
  }

  @Test
  void aWrongPasswordIsDeniedAndARenewedOneLogsIn() {
    var secrets = new Passwords("topiary", "wrong");
    try (Prober other = prober(secrets)) {
      InstanceKey key = ground.key("r1");
      is(
          Condition.DENIED,
          key + " refuses user \"topiary\" or its password (error 1045)",
          other.look(key));
      secrets.put(ground.lab().credentials().user(), ground.lab().credentials().password());
      assertEquals(Condition.SEEN, other.look(key).condition());
    }
  }

  @Test
  void aHungServerEndsALookInTimeAndIsSeenAgain() {
    InstanceKey key = ground.key("r2");
    seen("r2");
    ground.lab().hang("r2");
    try {
      // Over the connection that is kept, and then over none.
      Observation kept = look(key);
      assertEquals(Condition.HUNG, kept.condition(), kept::sentence);
      Observation fresh = look(key);
      is(
          Condition.HUNG,
          key
              + " takes the connection and says nothing in time: it hangs, or is no database"
              + " server",
          fresh);
    } finally {
      ground.lab().resume("r2");
    }
    seen("r2");
  }

  @Test
  void aRestartedServerIsSeenAtTheNextLook() {
    long before = seen("r2").positions().uptimeSeconds();
    ground.lab().restart("r2");
    Facts after = seen("r2");
    assertTrue(after.positions().uptimeSeconds() <= before + 30);
    assertEquals(ground.key("r1"), after.primaryChannel().orElseThrow().source());
  }

  @Test
  void aKilledServerIsNotThere() {
    seen("r2");
    ground.lab().kill("r2");
    try {
      assertFalse(look(ground.key("r2")).condition().answering());
      // The machine closes a dead process's port when it comes to it.
      String refused = ground.key("r2") + " refuses connections: nothing listens there";
      Ground.await(() -> look(ground.key("r2")).sentence().equals(refused), "it is not " + refused);
    } finally {
      ground.lab().start("r2");
    }
    seen("r2");
  }

  @Test
  void aPortThatSpeaksAnotherProtocolIsAlien() throws IOException {
    try (var socket = socket();
        var _ = new Door(socket, c -> c.getOutputStream().write(ascii("SSH-2.0-x\r\n")))) {
      is(
          Condition.ALIEN,
          key(socket) + " is no database server: it greets with \"SSH-2…\"",
          look(key(socket)));
    }
  }

  @Test
  void aPortThatHangsUpIsUnreachable() throws IOException {
    try (var socket = socket();
        var _ = new Door(socket, Socket::close)) {
      is(
          Condition.UNREACHABLE,
          key(socket) + " ends the connection while greeting",
          look(key(socket)));
    }
  }

  @Test
  void aSilentPortIsHung() throws IOException {
    try (var socket = socket();
        var _ = new Door(socket, c -> {})) {
      is(
          Condition.HUNG,
          key(socket)
              + " takes the connection and says nothing in time: it hangs, or is no database"
              + " server",
          look(key(socket)));
    }
  }

  @Test
  void aServerThatFallsSilentHalfwayIsHalfAnswering() throws IOException {
    // After the question for its binary log the relay lets nothing through any more.
    try (var socket = socket();
        var _ = new Door(socket, c -> relay(c, "SHOW MASTER STATUS"))) {
      InstanceKey key = key(socket);
      is(
          Condition.HALF,
          "answered 2 questions, then: " + key + " did not answer in time: SHOW MASTER STATUS",
          look(key));
    }
  }

  @Test
  void aUserWhoMayNotSeeReplicationIsDenied() {
    user("blind", "PROCESS, BINLOG MONITOR");
    try (Prober other = prober(new Passwords("blind", "x"))) {
      Observation seen = other.look(ground.key("p"));
      assertEquals(Condition.DENIED, seen.condition(), seen::sentence);
      assertTrue(
          seen.sentence()
              .startsWith(ground.key("p") + " refused \"SHOW ALL SLAVES STATUS\": Access denied"),
          seen::sentence);
      assertTrue(seen.sentence().contains("SLAVE MONITOR"), seen::sentence);
    }
  }

  @Test
  void aUserWhoLacksLessIsSeenWithAComplaint() {
    user(
        "nearly",
        "RELOAD, PROCESS, REPLICATION SLAVE, BINLOG MONITOR, CONNECTION ADMIN,"
            + " REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, BINLOG ADMIN, SLAVE MONITOR");
    try (Prober other = prober(new Passwords("nearly", "x"))) {
      Observation seen = other.look(ground.key("p"));
      assertEquals(Condition.SEEN, seen.condition(), seen::sentence);
      assertEquals(
          List.of("lacks the grant READ_ONLY ADMIN: read_only cannot be changed"),
          seen.facts().orElseThrow().complaints());
    }
  }

  @Test
  void aQuestionThatMayBeRefusedBecomesAComplaint() {
    user("half", "SLAVE MONITOR");
    try (Prober other = prober(new Passwords("half", "x"))) {
      Observation seen = other.look(ground.key("p"));
      assertEquals(Condition.SEEN, seen.condition(), seen::sentence);
      List<String> complaints = seen.facts().orElseThrow().complaints();
      assertTrue(
          complaints.stream()
              .anyMatch(c -> c.startsWith(ground.key("p") + " refused \"SHOW MASTER STATUS\"")),
          complaints::toString);
      assertTrue(
          complaints.stream()
              .anyMatch(c -> c.startsWith(ground.key("p") + " refused \"SHOW SLAVE HOSTS\"")),
          complaints::toString);
    }
  }

  @Test
  void noPasswordStandsInWhatIsTold() {
    var secrets = new Passwords("topiary", "very-secret");
    try (Prober other = prober(secrets)) {
      Observation seen = other.look(ground.key("p"));
      assertEquals(Condition.DENIED, seen.condition());
      assertFalse((seen + " " + secrets.credentials(seen.key())).contains("very-secret"));
    }
  }

  @Test
  void anOperatorsQueriesAndPatternsTell() {
    var traits =
        Map.of(
            Trait.DATA_CENTER,
                new Teller(Optional.empty(), Optional.of(Pattern.compile("^(\\d+)"))),
            Trait.REGION, query("SELECT 'north'"),
            Trait.ALIAS, query("SELECT CONCAT('db', @@server_id)"),
            Trait.PROMOTION_RULE, query("SELECT 'prefer_not'"),
            Trait.SEMI_SYNC_PRIORITY, query("SELECT 2"),
            Trait.CLUSTER_ALIAS, query("SELECT 'shop'"),
            Trait.CLUSTER_DOMAIN, query("SELECT NULL"));
    try (Prober other = prober(Optional.of("SELECT -3.2"), traits)) {
      Facts r1 = other.look(ground.key("r1")).facts().orElseThrow();
      assertEquals(
          new Detected("127", "north", "", "db2", Optional.of("prefer_not"), 2, "", ""),
          r1.background().detected());
      assertEquals(Optional.of(0L), r1.lagSeconds());
      assertEquals(List.of(), r1.complaints());
      Facts p = other.look(ground.key("p")).facts().orElseThrow();
      assertEquals("shop", p.background().detected().clusterAlias());
      assertEquals("", p.background().detected().clusterDomain());
      assertEquals(Optional.empty(), p.lagSeconds(), "a head is never late");
    }
  }

  @Test
  void anOperatorsQueryThatFailsIsComplainedAboutAndNoMore() {
    var traits =
        Map.of(
            Trait.REGION, query("SELECT nonsense"),
            Trait.ALIAS, query("SELECT 1, 2"),
            Trait.PROMOTION_RULE, query("SELECT 'must'"),
            Trait.SEMI_SYNC_PRIORITY, query("SELECT 'high'"));
    try (Prober other = prober(Optional.of("SELECT 'late'"), traits)) {
      Observation seen = other.look(ground.key("r1"));
      assertEquals(Condition.SEEN, seen.condition(), seen::sentence);
      List<String> complaints = seen.facts().orElseThrow().complaints();
      for (String part :
          List.of(
              "the query for its region failed: ",
              "the query for its alias tells more than one column",
              "the query for its promotion rule tells \"must\", which is none of [prefer, neutral,",
              "the query for its semi-sync priority tells \"high\", which is no whole number",
              "the query for its lag tells \"late\", which is no number")) {
        assertTrue(complaints.stream().anyMatch(c -> c.startsWith(part)), () -> part + complaints);
      }
      assertEquals(5, complaints.size(), complaints::toString);
      assertEquals(Detected.NOTHING, seen.facts().orElseThrow().background().detected());
    }
  }

  @Test
  void anOperatorsQueryThatHangsIsNotAskedAgainForAWhile() {
    try (Prober other = prober(Optional.of("SELECT SLEEP(30)"), Map.of())) {
      Observation first = other.look(ground.key("r1"));
      assertEquals(Condition.SEEN, first.condition(), first::sentence);
      Observation second = other.look(ground.key("r1"));
      assertEquals(Condition.SEEN, second.condition(), second::sentence);
      assertEquals(first.facts().get().complaints(), second.facts().get().complaints());
      assertTrue(
          first.facts().get().complaints().toString().contains("the query for its lag failed: "),
          first.facts().get().complaints()::toString);
      assertTrue(second.took().compareTo(DEADLINE) < 0, () -> second.took().toString());
    }
  }

  @Test
  void whatRunsLongIsListed() throws Exception {
    try (var connection = ground.lab().connection("p");
        var statement = connection.createStatement()) {
      long id = Long.parseLong(Ground.ask(connection, "SELECT CONNECTION_ID() AS i").get("i"));
      var sleeping =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      statement.execute("SELECT SLEEP(20) /* long */");
                    } catch (java.sql.SQLException e) {
                      // It was killed, as below.
                    }
                  });
      Ground.await(() -> longQueries(0).stream().anyMatch(q -> q.id() == id), "it is not listed");
      LongQuery query = longQueries(0).stream().filter(q -> q.id() == id).findFirst().get();
      assertTrue(query.text().contains("SLEEP(20)"), query::toString);
      assertEquals("lab", query.user());
      assertEquals(List.of(), longQueries(1000));
      ground.tell("p", "KILL " + id);
      sleeping.join();
    }
  }

  private List<LongQuery> longQueries(int seconds) {
    try {
      return prober.longQueries(ground.key("p"), seconds);
    } catch (ServerTrouble e) {
      throw new AssertionError(e);
    }
  }

  private static Teller query(String sql) {
    return new Teller(Optional.of(new Detection.Query(sql)), Optional.empty());
  }

  private static Prober prober(Optional<String> lag, Map<Trait, Teller> traits) {
    return new Prober(
        new JdbcFleet(ground.passwords(), THREADS),
        new RealClock(),
        new ProbePolicy(DEADLINE, DEADLINE)
            .with(new Detection(Duration.ofMinutes(5), lag.map(Detection.Query::new), traits)));
  }

  private static void user(String name, String rights) {
    ground.tell(
        "p",
        "CREATE OR REPLACE USER '" + name + "'@'%' IDENTIFIED BY 'x'",
        "GRANT " + rights + " ON *.* TO '" + name + "'@'%'");
  }

  private static Prober prober(Passwords passwords) {
    return new Prober(
        new JdbcFleet(passwords, THREADS), new RealClock(), new ProbePolicy(DEADLINE, DEADLINE));
  }

  private Facts seen(String member) {
    Observation seen = look(ground.key(member));
    assertEquals(Condition.SEEN, seen.condition(), seen::sentence);
    return seen.facts().orElseThrow();
  }

  /** No look lasts longer than its deadline, but for a little. */
  private Observation look(InstanceKey key) {
    Observation seen = prober.look(key);
    assertTrue(
        seen.took().compareTo(DEADLINE.plus(SLACK)) < 0,
        () -> seen.took().toMillis() + " ms: " + seen.sentence());
    return seen;
  }

  private static void is(Condition condition, String sentence, Observation seen) {
    assertEquals(condition + ": " + sentence, seen.condition() + ": " + seen.sentence());
  }

  private static ServerSocket socket() throws IOException {
    return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
  }

  private static InstanceKey key(ServerSocket socket) {
    return new InstanceKey("127.0.0.1", socket.getLocalPort());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Passes everything on until the client sends a certain text, and from then on nothing. */
  private static void relay(Socket client, String last) throws IOException {
    Socket server = new Socket("127.0.0.1", ground.key("p").port());
    Thread.ofVirtual()
        .start(
            () -> {
              try (server) {
                server.getInputStream().transferTo(client.getOutputStream());
              } catch (IOException e) {
                // Either end has gone; so does the relay.
              }
            });
    InputStream in = client.getInputStream();
    var buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      int found = new String(buffer, 0, n, StandardCharsets.ISO_8859_1).indexOf(last);
      if (found >= 0) {
        // What was asked before it in the same breath arrives.
        server.getOutputStream().write(buffer, 0, Math.max(0, found - HEAD));
        in.transferTo(java.io.OutputStream.nullOutputStream());
        break;
      }
      server.getOutputStream().write(buffer, 0, n);
    }
    server.close();
  }

  /**
   * What is done with everybody who connects, on a thread each; they stay connected till closed.
   */
  private static final class Door implements AutoCloseable {

    private final List<Socket> guests = new CopyOnWriteArrayList<>();
    private final ServerSocket socket;

    /** What is done. */
    interface Welcome {
      void to(Socket client) throws IOException;
    }

    Door(ServerSocket socket, Welcome welcome) {
      this.socket = socket;
      Thread.ofVirtual().start(() -> serve(welcome));
    }

    private void serve(Welcome welcome) {
      try {
        while (true) {
          Socket guest = socket.accept();
          guests.add(guest);
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      welcome.to(guest);
                    } catch (IOException e) {
                      // The guest has gone.
                    }
                  });
        }
      } catch (IOException e) {
        // The door is shut.
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
      for (Socket guest : guests) {
        guest.close();
      }
    }
  }
}
