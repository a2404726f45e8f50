package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.gateway.FakeGateway;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** A moment that is past, in the place of now. */
class PastModelTest {

  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
  private static final Topology NOW =
      Samples.topology(9, Samples.primary("b"), Samples.replica("a", "b"));
  private static final Topology THEN =
      Samples.topology(0, Samples.primary("a"), Samples.replica("b", "a"));

  private final FakeGateway node = new FakeGateway();
  private final WindowModel window =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
  private final PastModel past = window.past();
  private final Actions actions = new Actions(window, new FakeView());

  @BeforeEach
  void live() {
    window.start();
    node.past = Optional.of(THEN);
    node.tell(NOW, Samples.NOW);
    past.open();
  }

  private InstanceKey head() {
    return window.picture().get().tree().head();
  }

  private void show(String typed) {
    past.show(typed, Samples.NOW, ZONE);
  }

  @Test
  void aMomentIsShownInThePlaceOfNowAndNothingIsOfferedThere() {
    assertEquals(Samples.key("b"), head());
    assertTrue(window.movable(Samples.key("a")));
    show("12:34");
    assertEquals(List.of("at 2026-11-22T11:34:00Z"), node.asked);
    assertEquals(Samples.key("a"), head());
    assertFalse(window.movable(Samples.key("b")));
    window.select(Optional.of(Samples.key("b")));
    for (Action action :
        List.of(actions.move, actions.stop, actions.forget, actions.add, actions.undo)) {
      assertEquals("What is shown is past; go back to now to change anything.", action.whyNot());
    }
    past.close();
    assertEquals(Samples.key("b"), head());
    assertTrue(actions.move.possible() || window.selected().get().isPresent());
  }

  @Test
  void whatHappensMeanwhileIsNotShownAndNotMissed() {
    show("12:34:56");
    window.news().tick(Samples.NOW);
    window.news().clear();
    node.tell(
        Samples.topology(
            10, Samples.primary("b"), Samples.replica("a", "b"), Samples.replica("c", "b")),
        Samples.NOW);
    assertEquals(Samples.key("a"), head(), "it is still then");
    window.news().tick(Samples.NOW);
    assertEquals(
        List.of("c:3306 was found."),
        window.news().latest().get().stream().map(Notice::sentence).toList());
    past.close();
    assertEquals(3, window.picture().get().cards().size());
    window.news().tick(Samples.NOW);
    assertEquals(1, window.news().latest().get().size(), "the way back is no news");
  }

  @Test
  void timesAreUnderstoodAsPeopleWriteThem() {
    show("2026-11-21 23:59");
    show("2026-11-21T23:59:01Z");
    past.step(Duration.ofMinutes(-10), Samples.NOW);
    assertEquals(
        List.of("at 2026-11-21T22:59:00Z", "at 2026-11-21T23:59:01Z", "at 2026-11-21T23:49:01Z"),
        node.asked);
    show("soon");
    assertEquals(
        "Enter a time, as 12:34, 12:34:56 or 2026-11-27 12:34.", past.state().get().sentence());
    show("13:01");
    assertEquals("That is still to come.", past.state().get().sentence());
    assertEquals(Samples.key("a"), head(), "what was shown stays");
  }

  @Test
  void theNodesNoIsToldAndNowStays() {
    node.past = Optional.empty();
    show("12:00");
    assertEquals("This node keeps no history.", past.state().get().sentence());
    assertEquals(Samples.key("b"), head());
  }

  @Test
  void whoeverDragsThroughADayAsksForWhereTheyAre() {
    var waiting = new ArrayList<Runnable>();
    var dragged =
        new WindowModel(
            node, new Tasks(waiting::add, Runnable::run), new Planner(PlanPolicy.DEFAULT));
    dragged.start();
    waiting.clear();
    for (int minute = 50; minute > 0; minute--) {
      dragged.past().scrub(Samples.NOW.minusSeconds(60L * minute), Samples.NOW);
    }
    assertEquals(1, waiting.size());
    waiting.removeFirst().run();
    assertEquals(1, waiting.size());
    waiting.removeFirst().run();
    assertEquals(List.of(), waiting);
    assertEquals(List.of("at 2026-11-22T11:10:00Z", "at 2026-11-22T11:59:00Z"), node.asked);
    assertEquals(
        Samples.NOW.minusSeconds(60), dragged.past().state().get().then().orElseThrow().at());
    dragged.past().scrub(Samples.NOW.minusSeconds(7), Samples.NOW);
    dragged.past().scrub(Samples.NOW.minusSeconds(6), Samples.NOW);
    dragged.past().close();
    waiting.removeFirst().run();
    assertEquals(List.of(), waiting, "now is shown, and nothing is asked any more");
  }
}
