package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.model.Capability;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.SemiSync;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;

/** What is done with one server alone, and what is refused, on trees that are texts. */
class OneServerPlannerTest {

  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);
  private static final String UUID = "00000000-0000-0000-0000-000000000001";

  @Test
  void aReplicaConnectsAnewWhileItGoesOnToApply() {
    Plan plan = planned(maria(), new Doing.Reconnect());
    assertEquals(List.of("stop receiving on r:3306", "start receiving on r:3306"), words(plan));
    assertEquals(
        List.of(
            "stop receiving on r:3306",
            "start receiving on r:3306, trying to connect for 2 s at a time"),
        words(
            planned(
                maria().with("p", s -> s.condition = Condition.UNREACHABLE),
                new Doing.Reconnect())));
    assertTrue(
        plan.basis().stream().allMatch(b -> b.instance().equals(plan.targets().getFirst())),
        "what its source says is nothing to it");
    refused(
        "r:3306 does not receive: start replication, to begin it",
        maria().with("r", Trees.Server::stop),
        new Doing.Reconnect());
    refused(
        "r:3306 does not apply what it receives, and one that starts from a standstill may throw"
            + " away what it received; \"restart-replication\" asks its source whether it could get"
            + " it again",
        maria().with("r", s -> s.sql = ThreadState.STOPPED),
        new Doing.Reconnect());
  }

  @Test
  void aRestartStopsAndStartsWhatRuns() {
    Plan plan = planned(maria(), new Doing.Restart());
    assertEquals(
        List.of(
            "stop replication on r:3306",
            "start replication on r:3306",
            "wait until r:3306 replicates from p:3306, at most 20 s"),
        words(plan));
    assertEquals(List.of("start replication on r:3306"), lastly(plan));
    assertEquals(
        List.of("stop receiving on r:3306", "start receiving on r:3306"),
        words(planned(maria().with("r", s -> s.sql = ThreadState.STOPPED), new Doing.Restart())));
    cannotBeUndone(plan);
    refused(
        "replication on r:3306 stands still: start it, to begin it",
        maria().with("r", Trees.Server::stop),
        new Doing.Restart());
    refused(
        "p:3306 cannot be seen, so it could not send again what r:3306 throws away when it starts"
            + " from a standstill",
        maria().with("p", s -> s.condition = Condition.UNREACHABLE),
        new Doing.Restart());
  }

  @Test
  void whatAnInterruptedPlanLeftStandingIsStartedByTheNext() {
    assertEquals(
        List.of(
            "start replication on r:3306",
            "wait until r:3306 replicates from p:3306, at most 20 s"),
        words(held(mysql().with("r", Trees.Server::stop), new Doing.Restart())));
    assertEquals(
        List.of("start applying on r:3306"),
        words(held(mysql().with("r", s -> s.sql = ThreadState.STOPPED), new Doing.Delay(0))));
    assertEquals(
        List.of("set the delay of r:3306 to 60 s", "start replication on r:3306"),
        words(held(maria().with("r", Trees.Server::stop), new Doing.Delay(60))));
    assertEquals(
        List.of(
            "start replication on r:3306",
            "wait until r:3306 replicates from p:3306, at most 20 s"),
        words(held(maria().with("r", Trees.Server::stop), new Doing.UseGtid(true))));
    // One that is held and runs again is as any other.
    assertInstanceOf(
        PlanResult.Refused.class,
        PLANNER.plan(
            new World(mysql().topology(), Map.of(key("r"), new World.Left(key("p"), Threads.BOTH))),
            new Intent.OnServer(key("r"), new Doing.Delay(0))));
  }

  @Test
  void onlyTheThreadThatAPlanOfOursStoppedIsStartedByTheNext() {
    // The other one was stopped by somebody.
    assertEquals(
        List.of("start applying on r:3306"),
        words(held(maria().with("r", Trees.Server::stop), Threads.SQL, new Doing.Restart())));
    assertEquals(
        List.of(
            "stop receiving on r:3306",
            "start replication on r:3306",
            "wait until r:3306 replicates from p:3306, at most 20 s"),
        words(
            held(
                maria().with("r", s -> s.sql = ThreadState.STOPPED),
                Threads.SQL,
                new Doing.Restart())));
    assertEquals(
        List.of("set the delay of r:3306 to 60 s", "start receiving on r:3306"),
        words(held(maria().with("r", Trees.Server::stop), Threads.IO, new Doing.Delay(60))));
  }

  @Test
  void aNiceStopThatWasBrokenOffAppliesTheRestAndEndsThere() {
    // It stops what stands still, so that no later plan takes it for one to be started.
    assertEquals(
        List.of(
            "stop replication on r:3306",
            "note what r:3306 has received and not applied",
            "have r:3306 apply what it has received, and no more, at most 60 s"),
        words(held(mysql().with("r", Trees.Server::stop), new Doing.StopNicely())));
    assertEquals(
        List.of(
            "stop receiving on r:3306",
            "wait until r:3306 has applied all it received, at most 60 s",
            "stop applying on r:3306"),
        words(held(maria().with("r", Trees.Server::stop), new Doing.StopNicely())));
    // Another plan's standstill, with something left to apply, which only its source can send
    // again.
    Trees rest =
        maria()
            .with(
                "r",
                s -> {
                  s.stop();
                  s.executed = "0-1-5";
                  s.received = "0-1-9";
                });
    assertEquals(
        "start replication on r:3306", words(held(rest, new Doing.StopNicely())).getFirst());
    Plan plan = held(rest, new Doing.StopNicely());
    assertEquals(new Intent.StartReplication(key("r"), Threads.BOTH), plan.undoing().inverse());
  }

  @Test
  void aResetThatWasBrokenOffThrowsNothingAway() {
    Trees rest =
        mysql()
            .with(
                "r",
                s -> {
                  s.stop();
                  s.executed = UUID + ":1-5";
                  s.received = UUID + ":1-9";
                });
    Plan plan = held(rest, new Doing.Reset());
    assertEquals(
        List.of(
            "stop replication on r:3306",
            "note what r:3306 has received and not applied",
            "have r:3306 apply what it has received, and no more, at most 60 s",
            "make r:3306 forget its source"),
        words(plan));
    assertEquals(
        List.of(), plan.warnings().stream().filter(w -> w.contains("thrown away")).toList());
  }

  @Test
  void whatStandsStillIsStoppedForGoodByWhoAsksForThat() {
    PlanResult result =
        PLANNER.plan(
            new World(
                mysql().with("r", Trees.Server::stop).topology(),
                Map.of(key("r"), new World.Left(key("p"), Threads.BOTH))),
            new Intent.StopReplication(key("r"), Threads.BOTH));
    Plan plan = assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
    assertEquals(List.of("stop replication on r:3306"), words(plan));
    assertEquals(
        "it stands still already, as an interrupted plan has left it; from now on that is meant",
        plan.warnings().getFirst());
  }

  private static Plan held(Trees trees, Doing doing) {
    return held(trees, Threads.BOTH, doing);
  }

  private static Plan held(Trees trees, Threads threads, Doing doing) {
    PlanResult result =
        PLANNER.plan(
            new World(trees.topology(), Map.of(key("r"), new World.Left(key("p"), threads))),
            new Intent.OnServer(key("r"), doing));
    return assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
  }

  @Test
  void aMySqlReplicaOfADeadSourceKeepsWhatItReceivedWhenRestarted() {
    assertEquals(
        List.of("stop replication on r:3306", "start replication on r:3306"),
        words(
            planned(
                mysql().with("p", s -> s.condition = Condition.UNREACHABLE), new Doing.Restart())));
  }

  @Test
  void aNiceStopAppliesTheRestByEachFlavoursWay() {
    Plan plan = planned(maria(), new Doing.StopNicely());
    assertEquals(
        List.of(
            "stop receiving on r:3306",
            "wait until r:3306 has applied all it received, at most 60 s",
            "stop applying on r:3306"),
        words(plan));
    assertEquals(new Intent.StartReplication(key("r"), Threads.BOTH), plan.undoing().inverse());
    assertEquals(
        List.of(
            "stop replication on r:3306",
            "note what r:3306 has received and not applied",
            "have r:3306 apply what it has received, and no more, at most 60 s"),
        words(planned(mysql(), new Doing.StopNicely())));
    refused(
        "replication on r:3306 is stopped already",
        maria().with("r", Trees.Server::stop),
        new Doing.StopNicely());
    refused(
        "r:3306 is held back by 3600 s on purpose: what it has received cannot be applied within"
            + " 60 s",
        maria().with("r", s -> s.delay = 3600),
        new Doing.StopNicely());
    refused(
        "the applying thread of r:3306 stands still, so what it received will not be applied:"
            + " start it first, or stop replication as it is",
        maria().with("r", s -> s.sql = ThreadState.STOPPED),
        new Doing.StopNicely());
  }

  @Test
  void aSourceIsForgottenWithAWarningOfWhatThatMakes() {
    Plan plan = planned(maria(), new Doing.Reset());
    assertEquals("make r:3306 forget its source", words(plan).getLast());
    assertEquals(List.of("the 1 below it will get nothing newer than it has"), plan.warnings());
    cannotBeUndone(plan);
    assertTrue(
        planned(maria().with("r", s -> s.readOnly = false), new Doing.Reset())
            .warnings()
            .contains("r:3306 takes writes, and is nobody's replica then: a second primary"));
    Plan broken =
        planned(
            maria()
                .with(
                    "r",
                    s -> {
                      s.sql = ThreadState.STOPPED;
                      s.executed = "0-1-5";
                      s.received = "0-1-9";
                    }),
            new Doing.Reset());
    assertEquals(
        List.of("stop receiving on r:3306", "make r:3306 forget its source"), words(broken));
    assertTrue(
        broken
            .warnings()
            .contains("r:3306 has received 0-1-9 and applied only 0-1-5: the rest is thrown away"));
    refusedOn("p", "p:3306 is not a replica", maria(), new Doing.Reset());
  }

  @Test
  void aDelayIsSetWithoutLosingWhatWasReceived() {
    Plan plan = planned(mysql(), new Doing.Delay(60));
    assertEquals(
        List.of(
            "stop applying on r:3306",
            "set the delay of r:3306 to 60 s",
            "start applying on r:3306"),
        words(plan));
    assertEquals(new Intent.OnServer(key("r"), new Doing.Delay(0)), plan.undoing().inverse());
    assertEquals(
        List.of("set the delay of r:3306 to 60 s"),
        words(planned(mysql().with("r", Trees.Server::stop), new Doing.Delay(60))));
    assertEquals(
        "stop replication on r:3306", words(planned(maria(), new Doing.Delay(60))).getFirst());
    refused("the delay of r:3306 is 0 s already", maria(), new Doing.Delay(0));
    refused(
        "p:3306 cannot be seen: to set the delay, r:3306 throws away what it received, and could"
            + " not get it again",
        maria().with("p", s -> s.condition = Condition.HUNG),
        new Doing.Delay(60));
  }

  @Test
  void aReplicaIsTakenToGtidAndBack() {
    assertEquals(
        List.of(
            "stop replication on r:3306",
            "note how far r:3306 has executed in the log of its source",
            "point r:3306 at the place noted for r:3306 in the log of p:3306",
            "start replication on r:3306",
            "wait until r:3306 replicates from p:3306, at most 20 s"),
        words(planned(mysql(), new Doing.UseGtid(false))));
    Trees classic = mysql().with("r", s -> s.gtid = GtidUse.NONE);
    Plan plan = planned(classic, new Doing.UseGtid(true));
    assertEquals(
        List.of(
            "stop replication on r:3306",
            "point r:3306 at p:3306",
            "start replication on r:3306",
            "wait until r:3306 replicates from p:3306, at most 20 s"),
        words(plan));
    assertEquals(new Intent.OnServer(key("r"), new Doing.UseGtid(false)), plan.undoing().inverse());
    refused("r:3306 replicates by GTID already", mysql(), new Doing.UseGtid(true));
    refused(
        "p:3306 has gtid_mode OFF, so r:3306 could not find its place there by GTID",
        classic.with("p", s -> s.gtidMode = "OFF"),
        new Doing.UseGtid(true));
    refused(
        "p:3306 has purged logs that r:3306 would need: it lacks " + UUID + ":3-4",
        mysql()
            .with("r", s -> s.gtid = GtidUse.NONE)
            .with("r", s -> s.executed = UUID + ":1-2")
            .with("p", s -> s.purged = UUID + ":1-4"),
        new Doing.UseGtid(true));
  }

  @Test
  void theTransactionThatFailedIsNamedWhereItCanBe() {
    Trees named =
        mysql()
            .with("r", s -> s.sql = ThreadState.STOPPED)
            .with("r", s -> s.executed = UUID + ":1-6")
            .with(
                "r",
                s ->
                    s.sqlError =
                        "Worker 1 failed executing transaction '"
                            + UUID
                            + ":7' at source log bin.000001, end_log_pos 800");
    Plan plan = planned(named, new Doing.SkipTransaction());
    assertEquals(
        List.of(
            "give r:3306 an empty transaction in the place of " + UUID + ":7",
            "start applying on r:3306",
            "wait until r:3306 replicates from p:3306, at most 20 s"),
        words(plan));
    cannotBeUndone(plan);
    List<String> started =
        List.of(
            "start applying on r:3306", "wait until r:3306 replicates from p:3306, at most 20 s");
    // Named, and there is one in its place.
    assertEquals(
        started,
        words(
            planned(
                named.with("r", s -> s.executed = UUID + ":1-7"), new Doing.SkipTransaction())));
    Trees unnamed =
        named.with(
            "r",
            s -> {
              s.sqlError = "Error 'Duplicate entry'";
              s.executed = UUID + ":1-4";
              s.received = UUID + ":1-9";
            });
    assertEquals(
        "give r:3306 an empty transaction in the place of " + UUID + ":5",
        words(planned(unnamed, new Doing.SkipTransaction())).getFirst());
    String other = "00000000-0000-0000-0000-000000000002";
    refused(
        "r:3306 does not say which transaction it failed at, and what it received comes from"
            + " several servers: "
            + UUID
            + ":5-9,"
            + other
            + ":1",
        unnamed.with("r", s -> s.received = UUID + ":1-9," + other + ":1"),
        new Doing.SkipTransaction());
    refused(
        "r:3306 has not failed at a transaction: it applies what it gets; there is nothing to skip",
        mysql(),
        new Doing.SkipTransaction());
    refused(
        "r:3306 has not failed at a transaction, it was stopped; there is nothing to skip",
        mysql().with("r", Trees.Server::stop),
        new Doing.SkipTransaction());
  }

  @Test
  void mariaDbIsToldToGoOnAfterIt() {
    Trees failed =
        maria()
            .with("r", s -> s.sql = ThreadState.STOPPED)
            .with("r", s -> s.sqlError = "Error 'Duplicate entry'");
    assertEquals(
        List.of(
            "stop receiving on r:3306",
            "skip the transaction that r:3306 has failed at",
            "start replication on r:3306",
            "wait until r:3306 replicates from p:3306, at most 20 s"),
        words(planned(failed, new Doing.SkipTransaction())));
    refused(
        "p:3306 cannot be seen: to go on after the failed transaction, r:3306 throws away what it"
            + " received, and could not get it again",
        failed.with("p", s -> s.condition = Condition.UNREACHABLE),
        new Doing.SkipTransaction());
  }

  @Test
  void semiSyncIsTurnedOnWhereThereIsSome() {
    SemiSync has =
        new SemiSync(
            true,
            new SemiSync.Source(true, false, 5000, 1, false, 0),
            new SemiSync.Replica(true, false, false));
    Doing source = new Doing.SemiSync(Doing.Side.SOURCE, true);
    Doing replica = new Doing.SemiSync(Doing.Side.REPLICA, true);
    Trees trees = mysql().with("p", s -> s.semiSync = has).with("r", s -> s.semiSync = has);
    Plan plan = plannedOn("p", trees, source);
    assertEquals(List.of("turn semi-sync on on p:3306 as a source"), words(plan));
    assertEquals(
        List.of(
            "0 of the 1 replicas it would wait for are connected with semi-sync: commits would wait"
                + " for up to 5000 ms"),
        plan.warnings());
    assertEquals(
        List.of(
            "stop receiving on r:3306",
            "turn semi-sync on on r:3306 as a replica",
            "start receiving on r:3306"),
        words(planned(trees, replica)));
    trees.with("r", s -> s.io = ThreadState.STOPPED);
    assertEquals(
        List.of("turn semi-sync on on r:3306 as a replica", "start receiving on r:3306"),
        words(held(trees, Threads.IO, replica)));
    trees.with(
        "r",
        s ->
            s.semiSync = new SemiSync(true, has.source(), new SemiSync.Replica(true, true, false)));
    assertEquals(List.of("start receiving on r:3306"), words(held(trees, Threads.IO, replica)));
    trees.with("r", s -> s.semiSync = has).with("r", s -> s.io = ThreadState.RUNNING);
    refused(
        "semi-sync on r:3306 as a replica is off already",
        trees,
        new Doing.SemiSync(Doing.Side.REPLICA, false));
    refused(
        "r:3306 has no semi-sync as a replica: its plugin has to be installed first",
        mysql(),
        replica);
  }

  @Test
  void logsAreFlushedAndThoseNobodyNeedsPurged() {
    Trees trees =
        mysql().with("p", s -> s.logFile = "bin.000012").with("r", s -> s.readFile = "bin.000010");
    Plan flush = plannedOn("p", trees, new Doing.FlushLogs(2));
    assertEquals(2, words(flush).size());
    cannotBeUndone(flush);
    assertEquals(
        List.of("delete the binary logs of p:3306 before bin.000010"),
        words(plannedOn("p", trees, new Doing.PurgeLogs("bin.000010", false))));
    Doing latest = new Doing.PurgeLogs("latest", false);
    refusedOn(
        "p",
        "r:3306 has come to bin.000010 only; with force the logs are deleted all the same, and it"
            + " has to be made anew",
        trees,
        latest);
    Plan forced = plannedOn("p", trees, new Doing.PurgeLogs("latest", true));
    assertEquals(List.of("r:3306 has come to bin.000010 only"), forced.warnings());
    assertEquals(List.of("delete the binary logs of p:3306 before bin.000012"), words(forced));
    refusedOn(
        "p",
        "p:3306 writes bin.000012, so it has no bin.000013",
        trees,
        new Doing.PurgeLogs("bin.000013", false));
    refusedOn(
        "p",
        "\"x'; DROP\" is not called as the binary logs are, of which bin.000012 is one",
        trees,
        new Doing.PurgeLogs("x'; DROP", false));
    refusedOn(
        "p",
        "r:3306 replicates from it and cannot be seen: it may need what would be deleted; with"
            + " force the logs are deleted all the same, and it has to be made anew",
        trees.with("r", s -> s.condition = Condition.UNREACHABLE),
        latest);
    refusedOn(
        "p",
        "p:3306 writes no binary log",
        mysql().with("p", s -> s.logBin = false),
        new Doing.FlushLogs(1));
  }

  @Test
  void errantTransactionsAreSettledByTheHeadOrForgotten() {
    String mine = "00000000-0000-0000-0000-00000000000a";
    Trees astray = mysql().with("q", s -> s.executed = UUID + ":1-9," + mine + ":1-2");
    Plan inject = plannedOn("q", astray, new Doing.InjectEmpty());
    assertEquals(
        List.of("execute empty transactions on p:3306 for " + mine + ":1-2"), words(inject));
    cannotBeUndone(inject);
    Plan forget = plannedOn("q", astray, new Doing.ForgetErrant());
    assertEquals(
        List.of(
            "stop replication on q:3306",
            "delete the binary logs of q:3306, and have it forget " + mine + ":1-2",
            "start replication on q:3306",
            "wait until q:3306 replicates from r:3306, at most 20 s"),
        words(forget));
    assertEquals(List.of(), lastly(forget));
    refusedOn("q", "q:3306 has no errant transactions", mysql(), new Doing.InjectEmpty());
    refusedOn(
        "q",
        "p:3306 is the head of its tree and read-only: it must take writes for this",
        astray.with("p", s -> s.readOnly = true),
        new Doing.InjectEmpty());
    refusedOn(
        "q",
        "q:3306 has 20000 errant transactions, and more than 10000 are not executed one by one:"
            + " make it forget them",
        mysql().with("q", s -> s.executed = mine + ":1-20000"),
        new Doing.InjectEmpty());
    refused(
        "nobody may replicate from r:3306 when its binary logs are deleted: move q:3306 elsewhere"
            + " first",
        mysql().with("r", s -> s.executed = UUID + ":1-9," + mine + ":1-2"),
        new Doing.ForgetErrant());
    refused(
        "r:3306 is MariaDB, which keeps no sets of GTIDs: what it has written itself can be neither"
            + " added elsewhere nor forgotten here; it has to be made anew",
        maria(),
        new Doing.ForgetErrant());
  }

  @Test
  void aStatementIsEnded() {
    Plan plan = plannedOn("p", mysql(), new Doing.KillQuery(42));
    assertEquals(List.of("end the statement of connection 42 on p:3306"), words(plan));
    cannotBeUndone(plan);
    refusedOn(
        "p",
        "p:3306 is unreachable",
        mysql().with("p", s -> s.condition = Condition.UNREACHABLE),
        new Doing.KillQuery(42));
  }

  private static Trees maria() {
    return Trees.of("p(r(q))");
  }

  @Test
  void whoHasForgottenErrantTransactionsAndStandsStillIsStarted() {
    Trees trees = mysql().with("q", Trees.Server::stop);
    trees.with("q", s -> s.executed = UUID + ":1-9").with("q", s -> s.received = UUID + ":1-9");
    World broken =
        new World(trees.topology(), Map.of(key("q"), new World.Left(key("r"), Threads.BOTH)));
    PlanResult result =
        PLANNER.plan(broken, new Intent.OnServer(key("q"), new Doing.ForgetErrant()));
    Plan plan = assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
    assertEquals(
        List.of(
            "start replication on q:3306",
            "wait until q:3306 replicates from r:3306, at most 20 s"),
        words(plan));
    trees.with("q", s -> s.executed = " ");
    PlanResult lost =
        PLANNER.plan(
            new World(trees.topology(), Map.of(key("q"), new World.Left(key("r"), Threads.BOTH))),
            new Intent.OnServer(key("q"), new Doing.ForgetErrant()));
    assertEquals(
        new PlanResult.Refused(
            "q:3306 does not know any more what it has executed: its logs were deleted, and what it"
                + " had executed was not set again. It must not replicate before somebody sets"
                + " gtid_purged there to that; or it has to be made anew"),
        lost);
  }

  private static Trees mysql() {
    Trees trees = Trees.of("p(r(q))");
    for (String name : List.of("p", "r", "q")) {
      trees.with(
          name,
          s -> {
            s.version = "9.7.1";
            s.gtid = GtidUse.AUTO_POSITION;
            s.gtidMode = "ON";
            s.executed = UUID + ":1-9";
            s.received = UUID + ":1-9";
            s.capabilities = Set.of(Capability.values());
          });
    }
    return trees;
  }

  private static void cannotBeUndone(Plan plan) {
    assertInstanceOf(Intent.CannotBeUndone.class, plan.undoing().inverse());
  }

  private static Plan planned(Trees trees, Doing doing) {
    return plannedOn("r", trees, doing);
  }

  private static Plan plannedOn(String server, Trees trees, Doing doing) {
    PlanResult result = plan(server, trees, doing);
    return assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
  }

  private static void refused(String why, Trees trees, Doing doing) {
    refusedOn("r", why, trees, doing);
  }

  private static void refusedOn(String server, String why, Trees trees, Doing doing) {
    assertEquals(new PlanResult.Refused(why), plan(server, trees, doing));
  }

  private static PlanResult plan(String server, Trees trees, Doing doing) {
    return PLANNER.plan(
        new World(trees.topology(), Map.of()), new Intent.OnServer(key(server), doing));
  }

  private static List<String> words(Plan plan) {
    return plan.stages().stream().flatMap(s -> s.steps().stream()).map(Step::words).toList();
  }

  private static List<String> lastly(Plan plan) {
    return plan.stages().stream().flatMap(s -> s.lastly().stream()).map(Step::words).toList();
  }
}
