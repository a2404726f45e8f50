package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.GatewayException;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.said.Attribute;

/** What is said of hosts, seen, changed and taken away. */
class AttributesModelTest {

  private final FakeGateway node = new FakeGateway();
  private final WindowModel window =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));

  private void select(String server) {
    window.start();
    node.tell(Samples.topology(9, Samples.primary("b"), Samples.replica("a", "b")), Samples.NOW);
    say("a", "rack", "r7");
    say("a", "row", "2");
    say("b", "rack", "r9");
    window.select(Optional.of(Samples.key(server)));
  }

  private void say(String host, String name, String value) {
    node.attributes.removeIf(a -> a.host().equals(host) && a.name().equals(name));
    node.attributes.add(new Attribute(host, name, value, Samples.NOW));
  }

  private List<String> shown() {
    return window.details(Samples.NOW).stream()
        .filter(g -> g.title().equals("Said of its host"))
        .flatMap(g -> g.rows().stream())
        .peek(row -> assertEquals(Details.Kind.ATTRIBUTE, row.kind()))
        .map(row -> row.name() + "=" + row.value())
        .toList();
  }

  @Test
  void theHostOfTheSelectedServerHasThem() {
    select("a");
    assertEquals(List.of("rack=r7", "row=2"), shown());
    window.select(Optional.of(Samples.key("b")));
    assertEquals(List.of("rack=r9"), shown());
    window.select(Optional.empty());
    assertEquals(List.of(), shown());
    assertEquals("", window.attributes().state().get().host());
  }

  @Test
  void oneIsChangedByTheFormAndSeenAtOnce() {
    select("a");
    window.attributes().change("rack");
    Form form = window.saying().form().getValue().orElseThrow();
    assertEquals("Change rack of the host a", form.title());
    assertEquals(List.of("r7"), form.fields().stream().map(Form.Field::value).toList());
    say("a", "rack", "r8");
    window.saying().answer(Map.of("value", "r8"));
    assertEquals(List.of("set-host-attribute {host=a, name=rack, value=r8}"), node.asked);
    assertEquals(List.of("row=2", "rack=r8"), shown());
    window.attributes().change("floor");
    assertEquals(Optional.empty(), window.saying().form().getValue());
  }

  @Test
  void oneIsTakenAwayAndHowItWasIsTold() {
    select("a");
    window.attributes().remove("rack");
    assertEquals(List.of("remove attribute rack of a"), node.asked);
    assertEquals(List.of("row=2"), shown());
    assertEquals("a: rack is said no more; it was r7.", window.notice().get());
    node.refusal =
        Optional.of(new GatewayException("no node leads", GatewayException.Kind.REFUSED, null));
    window.attributes().remove("row");
    assertEquals("No node leads.", window.notice().get());
    assertEquals(List.of("row=2"), shown());
  }

  @Test
  void whatOthersSayIsSeenAfterAWhileAndNothingOfThePast() {
    select("a");
    window.attributes().tick(Samples.NOW, true);
    say("a", "floor", "3");
    window.attributes().tick(Samples.NOW.plusSeconds(14), true);
    assertEquals(2, shown().size());
    window.attributes().tick(Samples.NOW.plusSeconds(15), false);
    assertEquals(2, shown().size(), "the node is not there to be asked");
    window.attributes().tick(Samples.NOW.plusSeconds(15), true);
    assertEquals(3, shown().size());
    node.past = Optional.of(Samples.topology(0, Samples.primary("b"), Samples.replica("a", "b")));
    window.past().show(Samples.NOW.minusSeconds(60), Samples.NOW);
    assertEquals(List.of(), shown());
    window.past().close();
    assertEquals(3, shown().size());
  }
}
