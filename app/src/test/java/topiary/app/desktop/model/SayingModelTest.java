package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.GatewayException;
import topiary.engine.catalogue.Argument;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.said.Downtime;
import topiary.engine.said.Maintenance;
import topiary.engine.said.OfServer;
import topiary.engine.said.Promotion;
import topiary.engine.said.Rule;

/** What is said of servers: shown, asked for, and said. */
class SayingModelTest {

  private static final InstanceKey B = Samples.key("b");
  private static final Topology TREE =
      Samples.topology(1, Samples.primary("a"), Samples.replica("b", "a"));
  private static final OfServer SAID =
      new OfServer(
          "main",
          Optional.of(new Promotion(Rule.PREFER_NOT, Samples.NOW, Samples.NOW.plusSeconds(60))),
          Optional.of(new Downtime("ann", "disk", Samples.NOW, Samples.NOW.plusSeconds(60))),
          Optional.of(new Maintenance(1, "ben", "", Samples.NOW, Samples.NOW.plusSeconds(60))),
          new TreeMap<>(Map.of("role", "backup", "old", "")),
          new TreeSet<>(List.of("readers")));

  private final FakeGateway node = new FakeGateway();
  private final WindowModel window =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
  private final Actions actions = new Actions(window, new FakeView());
  private final SayingModel model = window.saying();

  @BeforeEach
  void live() {
    window.start();
    node.tell(TREE, Samples.NOW);
    window.select(Optional.of(B));
  }

  @Test
  void whatIsSaidIsOnTheCardAndAmongTheDetailsAsSoonAsItIsSaid() {
    assertEquals(List.of(), window.picture().get().cards().get(B).marks());
    // The servers are the same as before, to the last bit.
    node.tell(TREE, Map.of(B, SAID), Samples.NOW);
    assertEquals(
        List.of("maintenance", "downtime", "prefer not", "old", "role=backup"),
        window.picture().get().cards().get(B).marks());
    Details.Group group =
        window.details(Samples.NOW).stream()
            .filter(g -> g.title().equals("Said of it"))
            .findFirst()
            .orElseThrow();
    var rows = new TreeMap<String, String>();
    group.rows().forEach(row -> rows.put(row.name(), row.value()));
    assertEquals("ann: disk", rows.get("Downtime"));
    assertTrue(rows.get("Downtime ends").endsWith(", in 1 min"), rows.get("Downtime ends"));
    assertEquals("ben", rows.get("Maintenance"));
    assertEquals("prefer not", rows.get("Promotion"));
    assertEquals("old, role=backup", rows.get("Tags"));
    assertEquals("readers", rows.get("Pools"));
    assertEquals("main", rows.get("Cluster is called"));
    node.tell(TREE, Samples.NOW);
    assertEquals(List.of(), window.picture().get().cards().get(B).marks());
  }

  @Test
  void whatTheCatalogueNeedsIsAskedForAndSaid() {
    action("begin-downtime").run();
    SayingModel.Question question = model.state().get().question().orElseThrow();
    assertEquals(
        List.of("reason", "owner", "duration"),
        question.arguments().stream().map(Argument::name).toList());
    model.answer(Map.of("reason", " ", "owner", "", "duration", ""));
    assertEquals("begin-downtime needs \"reason\": why.", model.state().get().sentence());
    assertEquals(List.of(), node.asked);
    model.answer(Map.of("reason", "disk", "owner", "", "duration", "1h"));
    assertEquals(List.of("begin-downtime {duration=1h, instance=b:3306, reason=disk}"), node.asked);
    assertEquals(Optional.empty(), model.state().get().question());
    assertEquals("b:3306: begin-downtime is done.", window.notice().get());
  }

  @Test
  void theNodesNoIsShownAndTheQuestionStays() {
    action("tag").run();
    node.refusal =
        Optional.of(
            new GatewayException("node n2 supports no more", GatewayException.Kind.REFUSED, null));
    model.answer(Map.of("tag", "role=backup"));
    assertEquals("Node n2 supports no more.", model.state().get().sentence());
    assertTrue(model.state().get().question().isPresent());
    model.close();
    assertEquals(Optional.empty(), model.state().get().question());
  }

  @Test
  void whatIsSoAlreadyCannotBeSaidAndWhatIsNotCannotBeTakenBack() {
    assertEquals("b:3306 is not in downtime.", action("end-downtime").whyNot());
    assertEquals("b:3306 is not in maintenance.", action("end-maintenance").whyNot());
    assertEquals("b:3306 has no tags.", action("untag").whyNot());
    node.tell(TREE, Map.of(B, SAID), Samples.NOW);
    assertEquals("b:3306 is in maintenance by ben already.", action("begin-maintenance").whyNot());
    action("end-downtime").run();
    assertEquals(List.of("end-downtime {instance=b:3306}"), node.asked);
    assertEquals("b:3306: end-downtime is done.", window.notice().get());
  }

  private Action action(String id) {
    return actions.all().stream().filter(a -> a.id().equals(id)).findFirst().orElseThrow();
  }
}
