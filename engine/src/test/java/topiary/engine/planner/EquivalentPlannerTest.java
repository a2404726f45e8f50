package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import topiary.engine.dialect.MariaDialect;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Equivalence;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;

/** A replica {@code r} of {@code a} goes to a noted place in another's log. */
class EquivalentPlannerTest {

  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);
  private static final PlanId NOTED = new PlanId("p0123456789ab");

  private static Trees tree() {
    return Trees.of("p(a(r),b)")
        .with("r", s -> s.gtid = GtidUse.NONE)
        .with("b", s -> s.logFile = "b.000003");
  }

  /** The place where {@code r} stands, {@code bin.000001:100} of {@code a}, in another's log. */
  private static Equivalence noted(String other, String file, long offset) {
    return new Equivalence(
        key("a"),
        new BinlogPosition("bin.000001", 100),
        key(other),
        new BinlogPosition(file, offset),
        NOTED);
  }

  @Test
  void itIsPointedThereIfItStandsWhereItStood() {
    Plan plan = planned(tree(), noted("b", "b.000002", 77));
    assertEquals(
        List.of(
            "stop replication on r:3306",
            "point r:3306 at b.000002:77 in the log of b:3306, which is bin.000001:100 in that of"
                + " a:3306",
            "start replication on r:3306",
            "wait until r:3306 replicates from b:3306, at most 20 s"),
        words(plan));
    assertEquals(
        List.of(
            "SHOW ALL SLAVES STATUS",
            "CHANGE MASTER TO MASTER_HOST='b', MASTER_PORT=3306, MASTER_LOG_FILE='b.000002',"
                + " MASTER_LOG_POS=77, MASTER_USE_GTID=no"),
        new MariaDialect().statements(plan.stages().getFirst().steps().getLast()));
    assertEquals(new Intent.Relocate(key("r"), key("a")), plan.undoing().inverse());
    assertTrue(plan.undoing().mustHold().contains(new Basis(key("r"), Field.SOURCE, "b:3306")));
    // What holds one way holds the other way round.
    assertEquals(words(plan), words(planned(tree(), noted("b", "b.000002", 77).turned())));
  }

  @Test
  void whatNobodyHasNotedIsRefused() {
    String none = refusal(tree());
    assertTrue(none.startsWith("r:3306 stands at bin.000001:100 in the log of a:3306, and "), none);
    assertTrue(none.contains("(no move between the two is known): \"relocate\""), none);
    String passed = refusal(tree().with("r", s -> s.position = 140), noted("b", "b.000002", 77));
    assertTrue(
        passed.contains("(the latest that is noted is bin.000001:100, by plan " + NOTED), passed);
    assertTrue(refusal(tree(), noted("p", "bin.000001", 50)).contains("no move between"));
  }

  @Test
  void aLogThatWasBegunAnewHasNoSuchPlace() {
    String why = refusal(tree(), noted("b", "b.000004", 4));
    assertTrue(why.startsWith("the log of b:3306 ends at b.000003:100, before b.000004:4"), why);
    assertTrue(refusal(tree(), noted("b", "b.000003", 101)).contains("was begun anew since"));
    planned(tree(), noted("b", "b.000003", 100));
    planned(tree().with("b", s -> s.logFile = "b.1000000"), noted("b", "b.999999", 900));
  }

  @Test
  void whatDoesNotGoByPlacesOrCannotReplicateThereIsRefused() {
    Equivalence noted = noted("b", "b.000002", 77);
    assertTrue(
        refusal(tree().with("r", s -> s.gtid = GtidUse.SLAVE_POS), noted).contains("by GTID"));
    assertTrue(
        refusal(tree().with("b", s -> s.logUpdates = false), noted).contains("does not log"));
    assertTrue(
        refusal(tree().with("b", s -> s.condition = Condition.HUNG), noted).startsWith("b:3306"));
    assertTrue(refusal(tree().below("r", "b"), noted).contains("is below b:3306 already"));
  }

  @Test
  void itsFormerSourceNeedNotBeThere() {
    Trees trees =
        tree().with("a", s -> s.condition = Condition.UNREACHABLE).with("r", Trees.Server::stop);
    Plan plan = planned(trees, noted("b", "b.000002", 77));
    assertEquals(1, words(plan).size());
    assertInstanceOf(Step.PointAtPlace.class, plan.stages().getFirst().steps().getFirst());
    assertEquals(
        new Intent.InTree(key("r"), new Reshaping.Equivalent(key("a"))), plan.undoing().inverse());
    Plan apart =
        planned(
            Trees.of("a(r) b").with("r", s -> s.gtid = GtidUse.NONE), noted("b", "bin.000001", 77));
    assertTrue(
        apart.warnings().getFirst().startsWith("b:3306 is not in the tree of r:3306 now: "),
        apart::toString);
  }

  @Test
  void brokenOffItIsStarted() {
    Trees trees = tree().below("r", "b").with("r", Trees.Server::stop);
    var world =
        new World(
            trees.topology(),
            Map.of(key("r"), new World.Left(key("a"), Threads.BOTH)),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of());
    Plan plan = assertInstanceOf(PlanResult.Planned.class, PLANNER.plan(world, wanted("b"))).plan();
    assertEquals("start replication on r:3306", words(plan).getFirst());
    assertEquals(new Intent.Relocate(key("r"), key("a")), plan.undoing().inverse());
  }

  private static Intent wanted(String below) {
    return new Intent.InTree(key("r"), new Reshaping.Equivalent(key(below)));
  }

  private static List<String> words(Plan plan) {
    return plan.stages().stream().flatMap(s -> s.steps().stream()).map(Step::words).toList();
  }

  private static PlanResult plan(Trees trees, Equivalence... noted) {
    Map<InstanceKey, World.Left> nobody = Map.of();
    return PLANNER.plan(
        new World(trees.topology(), nobody, Map.of(), Map.of(), Map.of(), List.of(noted)),
        wanted("b"));
  }

  private static Plan planned(Trees trees, Equivalence... noted) {
    PlanResult result = plan(trees, noted);
    return assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
  }

  private static String refusal(Trees trees, Equivalence... noted) {
    PlanResult result = plan(trees, noted);
    return assertInstanceOf(PlanResult.Refused.class, result, result::toString).reason();
  }
}
