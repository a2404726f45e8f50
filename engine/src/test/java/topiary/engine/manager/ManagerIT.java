package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.Command;
import topiary.engine.state.PlanEnd;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/** Intents carried out on a real tree, through everything that can go wrong on the way. */
class ManagerIT {

  private static final String TREE = "p(r1(r3,r4),r2)";
  private static final int SIZE = 5;
  private static final By DBA = new By("dba", "test");
  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(10),
              Duration.ofSeconds(3),
              Duration.ofSeconds(2)));

  private static Ground ground;
  private final MemoryLog log = new MemoryLog();
  private Ground.Topiary topiary;
  private Manager manager;

  @BeforeAll
  static void up() {
    ground = Ground.up("manager", TREE);
  }

  @AfterAll
  static void down() {
    if (ground != null) {
      ground.close();
    }
  }

  @BeforeEach
  void discover() throws Exception {
    ground.restore();
    topiary = ground.topiary(log, QUICK);
    manager = topiary.manager();
    topiary.discover(ground.key("r4"), SIZE);
  }

  @AfterEach
  void close() {
    topiary.close();
  }

  // ---- what is asked for is done

  @Test
  void othersLeaveAServerInMaintenanceAlone() throws Exception {
    InstanceKey r2 = ground.key("r2");
    var ann = new By("ann", "test");
    Intent intent = new Intent.SetReadOnly(r2, false);
    Registry registry = manager.registry();
    registry.beginMaintenance(r2, "ann", "new disks", Optional.empty(), ann);
    String why =
        r2 + " is in maintenance by ann (new disks); end that first: end-maintenance " + r2;
    assertEquals(new PlanResult.Refused(why), manager.plan(intent, DBA));
    assertEquals(
        why, assertThrows(RequestRefused.class, () -> manager.applyNow(intent, DBA)).getMessage());
    assertTrue(
        assertThrows(RequestRefused.class, () -> manager.forget(r2, DBA))
            .getMessage()
            .endsWith(why));
    assertTrue(manager.plan(intent, ann) instanceof PlanResult.Planned);
    registry.endMaintenance(r2, DBA);
    assertTrue(manager.plan(intent, DBA) instanceof PlanResult.Planned);
  }

  @Test
  void whatIsSaidIsToldAndEndsByItself() throws Exception {
    InstanceKey r2 = ground.key("r2");
    Registry registry = manager.registry();
    long before = manager.topology().revision();
    registry.beginDowntime(r2, "ann", "disk\n", Optional.of(Duration.ofSeconds(1)), DBA);
    assertTrue(manager.topology().revision() > before, "who is told of servers is told of it");
    assertEquals("disk", registry.of(r2).downtime().orElseThrow().reason());
    Ground.await(() -> registry.said().downtimes().isEmpty(), "the downtime does not end");
    assertTrue(log.accepted().stream().anyMatch(Command.ForgetEnded.class::isInstance));
    registry.call(registry.cluster(r2.toString()), Optional.of("main"), DBA);
    assertEquals(registry.cluster(r2.toString()), registry.cluster("main"));
    assertEquals(
        "the reason has signs that cannot be seen: \"a?b\"",
        assertThrows(
                RequestRefused.class,
                () -> registry.beginDowntime(r2, "ann", "a\tb", Optional.empty(), DBA))
            .getMessage());
  }

  @Test
  void aWholeTreeIsFoundFromAnyMemberAndHasOneId() {
    await(
        () -> log.state().heads().values().stream().toList().equals(List.of(ground.key("p"))),
        "the tree has not one id with its head");
    ClusterId id = log.state().heads().firstKey();
    assertEquals(SIZE, log.state().instances().values().stream().filter(id::equals).count());
    assertEquals(
        List.of(ground.key("r3"), ground.key("r4")),
        manager.topology().replicasOf(ground.key("r1")).stream().sorted().toList());
  }

  @Test
  void replicasMoveUnderLoadAndLoseNothing() throws Exception {
    try (Load load = Load.start(ground.lab())) {
      await(() -> load.acknowledged() > 50, "nothing is written");
      // To a sibling.
      done(relocate("r2", "r1"));
      assertTrue(ground.follows("r2", "r1"), ground.stands("r2"));
      // To the grandparent.
      done(relocate("r3", "p"));
      assertTrue(ground.follows("r3", "p"), ground.stands("r3"));
      // With all below it.
      Outcome outcome = done(relocate("r1", "r3"));
      assertTrue(ground.follows("r1", "r3"), ground.stands("r1"));
      for (String below : List.of("r2", "r4")) {
        await(() -> ground.follows(below, "r1"), below + " lost its source");
      }
      // In order of their addresses, which are not that of their names.
      for (String[] now : new String[][] {{"r1", "r3"}, {"r3", "p"}}) {
        String words = "Now %s is below %s, receiving and applying.";
        String stands = words.formatted(ground.key(now[0]), ground.key(now[1]));
        assertTrue(outcome.report().contains(stands), outcome::report);
      }
      int before = load.acknowledged();
      await(() -> load.acknowledged() > before + 20, "nothing is written any more");
      load.stop();
      nothingIsLost();
    }
    assertEquals(Map.of(), log.state().held());
    assertEquals(List.of(), topiary.threads().deaths());
  }

  @Test
  void theJournalHasEveryStep() throws Exception {
    Run run = manager.applyNow(relocate("r2", "r1"), DBA);
    assertEquals(PlanEnd.DONE, run.await().end());
    var record = log.plan(run.id()).orElseThrow();
    assertEquals(Optional.of(PlanEnd.DONE), record.end());
    assertEquals("dba", record.actor());
    assertEquals(
        run.plan().stages().stream().flatMap(s -> s.steps().stream()).toList(),
        record.steps().stream().map(s -> s.step()).toList());
    assertTrue(record.steps().stream().allMatch(s -> s.ended().isPresent()));
    assertEquals(
        record.steps().size(),
        run.snapshot().steps().stream().filter(s -> s.phase() == Run.Phase.DONE).count());
    assertTrue(record.report().startsWith("Did 8 of 8 steps. "), record::report);
  }

  @Test
  void whatWasShownIsRunAndWhatHasChangedIsShownAgain() throws Exception {
    Plan plan = planned(relocate("r2", "r1"));
    ground.tell("r2", "STOP SLAVE");
    var changed = assertThrows(RequestRefused.class, () -> manager.apply(plan.fingerprint(), DBA));
    assertEquals(RequestRefused.Kind.CHANGED, changed.kind());
    ground.tell("r2", "START SLAVE");
    assertEquals(PlanEnd.DONE, manager.apply(plan.fingerprint(), DBA).await().end());
    assertTrue(ground.follows("r2", "r1"), ground.stands("r2"));
    var there = assertThrows(RequestRefused.class, () -> manager.apply(plan.fingerprint(), DBA));
    assertEquals(
        "not any more: " + ground.key("r2") + " is below " + ground.key("r1") + " already",
        there.getMessage());
    var unknown = assertThrows(RequestRefused.class, () -> manager.apply("0", DBA));
    assertEquals(RequestRefused.Kind.UNKNOWN, unknown.kind());
  }

  @Test
  void aPlanIsUndoneAndThatUndone() throws Exception {
    Run there = manager.applyNow(relocate("r2", "r1"), DBA);
    assertEquals(PlanEnd.DONE, there.await().end());
    assertEquals(Optional.of(there.id()), manager.undoable());
    Run back = manager.applyNow(new Intent.Undo(there.id()), DBA);
    assertEquals(PlanEnd.DONE, back.await().end());
    assertTrue(ground.follows("r2", "p"), ground.stands("r2"));
    assertEquals(Optional.empty(), manager.undoable());
    var twice =
        assertThrows(
            RequestRefused.class, () -> manager.applyNow(new Intent.Undo(there.id()), DBA));
    assertEquals(
        "plan " + there.id() + " was undone by plan " + back.id() + " already", twice.getMessage());
    done(new Intent.Undo(back.id()));
    assertTrue(ground.follows("r2", "r1"), ground.stands("r2"));
    var unknown = new Intent.Undo(new PlanId("p000000000000"));
    assertEquals(
        RequestRefused.Kind.UNKNOWN,
        assertThrows(RequestRefused.class, () -> manager.applyNow(unknown, DBA)).kind());
  }

  @Test
  void replicationIsStoppedAndStartedAndAServerMadeReadOnly() throws Exception {
    done(new Intent.StopReplication(ground.key("r2"), Threads.BOTH));
    assertEquals("p No No", ground.stands("r2"));
    done(new Intent.StartReplication(ground.key("r2"), Threads.BOTH));
    assertTrue(ground.follows("r2", "p"), ground.stands("r2"));
    done(new Intent.SetReadOnly(ground.key("r2"), false));
    assertEquals("0", ground.ask("r2", "SELECT @@read_only AS r").get("r"));
    done(new Intent.SetReadOnly(ground.key("r2"), true));
    assertEquals("1", ground.ask("r2", "SELECT @@read_only AS r").get("r"));
  }

  @Test
  void whatWasStoppedOnPurposeStaysStoppedAfterTheMove() throws Exception {
    ground.tell("r2", "STOP SLAVE");
    done(relocate("r2", "r1"));
    assertEquals("r1 No No", ground.stands("r2"));
    assertEquals(Map.of(), log.state().held());
  }

  // ---- what goes wrong leaves nothing half moved

  @Test
  void aReplicaStoppedBetweenPlanningAndRunningIsLeftAsItIs() throws Exception {
    log.before(
        command -> {
          if (command instanceof Command.OpenPlan) {
            ground.tell("r2", "STOP SLAVE");
          }
        });
    Run run = manager.applyNow(relocate("r2", "r1"), DBA);
    Outcome outcome = run.await();
    assertEquals(PlanEnd.FAILED, outcome.end());
    assertTrue(
        outcome
            .report()
            .startsWith(
                "Did 0 of 8 steps. Not begun: \"Bring "
                    + ground.key("r2")
                    + " to a clean stop that "
                    + ground.key("r1")
                    + " can go on from\", because IO thread of "
                    + ground.key("r2")
                    + " was \"started\", now it is \"stopped\"."),
        outcome::report);
    assertEquals("p No No", ground.stands("r2"));
    assertEquals(List.of(), log.plan(run.id()).orElseThrow().steps());
  }

  @Test
  void aNewSourceThatHangsLeadsBackToTheOldOne() throws Exception {
    log.before(
        command -> {
          if (command instanceof Command.BeginStep(var _, var _, Step.PointAt to)
              && to.source().equals(ground.key("r1"))) {
            ground.lab().hang("r1");
          }
        });
    Outcome outcome = manager.applyNow(relocate("r2", "r1"), DBA).await();
    assertEquals(PlanEnd.FAILED, outcome.end());
    assertTrue(
        outcome.report().contains("(wait until " + ground.key("r2") + " replicates from"),
        outcome::report);
    assertTrue(
        outcome.report().contains("Put back: point " + ground.key("r2") + " at " + ground.key("p")),
        outcome::report);
    assertFalse(outcome.report().contains("Could not put back"), outcome::report);
    await(() -> ground.follows("r2", "p"), "r2 does not come back");
    assertEquals(Map.of(), log.state().held());
  }

  @Test
  void cancellingLeadsBackAtTheNextBorder() throws Exception {
    var started = new CompletableFuture<Run>();
    log.before(
        command -> {
          if (command instanceof Command.BeginStep begin && begin.number() == 2) {
            started.join().cancel();
          }
        });
    Run run = manager.applyNow(relocate("r2", "r1"), DBA);
    started.complete(run);
    Outcome outcome = run.await();
    assertEquals(PlanEnd.CANCELLED, outcome.end());
    assertTrue(
        outcome
            .report()
            .startsWith(
                "Did 5 of 8 steps. Cancelled before \"Point "
                    + ground.key("r2")
                    + " at "
                    + ground.key("r1")
                    + "\". Put back: start replication on "
                    + ground.key("r2")
                    + "."),
        outcome::report);
    await(() -> ground.follows("r2", "p"), "r2 does not come back");
    assertEquals(Map.of(), log.state().held());
  }

  @Test
  void aFullDiskAtAnyMomentStillPutsReplicationBack() throws Exception {
    for (Class<?> kind : List.of(Command.BeginStep.class, Command.EndStep.class)) {
      for (int n = 1; n <= 8; n++) {
        int number = n;
        String when = kind.getSimpleName() + " " + number;
        var mine = new MemoryLog();
        try (var other = ground.topiary(mine, QUICK)) {
          other.discover(ground.key("p"), SIZE);
          var full = new boolean[1];
          mine.before(
              command -> {
                full[0] |= kind.isInstance(command) && number(command) == number;
                if (full[0]) {
                  throw new IOException("No space left on device");
                }
              });
          Run run = other.manager().applyNow(relocate("r2", "r1"), DBA);
          Outcome outcome = run.await();
          assertEquals(PlanEnd.FAILED, outcome.end(), when);
          assertTrue(
              outcome.report().contains("the command log cannot be written: No space left"),
              () -> when + ": " + outcome.report());
          assertTrue(
              outcome.report().contains("The journal lacks this end: "),
              () -> when + ": " + outcome.report());
          assertFalse(
              outcome.report().contains("Could not put back"), () -> when + outcome.report());
          await(() -> ground.follows("r2", "p"), when + ": " + outcome.report());
          assertTrue(mine.state().plans().containsKey(run.id()), when);
        }
      }
    }
  }

  @Test
  void aServerIsFreeAgainWhenTheDiskHasRoomAgain() throws Exception {
    log.before(
        command -> {
          if (command instanceof Command.ClosePlan) {
            throw new IOException("No space left on device");
          }
        });
    Run run = manager.applyNow(relocate("r2", "r1"), DBA);
    Outcome outcome = run.await();
    assertEquals(PlanEnd.DONE, outcome.end());
    assertTrue(log.state().plans().containsKey(run.id()));
    var full = assertThrows(RequestRefused.class, () -> manager.applyNow(relocate("r2", "p"), DBA));
    assertEquals(RequestRefused.Kind.BROKEN, full.kind());
    log.hush();
    done(relocate("r2", "p"));
    assertTrue(ground.follows("r2", "p"), ground.stands("r2"));
    assertEquals(Optional.of(PlanEnd.DONE), log.end(run.id()));
    assertEquals(Map.of(), log.state().plans());
  }

  @Test
  void aNamedChannelIsMovedByItsName() throws Exception {
    String password = Files.readString(ground.lab().directory().resolve("passwords/repl")).strip();
    String channel = "it's \\ east";
    String quoted = "'it''s \\\\ east'";
    ground.tell(
        "r2",
        "STOP SLAVE",
        "RESET SLAVE ALL",
        "CHANGE MASTER "
            + quoted
            + " TO MASTER_HOST='127.0.0.1', MASTER_PORT="
            + ground.key("p").port()
            + ", MASTER_USER='repl', MASTER_PASSWORD='"
            + password
            + "', MASTER_USE_GTID=slave_pos, MASTER_SSL=0, MASTER_SSL_VERIFY_SERVER_CERT=0",
        "START SLAVE " + quoted);
    try {
      await(
          () -> planned("r2", "r1").filter(p -> p.warnings().isEmpty()).isPresent(),
          "the channel does not run");
      done(relocate("r2", "r1"));
      Map<String, String> row = ground.ask("r2", "SHOW ALL SLAVES STATUS");
      assertEquals(channel, row.get("Connection_name"));
      assertEquals(Integer.toString(ground.key("r1").port()), row.get("Master_Port"));
      assertEquals("Yes Yes", row.get("Slave_IO_Running") + " " + row.get("Slave_SQL_Running"));
    } finally {
      ground.tell(
          "r2",
          "STOP SLAVE " + quoted,
          "RESET SLAVE " + quoted + " ALL",
          "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT="
              + ground.key("p").port()
              + ", MASTER_USER='repl', MASTER_PASSWORD='"
              + password
              + "', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=1,"
              + " MASTER_SSL=0, MASTER_SSL_VERIFY_SERVER_CERT=0",
          "START SLAVE");
    }
  }

  @Test
  void aPlanWhoseRunDiesIsReportedAndGoesOnWhenAskedForAgain() throws Exception {
    topiary.close();
    // Back and forth, so that each death has a move of its own to spoil.
    var below = new ArrayList<>(List.of("r1", "p"));
    for (Death death : Death.values()) {
      for (int number = 1; number <= 8; number++) {
        dieAndGoOn(death, number, below.getFirst(), below.getLast());
        below.add(below.removeFirst());
      }
    }
  }

  /** At which moments of a step its run may die. */
  private enum Death {
    BEFORE_THE_STEP_IS_JOURNALLED,
    BEFORE_THE_DEED,
    AFTER_THE_DEED
  }

  private static final class Died extends Error {
    private static final long serialVersionUID = 1L;
  }

  private void dieAndGoOn(Death death, int number, String target, String from) throws Exception {
    String when = death + " " + number;
    var mine = new MemoryLog();
    PlanId id;
    try (var first = ground.topiary(mine, QUICK)) {
      first.discover(ground.key("p"), SIZE);
      Class<?> kind =
          death == Death.AFTER_THE_DEED ? Command.EndStep.class : Command.BeginStep.class;
      MemoryLog.Tap tap =
          command -> {
            if (kind.isInstance(command) && number(command) == number) {
              throw new Died();
            }
          };
      if (death == Death.BEFORE_THE_DEED) {
        mine.after(tap);
      } else {
        mine.before(tap);
      }
      Run run = first.manager().applyNow(relocate("r2", target), DBA);
      id = run.id();
      assertEquals(PlanEnd.INTERRUPTED, run.await().end(), when);
      await(
          () -> first.threads().deaths().stream().anyMatch(Died.class::isInstance),
          when + ": nobody died");
    }
    mine.hush();
    assertTrue(mine.state().plans().containsKey(id), when);
    try (var second = ground.topiary(mine, QUICK)) {
      second.manager().start();
      second.awaitSeen(SIZE);
      await(() -> mine.state().plans().isEmpty(), when + ": the plan is still open");
      assertEquals(Optional.of(PlanEnd.INTERRUPTED), mine.end(id), when);
      String report = mine.plan(id).orElseThrow().report();
      assertTrue(
          report.startsWith(
              death == Death.BEFORE_THE_STEP_IS_JOURNALLED
                  ? "Interrupted after step " + (number - 1) + "."
                  : "Interrupted during step " + number + ", which may or may not be done."),
          () -> when + ": " + report);
      try {
        assertEquals(
            PlanEnd.DONE,
            second.manager().applyNow(relocate("r2", target), DBA).await().end(),
            when);
      } catch (RequestRefused e) {
        assertEquals(
            ground.key("r2") + " is below " + ground.key(target) + " already",
            e.getMessage(),
            when);
      }
      await(
          () -> ground.follows("r2", target), when + " from " + from + ": " + ground.stands("r2"));
      await(() -> mine.state().held().isEmpty(), when + ": it is held");
      assertEquals(List.of(), second.threads().deaths());
    }
  }

  @Test
  void aSourceThatHasPurgedWhatAReplicaNeedsIsNotTakenForASource() throws Exception {
    ground.tell("r2", "STOP SLAVE");
    ground.tell("p", "CREATE DATABASE IF NOT EXISTS purged", "DROP DATABASE purged");
    String position = ground.ask("p", "SELECT @@gtid_binlog_pos AS p").get("p");
    assertTrue(ground.lab().awaitPosition("r1", position, Ground.LIMIT));
    ground.tell("p", "FLUSH BINARY LOGS");
    String last = ground.ask("p", "SHOW MASTER STATUS").get("File");
    purge("p", last);
    try {
      Outcome outcome =
          manager
              .applyNow(new Intent.StartReplication(ground.key("r2"), Threads.BOTH), DBA)
              .await();
      assertEquals(PlanEnd.FAILED, outcome.end(), outcome::report);
      assertTrue(outcome.report().contains("(error 1236)"), outcome::report);
    } finally {
      // Its sibling has it all still.
      ground.tell(
          "r2",
          "STOP SLAVE",
          "CHANGE MASTER TO MASTER_PORT=" + ground.key("r1").port(),
          "START SLAVE");
      assertTrue(ground.lab().awaitPosition("r2", position, Ground.LIMIT));
    }
  }

  @Test
  void aMoveToASourceThatHasPurgedWhatTheReplicaNeedsLeadsBack() throws Exception {
    // What r1 does not apply r4 does not get, and p will not have it any more.
    ground.tell("r1", "STOP SLAVE SQL_THREAD");
    try {
      ground.tell("p", "CREATE DATABASE IF NOT EXISTS purged", "DROP DATABASE purged");
      String position = ground.ask("p", "SELECT @@gtid_binlog_pos AS p").get("p");
      assertTrue(ground.lab().awaitPosition("r2", position, Ground.LIMIT));
      ground.tell("p", "FLUSH BINARY LOGS");
      purge("p", ground.ask("p", "SHOW MASTER STATUS").get("File"));
      Outcome outcome = manager.applyNow(relocate("r4", "p"), DBA).await();
      assertEquals(PlanEnd.FAILED, outcome.end(), outcome::report);
      assertTrue(outcome.report().contains("(error 1236)"), outcome::report);
      assertFalse(outcome.report().contains("Could not put back"), outcome::report);
      await(() -> ground.follows("r4", "r1"), "r4 does not come back");
    } finally {
      ground.tell("r1", "START SLAVE SQL_THREAD");
    }
  }

  /** A server keeps a log for as long as somebody reads it. */
  private static void purge(String member, String upTo) {
    await(
        () -> {
          ground.tell(member, "PURGE BINARY LOGS TO '" + upTo + "'");
          return upTo.equals(ground.ask(member, "SHOW BINARY LOGS").get("Log_name"));
        },
        "the logs are not purged");
  }

  // ---- the fence

  @Test
  void whoeverHoldsTheFenceIsEndedAndThePlanGoesOn() throws Exception {
    try (Connection replica = ground.lab().connection("r2");
        Connection target = ground.lab().connection("r1")) {
      for (Connection holder : List.of(replica, target)) {
        assertEquals("1", Ground.ask(holder, "SELECT GET_LOCK('topiary.fence', 0) AS g").get("g"));
      }
      done(relocate("r2", "r1"));
      assertTrue(ground.follows("r2", "r1"), ground.stands("r2"));
      assertFalse(replica.isValid(2));
      assertFalse(target.isValid(2));
    }
  }

  @Test
  void whoLosesTheFenceDoesNothingMore() throws Exception {
    try (Connection successor = ground.lab().connection("r2")) {
      log.before(
          command -> {
            if (command instanceof Command.BeginStep(var _, var _, Step.PointAt to)
                && to.source().equals(ground.key("r1"))) {
              take(successor);
            }
          });
      Outcome outcome = manager.applyNow(relocate("r2", "r1"), DBA).await();
      assertEquals(PlanEnd.FAILED, outcome.end());
      assertTrue(
          outcome.report().contains("another Topiary has taken over " + ground.key("r2")),
          outcome::report);
      assertTrue(outcome.report().contains("Could not put back ("), outcome::report);
      // The successor was not cut off in its turn, and finds what was there when it came.
      assertEquals(
          "1",
          Ground.ask(successor, "SELECT IS_USED_LOCK('topiary.fence') = CONNECTION_ID() AS mine")
              .get("mine"));
      assertEquals("p No No", ground.stands("r2"));
    }
  }

  private static void take(Connection successor) throws IOException {
    try {
      String holder = Ground.ask(successor, "SELECT IS_USED_LOCK('topiary.fence') AS h").get("h");
      assertTrue(holder != null, "nobody holds the fence");
      try (var statement = successor.createStatement()) {
        statement.execute("KILL CONNECTION " + holder);
      }
      assertEquals("1", Ground.ask(successor, "SELECT GET_LOCK('topiary.fence', 3) AS g").get("g"));
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aConnectionLostOnTheWayIsMadeAnewToPutBack() throws Exception {
    log.before(
        command -> {
          if (command instanceof Command.BeginStep(var _, var _, Step.PointAt to)
              && to.source().equals(ground.key("r1"))) {
            String holder = ground.ask("r2", "SELECT IS_USED_LOCK('topiary.fence') AS h").get("h");
            ground.tell("r2", "KILL CONNECTION " + holder);
          }
        });
    Outcome outcome = manager.applyNow(relocate("r2", "r1"), DBA).await();
    assertFalse(outcome.report().contains("Could not put back"), outcome::report);
    String source = outcome.end() == PlanEnd.DONE ? "r1" : "p";
    await(() -> ground.follows("r2", source), "r2 is left standing: " + outcome.report());
  }

  // ---- looking after servers

  @Test
  void aServerInUseIsNeitherForgottenNorMovedTwice() throws Exception {
    var reached = new CompletableFuture<Void>();
    var goOn = new CompletableFuture<Void>();
    log.before(
        command -> {
          if (command instanceof Command.BeginStep begin && begin.number() == 1) {
            reached.complete(null);
            goOn.join();
          }
        });
    Run run = manager.applyNow(relocate("r2", "r1"), DBA);
    reached.join();
    try {
      var forget = assertThrows(RequestRefused.class, () -> manager.forget(ground.key("r2"), DBA));
      assertEquals(
          ground.key("r2") + " cannot be forgotten while plan " + run.id() + " is under way",
          forget.getMessage());
      var move =
          assertThrows(RequestRefused.class, () -> manager.applyNow(relocate("r2", "r3"), DBA));
      assertEquals(RequestRefused.Kind.REFUSED, move.kind());
      assertTrue(
          move.getMessage().startsWith(ground.key("r2") + " is in use by plan " + run.id()),
          move.getMessage());
    } finally {
      goOn.complete(null);
    }
    assertEquals(PlanEnd.DONE, run.await().end());
  }

  @Test
  void whoIsForgottenIsGoneAndCanBeDiscoveredAgain() throws Exception {
    InstanceKey r2 = ground.key("r2");
    manager.forget(r2, DBA);
    assertFalse(manager.topology().instances().containsKey(r2));
    assertFalse(log.state().instances().containsKey(r2));
    var again = assertThrows(RequestRefused.class, () -> manager.forget(r2, DBA));
    assertEquals(RequestRefused.Kind.UNKNOWN, again.kind());
    // Its source names it at every look, and still it does not come back by itself at once.
    manager.plan(new Intent.SetReadOnly(ground.key("p"), true));
    assertFalse(log.state().instances().containsKey(r2));
    assertTrue(manager.discover(r2, DBA).seen());
    await(() -> log.state().heads().size() == 1, "it has a tree of its own");
  }

  @Test
  void aServerReachedByAnotherNameIsKnownByItsOwn() throws Exception {
    var alias = new InstanceKey("localhost", ground.key("r2").port());
    assertEquals(ground.key("r2"), manager.discover(alias, DBA).key());
    assertFalse(log.state().instances().containsKey(alias));
    assertEquals(SIZE, manager.topology().instances().size());
  }

  @Test
  void aServerThatCannotBeSeenIsNotTakenIn() {
    var nobody = new InstanceKey("no-such-host.invalid", 3306);
    var e = assertThrows(RequestRefused.class, () -> manager.discover(nobody, DBA));
    assertEquals(RequestRefused.Kind.UNREACHABLE, e.kind());
    assertEquals("no host is called no-such-host.invalid", e.getMessage());
    assertEquals(SIZE, log.state().instances().size());
  }

  private static void nothingIsLost() {
    List<Check.Result> results = Check.all(ground.lab(), Ground.LIMIT);
    assertEquals(SIZE, results.size());
    assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
    assertTrue(results.getFirst().acknowledged() > 50);
  }

  private Outcome done(Intent intent) throws Exception {
    Outcome outcome = manager.applyNow(intent, DBA).await();
    assertEquals(PlanEnd.DONE, outcome.end(), outcome::report);
    return outcome;
  }

  private Plan planned(Intent intent) throws Exception {
    return ((PlanResult.Planned) manager.plan(intent)).plan();
  }

  private Optional<Plan> planned(String replica, String below) {
    try {
      return manager.plan(relocate(replica, below)) instanceof PlanResult.Planned(Plan plan)
          ? Optional.of(plan)
          : Optional.empty();
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
  }

  private static Intent relocate(String replica, String below) {
    return new Intent.Relocate(ground.key(replica), ground.key(below));
  }

  private static int number(Command command) {
    return switch (command) {
      case Command.BeginStep c -> c.number();
      case Command.EndStep c -> c.number();
      default -> 0;
    };
  }

  private static void await(java.util.function.BooleanSupplier condition, String otherwise) {
    Ground.await(condition, otherwise);
  }
}
