package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.analysis.Judgement;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.finding.Code;
import topiary.engine.finding.Finding;
import topiary.engine.model.Condition;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.JudgementPolicy;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.policy.SaidPolicy;
import topiary.engine.state.Command;
import topiary.engine.state.Header;
import topiary.lab.base.Await;
import topiary.lab.flavor.Flavor;
import topiary.lab.proxy.Link;

/**
 * Real servers of both families behind proxies: each way to fail is found as what it is (how long
 * that took is printed), and whatever only looks like it leads to nothing that a recovery would be
 * due for.
 */
class DetectionIT {

  /** Longer than anything here takes on a busy machine. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** As usual, but that a replica is late after two seconds. */
  private static final Policies POLICIES =
      new Policies(
          ProbePolicy.DEFAULT,
          PlanPolicy.DEFAULT,
          new JudgementPolicy(
              JudgementPolicy.DEFAULT.patience(),
              2,
              JudgementPolicy.DEFAULT.lockedAfter(),
              false,
              false,
              List.of()),
          SaidPolicy.DEFAULT,
          RecoveryPolicy.DEFAULT,
          Header.LEVEL);

  private final MemoryLog log = new MemoryLog();
  private Flavor flavor;
  private Ground ground;
  private Manager manager;

  /** What has ended the writer, if anything has. */
  private volatile Optional<SQLException> ended = Optional.empty();

  private static List<Flavor> flavors() {
    return Ground.oneFlavor();
  }

  /** Those whose process lists tell who waits for space. */
  private static List<Flavor> tellingOfSpace() {
    return flavors().stream().filter(f -> !f.id().startsWith("mysql-5")).toList();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void howServersFailIsFound(Flavor kind) throws Exception {
    try (Ground up = Ground.proxied("detection", "p(r1,r2(r3,r4))", kind);
        Ground.Topiary topiary = begin(kind, up, 5)) {
      assertEquals(manager, topiary.manager());
      stoppedThreads();
      linksThatAreCut();
      aPrimaryThatIsCutOff();
      tooManyConnections();
      lateReplicasAndASilentPrimary();
      aHungPrimary();
      aKilledPrimary();
    }
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void whatOnlyLooksLikeItLeadsToNothing(Flavor kind) throws Exception {
    try (Ground up = Ground.proxied("calm", "p(r1,r2(r3))", kind);
        Ground.Topiary topiary = begin(kind, up, 4)) {
      assertEquals(manager, topiary.manager());
      aSlowPrimary();
      aManagerThatIsCutOff(false);
      oneLostPing();
      aKilledSession();
      aReplicaThatRestarts();
      lockedTables();
      lateReplicas();
      assertEquals(List.of(), notes(Code::actionable));
    }
  }

  /**
   * MariaDB leaves the question for its position unanswered; MySQL refuses those that need a table
   * of their own, and has threads that say that they run, of which one has a state that tells.
   */
  @ParameterizedTest
  @MethodSource("tellingOfSpace")
  void fullDisks(Flavor kind) throws Exception {
    boolean maria = kind.id().startsWith("mariadb");
    try (Ground up = Ground.smallDisks("full", "p(r1)", kind);
        Ground.Topiary topiary = begin(kind, up, 2)) {
      assertEquals(manager, topiary.manager());
      up.tell("p", "CREATE TABLE lab.full (id INT AUTO_INCREMENT PRIMARY KEY, x VARCHAR(4000))");
      up.lab().faults().fullDisk("r1");
      await(
          "a full disk: r1 waits for space",
          () -> {
            up.tell("p", "INSERT INTO lab.full (x) VALUES (REPEAT('x', 2000))");
            return waitsForSpace("r1");
          });
      if (maria) {
        await("a full disk of the only replica", "p", Code.MASTER_SINGLE_REPLICA_DEAD);
        assertTrue(found("r1", Code.HALF_ANSWERING), "r1 is " + instance("r1"));
      } else {
        await("a full disk of the only replica", "p", Code.MASTER_SINGLE_REPLICA_NOT_REPLICATING);
        await("a full disk: DiskFull", () -> found("r1", Code.DISK_FULL));
      }
      up.lab().faults().fullDisk("p");
      Thread writer = Thread.ofVirtual().start(() -> writeUntilItFails("p"));
      await("a full disk: p's commits wait for space", () -> waitsForSpace("p"));
      await("a full disk: HalfAnswering", () -> found("p", Code.HALF_ANSWERING));
      print("a full disk: " + instance("p").sentence() + "; found: " + code("p"), 0);
      assertTrue(writer.isAlive(), () -> "nobody waits: " + ended);
      assertEquals(List.of(), notes(Code::actionable));
    }
  }

  @ParameterizedTest
  @MethodSource("flavors")
  @EnabledIfSystemProperty(
      named = "topiary.faults",
      matches = "all",
      disabledReason = "takes a minute: -Dtopiary.faults=all")
  void whatTakesLonger(Flavor kind) throws Exception {
    try (Ground up = Ground.proxied("longer", "p(r1,r2(r3))", kind);
        Ground.Topiary topiary = begin(kind, up, 4)) {
      assertEquals(manager, topiary.manager());
      aManagerThatIsCutOff(true);
      assertEquals(List.of(), notes(Code::actionable));
      aPrimaryBehindABlackHole();
    }
  }

  // ---- what fails

  private void stoppedThreads() {
    try (var _ = ground.lab().faults().stopReceiver("r1")) {
      awaitIo("r1", false);
      assertEquals(Optional.empty(), code("p"));
      try (var _ = ground.lab().faults().stopApplier("r2")) {
        await("stopped threads", "p", Code.ALL_MASTER_REPLICAS_NOT_REPLICATING);
      }
    }
    awaitWell();
    try (var _ = ground.lab().faults().stopReceiver("r3");
        var _ = ground.lab().faults().stopApplier("r4")) {
      await("stopped threads below", "r2", Code.ALL_INTERMEDIATE_MASTER_REPLICAS_NOT_REPLICATING);
    }
    awaitWell();
  }

  private void linksThatAreCut() {
    try (var _ = ground.lab().faults().cut(link("r1", "p"), link("r2", "p"))) {
      await("cut from its replicas", "p", Code.ALL_MASTER_REPLICAS_NOT_REPLICATING);
      await("cut from its replicas, beside it", () -> found("p", Code.REPLICATION_PARTITION));
      await("cut from its source", "r1", Code.FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER);
    }
    awaitWell();
    assertEquals(List.of(), notes(Code::actionable));
    try (var _ = ground.lab().faults().cut(link("r3", "r2"), link("r4", "r2"))) {
      await(
          "a source cut from its replicas",
          "r2",
          Code.ALL_INTERMEDIATE_MASTER_REPLICAS_FAILING_TO_CONNECT_OR_DEAD);
    }
    awaitWell();
  }

  private void aPrimaryThatIsCutOff() {
    try (var _ = ground.lab().faults().cut(Link.to("p"))) {
      await("cut off", "p", Code.DEAD_MASTER);
    }
    awaitWell();
  }

  /** All that it admits are taken, and whoever has lost his connection gets none. */
  private void tooManyConnections() throws SQLException {
    var clients = new ArrayList<Connection>();
    try (Connection admin = ground.lab().connection("p");
        var statement = admin.createStatement()) {
      String before = Ground.ask(admin, "SELECT @@global.max_connections AS n").get("n");
      for (int i = 0; i < 15; i++) {
        clients.add(ground.lab().clientConnection("p", LIMIT));
      }
      statement.execute("SET GLOBAL max_connections = 10");
      try {
        long since = looked("p");
        awaitLooks("p", since, 2);
        assertEquals(Optional.empty(), code("p"), "who is connected stays so");
        kill(admin, ours("COMMAND <> 'Query'", clients));
        await("too many connections, for us", "p", Code.UNREACHABLE_MASTER);
        kill(admin, "COMMAND LIKE 'Binlog Dump%'");
        await("too many connections, for its replicas too", "p", Code.DEAD_MASTER);
      } finally {
        statement.execute("SET GLOBAL max_connections = " + before);
      }
    } finally {
      for (Connection client : clients) {
        client.close();
      }
    }
    awaitWell();
  }

  /** Sessions of our account that are not the test's own clients. */
  private String ours(String which, List<Connection> clients) throws SQLException {
    var mine = new ArrayList<String>();
    for (Connection client : clients) {
      mine.add(Ground.ask(client, "SELECT CONNECTION_ID() AS id").get("id"));
    }
    return which
        + " AND USER = '"
        + ground.lab().credentials().user()
        + "' AND ID NOT IN ("
        + String.join(",", mine)
        + ")";
  }

  private static void kill(Connection admin, String which) throws SQLException {
    var ids = new ArrayList<Long>();
    try (var statement = admin.createStatement();
        var row =
            statement.executeQuery(
                "SELECT ID FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND "
                    + which)) {
      while (row.next()) {
        ids.add(row.getLong(1));
      }
    }
    assertTrue(!ids.isEmpty(), "nobody is connected: " + which);
    try (var statement = admin.createStatement()) {
      for (long id : ids) {
        statement.execute("KILL " + id);
      }
    }
  }

  private void lateReplicasAndASilentPrimary() throws SQLException {
    try (Connection first = ground.lab().connection("r1");
        Connection second = ground.lab().connection("r2")) {
      holdBack(first, second);
      // Not hung for its replicas, who would notice when they have received nothing for long.
      try (var _ = ground.lab().faults().blackHole(Link.from(Link.OTHERS).to("p"))) {
        await("silent, replicas late", "p", Code.UNREACHABLE_MASTER_WITH_LAGGING_REPLICAS);
      }
    }
    awaitWell();
  }

  /** The table that p writes to is locked on its replicas until these connections end. */
  private void holdBack(Connection... replicas) throws SQLException {
    ground.tell("p", "CREATE TABLE IF NOT EXISTS lab.held (id INT AUTO_INCREMENT PRIMARY KEY)");
    for (Connection replica : replicas) {
      await(
          "the table is there",
          () -> ask(replica, "SHOW TABLES FROM lab LIKE 'held'").isPresent(),
          false);
      try (var statement = replica.createStatement()) {
        statement.execute("LOCK TABLES lab.held READ");
      }
    }
    ground.tell("p", "INSERT INTO lab.held VALUES ()");
    await("lag is seen", () -> Stream.of("r1", "r2").allMatch(r -> lag(r) > 2));
  }

  private static Optional<String> ask(Connection connection, String sql) {
    try {
      return Ground.ask(connection, sql).values().stream().findFirst();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void aHungPrimary() {
    ground.lab().hang("p");
    long began = System.nanoTime();
    try {
      await("hung: suspected", "p", Code.UNREACHABLE_MASTER);
      await("hung: replicas have noticed", "p", Code.DEAD_MASTER, began);
    } finally {
      ground.lab().resume("p");
    }
    awaitWell();
  }

  private void aKilledPrimary() {
    try (var _ = ground.lab().faults().kill("p")) {
      await("killed", "p", Code.DEAD_MASTER);
    }
    ground.lab().makeWritable("p");
    awaitWell();
  }

  private void aPrimaryBehindABlackHole() {
    try (var _ = ground.lab().faults().blackHole(Link.to("p"))) {
      long began = System.nanoTime();
      await("black hole: suspected", "p", Code.UNREACHABLE_MASTER);
      await("black hole: replicas have noticed", "p", Code.DEAD_MASTER, began);
    }
    awaitWell();
  }

  // ---- what does not

  /** A look at it takes 0.4 s and more: twenty times what 20 ms are, and usually it takes less. */
  private void aSlowPrimary() {
    Duration before = instance("p").latency();
    Duration delay = Duration.ofMillis(200);
    try (var _ = ground.lab().faults().slow(delay, 100_000, Link.to("p"))) {
      awaitLooks("p", looked("p"), 2);
      Duration slow = instance("p").latency();
      print("slow: looks that took " + before.toMillis() + " ms take", slow.toMillis());
      assertTrue(slow.compareTo(delay.multipliedBy(2)) >= 0, () -> "not slow: " + slow);
      assertEquals(Optional.empty(), code("p"));
    }
    awaitWell();
  }

  /** Nobody answers us any more, and everybody replicates; longer than patience lasts. */
  private void aManagerThatIsCutOff(boolean swallowed) {
    Link all = Link.from(Link.OTHERS).toAnybody();
    try (var _ =
        swallowed ? ground.lab().faults().blackHole(all) : ground.lab().faults().cut(all)) {
      await("we are cut off", "p", Code.DEAD_MASTER_AND_REPLICAS);
      long since = System.nanoTime();
      Duration patience = JudgementPolicy.DEFAULT.patience().multipliedBy(2);
      await(
          "patience is over",
          () -> System.nanoTime() - since > patience.toNanos() && !instance("r3").seen(),
          false);
      assertEquals(Optional.of(Code.DEAD_MASTER_AND_REPLICAS), code("p"));
    }
    awaitWell();
  }

  private void oneLostPing() {
    ground.lab().hang("p");
    try {
      await("a lost ping is heard", () -> instance("p").condition() == Condition.HUNG);
    } finally {
      ground.lab().resume("p");
    }
    awaitWell();
  }

  private void aKilledSession() throws SQLException {
    try (Connection admin = ground.lab().connection("p")) {
      long since = looked("p");
      kill(admin, ours("COMMAND <> 'Query'", List.of(admin)));
      awaitLooks("p", since, 2);
    }
    awaitWell();
  }

  private void aReplicaThatRestarts() {
    ground.lab().restart("r1");
    await("a restarted replica is back", () -> instance("r1").seen(), false);
    awaitIo("r1", true);
    awaitWell();
  }

  /** Nothing that a look asks waits for tables, whoever has locked them. */
  private void lockedTables() throws SQLException {
    for (String member : List.of("p", "r1", "r2")) {
      try (Connection holder = ground.lab().connection(member);
          var statement = holder.createStatement()) {
        statement.execute("FLUSH TABLES WITH READ LOCK");
        awaitLooks(member, looked(member), 2);
        assertEquals(Optional.empty(), code(member), member);
      }
    }
    awaitWell();
  }

  private void lateReplicas() throws SQLException {
    try (Connection first = ground.lab().connection("r1");
        Connection second = ground.lab().connection("r2")) {
      holdBack(first, second);
      assertEquals(Optional.empty(), code("p"));
    }
    awaitWell();
  }

  // ---- disks

  private void writeUntilItFails(String member) {
    try (Connection client = ground.lab().clientConnection(member, LIMIT);
        var statement = client.createStatement()) {
      while (true) {
        statement.execute("INSERT INTO lab.full (x) VALUES (REPEAT('x', 2000))");
      }
    } catch (SQLException e) {
      ended = Optional.of(e);
    }
  }

  /** This statement needs no room itself. */
  private boolean waitsForSpace(String member) {
    try (Connection connection = ground.lab().connection(member);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW PROCESSLIST")) {
      while (row.next()) {
        String state = Optional.ofNullable(row.getString("State")).orElse("");
        boolean commits = state.equals("waiting for handler commit");
        // Others commit for a moment, and replication counts its time otherwise.
        if (state.startsWith("Waiting for someone to free space")
            || state.equals("Waiting for disk space")
            || commits && row.getLong("Time") > 1 && !row.getString("User").equals("system user")) {
          return true;
        }
      }
      return false;
    } catch (SQLException e) {
      throw new AssertionError(member, e);
    }
  }

  // ---- words

  private Ground.Topiary begin(Flavor kind, Ground up, int size) throws Exception {
    flavor = kind;
    ground = up;
    Ground.Topiary topiary = up.topiary(log, POLICIES);
    manager = topiary.manager();
    topiary.discover(up.key("p"), size);
    topiary.awaitSeen(size);
    awaitWell();
    return topiary;
  }

  private static Link link(String from, String to) {
    return Link.from(from).to(to);
  }

  private Instance instance(String member) {
    InstanceKey key = ground.key(member);
    return manager.topology().instance(key).orElseThrow();
  }

  private Optional<Code> code(String member) {
    return Optional.ofNullable(manager.findings().get(ground.key(member)))
        .flatMap(Judgement::failure)
        .map(Finding::code);
  }

  private boolean found(String member, Code code) {
    return Optional.ofNullable(manager.findings().get(ground.key(member))).stream()
        .flatMap(j -> j.findings().stream())
        .anyMatch(f -> f.code() == code);
  }

  private long lag(String member) {
    return instance(member).facts().flatMap(f -> f.lag()).orElse(0L);
  }

  private long looked(String member) {
    return instance(member).lastSeen().orElseThrow().toEpochMilli();
  }

  /** So many looks that see it, each of them later than the one before; nobody waits his turn. */
  private void awaitLooks(String member, long since, int count) {
    long[] last = {since};
    for (int i = 0; i < count; i++) {
      await(
          member + " is looked at",
          () -> look(ground.key(member)).seen() && looked(member) > last[0],
          false);
      last[0] = looked(member);
    }
  }

  private Instance look(InstanceKey key) {
    try {
      return manager.refresh(key);
    } catch (RequestRefused e) {
      throw new AssertionError(key.toString(), e);
    }
  }

  private void awaitIo(String member, boolean runs) {
    await(
        member + " receives: " + runs,
        () -> instance(member).primaryChannel().filter(c -> c.replicating() == runs).isPresent(),
        false);
  }

  /** All are looked at for it, since nothing here is about how soon that is seen. */
  private void awaitWell() {
    await(
        "nobody fails any more",
        () ->
            manager.topology().instances().keySet().stream().allMatch(key -> look(key).seen())
                && manager.findings().values().stream().allMatch(j -> j.failure().isEmpty()),
        false);
  }

  private void await(String what, String member, Code code) {
    await(what, member, code, System.nanoTime());
  }

  private void await(String what, String member, Code code, long began) {
    await(what, () -> code(member).equals(Optional.of(code)), false);
    print(what + ": " + code.word() + " after", (System.nanoTime() - began) / 1_000_000);
  }

  private void await(String what, BooleanSupplier condition) {
    await(what, condition, true);
  }

  private void await(String what, BooleanSupplier condition, boolean printed) {
    long began = System.nanoTime();
    if (!Await.holds(LIMIT, condition)) {
      throw new AssertionError(
          "not so: "
              + what
              + "; found: "
              + manager.findings().values()
              + "; seen: "
              + manager.topology().instances().values());
    }
    if (printed) {
      print(what + " after", (System.nanoTime() - began) / 1_000_000);
    }
  }

  private void print(String what, long millis) {
    System.out.println(flavor.id() + ": " + what + " " + millis + " ms");
  }

  private List<Code> notes(Predicate<Code> which) {
    return log.accepted().stream()
        .filter(Command.NoteFinding.class::isInstance)
        .flatMap(c -> ((Command.NoteFinding) c).is().stream())
        .flatMap(word -> Code.of(word).stream())
        .filter(which)
        .toList();
  }
}
