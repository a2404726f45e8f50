package topiary.engine.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Intent;
import topiary.engine.planner.Planner;
import topiary.engine.planner.World;
import topiary.engine.policy.PlanPolicy;

class PlanTest {

  private static final Intent WANTED = new Intent.SetReadOnly(key("a"), true);
  private static final Step STEP = new Step.SetReadOnly(key("a"), true);
  private static final Step OTHER_STEP = new Step.SetReadOnly(key("b"), true);
  private static final Basis GUARD = new Basis(key("a"), Field.READ_ONLY, "off");
  private static final Undoing UNDOING = new Undoing(WANTED, List.of());

  @Test
  void aFingerprintIsEqualForEqualPlansAndChangesWithEachPart() {
    Plan plan = plan(WANTED, "t", List.of(GUARD), List.of(STEP), List.of(), List.of(GUARD));
    assertEquals(
        plan.fingerprint(),
        plan(WANTED, "t", List.of(GUARD), List.of(STEP), List.of(), List.of(GUARD)).fingerprint());
    assertTrue(plan.fingerprint().matches("[0-9a-f]{32}"), plan.fingerprint());
    var intent = new Intent.SetReadOnly(key("a"), false);
    var basis = new Basis(key("a"), Field.READ_ONLY, "on");
    var all = new HashSet<String>(Set.of(plan.fingerprint()));
    for (Plan other :
        List.of(
            plan(intent, "t", List.of(GUARD), List.of(STEP), List.of(), List.of(GUARD)),
            plan(WANTED, "u", List.of(GUARD), List.of(STEP), List.of(), List.of(GUARD)),
            plan(WANTED, "t", List.of(), List.of(STEP), List.of(), List.of(GUARD)),
            plan(WANTED, "t", List.of(GUARD), List.of(OTHER_STEP), List.of(), List.of(GUARD)),
            plan(WANTED, "t", List.of(GUARD), List.of(STEP, STEP), List.of(), List.of(GUARD)),
            plan(WANTED, "t", List.of(GUARD), List.of(STEP), List.of(STEP), List.of(GUARD)),
            plan(WANTED, "t", List.of(GUARD), List.of(STEP), List.of(), List.of()),
            plan(WANTED, "t", List.of(GUARD), List.of(STEP), List.of(), List.of(basis)))) {
      assertTrue(all.add(other.fingerprint()), other::toString);
    }
  }

  @Test
  void stagesSideBySideMustNotMeetOnAServerThatOneOfThemChanges() {
    Stage a = stage("a", STEP);
    Stage b = stage("b", OTHER_STEP);
    Stage.Start atOnce = new Stage.Start(List.of(), false);
    Plan plan = staged(a, b.startedAt(atOnce));
    assertEquals(List.of(), plan.before(1));
    assertEquals("Stage 2, at once: b", plan.title(1));
    assertEquals(List.of(0), staged(a, b).before(1));
    assertEquals("b", staged(a, b).title(1));
    assertEquals(
        "Stage 3, in any case, after stage 1, stage 2: a",
        staged(a, b.startedAt(atOnce), a.startedAt(new Stage.Start(List.of(0, 1), true))).title(2));
    assertMeets(a, stage("again", STEP).startedAt(atOnce));
    // It waits for what the other changes.
    var waits = new Step.AwaitSendable(key("a"), new Slot<>("b"), Duration.ofSeconds(1));
    assertMeets(a, stage("waits", waits).startedAt(atOnce));
    // Both wait only.
    staged(stage("one", waits), stage("other", waits).startedAt(atOnce));
    // Put back, it would change what the other changes.
    assertMeets(a, new Stage("c", List.of(), List.of(OTHER_STEP), List.of(STEP)).startedAt(atOnce));
    for (int before : List.of(-1, 1, 2)) {
      assertThrows(
          IllegalArgumentException.class,
          () -> staged(a, b.startedAt(new Stage.Start(List.of(before), false))));
    }
  }

  private static void assertMeets(Stage... stages) {
    var e = assertThrows(IllegalArgumentException.class, () -> staged(stages));
    assertTrue(e.getMessage().endsWith(" cannot be done side by side"), e::getMessage);
  }

  private static Stage stage(String title, Step step) {
    return new Stage(title, List.of(), List.of(step), List.of());
  }

  private static Plan staged(Stage... stages) {
    return new Plan(WANTED, List.of(stages), List.of(), List.of(), List.of(), UNDOING);
  }

  @Test
  void aFingerprintDoesNotDependOnPositions() {
    assertEquals(
        moved(Trees.of("p(a,b)")).fingerprint(),
        moved(Trees.of("p(a,b)").with("a", s -> s.position = 9).with("b", s -> s.position = 8))
            .fingerprint());
    assertNotEquals(
        moved(Trees.of("p(a,b)")).fingerprint(),
        moved(Trees.of("p(a,b)").with("b", s -> s.version = "11.4.3-MariaDB")).fingerprint());
  }

  private static Plan moved(Trees trees) {
    var result =
        new Planner(PlanPolicy.DEFAULT)
            .plan(new World(trees.topology(), Map.of()), new Intent.Relocate(key("b"), key("a")));
    return ((PlanResult.Planned) result).plan();
  }

  @Test
  void itsTargetsAreAllWhomAStepOrALastlyStepIsDoneOn() {
    Plan plan = plan(WANTED, "t", List.of(), List.of(OTHER_STEP), List.of(STEP), List.of());
    assertEquals(List.of(key("a"), key("b")), List.copyOf(plan.targets()));
  }

  @Test
  void aStageWithoutStepsIsNone() {
    assertThrows(
        IllegalArgumentException.class, () -> new Stage("t", List.of(), List.of(), List.of()));
  }

  private static Plan plan(
      Intent intent,
      String title,
      List<Basis> guards,
      List<Step> steps,
      List<Step> lastly,
      List<Basis> basis) {
    return new Plan(
        intent,
        List.of(new Stage(title, guards, steps, lastly)),
        basis,
        List.of(),
        List.of(),
        UNDOING);
  }
}
