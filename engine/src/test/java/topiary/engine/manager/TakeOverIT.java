package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.analysis.Errant;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.intent.Intent;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.intent.Reshaping;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.Command;
import topiary.engine.state.PlanEnd;
import topiary.engine.state.RecoveryEnd;
import topiary.lab.flavor.Flavor;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/**
 * A replica takes over from a primary that is written to, and is taken over from again: no
 * acknowledged row is lost, and what is in the way leaves everything as it was.
 */
@Execution(ExecutionMode.SAME_THREAD)
class TakeOverIT {

  private static final By DBA = new By("dba", "test");
  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10),
              Duration.ofSeconds(4)));

  /** Than the statement that is in the way lasts. */
  private static final Duration LONGER = Duration.ofMinutes(6);

  private Ground ground;
  private Manager manager;
  private MemoryLog journal;

  /** Whether the servers tell who holds locks, to those who may know. */
  private boolean tellsLocks;

  /** How many there were. */
  private int recoveries;

  static List<Flavor> flavors() {
    return Ground.oneFlavor();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void byGtid(Flavor flavor) throws Exception {
    try (Ground here = Ground.up("takeover", "p(r1,r2(r3))", flavor)) {
      takesOverAndBack(here, flavor);
    }
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void byFileAndPosition(Flavor flavor) throws Exception {
    try (Ground here = Ground.withoutGtid("takeoverfile", "p(r1,r2(r3))", flavor)) {
      takesOverAndBack(here, flavor);
    }
  }

  private void takesOverAndBack(Ground here, Flavor flavor) throws Exception {
    ground = here;
    tellsLocks = flavor.id().startsWith("mysql-9");
    journal = new MemoryLog();
    try (Ground.Topiary topiary =
        Ground.topiary(here.passwords(), journal, journal, QUICK, Set::of)) {
      manager = topiary.manager();
      topiary.discover(ground.key("r1"), 4);
      topiary.awaitSeen(4);
      try (Load load = Load.start(ground.lab(), 100)) {
        written(load, "p");
        Run run = manager.applyNow(takeOver("r1", false), DBA);
        ended(run, PlanEnd.DONE);
        recovered(++recoveries, RecoveryEnd.DONE);
        stand("r1", "-", "r1", "r2");
        written(load, "r1");
        Run back = manager.applyNow(new Intent.Undo(run.id()), DBA);
        ended(back, PlanEnd.DONE);
        recovered(++recoveries, RecoveryEnd.DONE);
        stand("-", "p", "p", "r2");
        written(load, "p");
        locked(load);
        statementInTheWay(load);
        load.stop();
        List<Check.Result> results = load.check(Ground.LIMIT);
        assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
      }
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  /** What is scheduled goes along and comes back, runs once at a time, and stays if that is so. */
  @ParameterizedTest
  @MethodSource("flavors")
  void scheduledEventsGoAlong(Flavor flavor) throws Exception {
    try (Ground here = Ground.up("takeoverevents", "p(r1,r2)", flavor)) {
      ground = here;
      var scheduled = new Scheduled(here, "p", List.of("r1", "r2"), flavor);
      journal = new MemoryLog();
      try (Ground.Topiary topiary =
          Ground.topiary(here.passwords(), journal, journal, QUICK, Set::of)) {
        manager = topiary.manager();
        topiary.discover(ground.key("p"), 3);
        topiary.awaitSeen(3);
        Run run = manager.applyNow(takeOver("r1", false), DBA);
        ended(run, PlanEnd.DONE);
        recovered(++recoveries, RecoveryEnd.DONE);
        scheduled.run("r1", List.of("p", "r2"), report());
        assertNothingOfItsOwn("p", "r1");
        Run back = manager.applyNow(new Intent.Undo(run.id()), DBA);
        ended(back, PlanEnd.DONE);
        recovered(++recoveries, RecoveryEnd.DONE);
        scheduled.runsAgain("p", List.of("r1", "r2"), report());
        assertNothingOfItsOwn("r1", "p");
        try (Connection other = here.lab().connection("p");
            Statement statement = other.createStatement()) {
          statement.execute("CREATE TABLE sched.other (id INT PRIMARY KEY)");
          statement.execute("LOCK TABLES sched.other WRITE");
          ended(manager.applyNow(takeOver("r1", false), DBA), PlanEnd.FAILED);
          statement.execute("UNLOCK TABLES");
        }
        recovered(++recoveries, RecoveryEnd.FAILED);
        scheduled.runsAgain("p", List.of("r1", "r2"), report());
      }
    }
  }

  private String report() {
    return said(Command.CloseRecovery.class).getLast().report();
  }

  /** Nothing is errant: what was altered on it alone it has not logged. */
  private void assertNothingOfItsOwn(String former, String head) {
    Ground.await(
        () ->
            Errant.ofFormer(manager.topology(), ground.key(former), ground.key(head)).isEmpty()
                && ground.follows(former, head),
        former + " has transactions of its own");
  }

  /** Somebody has locked a table: all is as before, and it is said. */
  private void locked(Load load) throws Exception {
    try (Connection other = ground.lab().connection("p");
        Statement statement = other.createStatement()) {
      statement.execute("CREATE DATABASE IF NOT EXISTS other");
      statement.execute("CREATE TABLE IF NOT EXISTS other.t (id INT PRIMARY KEY)");
      statement.execute("LOCK TABLES other.t WRITE");
      refused(tellsLocks ? "GRANT SELECT ON performance_schema.metadata_locks" : "LOCK TABLES");
    }
    stand("-", "p", "p", "r2");
    written(load, "p");
  }

  private void refused(String why) throws Exception {
    Outcome outcome = ended(manager.applyNow(takeOver("r1", false), DBA), PlanEnd.FAILED);
    assertTrue(
        outcome.report().contains(" did not come to refuse writes within 4 s. "), outcome::report);
    assertTrue(outcome.report().contains(why), outcome::report);
    recovered(++recoveries, RecoveryEnd.FAILED);
  }

  /**
   * A statement that reads keeps the primary from refusing writes; it is ended when that is asked.
   */
  private void statementInTheWay(Load load) throws Exception {
    var reading =
        new Thread(
            () -> {
              try (Connection other = ground.lab().clientConnection("p", LONGER);
                  Statement statement = other.createStatement()) {
                statement.execute("INSERT INTO other.t VALUES (1)");
                statement.execute("INSERT INTO other.t SELECT 2 + SLEEP(300) FROM other.t");
              } catch (java.sql.SQLException e) {
                // It is ended.
                Thread.currentThread().interrupt();
              }
            });
    reading.start();
    Ground.await(
        () ->
            !ground
                .ask(
                    "p",
                    "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'INSERT INTO"
                        + " other.t SELECT%' AND TIME >= 2")
                .isEmpty(),
        "the statement does not run");
    try (Connection other = ground.lab().connection("p");
        Statement statement = other.createStatement()) {
      if (!tellsLocks) {
        // On MySQL only another such account could end it.
        statement.execute("CREATE TABLE IF NOT EXISTS other.u (id INT PRIMARY KEY)");
        statement.execute("LOCK TABLES other.u WRITE");
      }
      Outcome outcome = ended(manager.applyNow(takeOver("r1", true), DBA), PlanEnd.DONE);
      assertTrue(
          outcome.report().contains("Disconnected from " + ground.key("p")), outcome::report);
    }
    recovered(++recoveries, RecoveryEnd.DONE);
    stand("r1", "-", "r1", "r2");
    written(load, "r1");
    reading.join();
  }

  private Intent takeOver(String successor, boolean ending) {
    return new Intent.InTree(
        ground.key(successor), new Reshaping.TakeOver(Optional.empty(), List.of(), ending));
  }

  private static Outcome ended(Run run, PlanEnd end) throws InterruptedException {
    Outcome outcome = run.await();
    assertEquals(end, outcome.end(), outcome::report);
    return outcome;
  }

  private void recovered(int which, RecoveryEnd end) {
    Ground.await(() -> said(Command.CloseRecovery.class).size() >= which, "no recovery has ended");
    Command.CloseRecovery close = said(Command.CloseRecovery.class).get(which - 1);
    assertEquals(end, close.end(), close::report);
    assertEquals(RecoveryKind.TAKEOVER, said(Command.OpenRecovery.class).get(which - 1).kind());
    // The log has it a moment before the state does.
    Ground.await(() -> manager.state().recoveries().open().isEmpty(), "one is still under way");
    assertEquals(Set.of(), manager.state().recoveries().ended().keySet());
  }

  private <T extends Command> List<T> said(Class<T> type) {
    return journal.accepted().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** From whom each replicates, as the servers say, and that nobody but the head takes writes. */
  private void stand(String p, String r1, String r2, String r3) {
    for (var expected :
        List.of(List.of("p", p), List.of("r1", r1), List.of("r2", r2), List.of("r3", r3))) {
      String member = expected.get(0);
      boolean head = expected.get(1).equals("-");
      assertEquals(head ? "-" : expected.get(1) + " Yes Yes", ground.stands(member), member);
      assertEquals(
          head ? "0" : "1", ground.ask(member, "SELECT @@read_only AS ro").get("ro"), member);
    }
  }

  private void written(Load load, String head) {
    Ground.await(() -> load.target().filter(head::equals).isPresent(), "nobody writes to " + head);
    int before = load.acknowledged();
    Ground.await(() -> load.acknowledged() > before + 20, "nothing is written on " + head);
  }
}
