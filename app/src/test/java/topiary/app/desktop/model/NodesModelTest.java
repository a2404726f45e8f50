package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.SampleNodes;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** The cluster of nodes, looked at and changed, without a window. */
class NodesModelTest {

  private final FakeGateway node = new FakeGateway();
  private final WindowModel window =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
  private final NodesModel model = window.nodes();
  private final FakeView view = new FakeView();
  private final Actions actions = new Actions(window, view);
  private int second;

  @BeforeEach
  void live() {
    window.start();
    node.tell(Samples.topology(1, Samples.primary("a"), Samples.replica("b", "a")), Samples.NOW);
  }

  private void see(SampleNodes nodes) {
    second += 3;
    node.nodes = Optional.of(nodes.seen(Samples.NOW.plusSeconds(second)));
    model.tick(Samples.NOW.plusSeconds(second), true);
  }

  private Nodes nodes() {
    return model.state().get().nodes().orElseThrow();
  }

  private Nodes.Row row(int number) {
    return nodes().row(SampleNodes.id(number)).orElseThrow();
  }

  @Test
  void nothingIsShownUntilSomethingIsKnownAndNeverOfThisComputer() {
    assertEquals(Optional.empty(), model.state().get().nodes());
    assertEquals("How the nodes are is not known yet.", actions.nodes.whyNot());
    model.tick(Samples.NOW, false);
    assertEquals(Optional.empty(), model.state().get().nodes(), "a node that is gone is not asked");
    model.tick(Samples.NOW, true);
    assertEquals(Nodes.LONE, nodes(), "a node that knows of no others");
    assertEquals("There is no other node.", actions.stepDown.whyNot());
    var own = new FakeGateway();
    own.here = true;
    own.nodes = Optional.of(SampleNodes.of(3).seen());
    var here = new WindowModel(own, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
    here.nodes().tick(Samples.NOW, true);
    assertEquals(Optional.empty(), here.nodes().state().get().nodes());
    assertEquals(
        "This computer's own node is always alone.", new Actions(here, view).nodes.whyNot());
  }

  @Test
  void agesGrowBetweenTwoLooksAndTheNodesAreNotAskedAllTheTime() {
    see(SampleNodes.of(3).silent(3, Duration.ofSeconds(40)));
    assertEquals("last heard 40 s ago", row(3).facts().getFirst());
    node.nodes = Optional.empty();
    model.tick(Samples.NOW.plusSeconds(second + 1), true);
    assertEquals("last heard 41 s ago", row(3).facts().getFirst());
    model.tick(Samples.NOW.plusSeconds(second + 3), true);
    assertEquals(Nodes.LONE, nodes(), "asked again");
  }

  @Test
  void withoutAMajorityEveryActionThatChangesSomethingRefuses() {
    see(SampleNodes.of(3));
    window.select(Optional.of(Samples.key("b")));
    assertTrue(actions.stop.possible());
    assertTrue(window.movable(Samples.key("b")));
    see(SampleNodes.of(3).leaderless().answering(1));
    String no = nodes().sentence();
    assertTrue(no.startsWith("No majority of nodes: "), no);
    for (Action action :
        List.of(
            actions.add,
            actions.move,
            actions.start,
            actions.stop,
            actions.readOnly,
            actions.writeable,
            actions.forget,
            actions.undo,
            actions.lead,
            actions.removeNode,
            actions.stepDown)) {
      assertEquals(no, action.whyNot(), action.id());
    }
    assertFalse(window.movable(Samples.key("b")));
    assertTrue(actions.nodes.possible(), "looking goes on");
    assertTrue(actions.copy.possible());
    see(SampleNodes.of(3));
    assertTrue(actions.stop.possible());
  }

  @Test
  void anElectionThatLastsIsSaid() {
    see(SampleNodes.of(3).leaderless().answering(1, 3));
    see(SampleNodes.of(3).leaderless().answering(1, 3));
    assertEquals("", model.halted());
    for (int i = 0; i < 3; i++) {
      see(SampleNodes.of(3).leaderless().answering(1, 3));
    }
    assertTrue(model.halted().startsWith("No node has led for 12 s"), model.halted());
    see(SampleNodes.of(3));
    see(SampleNodes.of(3).leaderless().answering(1, 3));
    assertEquals("", model.halted(), "it begins anew");
  }

  @Test
  void leadershipIsHandedToTheChosenNode() {
    see(SampleNodes.of(3).silent(3, Duration.ofSeconds(40)));
    assertEquals("No node is chosen.", actions.lead.whyNot());
    model.step(1);
    assertEquals("n1", model.state().get().row().orElseThrow().name());
    actions.lead.run();
    assertEquals(List.of("lead " + SampleNodes.id(1)), node.asked);
    assertEquals("n1 was handed the leadership.", model.state().get().sentence());
    assertEquals("n1 was handed the leadership.", window.notice().get());
    model.step(5);
    assertEquals("n3 is silent.", actions.lead.whyNot());
    actions.stepDown.run();
    assertEquals("step down", node.asked.getLast());
  }

  @Test
  void aNodeIsRemovedOnlyWhenThatIsConfirmed() {
    see(SampleNodes.of(3));
    model.choose(SampleNodes.id(3));
    actions.removeNode.run();
    assertTrue(model.open().get(), "the question is where the nodes are");
    assertEquals("n3", model.state().get().leaving().orElseThrow().name());
    model.putAway();
    assertEquals(Optional.empty(), model.state().get().leaving());
    assertTrue(model.open().get());
    model.remove();
    assertEquals(List.of(), node.asked);
    actions.removeNode.run();
    model.choose(SampleNodes.id(1));
    assertEquals(Optional.empty(), model.state().get().leaving(), "it was about another one");
    model.askToRemove(row(3));
    model.remove();
    assertEquals(List.of("remove " + SampleNodes.id(3)), node.asked);
    assertEquals("n3 is removed.", model.state().get().sentence());
    model.putAway();
    assertFalse(model.open().get());
  }

  @Test
  void aNoIsShownWhereItIsSeen() {
    see(SampleNodes.of(3));
    node.refusal =
        Optional.of(
            new GatewayException("n3 is not caught up", GatewayException.Kind.REFUSED, null));
    model.lead(row(3));
    assertEquals("n3 is not caught up.", model.state().get().sentence());
    assertTrue(model.state().get().refused());
    assertEquals("n3 is not caught up.", window.notice().get());
    see(SampleNodes.of(3).silent(3, Duration.ofSeconds(40)));
    model.open().set(true);
    model.askToRemove(row(1));
    assertEquals(Optional.empty(), model.state().get().leaving());
    assertTrue(model.state().get().sentence().startsWith("Without n1 only 1 of 2 nodes"));
    assertEquals(List.of("lead " + SampleNodes.id(3)), node.asked);
  }

  @Test
  void oneThingAtATime() {
    var held = new ArrayList<Runnable>();
    var slow =
        new WindowModel(node, new Tasks(held::add, Runnable::run), new Planner(PlanPolicy.DEFAULT));
    node.nodes = Optional.of(SampleNodes.of(3).seen());
    slow.nodes().tick(Samples.NOW, true);
    held.removeFirst().run();
    Nodes all = slow.nodes().state().get().nodes().orElseThrow();
    slow.nodes().lead(all.rows().get(0));
    slow.nodes().lead(all.rows().get(2));
    assertEquals("Leadership is handed to n1 …", slow.nodes().state().get().busy());
    List.copyOf(held).forEach(Runnable::run);
    assertEquals(List.of("lead " + SampleNodes.id(1)), node.asked);
  }

  @Test
  void thePaletteHasEveryNode() {
    see(SampleNodes.of(3));
    var palette = new PaletteModel(window, actions, key -> {});
    palette.open();
    palette.text().set("leadership n3");
    PaletteModel.Item first = palette.items().get().getFirst();
    assertEquals("Hand leadership to n3", first.text());
    palette.run();
    assertEquals(List.of("lead " + SampleNodes.id(3)), node.asked);
    palette.open();
    palette.text().set("leadership n2");
    assertEquals("n2 leads already.", palette.items().get().getFirst().whyNot());
    palette.text().set("remove node n1");
    palette.run();
    assertEquals("n1", model.state().get().leaving().orElseThrow().name());
  }

  @Test
  void theCommandThatAddsANodeIsCopied() {
    see(SampleNodes.of(3));
    actions.join.run();
    assertEquals(List.of("copy topiary node --config FILE --join http://10.0.0.2:3000"), view.done);
  }
}
