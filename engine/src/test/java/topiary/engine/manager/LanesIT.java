package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.PlanEnd;

/** Stages side by side on real servers: one that fails does not keep the others. */
@Execution(ExecutionMode.SAME_THREAD)
class LanesIT {

  private static final By DBA = new By("dba", "test");
  private static final Policies IMPATIENT =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(4),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10)));

  @Test
  void whatFailsIsPutBackAndTheOthersAreDoneAndTakenBack() throws Exception {
    var journal = new MemoryLog();
    try (Ground ground = Ground.up("lanes", "p(r1,r2,r3,r4)");
        Ground.Topiary topiary = ground.topiary(journal, IMPATIENT)) {
      Manager manager = topiary.manager();
      topiary.discover(ground.key("r1"), 5);
      ground.tell("p", "CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
      Ground.await(
          () -> !ground.ask("r3", "SHOW TABLES IN d").isEmpty(), "r3 does not get the table");
      // Somebody keeps the table locked on r3, so that it cannot apply what it receives.
      try (var locked = ground.lab().connection("r3");
          var statement = locked.createStatement()) {
        statement.execute("LOCK TABLES d.t WRITE");
        ground.tell("p", "INSERT INTO d.t VALUES (1)");
        Ground.await(
            () -> ground.ask("r4", "SELECT COUNT(*) AS n FROM d.t").get("n").equals("1"),
            "r4 does not get the row");
        var wanted =
            new Intent.InTree(
                ground.key("p"), new Reshaping.Replicas(ground.key("r1"), Optional.empty()));
        Run run = manager.applyNow(wanted, DBA);
        Outcome outcome = run.await();
        assertEquals(PlanEnd.FAILED, outcome.end(), outcome.report());
        assertTrue(outcome.report().startsWith("Did 17 of 24 steps. Step "), outcome::report);
        assertTrue(outcome.report().contains("Put back: start replication on "), outcome::report);
        assertTrue(
            outcome.report().contains("can be taken back: undo " + run.id()), outcome::report);
        assertEquals("r1 Yes Yes", ground.stands("r2"));
        assertEquals("p Yes Yes", ground.stands("r3"));
        assertEquals("r1 Yes Yes", ground.stands("r4"));
        assertEquals(
            List.of(),
            journal.plan(run.id()).orElseThrow().steps().stream()
                .filter(step -> step.ended().isEmpty())
                .toList());
        Outcome back = manager.applyNow(new Intent.Undo(run.id()), DBA).await();
        assertEquals(PlanEnd.DONE, back.end(), back.report());
        assertEquals("p Yes Yes", ground.stands("r2"));
        assertEquals("p Yes Yes", ground.stands("r4"));
      }
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }
}
