package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.desktop.model.ServersModel.Question;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.GatewayException;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** Adding and forgetting servers, without a window. */
class ServersModelTest {

  private final FakeGateway node = new FakeGateway();
  private final WindowModel window =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
  private final ServersModel model = window.servers();

  @BeforeEach
  void live() {
    window.start();
    node.tell(Samples.topology(1, Samples.primary("a")), Samples.NOW);
  }

  @Test
  void aServerIsAddedAndShownAsSoonAsItIsSeen() {
    model.askToAdd();
    model.add(" b ");
    assertEquals(List.of("discover b:3306"), node.asked);
    assertEquals(Question.NONE, model.state().get().question());
    assertEquals("Looking after b:3306 and every server it leads to.", window.notice().get());
    assertEquals(Optional.empty(), window.selected().get());
    node.tell(Samples.topology(2, Samples.primary("a"), Samples.primary("b")), Samples.NOW);
    assertEquals(Optional.of(Samples.key("b")), window.selected().get());
    assertEquals(Samples.key("b"), window.picture().get().tree().head());
    window.select(Optional.empty());
    node.tell(Samples.topology(3, Samples.primary("a"), Samples.primary("b")), Samples.NOW);
    assertEquals(Optional.empty(), window.selected().get(), "it is shown once");
  }

  @Test
  void whatIsNoAddressIsSaidAndNobodyIsAsked() {
    model.askToAdd();
    model.add("");
    assertEquals("Enter the address of a server.", model.state().get().sentence());
    model.add("b:x");
    assertEquals(
        "Not a server address (host:port expected): \"b:x\".", model.state().get().sentence());
    assertEquals(List.of(), node.asked);
  }

  @Test
  void theNodesNoIsShownAndTheQuestionStays() {
    node.refusal =
        Optional.of(
            new GatewayException(
                "b:3306 refuses connections", GatewayException.Kind.REFUSED, null));
    model.askToAdd();
    model.add("b");
    assertEquals(Question.ADD, model.state().get().question());
    assertFalse(model.state().get().busy());
    assertEquals("b:3306 refuses connections.", model.state().get().sentence());
  }

  @Test
  void aServerIsForgottenOnlyWhenThatIsConfirmed() {
    model.askToForget(Samples.key("a"));
    assertEquals(Optional.of(Samples.key("a")), model.state().get().server());
    model.close();
    model.forget();
    assertEquals(List.of(), node.asked);
    model.askToForget(Samples.key("a"));
    model.forget();
    assertEquals(List.of("forget a:3306"), node.asked);
    assertEquals("a:3306 is forgotten.", window.notice().get());
    assertTrue(model.state().get().sentence().isEmpty());
  }
}
