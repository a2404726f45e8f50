package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.intent.Intent;
import topiary.engine.model.Threads;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.PlanEnd;
import topiary.lab.Member;

/**
 * What a replica has received and its dead source cannot send again is never thrown away by a deed
 * of ours, and no two deeds together cut a branch off.
 */
final class NothingThrownAwayIT {

  private static final By DBA = new By("dba", "test");
  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofMillis(300), Duration.ofMillis(300)),
          new PlanPolicy(
              Duration.ofSeconds(5),
              Duration.ofSeconds(20),
              Duration.ofSeconds(20),
              Duration.ofSeconds(10)));

  private static Ground ground;
  private static int tables;

  private String table;

  private final MemoryLog log = new MemoryLog();
  private Ground.Topiary topiary;
  private Manager manager;

  @BeforeAll
  static void up() {
    ground = Ground.up("kept", "p(r1(a),r2(b))");
    ground.tell("p", "CREATE DATABASE kept");
  }

  @AfterAll
  static void down() {
    if (ground != null) {
      ground.close();
    }
  }

  @BeforeEach
  void discover() throws Exception {
    if (ground.lab().member("p").state() != Member.State.RUNNING) {
      ground.lab().start("p");
      ground.lab().makeWritable("p");
    }
    ground.restore();
    table = "kept.t" + ++tables;
    ground.tell("p", "CREATE TABLE " + table + " (id INT PRIMARY KEY)");
    for (String replica : List.of("r1", "r2", "a", "b")) {
      Ground.await(
          () ->
              ground.ask(replica, "SHOW TABLES IN kept LIKE '" + table.substring(5) + "'").size()
                  > 0,
          replica + " does not get the table");
    }
    topiary = ground.topiary(log, QUICK);
    manager = topiary.manager();
    topiary.discover(ground.key("p"), 5);
  }

  @AfterEach
  void close() {
    topiary.close();
  }

  /** Leaves r1 with three rows received, none applied, nobody else having them, and p dead. */
  private void onlyR1HasReceived() {
    ground.tell("r1", "STOP SLAVE SQL_THREAD");
    ground.tell("r2", "STOP SLAVE IO_THREAD");
    write();
    ground.lab().kill("p");
    awaitSourceGone();
  }

  private void write() {
    ground.tell(
        "p", "INSERT INTO " + table + " VALUES (1)", "INSERT INTO " + table + " VALUES (2)");
    String end = ground.ask("p", "SELECT @@gtid_binlog_pos AS p").get("p");
    Ground.await(() -> received("r1").equals(end), "r1 does not receive " + end);
  }

  private static void awaitSourceGone() {
    Ground.await(
        () -> ground.ask("r1", "SHOW SLAVE STATUS").get("Slave_IO_Running").equals("Connecting"),
        "r1 does not notice");
  }

  private static String received(String member) {
    return ground.ask(member, "SHOW ALL SLAVES STATUS").get("Gtid_IO_Pos");
  }

  private String rows(String member) {
    return ground.ask(member, "SELECT COUNT(*) AS n FROM " + table).get("n");
  }

  private Intent relocate(String replica, String below) {
    return new Intent.Relocate(ground.key(replica), ground.key(below));
  }

  @Test
  void aReplicaWithUnappliedTransactionsThatStandsStillIsNotMoved() throws Exception {
    onlyR1HasReceived();
    String before = received("r1");
    var refused = assertInstanceOf(PlanResult.Refused.class, manager.plan(relocate("r1", "r2")));
    assertTrue(refused.reason().contains("would throw the rest away"), refused.reason());
    assertEquals(before, received("r1"));
    ground.tell("r1", "START SLAVE SQL_THREAD");
    Ground.await(() -> rows("r1").equals("2"), "r1 lost what it had received");
  }

  @Test
  void replicationIsNotStoppedAltogetherWhereThatWouldLoseWhatWasReceived() throws Exception {
    onlyR1HasReceived();
    var refused =
        assertInstanceOf(
            PlanResult.Refused.class,
            manager.plan(new Intent.StopReplication(ground.key("r1"), Threads.BOTH)));
    assertTrue(refused.reason().contains("would lose the rest"), refused.reason());
  }

  @Test
  void aStandingReplicaIsNotStartedWhereThatWouldLoseWhatWasReceived() throws Exception {
    onlyR1HasReceived();
    ground.tell("r1", "STOP SLAVE IO_THREAD");
    String before = received("r1");
    Outcome outcome =
        manager.applyNow(new Intent.StartReplication(ground.key("r1"), Threads.BOTH), DBA).await();
    assertEquals(PlanEnd.FAILED, outcome.end());
    assertTrue(outcome.report().contains("cannot send again"), outcome.report());
    assertEquals(before, received("r1"));
    // Its source comes back, and can send it again: then it may be started.
    ground.lab().start("p");
    Ground.await(
        () -> manager.topology().instance(ground.key("p")).orElseThrow().seen(), "p is not seen");
    Outcome again =
        manager.applyNow(new Intent.StartReplication(ground.key("r1"), Threads.BOTH), DBA).await();
    assertEquals(PlanEnd.DONE, again.end(), again::report);
    Ground.await(() -> rows("r1").equals("2"), "r1 lost what it had received");
  }

  @Test
  void whatIsReceivedIsAppliedBeforeAStopThoughTheSourceHasOnlyJustDied() throws Exception {
    ground.tell("r1", "STOP SLAVE SQL_THREAD");
    write();
    ground.tell("r1", "START SLAVE SQL_THREAD");
    ground.lab().kill("p");
    Outcome outcome =
        manager.applyNow(new Intent.StopReplication(ground.key("r1"), Threads.BOTH), DBA).await();
    assertEquals(PlanEnd.DONE, outcome.end(), outcome::report);
    assertEquals("2", rows("r1"));
  }

  @Test
  void aReplicaWhoseApplierDiesOnTheWayKeepsItsRelayLog() throws Exception {
    try (Connection holder = ground.lab().connection("r1")) {
      holder.setAutoCommit(false);
      try (var statement = holder.createStatement()) {
        statement.execute("SET sql_log_bin = 0");
        statement.execute("INSERT INTO " + table + " VALUES (2)");
        write();
        ground.lab().kill("p");
        awaitSourceGone();
        String before = received("r1");
        Run run = manager.applyNow(relocate("r1", "r2"), DBA);
        Ground.await(
            () -> run.snapshot().steps().stream().anyMatch(s -> s.number() == 2),
            "it does not wait for r1 to apply");
        // Now the applier gets its lock, and finds the row there.
        holder.commit();
        Outcome outcome = run.await();
        assertEquals(PlanEnd.FAILED, outcome.end());
        assertTrue(outcome.report().contains("Could not put back"), outcome.report());
        assertEquals(before, received("r1"), outcome::report);
      }
    }
    ground.tell("r1", "SET sql_log_bin = 0", "DELETE FROM " + table + " WHERE id = 2");
  }

  @Test
  void twoMovesThatTogetherWouldMakeARingAreNotBothDone() throws Exception {
    // The first waits, because its target lags; meanwhile the second is asked for.
    ground.tell("b", "STOP SLAVE SQL_THREAD");
    ground.tell("p", "INSERT INTO " + table + " VALUES (3)");
    Ground.await(() -> rows("r1").equals("1"), "r1 does not get the row");
    Run first = manager.applyNow(relocate("r1", "b"), DBA);
    Ground.await(
        () -> first.snapshot().steps().stream().anyMatch(s -> s.number() == 5),
        "the first does not wait for its target");
    var second =
        assertThrows(RequestRefused.class, () -> manager.applyNow(relocate("r2", "a"), DBA));
    assertTrue(second.getMessage().contains("in use by plan " + first.id()), second.getMessage());
    ground.tell("b", "START SLAVE SQL_THREAD");
    assertEquals(PlanEnd.DONE, first.await().end());
    var ring = assertInstanceOf(PlanResult.Refused.class, manager.plan(relocate("r2", "a")));
    assertTrue(ring.reason().contains("ring"), ring.reason());
  }

  @Test
  void aWaitIsCancelledAtOnceAndTheReplicaRunsAgain() throws Exception {
    ground.tell("r2", "STOP SLAVE SQL_THREAD");
    ground.tell("p", "INSERT INTO " + table + " VALUES (4)");
    Ground.await(() -> rows("a").equals("1"), "a does not get the row");
    Run run = manager.applyNow(relocate("a", "r2"), DBA);
    Ground.await(
        () -> run.snapshot().steps().stream().anyMatch(s -> s.number() == 5), "it does not wait");
    assertEquals(List.of(), manager.settle(), "it does not stop in time");
    Outcome outcome = run.await();
    assertEquals(PlanEnd.CANCELLED, outcome.end(), outcome::report);
    Ground.await(() -> ground.follows("a", "r1"), "a is left standing: " + outcome.report());
    assertFalse(outcome.report().contains("Could not"), outcome::report);
    assertThrows(RequestRefused.class, () -> manager.applyNow(relocate("a", "p"), DBA));
  }
}
