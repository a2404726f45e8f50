package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Intent.Replace.Part;
import topiary.engine.intent.PlanId;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Condition;
import topiary.engine.model.Events;
import topiary.engine.model.GtidUse;
import topiary.engine.model.ScheduledEvent;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Equivalence;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.state.Command;

/** The parts of a recovery of a dead primary whose replicas go by file and position, on texts. */
class ReplacePlannerTest {

  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);
  private static final BinlogPosition STOOD = new BinlogPosition("bin.000001", 100);
  private static final BinlogPosition END = new BinlogPosition("own.000003", 77);

  /** The receiving threads have been stopped by the first part. */
  private static Trees tree() {
    Trees trees = Trees.of("p(a,b,c)").with("p", s -> s.condition = Condition.UNREACHABLE);
    for (String name : List.of("a", "b", "c")) {
      trees.with(
          name,
          s -> {
            s.gtid = GtidUse.NONE;
            s.io = ThreadState.STOPPED;
            s.logFile = "own.000003";
          });
    }
    return trees;
  }

  private static World world(Trees trees, Equivalence... noted) {
    var held =
        Map.of(
            key("b"), new World.Left(key("p"), Threads.IO),
            key("c"), new World.Left(key("p"), Threads.IO));
    return new World(trees.topology(), held, Map.of(), Map.of(), Map.of(), List.of(noted));
  }

  private static PlanResult ask(World world, Part part) {
    return PLANNER.plan(world, new Intent.Replace(key("p"), key("a"), part));
  }

  private static List<String> words(PlanResult result) {
    Plan plan = assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
    return plan.stages().stream().flatMap(s -> s.steps().stream()).map(Step::words).toList();
  }

  @Test
  void beforeItTakesWritesItsPlaceIsNoted() {
    Trees trees = tree().with("a", Trees.Server::stop);
    assertEquals(
        List.of(
            "note that the log of a:3306 ends at own.000003:100, which is bin.000001:100 in that"
                + " of p:3306",
            "make a:3306 forget its source",
            "make a:3306 writeable"),
        words(ask(world(trees), Part.PROMOTE)));
  }

  @Test
  void thoseThatStandThereFollowOnceTheyHaveAppliedAll() {
    var noted = new Equivalence(key("p"), STOOD, key("a"), END, new PlanId("p0123456789ab"));
    List<String> words = words(ask(world(tree(), noted), Part.FOLLOW));
    assertEquals(
        List.of(
            "wait until b:3306 has applied all it received, at most 60 s",
            "stop applying on b:3306",
            "point b:3306 at own.000003:77 in the log of a:3306, which is bin.000001:100 in that"
                + " of p:3306",
            "start replication on b:3306",
            "wait until b:3306 replicates from a:3306, at most 20 s"),
        words.subList(0, 5));
    assertEquals(10, words.size());
  }

  @Test
  void oneThatSomebodyHasStoppedIsPointedThereAndNotStarted() {
    var noted = new Equivalence(key("p"), STOOD, key("a"), END, new PlanId("p0123456789ab"));
    Trees trees = tree().with("c", Trees.Server::stop).with("b", s -> s.gtid = GtidUse.SLAVE_POS);
    World world =
        new World(trees.topology(), Map.of(), Map.of(), Map.of(), Map.of(), List.of(noted));
    assertEquals(
        List.of(
            "point c:3306 at own.000003:77 in the log of a:3306, which is bin.000001:100 in that"
                + " of p:3306"),
        words(ask(world, Part.FOLLOW)));
  }

  @Test
  void withoutANotedPlaceNobodyFollows() {
    PlanResult.Refused no =
        assertInstanceOf(PlanResult.Refused.class, ask(world(tree()), Part.FOLLOW));
    assertTrue(no.reason().startsWith("which place in the log of a:3306"), no::reason);
  }

  @Test
  void whoHasReceivedMostIsChosenByItsPlace() {
    Trees trees = tree().with("b", s -> s.pending = 5);
    assertTrue(
        Candidates.has(
            trees.topology().instance(key("b")).orElseThrow().facts().orElseThrow(),
            trees.topology().instance(key("a")).orElseThrow().facts().orElseThrow()));
    assertTrue(
        !Candidates.has(
            trees.topology().instance(key("a")).orElseThrow().facts().orElseThrow(),
            trees.topology().instance(key("b")).orElseThrow().facts().orElseThrow()));
  }

  /** It says what of it is known, and asks whoever answers. */
  @Test
  void eventsGoWhereWritesAreTaken() {
    Trees trees = Trees.of("a p(b)").with("a", s -> s.readOnly = false);
    assertEquals(
        List.of("enable the events on a:3306 that ran on p:3306"),
        words(ask(world(trees), Part.EVENTS)));
    trees.with("p", s -> s.condition = Condition.UNREACHABLE);
    assertEquals(
        List.of(
            "look which events are disabled on a:3306 as on a replica, and leave them so: no event"
                + " is known to have run on p:3306"),
        words(ask(world(trees), Part.EVENTS)));
    var known =
        new Events(
            true,
            List.of(
                new ScheduledEvent("shop", "tick", 7, true),
                new ScheduledEvent("shop", "off", 8, false)));
    trees.with("p", s -> s.events = Optional.of(known));
    PlanResult result = ask(world(trees), Part.EVENTS);
    assertEquals(
        List.of("enable the events on a:3306 that ran on p:3306 when it was last asked: shop.tick"),
        words(result));
    Plan plan = assertInstanceOf(PlanResult.Planned.class, result).plan();
    assertEquals(
        List.of(new Step.EnableEvents(key("a"), key("p"), false, known.all(), true)),
        plan.stages().getFirst().steps());
    // An earlier version does not know how to do it.
    assertEquals(11, new Command.OpenPlan(new PlanId("p0123456789ab"), plan).level());
    trees.with("a", s -> s.readOnly = true);
    assertEquals(
        "a:3306 does not take writes",
        assertInstanceOf(PlanResult.Refused.class, ask(world(trees), Part.EVENTS)).reason());
  }
}
