package topiary.app.desktop.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.desktop.graph.TreeGraph;
import topiary.app.desktop.layout.Box;
import topiary.app.desktop.model.Mood;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.model.WindowModel;
import topiary.app.gateway.FakeGateway;
import topiary.engine.model.Condition;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** What the graph says of a change, and what becomes of the cards by it. */
class FiguresTest {

  private static final InstanceKey A = Samples.key("a");
  private static final InstanceKey B = Samples.key("b");
  private static final InstanceKey C = Samples.key("c");
  private static final InstanceKey D = Samples.key("d");

  private final FakeGateway node = new FakeGateway();
  private final WindowModel model =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
  private final TreeGraph graph = new TreeGraph();
  private final Figures figures = new Figures();

  @BeforeEach
  void aTree() {
    graph.listen(figures);
    model.start();
    tell("a", "a", "b");
    figures.begin();
    figures.advance(1);
  }

  /** A head, b and c below the first two, d below the third. */
  private void tell(String belowB, String belowC, String belowD) {
    tell(
        Samples.primary("a"),
        Samples.replica("b", belowB),
        Samples.replica("c", belowC),
        Samples.replica("d", belowD));
  }

  private void tell(Instance... servers) {
    node.tell(Samples.topology(1, servers), Samples.NOW);
    graph.show(model.picture().get());
  }

  private Box place(InstanceKey key) {
    return model.picture().get().layout().boxes().get(key);
  }

  @Test
  void aTreeThatIsShownFirstStandsAtOnce() {
    assertEquals(4, figures.shown().size());
    assertEquals(place(D), figures.of(D).box());
    assertEquals(1, figures.of(D).opacity());
    assertEquals(figures.of(B), figures.of(D).source);
    assertEquals(2, figures.of(A).replicas);
  }

  @Test
  void theSameNewsAgainAreNoChange() {
    tell("a", "a", "b");
    assertEquals(Figures.Change.NONE, figures.begin());
  }

  @Test
  void whatLooksDifferentStaysWhereItIs() {
    tell(
        Samples.primary("a"),
        Samples.replica("b", "a"),
        Samples.lost(Samples.replica("c", "a"), Condition.UNREACHABLE, "connection refused"),
        Samples.replica("d", "b"));
    assertEquals(Figures.Change.LOOK, figures.begin());
    assertEquals(Mood.GONE, figures.of(C).card.mood());
    assertEquals(place(C), figures.of(C).box());
  }

  @Test
  void whatHasANewSourceGlidesThere() {
    Box before = figures.of(D).box();
    tell("a", "a", "c");
    assertEquals(Figures.Change.PLACE, figures.begin());
    assertEquals(figures.of(C), figures.of(D).source);
    assertEquals(0, figures.of(B).replicas);
    figures.advance(0);
    assertEquals(before, figures.of(D).box());
    figures.advance(0.5);
    assertTrue(figures.of(D).box().y() > before.y(), "on its way");
    figures.advance(1);
    assertEquals(place(D), figures.of(D).box());
    assertEquals(model.picture().get().layout().routes().get(D), figures.of(D).route());
  }

  @Test
  void aMoveThatIsInterruptedGoesOnFromWhereItWas() {
    tell("a", "a", "c");
    figures.begin();
    figures.advance(0.5);
    Box halfway = figures.of(D).box();
    tell("a", "a", "b");
    figures.begin();
    figures.advance(0);
    assertEquals(halfway, figures.of(D).box());
    figures.advance(1);
    assertEquals(place(D), figures.of(D).box());
  }

  @Test
  void whatIsFoldedGoesIntoItsSourceAndComesOutOfIt() {
    model.fold(B);
    graph.show(model.picture().get());
    figures.begin();
    assertNull(figures.of(D));
    assertEquals(1, figures.of(B).fold.servers());
    Figure leaving = figures.leaving().getFirst();
    figures.advance(0.99);
    assertTrue(leaving.opacity() < 0.1);
    assertEquals(place(B).x(), leaving.box().x(), 10);
    figures.advance(1);
    assertEquals(0, figures.leaving().size());

    model.fold(B);
    graph.show(model.picture().get());
    figures.begin();
    figures.advance(0);
    assertNull(figures.of(B).fold);
    assertEquals(place(B).x(), figures.of(D).box().x());
    assertEquals(0, figures.of(D).opacity());
    figures.advance(1);
    assertEquals(place(D), figures.of(D).box());
    assertEquals(1, figures.of(D).opacity());
  }

  @Test
  void anotherClusterBeginsAnew() {
    node.tell(Samples.topology(2, Samples.primary("x"), Samples.replica("y", "x")), Samples.NOW);
    graph.show(model.picture().get());
    assertTrue(figures.another());
    figures.begin();
    assertEquals(2, figures.shown().size());
    assertEquals(0, figures.leaving().size());
    assertEquals(1, figures.of(Samples.key("y")).opacity());
  }

  @Test
  void edgesShareTheirStems() {
    // From a to its spine, the spine, and the same of b.
    assertEquals(4, figures.stems().ofCards().size());
    assertEquals(0, figures.stems().ofChips().size());
  }
}
