package topiary.app.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static topiary.app.Samples.key;
import static topiary.app.Samples.primary;
import static topiary.app.Samples.replica;
import static topiary.app.Samples.topology;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.Threads;
import topiary.engine.model.Topology;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.planner.Planner;
import topiary.engine.planner.World;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.port.PlanJournal;
import topiary.engine.state.PlanEnd;

class PlanTextTest {

  private static final Topology TOPOLOGY =
      topology(1, primary("p"), replica("a", "p"), replica("b", "p"), replica("a1", "a"));

  private static final PlanId ID = new PlanId("p0123456789ab");
  private static final PlanId OTHER = new PlanId("pba9876543210");

  @Test
  void aPlanShowsStagesStepsSqlOutcomeAndTheWayBack() {
    Plan plan = plan(new Intent.Relocate(key("a"), key("b")));
    assertEquals(
        """
        Plan to relocate a:3306 below b:3306

        Bring a:3306 to a clean stop that b:3306 can go on from
           1. stop receiving on a:3306
                STOP SLAVE IO_THREAD;
           2. wait until a:3306 has applied all it received, at most 60 s
                SHOW ALL SLAVES STATUS;
           3. stop applying on a:3306
                STOP SLAVE SQL_THREAD;
           4. note how far a:3306 has executed
                SELECT @@gtid_slave_pos AS position;
           5. wait until b:3306 has logged the position noted for a:3306, at most 30 s
                SELECT @@gtid_current_pos AS position;
              if one of these fails:
                - start replication on a:3306

        Point a:3306 at b:3306
           6. point a:3306 at b:3306
                CHANGE MASTER TO MASTER_HOST='b', MASTER_PORT=3306, MASTER_USE_GTID=slave_pos;
           7. start replication on a:3306
                START SLAVE;
           8. wait until a:3306 replicates from b:3306, at most 20 s
                SHOW ALL SLAVES STATUS;
              if one of these fails:
                - stop receiving on a:3306
                - wait until a:3306 has applied all it received, at most 60 s
                - stop applying on a:3306
                - point a:3306 at p:3306
                - start replication on a:3306

        Afterwards: a:3306 replicates from b:3306, with its 1 replica.
        It takes less than a second; at most 60 s a wait.
        To undo: relocate a:3306 below p:3306.
        Fingerprint: %s
        """
            .formatted(plan.fingerprint()),
        new PlanText(Ink.PLAIN).plan(plan, TOPOLOGY));
  }

  @Test
  void aPlanShowsItsWarnings() {
    Plan plan = plan(new Intent.StopReplication(key("a"), Threads.BOTH));
    assertEquals(
        """
        Plan to stop replication on a:3306

        Stop a:3306
           1. stop replication on a:3306
                STOP SLAVE;

        Afterwards: a:3306 does not replicate.
        It takes less than a second.
        Note: the 1 below it will get nothing new while it stands still.
        To undo: start replication on a:3306.
        Fingerprint: %s
        """
            .formatted(plan.fingerprint()),
        new PlanText(Ink.PLAIN).plan(plan, TOPOLOGY));
  }

  @Test
  void aRecordShowsEachStepAndTheReport() {
    Plan plan = plan(new Intent.SetReadOnly(key("p"), true));
    Step step = plan.stages().getFirst().steps().getFirst();
    var failed = step(3, step, true, Optional.of("p:3306 refused"));
    assertEquals(
        """
        Plan p0123456789ab: make p:3306 read-only
          by somebody, 2026-11-22T12:00:00Z
           1. done  make p:3306 read-only
           2. begun  make p:3306 read-only
           3. failed  make p:3306 read-only: p:3306 refused
        failed: Did 1 of 1 steps.
        undone by plan pba9876543210
        """,
        new PlanText(Ink.PLAIN)
            .record(
                record(
                    plan,
                    Optional.of(PlanEnd.FAILED),
                    Optional.of(OTHER),
                    List.of(
                        step(1, step, true, Optional.empty()),
                        step(2, step, false, Optional.empty()),
                        failed))));
  }

  @Test
  void aListHasALineForEachPlan() {
    Plan plan = plan(new Intent.SetReadOnly(key("p"), true));
    var text = new PlanText(Ink.PLAIN);
    assertEquals(
        "p0123456789ab  2026-11-22T12:00:00Z  running  make p:3306 read-only\n",
        text.line(record(plan, Optional.empty(), Optional.empty(), List.of())));
    assertEquals(
        "p0123456789ab  2026-11-22T12:00:00Z  done  make p:3306 read-only"
            + "  (undone by pba9876543210)\n",
        text.line(record(plan, Optional.of(PlanEnd.DONE), Optional.of(OTHER), List.of())));
    assertEquals(
        "p0123456789ab  2026-11-22T12:00:00Z  \u001b[33minterrupted\u001b[0m  make p:3306"
            + " read-only\n",
        new PlanText(Ink.COLOUR)
            .line(record(plan, Optional.of(PlanEnd.INTERRUPTED), Optional.empty(), List.of())));
  }

  private static Plan plan(Intent intent) {
    var result = new Planner(PlanPolicy.DEFAULT).plan(new World(TOPOLOGY, Map.of()), intent);
    return ((PlanResult.Planned) result).plan();
  }

  private static PlanJournal.StepRecord step(
      int number, Step step, boolean ended, Optional<String> failure) {
    return new PlanJournal.StepRecord(
        number, step, Samples.NOW, ended ? Optional.of(Samples.NOW) : Optional.empty(), failure);
  }

  private static PlanJournal.PlanRecord record(
      Plan plan,
      Optional<PlanEnd> end,
      Optional<PlanId> undoneBy,
      List<PlanJournal.StepRecord> steps) {
    return new PlanJournal.PlanRecord(
        ID,
        plan,
        "somebody",
        Samples.NOW,
        end.map(e -> Samples.NOW),
        end,
        "Did 1 of 1 steps.",
        undoneBy,
        steps);
  }
}
