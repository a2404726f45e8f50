package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;

/** A replica that takes over from a primary that lives, on trees that are texts. */
class TakeOverPlannerTest {

  private static final Optional<Optional<Long>> NONE = Optional.of(Optional.of(0L));
  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);
  private static final Map<InstanceKey, String> GIVEN = Map.of(key("r"), "repl");

  private static Intent wanted(InstanceKey... staying) {
    return new Intent.InTree(
        key("r"), new Reshaping.TakeOver(Optional.empty(), List.of(staying), false));
  }

  /** A tree whose replicas are up to date. */
  private static Trees tree(String text) {
    Trees tree = Trees.of(text);
    tree.topology()
        .instances()
        .keySet()
        .forEach(key -> tree.with(key.host(), s -> s.behind = NONE));
    return tree;
  }

  private static PlanResult plan(Trees tree, Intent intent) {
    return PLANNER.plan(new World(tree.topology(), Map.of(), Map.of(), Map.of(), GIVEN), intent);
  }

  private static Plan planned(Trees tree, InstanceKey... staying) {
    PlanResult result = plan(tree, wanted(staying));
    return assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
  }

  private static String refusal(Trees tree) {
    return assertInstanceOf(PlanResult.Refused.class, plan(tree, wanted())).reason();
  }

  private static List<String> titles(Plan plan) {
    return plan.stages().stream().map(Stage::title).toList();
  }

  private static List<String> words(List<Step> steps) {
    return steps.stream().map(Step::words).toList();
  }

  @Test
  void allThatTakesLongIsDoneBeforeAnybodyHasToStopWriting() {
    Plan plan = planned(tree("p(r,s)"));
    assertEquals(
        List.of(
            "Bring s:3306 to a clean stop that r:3306 can go on from",
            "Point s:3306 at r:3306",
            "Have p:3306 replicate from r:3306",
            "Have p:3306 refuse writes, and r:3306 get the last of them",
            "Let r:3306 take the writes",
            "Have events run on r:3306"),
        titles(plan));
    assertEquals(
        List.of(
            "note all that p:3306 has logged",
            "wait until r:3306 has logged the position noted for p:3306, at most 5 s",
            "disable the events on p:3306 as on a replica",
            "make p:3306 read-only within 5 s",
            "note all that p:3306 has logged",
            "wait until r:3306 has logged the position noted for p:3306, refusing writes, at most"
                + " 5 s"),
        words(plan.stages().get(3).steps()));
    assertEquals(
        List.of(
            "make p:3306 writeable",
            "stop replication on p:3306",
            "make p:3306 forget its source",
            "enable the events on p:3306 again that were disabled there"),
        words(plan.stages().get(3).lastly()));
    assertEquals(
        List.of(
            "make r:3306 writeable", "stop replication on r:3306", "make r:3306 forget its source"),
        words(plan.stages().get(4).steps()));
    // From its first step on it may have taken writes: nothing is put back any more.
    assertEquals(List.of(), plan.stages().get(4).lastly());
    assertEquals(
        List.of("enable the events on r:3306 that ran on p:3306"),
        words(plan.stages().get(5).steps()));
    assertTrue(
        plan.before(3).contains(2) && plan.before(4).contains(3) && plan.before(5).contains(4),
        plan::toString);
  }

  @Test
  void nobodyGoesBelowOneThatHasLess() {
    Trees tree = tree("p(r,s)");
    for (String name : List.of("p", "r", "s")) {
      tree.with(
          name,
          s -> {
            s.version = "8.4.0";
            s.gtidMode = "ON";
            s.gtid = GtidUse.AUTO_POSITION;
            s.executed = "00000000-0000-0000-0000-000000000001:1-10";
            s.received = s.executed;
          });
    }
    List<String> halt = words(planned(tree).stages().getFirst().steps());
    assertEquals(
        List.of(
            "note how far s:3306 has executed",
            "wait until r:3306 has logged the position noted for s:3306, executed, at most 30 s"),
        halt.subList(halt.size() - 2, halt.size()));
  }

  @Test
  void itIsTakenBackByTheFormerPrimaryTakingOverFromItWithThoseThatWereMoved() {
    Plan plan = planned(tree("p(r(x),s)"));
    assertEquals(
        new Intent.InTree(
            key("p"), new Reshaping.TakeOver(Optional.of(key("r")), List.of(key("x")), false)),
        plan.undoing().inverse());
  }

  @Test
  void whoIsToStayOrDoesNotAnswerIsLeft() {
    Plan plan = planned(tree("p(r,s)"), key("s"));
    assertFalse(titles(plan).toString().contains("s:3306"), plan::toString);
    Plan away = planned(tree("p(r,s)").with("s", s -> s.condition = Condition.UNREACHABLE));
    assertTrue(away.warnings().contains("s:3306 does not answer, and stays below p:3306"));
  }

  @Test
  void byFileThePrimaryAppliesNothingWhileItIsSeenWhereItsLogEnds() {
    Plan plan = planned(tree("p(r)").with("r", s -> s.gtid = GtidUse.NONE));
    assertEquals(
        List.of(
            "disable the events on p:3306 as on a replica",
            "make p:3306 read-only within 5 s",
            "stop applying on p:3306",
            "note where the log of p:3306 ends",
            "wait until r:3306 has applied up to the place noted for p:3306, at most 5 s"),
        words(plan.stages().get(1).steps()));
    assertEquals("start replication on p:3306", words(plan.stages().get(2).steps()).getLast());
  }

  @Test
  void whatWasBrokenOffIsFinished() {
    // In the ring already, and the primary refuses writes.
    Plan ring = planned(tree("p(r)").below("p", "r").with("p", s -> s.readOnly = true));
    assertEquals(3, ring.stages().size(), ring::toString);
    // It was let take writes, but did not forget its source.
    Trees last = tree("r(p)").with("r", s -> s.readOnly = true).with("p", s -> s.readOnly = true);
    Plan done =
        assertInstanceOf(
                PlanResult.Planned.class,
                plan(
                    last,
                    new Intent.InTree(
                        key("r"), new Reshaping.TakeOver(Optional.of(key("p")), List.of(), false))))
            .plan();
    assertEquals(List.of("make r:3306 writeable"), words(done.stages().getFirst().steps()));
    assertEquals(
        List.of("enable the events on r:3306 that ran on p:3306"),
        words(done.stages().getLast().steps()));
  }

  @Test
  void refusalsSayWhatWouldHelp() {
    assertTrue(
        refusal(tree("p(r)").with("p", s -> s.readOnly = true))
            .contains("\"set-writeable\" p:3306 first"));
    assertTrue(refusal(tree("q(p(r))")).contains("is no primary: it replicates from q:3306"));
    assertTrue(
        refusal(tree("p(r)").with("r", Trees.Server::stop))
            .contains("\"start-replication\" on it first"));
    assertTrue(
        refusal(tree("p(r)").with("r", s -> s.behind = Optional.of(Optional.of(60L))))
            .contains("60 s behind"));
    assertTrue(refusal(tree("p(r)").with("r", s -> s.readOnly = false)).contains("takes writes"));
  }
}
