package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.Cloud;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;

class ServerPlannerTest {

  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);
  private static final Intent START = new Intent.StartReplication(key("r"), Threads.BOTH);
  private static final Intent STOP = new Intent.StopReplication(key("r"), Threads.BOTH);

  @Test
  void startingStartsBothThreadsAndWaits() {
    Plan plan = planned(tree().with("r", Trees.Server::stop), START);
    assertEquals(
        List.of(
            "start replication on r:3306",
            "wait until r:3306 replicates from p:3306, at most 20 s"),
        words(plan));
    assertEquals(List.of("r:3306 replicates from p:3306"), plan.outcome());
    assertEquals(STOP, plan.undoing().inverse());
    planned(tree().with("r", s -> s.sql = ThreadState.STOPPED), START);
  }

  @Test
  void whatACloudManagesIsLookedAtOnly() {
    Trees trees = Trees.of("p(r,q)").with("r", s -> s.cloud = Optional.of(Cloud.RDS));
    String why =
        "r:3306 is managed by Amazon RDS, which does not let others change its replication: it is"
            + " looked at only";
    refused(why, trees, STOP);
    refused(why, trees, new Intent.SetReadOnly(key("r"), false));
    planned(trees, new Intent.StopReplication(key("q"), Threads.BOTH));
  }

  @Test
  void startingWhatIsStartedIsRefused() {
    refused("replication on r:3306 is started already", tree(), START);
    refused(
        "replication on r:3306 is started already",
        tree().with("r", s -> s.io = ThreadState.CONNECTING),
        START);
  }

  @Test
  void stoppingStopsBothThreadsAndWarnsOfThoseBelow() {
    Plan plan = planned(tree(), STOP);
    assertEquals(List.of("stop replication on r:3306"), words(plan));
    assertEquals(
        List.of("the 1 below it will get nothing new while it stands still"), plan.warnings());
    assertEquals(START, plan.undoing().inverse());
  }

  @Test
  void stoppingWhatIsStoppedIsRefused() {
    refused("replication on r:3306 is stopped already", tree().with("r", Trees.Server::stop), STOP);
  }

  @Test
  void whatWasReceivedFromADeadSourceIsAppliedBeforeTheStop() {
    Plan plan = planned(deadSource(), STOP);
    assertEquals(
        List.of(
            "stop receiving on r:3306",
            "wait until r:3306 has applied all it received, at most 60 s",
            "stop replication on r:3306"),
        words(plan));
    assertEquals(
        "p:3306 cannot be seen; what was received from it is applied before the stop",
        plan.warnings().getFirst());
  }

  @Test
  void aRelayLogThatIsKeptNeedsNoDraining() {
    assertEquals(
        List.of("stop replication on r:3306"),
        words(planned(deadSource().with("r", s -> s.gtid = GtidUse.NONE), STOP)));
    assertEquals(
        List.of("stop receiving on r:3306"),
        words(planned(deadSource().with("r", s -> s.sql = ThreadState.STOPPED), STOP)));
  }

  @Test
  void onlyReplicasWithOneSourceAreStartedAndStopped() {
    refused("p:3306 is not a replica", tree(), new Intent.StartReplication(key("p"), Threads.BOTH));
    refused("p:3306 is not a replica", tree(), new Intent.StopReplication(key("p"), Threads.BOTH));
    refused(
        "r:3306 replicates from 2 sources, by the channel without a name (\"-\") from p:3306 and"
            + " channel \"extra1\" from p:3306: say which with \"channel\", where an operation"
            + " takes one",
        tree().with("r", s -> s.channels = 2),
        STOP);
  }

  @Test
  void aServerCanBeMadeReadOnlyAndWriteableWithAWarningWhereItIsOdd() {
    Plan plan = planned(tree(), new Intent.SetReadOnly(key("p"), true));
    assertEquals(List.of("make p:3306 read-only"), words(plan));
    assertEquals(
        List.of("p:3306 is the head of its tree: writes to it will fail"), plan.warnings());
    assertEquals(new Intent.SetReadOnly(key("p"), false), plan.undoing().inverse());
    assertEquals(
        List.of("r:3306 is a replica: what is written to it goes nowhere else"),
        planned(tree(), new Intent.SetReadOnly(key("r"), false)).warnings());
    assertEquals(
        List.of(),
        planned(tree().with("r", s -> s.readOnly = false), new Intent.SetReadOnly(key("r"), true))
            .warnings());
    assertEquals(
        List.of(),
        planned(tree().with("p", s -> s.readOnly = true), new Intent.SetReadOnly(key("p"), false))
            .warnings());
  }

  @Test
  void aServerThatIsSoAlreadyIsLeftAlone() {
    refused("r:3306 is read-only already", tree(), new Intent.SetReadOnly(key("r"), true));
    refused("p:3306 is writeable already", tree(), new Intent.SetReadOnly(key("p"), false));
  }

  @Test
  void whoCannotBeSeenIsNotTouched() {
    Trees hung = tree().with("r", s -> s.condition = Condition.HUNG);
    for (Intent intent : List.of(START, STOP, new Intent.SetReadOnly(key("r"), true))) {
      refused("r:3306 is hung", hung, intent);
    }
    refused(
        "x:3306 is not known; discover it first", tree(), new Intent.SetReadOnly(key("x"), true));
  }

  @Test
  void undoingHereIsRefusedWhenSomebodyElseChangedIt() {
    Plan stop = planned(tree(), STOP);
    var undo = new Intent.Undo(new PlanId("p000000000002"));
    assertEquals(
        new PlanResult.Refused(
            "plan p000000000002 cannot be undone any more: IO thread of r:3306 was \"stopped\", now"
                + " it is \"started\""),
        PLANNER.undo(new World(tree().topology(), Map.of()), undo, stop.undoing()));
    var back =
        PLANNER.undo(
            new World(tree().with("r", Trees.Server::stop).topology(), Map.of()),
            undo,
            stop.undoing());
    assertEquals(
        List.of("r:3306 replicates from p:3306"),
        assertInstanceOf(PlanResult.Planned.class, back).plan().outcome());
  }

  @Test
  void undoingNeedsItsRecord() {
    var world = new World(tree().topology(), Map.of());
    var undo = new Intent.Undo(new PlanId("p000000000002"));
    assertThrows(IllegalArgumentException.class, () -> PLANNER.plan(world, undo));
  }

  private static Trees tree() {
    return Trees.of("p(r(s))");
  }

  /** Whoever is connected to one whose place was taken is to look for the new one. */
  @Test
  void aFormerPrimaryThatIsMadeReadOnlyHasItsClientsDisconnected() {
    Trees trees = Trees.of("p r(q)");
    var world =
        new World(
            trees.topology(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Map.of(key("p"), key("r")),
            Set.of(key("p")));
    PlanResult result = PLANNER.plan(world, new Intent.SetReadOnly(key("p"), true));
    Plan plan = assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
    assertEquals(
        List.of(
            new Step.QuietDown(key("p"), PlanPolicy.DEFAULT.quiet(), true),
            new Step.DisableEvents(key("p"))),
        plan.stages().getFirst().steps());
    assertEquals(2, plan.warnings().size());
    assertTrue(plan.warnings().getFirst().contains("they are disconnected"));
  }

  private static Trees deadSource() {
    return tree()
        .with("p", s -> s.condition = Condition.UNREACHABLE)
        .with("r", s -> s.io = ThreadState.CONNECTING);
  }

  private static Plan planned(Trees trees, Intent intent) {
    PlanResult result = PLANNER.plan(new World(trees.topology(), Map.of()), intent);
    return assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
  }

  private static void refused(String sentence, Trees trees, Intent intent) {
    assertEquals(
        new PlanResult.Refused(sentence),
        PLANNER.plan(new World(trees.topology(), Map.of()), intent));
  }

  private static List<String> words(Plan plan) {
    return plan.stages().stream().flatMap(s -> s.steps().stream()).map(Step::words).toList();
  }
}
