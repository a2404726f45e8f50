package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.desktop.layout.Layout;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.RunView;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** What the window does, without a window. */
class WindowModelTest {

  private static final InstanceKey A = Samples.key("a");
  private static final InstanceKey B = Samples.key("b");
  private static final InstanceKey C = Samples.key("c");
  private static final Topology TREE =
      Samples.topology(
          7, Samples.primary("a"), Samples.replica("b", "a"), Samples.replica("c", "a"));

  private final FakeGateway node = new FakeGateway();
  private final WindowModel model =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));

  @BeforeEach
  void live() {
    model.start();
    node.tell(TREE, Samples.NOW);
  }

  @Test
  void oneClusterIsShownAndOthersCanBe() {
    node.tell(
        Samples.topology(
            8,
            Samples.primary("a"),
            Samples.replica("b", "a"),
            Samples.primary("x"),
            Samples.lost(Samples.replica("y", "x"), Condition.UNREACHABLE, "connection refused")),
        Samples.NOW);
    List<ClusterRow> rows = model.clusters().get();
    assertEquals(
        List.of("2 servers, all well", "2 servers, 1 in trouble"),
        rows.stream().map(ClusterRow::words).toList());
    assertEquals(A, model.picture().get().tree().head());
    model.show(rows.get(1).id());
    assertEquals(Samples.key("x"), model.picture().get().tree().head());
    ServerCard y = model.picture().get().cards().get(Samples.key("y"));
    assertEquals(Mood.GONE, y.mood());
    assertEquals("unreachable", y.state());
    assertEquals("connection refused", y.problem());
    assertEquals("2 servers, 1 in trouble", model.size());
    model.go(B);
    assertEquals(A, model.picture().get().tree().head());
    assertEquals(Optional.of(B), model.selected().get());
  }

  @Test
  void newsThatDoNotChangeTheTreeLeaveTheCardsWhereTheyAre() {
    Layout before = model.picture().get().layout();
    node.tell(new Topology(8, TREE.instances()), Samples.NOW);
    assertEquals(8, model.seen().get().topology().revision());
    assertTrue(before == model.picture().get().layout());
  }

  @Test
  void whatTheNodeWarnsOfIsToldWheneverItIsBack() {
    assertEquals("", model.notice().get());
    node.warnings = "The node warns: it is open.";
    node.tell(TREE, Samples.NOW);
    assertEquals("", model.notice().get(), "it was there all the time");
    node.lose("gone");
    node.tell(TREE, Samples.NOW);
    assertEquals("The node warns: it is open.", model.notice().get());
  }

  @Test
  void aLegalDropAsksForItsPlan() {
    model.pickUp(B);
    model.over(Optional.of(C));
    assertTrue(model.hand().get().orElseThrow().verdict().orElseThrow().legal());
    model.drop();
    assertEquals(List.of("plan relocate b:3306 below c:3306"), node.asked);
    assertEquals(PlanModel.Phase.SHOWN, model.plan().state().get().phase());
    assertFalse(model.plan().state().get().plan().orElseThrow().stages().isEmpty());
  }

  @Test
  void anIllegalDropSaysWhyAndAsksNothing() {
    model.pickUp(B);
    model.over(Optional.of(A));
    assertEquals(
        new PickUp.Verdict(false, "b:3306 is below a:3306 already"),
        model.hand().get().orElseThrow().verdict().orElseThrow());
    model.drop();
    assertEquals("Nothing was done: b:3306 is below a:3306 already.", model.notice().get());
    model.pickUp(A);
    model.over(Optional.of(C));
    assertEquals(
        "a:3306 is not a replica: it has no source to change",
        model.hand().get().orElseThrow().verdict().orElseThrow().sentence());
    model.drop();
    assertEquals(List.of(), node.asked);
    assertEquals(Optional.empty(), model.hand().get());
  }

  @Test
  void theVerdictFollowsWhatIsSeen() {
    model.pickUp(B);
    model.over(Optional.of(C));
    node.tell(
        Samples.topology(
            9,
            Samples.primary("a"),
            Samples.replica("b", "a"),
            Samples.lost(Samples.replica("c", "a"), Condition.UNREACHABLE, "connection refused")),
        Samples.NOW);
    assertEquals(
        new PickUp.Verdict(false, "c:3306 is unreachable: connection refused"),
        model.hand().get().orElseThrow().verdict().orElseThrow());
  }

  @Test
  void keysChooseAndMove() {
    model.step(Layout.Direction.RIGHT, false);
    assertEquals(Optional.of(A), model.selected().get());
    model.step(Layout.Direction.RIGHT, false);
    assertEquals(Optional.of(B), model.selected().get());
    model.pickUp(B);
    model.step(Layout.Direction.DOWN, false);
    assertEquals(Optional.of(C), model.hand().get().orElseThrow().over());
    model.step(Layout.Direction.UP, false);
    assertEquals(Optional.empty(), model.hand().get().orElseThrow().over());
    model.drop();
    assertEquals(List.of(), node.asked);
  }

  @Test
  void severalAreChosenAndMovedTogether() {
    node.tell(
        Samples.topology(
            8,
            Samples.primary("a"),
            Samples.replica("b", "a"),
            Samples.replica("c", "a"),
            Samples.replica("d", "a")),
        Samples.NOW);
    InstanceKey d = Samples.key("d");
    model.select(Optional.of(A));
    model.chooseReplicas();
    assertEquals(Optional.of(B), model.selected().get());
    assertEquals(Set.of(C, d), model.also().get());
    // The last one stays, the first one may go.
    model.toggle(B);
    assertEquals(Optional.of(C), model.selected().get());
    assertEquals(Set.of(d), model.also().get());
    model.lead(d);
    assertEquals(Optional.of(d), model.selected().get());
    assertEquals(Set.of(C), model.also().get());
    model.pickUp(d);
    PickUp held = model.hand().get().orElseThrow();
    assertTrue(held.carries(C) && held.carries(d) && !held.carries(B));
    model.over(Optional.of(B));
    PickUp.Verdict verdict = model.hand().get().flatMap(PickUp::verdict).orElseThrow();
    assertTrue(verdict.legal(), verdict::sentence);
    assertTrue(verdict.sentence().startsWith("Move 2 servers below b:3306: "), verdict::sentence);
    // Put down on one of them, the other goes there.
    model.over(Optional.of(C));
    assertTrue(
        model
            .hand()
            .get()
            .flatMap(PickUp::verdict)
            .orElseThrow()
            .sentence()
            .startsWith("Move bel"));
    model.over(Optional.of(B));
    model.drop();
    assertEquals(List.of("plan relocate d:3306, c:3306 below b:3306"), node.asked);
    assertEquals(4, model.plan().state().get().plan().orElseThrow().stages().size());
    model.plan().close();
    model.select(Optional.of(A));
    assertEquals(Set.of(), model.also().get());
    model.step(Layout.Direction.RIGHT, true);
    assertEquals(Set.of(A), model.also().get());
    // Who is gone is not chosen.
    node.tell(TREE, Samples.NOW);
    model.toggle(C);
    node.tell(Samples.topology(10, Samples.primary("a"), Samples.replica("b", "a")), Samples.NOW);
    assertFalse(model.chosen(C));
  }

  @Test
  void aNodeThatIsGoneTakesNothingAwayButLetsNothingBeDone() {
    model.pickUp(B);
    node.lose("no node answers at http://127.0.0.1:3000");
    assertEquals(Optional.empty(), model.hand().get());
    assertEquals(3, model.picture().get().cards().size());
    assertFalse(model.movable(B));
    assertEquals(Optional.of("34 s ago"), model.staleness(Samples.NOW.plusSeconds(34)));
    String said = model.absence(Samples.NOW.plusSeconds(34));
    assertTrue(said.startsWith("No node answers at http://127.0.0.1:3000. No word since "), said);
    assertTrue(said.contains(", 34 s ago."), said);
    node.tell(TREE, Samples.NOW.plusSeconds(40));
    assertTrue(model.movable(B));
    assertEquals(Optional.empty(), model.staleness(Samples.NOW.plusSeconds(41)));
  }

  @Test
  void aPlanIsAppliedFollowedAndUndone() {
    dropBonC();
    node.runs.add(
        FakeGateway.run(1, 8, List.of(new RunView.Step(1, RunView.Phase.DONE, "", "")), null));
    node.runs.add(FakeGateway.run(2, 8, List.of(), RunView.End.DONE));
    model.plan().apply();
    assertTrue(model.plan().state().get().done());
    assertEquals("report DONE", model.plan().state().get().message());
    assertEquals(Optional.of(FakeGateway.RUN), model.plan().undoable().get());
    model.plan().close();
    model.plan().undo();
    assertEquals("plan undo plan p0123456789ab", node.asked.getLast());
    model.plan().apply();
    assertEquals(Optional.empty(), model.plan().undoable().get());
  }

  @Test
  void aFailedRunIsNotOfferedToBeUndone() {
    dropBonC();
    node.runs.add(FakeGateway.run(2, 8, List.of(), RunView.End.FAILED));
    model.plan().apply();
    assertFalse(model.plan().state().get().done());
    assertEquals(Optional.empty(), model.plan().undoable().get());
  }

  @Test
  void serversThatHaveChangedMakeAnotherPlanAndRunNothing() {
    dropBonC();
    node.refusal =
        Optional.of(new GatewayException("changed", GatewayException.Kind.CHANGED, null));
    model.plan().apply();
    assertEquals(PlanModel.Phase.SHOWN, model.plan().state().get().phase());
    assertEquals(
        "The servers have changed meanwhile; this is the plan now.",
        model.plan().state().get().message());
    assertEquals(3, node.asked.size(), node.asked.toString());
  }

  private void dropBonC() {
    model.pickUp(B);
    model.over(Optional.of(C));
    model.drop();
  }
}
