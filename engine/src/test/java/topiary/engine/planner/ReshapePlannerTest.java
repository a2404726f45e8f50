package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;

class ReshapePlannerTest {

  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);
  private static final Optional<String> ALL = Optional.empty();

  @Test
  void replicasMoveSideBySideEachOneStageAfterTheOther() {
    Plan plan = planned(Trees.of("p(a,b,c)"), "p", new Reshaping.Replicas(key("a"), ALL));
    assertEquals(
        List.of(
            "Bring b:3306 to a clean stop that a:3306 can go on from",
            "Point b:3306 at a:3306",
            "Bring c:3306 to a clean stop that a:3306 can go on from",
            "Point c:3306 at a:3306"),
        plan.stages().stream().map(Stage::title).toList());
    assertEquals(List.of(), plan.before(0));
    assertEquals(List.of(0), plan.before(1));
    assertEquals(List.of(), plan.before(2));
    assertEquals(List.of(2), plan.before(3));
    assertEquals(Set.of(key("b"), key("c")), plan.changed());
    assertEquals(
        new Intent.Moves(
            List.of(
                new Intent.Relocate(key("b"), key("p")), new Intent.Relocate(key("c"), key("p")))),
        plan.undoing().inverse());
    assertTrue(plan.undoing().mustHold().contains(new Basis(key("c"), Field.SOURCE, "a:3306")));
  }

  @Test
  void whoCannotMoveStaysAndThePlanSaysWhy() {
    Trees trees = Trees.of("p(a,b,c,d)").with("c", s -> s.gtid = GtidUse.NONE);
    trees.with("d", s -> s.condition = Condition.UNREACHABLE).with("b", s -> {});
    Plan plan = planned(trees, "p", new Reshaping.Replicas(key("a"), ALL));
    assertEquals(Set.of(key("b")), plan.changed());
    assertTrue(plan.oneAfterTheOther());
    assertEquals(2, plan.warnings().size(), plan.warnings()::toString);
    assertTrue(plan.warnings().getFirst().startsWith("c:3306 stays as it is: "), plan::toString);
    assertTrue(plan.warnings().getLast().startsWith("d:3306 stays as it is: "), plan::toString);
    String none = refused(trees.with("b", s -> s.logBin = true).below("b", "a"), "p", "a");
    assertTrue(none.startsWith("no replica of p:3306 can be moved below a:3306: "), none);
    assertTrue(none.contains("d:3306 is "), none);
  }

  @Test
  void aPatternChoosesAmongThem() {
    Trees trees = Trees.of("p(a,b1,b2,c)");
    Plan plan = planned(trees, "p", new Reshaping.Replicas(key("a"), Optional.of("^b[0-9]:3306$")));
    assertEquals(Set.of(key("b1"), key("b2")), plan.changed());
    assertTrue(
        refusal(trees, "p", new Reshaping.Replicas(key("a"), Optional.of("x")))
            .contains("none of the 4 replicas of p:3306 matches x"));
    assertTrue(
        refusal(trees, "p", new Reshaping.Replicas(key("a"), Optional.of("(")))
            .contains("( is no regular expression"));
  }

  @Test
  void whatIsSaidByPlacesIsPlannedOfNamedServers() {
    Trees trees = Trees.of("p(a(b(c),d))");
    assertEquals(
        new Intent.Relocate(key("b"), key("p")), planned(trees, "b", new Reshaping.Up()).intent());
    assertEquals(
        new Intent.Relocate(key("b"), key("d")),
        planned(trees, "b", new Reshaping.BelowSibling(key("d"))).intent());
    assertEquals(
        new Intent.InTree(key("a"), new Reshaping.Replicas(key("p"), ALL)),
        planned(trees, "a", new Reshaping.ReplicasUp(ALL)).intent());
    assertEquals(
        new Intent.InTree(key("a"), new Reshaping.Replicas(key("d"), ALL)),
        planned(trees, "d", new Reshaping.Siblings()).intent());
    assertEquals(
        new Intent.InTree(key("b"), new Reshaping.TakeSource(Optional.of(key("a")))),
        planned(trees, "b", new Reshaping.TakeSource(Optional.empty())).intent());
  }

  @Test
  void takingTheSourcesPlaceIsAMoveUpAndThenOneDown() {
    Trees trees = Trees.of("p(a(b))");
    Plan plan = planned(trees, "b", new Reshaping.TakeSource(Optional.empty()));
    assertEquals(
        List.of(
            "Bring b:3306 to a clean stop that p:3306 can go on from",
            "Point b:3306 at p:3306",
            "Bring a:3306 to a clean stop that b:3306 can go on from",
            "Point a:3306 at b:3306"),
        plan.stages().stream().map(Stage::title).toList());
    // The second half rests on the first.
    assertTrue(
        plan.stages().get(3).guards().contains(new Basis(key("b"), Field.SOURCE, "p:3306")),
        plan::toString);
    // And the plan as a whole on how it is now.
    assertTrue(plan.basis().contains(new Basis(key("b"), Field.SOURCE, "a:3306")));
    assertEquals(
        new Intent.InTree(key("a"), new Reshaping.TakeSource(Optional.of(key("b")))),
        plan.undoing().inverse());
    assertTrue(
        refusal(trees, "a", new Reshaping.TakeSource(Optional.empty()))
            .contains("p:3306, the source of a:3306, is a head"));
  }

  @Test
  void anExchangeThatWasBrokenOffGoesOnFromWhereItIs() {
    var exchange = new Reshaping.TakeSource(Optional.of(key("a")));
    // b is up already.
    Plan second = planned(Trees.of("p(a,b)"), "b", exchange);
    assertEquals(
        List.of("Point a:3306 at b:3306"),
        second.stages().stream().skip(1).map(Stage::title).toList());
    // b was pointed up and not started.
    Trees trees = Trees.of("p(a,b)").with("b", Trees.Server::stop);
    PlanResult held =
        PLANNER.plan(
            new World(trees.topology(), Map.of(key("b"), new World.Left(key("a"), Threads.BOTH))),
            new Intent.InTree(key("b"), exchange));
    assertEquals(
        List.of("Start b:3306 again", "Point a:3306 at b:3306"),
        assertInstanceOf(PlanResult.Planned.class, held).plan().stages().stream()
            .map(Stage::title)
            .filter(title -> !title.startsWith("Bring"))
            .toList());
    assertTrue(refusal(Trees.of("p(b(a))"), "b", exchange).contains("is below b:3306 already"));
  }

  @Test
  void replicasThatAnInterruptedPlanHasMovedAndNotStartedBelongToThem() {
    Trees trees = Trees.of("p(a(b),c)").with("b", Trees.Server::stop);
    PlanResult again =
        PLANNER.plan(
            new World(trees.topology(), Map.of(key("b"), new World.Left(key("p"), Threads.BOTH))),
            new Intent.InTree(key("p"), new Reshaping.Replicas(key("a"), ALL)));
    Plan plan = assertInstanceOf(PlanResult.Planned.class, again).plan();
    assertEquals(Set.of(key("b"), key("c")), plan.changed());
    assertEquals("Start b:3306 again", plan.stages().getFirst().title());
  }

  @Test
  void severalMovesMustNotLeanOnEachOther() {
    Trees trees = Trees.of("p(a(b),c(d),e)");
    Plan plan =
        planned(
            trees,
            new Intent.Moves(
                List.of(
                    new Intent.Relocate(key("b"), key("e")),
                    new Intent.Relocate(key("d"), key("e")))));
    assertEquals(Set.of(key("b"), key("d")), plan.changed());
    assertTrue(
        refusal(
                trees,
                new Intent.Moves(
                    List.of(
                        new Intent.Relocate(key("b"), key("c")),
                        new Intent.Relocate(key("c"), key("e")))))
            .contains("c:3306 is itself to be moved"));
    assertTrue(
        refusal(
                trees,
                new Intent.Moves(
                    List.of(
                        new Intent.Relocate(key("a"), key("d")),
                        new Intent.Relocate(key("c"), key("b")))))
            .contains("into a ring"));
  }

  @Test
  void pointedAnewEverythingReceivedIsAppliedFirst() {
    Plan plan = planned(Trees.of("p(a)"), "a", new Reshaping.Repoint(Optional.empty()));
    assertEquals(
        List.of(
            "stop receiving on a:3306",
            "wait until a:3306 has applied all it received, at most 60 s",
            "stop applying on a:3306",
            "point a:3306 at p:3306",
            "start replication on a:3306",
            "wait until a:3306 replicates from p:3306, at most 20 s"),
        words(plan));
    assertInstanceOf(Intent.CannotBeUndone.class, plan.undoing().inverse());
  }

  @Test
  void itCanBePointedAtAServerThatIsNotThereYet() {
    Trees trees = Trees.of("p(a) q").with("q", s -> s.condition = Condition.UNREACHABLE);
    var wanted = new Reshaping.Repoint(Optional.of(key("q")));
    Plan plan = planned(trees, "a", wanted);
    assertEquals("start replication on a:3306", words(plan).getLast());
    assertTrue(plan.warnings().getFirst().startsWith("q:3306 cannot be seen: a:3306 gets nothing"));
    assertEquals(
        new Intent.InTree(key("a"), new Reshaping.Repoint(Optional.of(key("p")))),
        plan.undoing().inverse());
    assertTrue(
        refusal(trees, "a", new Reshaping.Repoint(Optional.of(key("nobody"))))
            .contains("nobody:3306 is not known"));
    trees.with(
        "a",
        s -> {
          s.sql = ThreadState.STOPPED;
          s.received = "0-1-200";
        });
    assertTrue(refusal(trees, "a", wanted).contains("its applying thread stands still"));
  }

  @Test
  void theBestOfADeadSourcesReplicasIsTheOneThatHasTheMost() {
    Trees trees =
        Trees.of("p(a,b,c)")
            .with("p", s -> s.condition = Condition.UNREACHABLE)
            .with("b", s -> s.position = 300)
            .with("c", s -> s.position = 200);
    assertEquals(key("b"), best(trees));
    // It cannot serve anybody.
    trees.with("b", s -> s.logBin = false);
    assertEquals(key("c"), best(trees));
    trees.with("c", s -> s.version = "11.8.2-MariaDB");
    // The others are older than c, so it could serve nobody either.
    assertEquals(key("a"), best(trees));
    trees.with("a", s -> s.logUpdates = false);
    String none = refusal(trees, "p", new Reshaping.Regroup());
    assertTrue(none.startsWith("no replica of p:3306 can take the others: "), none);
    assertTrue(none.contains("a:3306 does not log replica updates"), none);
  }

  private static InstanceKey best(Trees trees) {
    Plan plan = planned(trees, "p", new Reshaping.Regroup());
    return assertInstanceOf(
            Reshaping.Replicas.class,
            assertInstanceOf(Intent.InTree.class, plan.intent()).reshaping())
        .below();
  }

  /** When a former primary is back, it heads a tree of its own with all who were left below it. */
  @Test
  void allReplicasOfAFormerPrimaryGoBelowTheOneInItsPlace() {
    var world =
        new World(
            Trees.of("p(a,b) r").topology(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Map.of(key("p"), key("r")),
            Set.of(key("p")));
    PlanResult result =
        PLANNER.plan(world, new Intent.InTree(key("p"), new Reshaping.Replicas(key("r"), ALL)));
    Plan plan = assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
    assertEquals(
        List.of("a:3306 replicates from r:3306", "b:3306 replicates from r:3306"), plan.outcome());
  }

  private static List<String> words(Plan plan) {
    return plan.stages().stream().flatMap(s -> s.steps().stream()).map(Step::words).toList();
  }

  private static Plan planned(Trees trees, String server, Reshaping reshaping) {
    return planned(trees, new Intent.InTree(key(server), reshaping));
  }

  private static Plan planned(Trees trees, Intent intent) {
    PlanResult result = PLANNER.plan(new World(trees.topology(), Map.of()), intent);
    return assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
  }

  private static String refused(Trees trees, String of, String below) {
    return refusal(trees, of, new Reshaping.Replicas(key(below), ALL));
  }

  private static String refusal(Trees trees, String server, Reshaping reshaping) {
    return refusal(trees, new Intent.InTree(key(server), reshaping));
  }

  private static String refusal(Trees trees, Intent intent) {
    PlanResult result = PLANNER.plan(new World(trees.topology(), Map.of()), intent);
    return assertInstanceOf(PlanResult.Refused.class, result, result::toString).reason();
  }
}
