package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.analysis.Errant;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.gtid.GtidSet;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.model.Capability;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.Threads;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.PlanEnd;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/**
 * Every operation on one server, on real ones that are written to: what the servers say afterwards,
 * what takes it back, and what is refused.
 */
@Execution(ExecutionMode.SAME_THREAD)
class OneServerIT {

  private static final By DBA = new By("dba", "test");
  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10)));

  private Ground ground;
  private Manager manager;
  private MemoryLog journal;
  private boolean maria;

  static List<topiary.lab.flavor.Flavor> flavors() {
    return Ground.flavors();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void eachIsDoneUndoneAndRefused(topiary.lab.flavor.Flavor flavor) throws Exception {
    var log = new MemoryLog();
    try (Ground here = Ground.up("oneserver", "p(r1,r2)", flavor);
        Ground.Topiary topiary = here.topiary(log, QUICK)) {
      ground = here;
      journal = log;
      manager = topiary.manager();
      topiary.discover(ground.key("r1"), 3);
      maria = facts("p").identity().flavor() == Flavor.MARIADB;
      try (Load load = Load.start(ground.lab())) {
        await(() -> load.acknowledged() > 20, "nothing is written");
        restarted();
        stoppedNicely();
        delayed();
        withoutGtid();
        logsFlushedAndPurged();
        load.stop();
        List<Check.Result> results = load.check(Ground.LIMIT);
        assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
      }
      statementEnded();
      transactionSkipped();
      errantSettled();
      semiSync();
      connectsToNobody();
      forgotten();
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  private void restarted() throws Exception {
    long before = newestDump();
    done(new Doing.Restart(), "r1");
    assertEquals("p Yes Yes", ground.stands("r1"));
    assertTrue(newestDump() > before, "r1 did not connect anew");
    refused(new Doing.Restart(), "p", " is not a replica");
    before = newestDump();
    done(new Doing.Reconnect(), "r1");
    Ground.await(() -> ground.stands("r1").equals("p Yes Yes"), "r1 does not replicate again");
    assertTrue(newestDump() > before, "r1 did not connect anew");
    refused(new Doing.Reconnect(), "p", " is not a replica");
  }

  /** A replica that tries to connect to a source that hangs lets itself be stopped soon. */
  private void connectsToNobody() throws Exception {
    String replica =
        facts("r1").identity().capabilities().contains(Capability.REPLICA_WORDS)
            ? "replica"
            : "slave";
    String timeout = "SELECT @@global." + replica + "_net_timeout AS s";
    ground.tell("r1", "SET GLOBAL " + replica + "_net_timeout = 60");
    ground.lab().hang("p");
    try {
      await(
          () -> manager.topology().instance(ground.key("p")).filter(Instance::seen).isEmpty(),
          "it is not seen that p hangs");
      done(new Doing.Reconnect(), "r1");
      assertEquals("60", ground.ask("r1", timeout).get("s"));
      long began = System.nanoTime();
      ground.tell("r1", "STOP " + replica + " IO_THREAD");
      assertTrue(System.nanoTime() - began < 10_000_000_000L, "r1 is not stopped");
    } finally {
      ground.lab().resume("p");
    }
    ground.tell("r1", "START " + replica + " IO_THREAD");
    await(() -> ground.stands("r1").equals("p Yes Yes"), "r1 does not replicate again");
  }

  /** The connection over which the source sends its log to whoever connected last. */
  private long newestDump() {
    String sql =
        "SELECT MAX(ID) AS id FROM information_schema.PROCESSLIST"
            + " WHERE COMMAND LIKE 'Binlog Dump%'";
    return Long.parseLong(ground.ask("p", sql).get("id"));
  }

  private void stoppedNicely() throws Exception {
    done(new Doing.StopNicely(), "r1");
    assertEquals("p No No", ground.stands("r1"));
    Facts facts = facts("r1");
    String received = facts.channels().getFirst().progress().receivedGtid();
    Flavor flavor = facts.identity().flavor();
    GtidPosition executed = flavor.position(facts.positions().executedGtid());
    if (facts.identity().capabilities().contains(Capability.CHANNELS) || maria) {
      assertTrue(executed.covers(flavor.position(received)), facts::toString);
    } else {
      // Old servers count a transaction as received from its first event on: one may not be whole.
      assertTrue(GtidSet.parse(received).minus((GtidSet) executed).count() <= 1, facts::toString);
    }
    refused(new Doing.StopNicely(), "r1", "is stopped already");
    refused(new Doing.Restart(), "r1", "stands still: start it");
    undone();
    assertEquals("p Yes Yes", ground.stands("r1"));
    ended(new Intent.StopReplication(ground.key("r1"), Threads.SQL));
    refused(new Doing.StopNicely(), "r1", "stands still, so what it received");
    ended(new Intent.StartReplication(ground.key("r1"), Threads.SQL));
  }

  private void delayed() throws Exception {
    done(new Doing.Delay(3600), "r1");
    assertEquals("p Yes Yes", ground.stands("r1"));
    assertEquals(3600, facts("r1").channels().getFirst().delaySeconds());
    refused(new Doing.Delay(3600), "r1", "is 3600 s already");
    refused(new Doing.StopNicely(), "r1", "is held back by 3600 s on purpose");
    undone();
    assertEquals("p Yes Yes", ground.stands("r1"));
    assertEquals(0, facts("r1").channels().getFirst().delaySeconds());
  }

  private void withoutGtid() throws Exception {
    done(new Doing.UseGtid(false), "r1");
    assertEquals("p Yes Yes", ground.stands("r1"));
    assertEquals(GtidUse.NONE, facts("r1").channels().getFirst().gtid());
    refused(new Doing.UseGtid(false), "r1", "by file and position already");
    done(new Doing.StopNicely(), "r1");
    assertEquals("p No No", ground.stands("r1"));
    undone();
    done(new Doing.UseGtid(true), "r1");
    assertEquals("p Yes Yes", ground.stands("r1"));
    assertEquals(
        maria ? GtidUse.SLAVE_POS : GtidUse.AUTO_POSITION,
        facts("r1").channels().getFirst().gtid());
    undone();
    assertEquals(GtidUse.NONE, facts("r1").channels().getFirst().gtid());
    done(new Doing.UseGtid(true), "r1");
  }

  private void logsFlushedAndPurged() throws Exception {
    String first = facts("p").positions().logEnd().file();
    done(new Doing.FlushLogs(2), "p");
    String last = facts("p").positions().logEnd().file();
    assertTrue(last.compareTo(first) > 0, first + ", " + last);
    refused(new Doing.PurgeLogs("nonsense", false), "p", "is not called as the binary logs are");
    refused(new Doing.PurgeLogs(last.replaceAll(".$", "9"), false), "p", "so it has no ");
    ended(new Intent.StopReplication(ground.key("r2"), Threads.BOTH));
    done(new Doing.FlushLogs(1), "p");
    refused(new Doing.PurgeLogs("latest", false), "p", " has come to ");
    ended(new Intent.StartReplication(ground.key("r2"), Threads.BOTH));
    await(
        () -> {
          refresh();
          return planned(onServer(new Doing.PurgeLogs(last, false), "p"));
        },
        "the replicas do not come to " + last);
    done(new Doing.PurgeLogs(last, false), "p");
    assertEquals(last, ground.ask("p", "SHOW BINARY LOGS").get("Log_name"));
    assertTrue(
        journal.latest(1).getFirst().plan().undoing().inverse() instanceof Intent.CannotBeUndone);
  }

  private void statementEnded() throws Exception {
    // Not as root: whom the system belongs to may be ended only by his like.
    ground.tell("p", "CREATE USER app@'127.0.0.1' IDENTIFIED BY 'secret'");
    var app = new Properties();
    app.setProperty("user", "app");
    app.setProperty("password", "secret");
    app.setProperty("allowPublicKeyRetrieval", "true");
    String url = "jdbc:mysql://" + ground.key("p") + "/?sslMode=PREFERRED";
    try (var connection = DriverManager.getConnection(url, app);
        var statement = connection.createStatement()) {
      long id = Long.parseLong(Ground.ask(connection, "SELECT CONNECTION_ID() AS id").get("id"));
      var over = new CompletableFuture<String>();
      Thread.ofVirtual()
          .start(
              () -> {
                try (var rows = statement.executeQuery("SELECT SLEEP(60) AS slept")) {
                  rows.next();
                  over.complete(rows.getString("slept"));
                } catch (SQLException e) {
                  over.complete(e.getMessage());
                }
              });
      await(
          () ->
              ground
                  .ask(
                      "p",
                      "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE INFO LIKE"
                          + " 'SELECT SLEEP%' AND ID = "
                          + id)
                  .get("n")
                  .equals("1"),
          "the statement does not run");
      done(new Doing.KillQuery(id), "p");
      // Ended, SLEEP answers 1, or with an error.
      assertNotEquals("0", over.get(10, TimeUnit.SECONDS));
    }
  }

  private void transactionSkipped() throws Exception {
    refused(new Doing.SkipTransaction(), "r2", "has not failed at a transaction");
    ground.tell("p", "CREATE DATABASE twice", "CREATE TABLE twice.t (id INT PRIMARY KEY)");
    await(() -> ground.ask("r2", "SHOW TABLES IN twice").size() == 1, "r2 lacks it");
    // Somebody who may write everywhere does so there, and unseen.
    ended(new Intent.SetReadOnly(ground.key("r2"), false));
    ground.tell("r2", "SET SESSION sql_log_bin = 0", "INSERT INTO twice.t VALUES (1)");
    ground.tell("p", "INSERT INTO twice.t VALUES (1)");
    await(() -> ground.stands("r2").equals("p Yes No"), "r2 applies what it cannot");
    refresh();
    done(new Doing.SkipTransaction(), "r2");
    assertEquals("p Yes Yes", ground.stands("r2"));
    ground.tell("p", "INSERT INTO twice.t VALUES (2)");
    await(
        () -> ground.ask("r2", "SELECT COUNT(*) AS n FROM twice.t").get("n").equals("2"),
        "r2 does not go on");
  }

  private void errantSettled() throws Exception {
    if (maria) {
      refused(new Doing.InjectEmpty(), "r2", "keeps no sets of GTIDs");
      refused(new Doing.ForgetErrant(), "r2", "keeps no sets of GTIDs");
      return;
    }
    refused(new Doing.InjectEmpty(), "r2", "has no errant transactions");
    String astray = astray("CREATE DATABASE astray");
    done(new Doing.InjectEmpty(), "r2");
    assertTrue(executed("p").covers(GtidSet.parse(astray)), astray);
    await(() -> executed("r1").covers(GtidSet.parse(astray)), "r1 does not get " + astray);
    refresh();
    assertEquals(Optional.empty(), errant());
    String again = astray("DROP DATABASE astray");
    done(new Doing.ForgetErrant(), "r2");
    assertEquals("p Yes Yes", ground.stands("r2"));
    assertEquals(Optional.empty(), errant());
    assertTrue(!executed("r2").covers(GtidSet.parse(again)), again);
    ground.tell("p", "CREATE DATABASE after");
    await(() -> ground.ask("r2", "SHOW DATABASES LIKE 'after'").size() == 1, "r2 does not go on");
  }

  private String astray(String statement) {
    ground.tell("r2", statement);
    await(
        () -> {
          refresh();
          return errant().isPresent();
        },
        "nothing is errant on r2");
    return errant().orElseThrow();
  }

  private Optional<String> errant() {
    return Errant.of(manager.topology(), ground.key("r2"));
  }

  private GtidSet executed(String member) {
    return GtidSet.parse(ground.ask(member, "SELECT @@global.gtid_executed AS e").get("e"));
  }

  private void semiSync() throws Exception {
    boolean has = facts("r1").semiSync().replica().available();
    if (!has) {
      refused(new Doing.SemiSync(Doing.Side.REPLICA, true), "r1", "its plugin has to be installed");
      return;
    }
    done(new Doing.SemiSync(Doing.Side.REPLICA, true), "r1");
    done(new Doing.SemiSync(Doing.Side.SOURCE, true), "p");
    await(
        () -> {
          refresh();
          return facts("p").semiSync().source().clients() == 1
              && facts("r1").semiSync().replica().active();
        },
        "r1 does not acknowledge");
    assertEquals("p Yes Yes", ground.stands("r1"));
    refused(new Doing.SemiSync(Doing.Side.SOURCE, true), "p", "is on already");
    undone();
    assertTrue(!facts("p").semiSync().source().enabled());
    done(new Doing.SemiSync(Doing.Side.REPLICA, false), "r1");
    assertTrue(!facts("r1").semiSync().replica().enabled());
  }

  private void forgotten() throws Exception {
    done(new Doing.Reset(), "r1");
    assertEquals(List.of(), facts("r1").channels());
    refused(new Doing.Reset(), "r1", " is not a replica");
    PlanResult undo = manager.plan(new Intent.Undo(journal.latest(1).getFirst().id()));
    assertTrue(
        undo instanceof PlanResult.Refused r && r.reason().contains("cannot be undone"),
        undo::toString);
  }

  private Intent onServer(Doing doing, String member) {
    return new Intent.OnServer(ground.key(member), doing);
  }

  private void done(Doing doing, String member) throws Exception {
    ended(onServer(doing, member));
  }

  private void undone() throws Exception {
    ended(new Intent.Undo(manager.undoable().orElseThrow()));
  }

  private void ended(Intent intent) throws Exception {
    Outcome outcome = manager.applyNow(intent, DBA).await();
    assertEquals(
        PlanEnd.DONE, outcome.end(), () -> outcome.report() + " " + journal.latest(1).getFirst());
    refresh();
  }

  private void refused(Doing doing, String member, String why) throws Exception {
    PlanResult result = manager.plan(onServer(doing, member));
    assertTrue(
        result instanceof PlanResult.Refused r && r.reason().contains(why),
        () -> doing + " on " + member + ": " + result);
  }

  private void refresh() {
    try {
      for (String member : List.of("p", "r1", "r2")) {
        manager.refresh(ground.key(member));
      }
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
  }

  private boolean planned(Intent intent) {
    try {
      return manager.plan(intent) instanceof PlanResult.Planned;
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
  }

  private Facts facts(String member) {
    return manager.topology().instance(ground.key(member)).flatMap(Instance::facts).orElseThrow();
  }

  private static void await(BooleanSupplier condition, String otherwise) {
    Ground.await(condition, otherwise);
  }
}
