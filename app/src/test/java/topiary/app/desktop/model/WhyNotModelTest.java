package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.desktop.SampleFindings;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.WhyNotView;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** What would stop a recovery of a cluster, without a window. */
class WhyNotModelTest {

  private final FakeGateway node = new FakeGateway();
  private final WindowModel window =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
  private final WhyNotModel model = window.whyNot();
  private final Actions actions = new Actions(window, new FakeView());
  private int second;

  @BeforeEach
  void one() {
    window.start();
    node.tell(Samples.topology(1, Samples.primary("p"), Samples.replica("a", "p")), Samples.NOW);
    node.whyNot = Optional.of(SampleFindings.whyNot(Samples.NOW));
  }

  private WhyNotModel.State state() {
    return model.state().get();
  }

  private void later(int seconds) {
    second += seconds;
    model.tick(Samples.NOW.plusSeconds(second), true);
  }

  private List<String> freeze() {
    return state().freeze(Samples.NOW.atZone(ZoneOffset.UTC)).stream()
        .map(l -> l.name() + " " + l.words())
        .toList();
  }

  @Test
  void itSaysWhatIsAgainstItWhenItIsFrozenAndHowItIsSet() {
    actions.whyNot.run();
    assertEquals("If p:3306 died now", state().title());
    assertEquals("No recovery would begin by itself:", state().verdict());
    assertTrue(
        state().obstacles().getLast().startsWith("The cluster is frozen by ann"),
        state().obstacles()::toString);
    assertEquals(
        List.of(
            "Since 11:50:00, 10 min ago", "Until 14:00:00, in 2 h", "By ann", "Why moving racks"),
        freeze());
    assertEquals(
        List.of("block 30m, set for this cluster", "accept-loss false", "key-prefix nothing"),
        state().rules().stream().map(l -> l.name() + " " + l.words()).limit(3).toList());
  }

  @Test
  void aFreezeThatIsToComeSaysWhenItBegins() {
    node.whyNot =
        Optional.of(
            new WhyNotView(
                Samples.key("p"),
                List.of(),
                Optional.of(
                    new WhyNotView.Freeze(
                        "ann", "", Samples.NOW.plusSeconds(60), Samples.NOW.plusSeconds(120))),
                List.of()));
    actions.whyNot.run();
    assertEquals("Its recovery would begin by itself: nothing is against it.", state().verdict());
    assertEquals(
        List.of("From 12:01:00, in 1 min", "Until 12:02:00, in 2 min", "By ann"), freeze());
  }

  @Test
  void whileSomebodyLooksItIsAskedAgainAndAtOnceWhenSomethingIsSaid() {
    later(0);
    assertEquals(WhyNotModel.State.NONE, state(), "nobody looks");
    actions.whyNot.run();
    later(1);
    node.whyNot =
        Optional.of(new WhyNotView(Samples.key("p"), List.of(), Optional.empty(), List.of()));
    later(1);
    assertEquals(6, state().rules().size(), "not all the time");
    later(1);
    assertEquals(List.of(), state().rules());
    Action freeze = actions.recovering.getFirst();
    freeze.run();
    node.whyNot = Optional.of(SampleFindings.whyNot(Samples.NOW));
    window.saying().answer(Map.of("reason", "moving racks"));
    assertEquals(List.of("begin-freeze"), node.asked.stream().map(a -> a.split(" ")[0]).toList());
    assertEquals(4, freeze().size());
    model.close();
    later(9);
    assertEquals(WhyNotModel.State.NONE, state());
  }

  @Test
  void aNoIsSaidAndWhatWasKnownStays() {
    actions.whyNot.run();
    node.refusal =
        Optional.of(new GatewayException("it is too busy", GatewayException.Kind.REFUSED, null));
    later(3);
    assertEquals("It is too busy.", state().sentence());
    assertEquals(4, freeze().size());
    later(3);
    assertEquals("", state().sentence());
  }

  @Test
  void whereItCannotBeAskedItSaysWhy() {
    node.lose("it is gone");
    assertEquals("The node does not answer.", actions.whyNot.whyNot());
  }
}
