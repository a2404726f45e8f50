package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.gateway.FakeGateway;
import topiary.engine.model.Instance;
import topiary.engine.model.Topology;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** What the palette finds, and what it does. */
class PaletteModelTest {

  private final FakeGateway node = new FakeGateway();
  private final WindowModel model =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
  private final FakeView view = new FakeView();
  private final PaletteModel palette = new PaletteModel(model, new Actions(model, view), view::fly);

  @BeforeEach
  void live() {
    model.start();
    node.tell(
        Samples.topology(
            1,
            Samples.primary("eu-primary"),
            Samples.replica("eu-west-1", "eu-primary"),
            Samples.replica("eu-west-2", "eu-primary"),
            Samples.primary("us-primary"),
            Samples.replica("us-west-1", "us-primary")),
        Samples.NOW);
    palette.open();
  }

  private List<String> found(String typed) {
    palette.text().set(typed);
    return palette.items().get().stream().map(PaletteModel.Item::text).toList();
  }

  @Test
  void emptyItOffersWhatCanBeDoneThenClustersThenTheRest() {
    List<String> all = found("");
    assertEquals("Add a server…", all.getFirst());
    assertTrue(all.indexOf("All keys") < all.indexOf("Cluster of eu-primary:3306"));
    assertTrue(
        all.indexOf("Cluster of us-primary:3306") < all.indexOf("Stop replication…"),
        all.toString());
    assertEquals(
        "No server is selected.",
        palette.items().get().get(all.indexOf("Stop replication…")).whyNot());
  }

  @Test
  void aFewLettersFindServersClustersAndDeeds() {
    assertEquals("us-west-1:3306", found("uswest1").getFirst());
    assertEquals("eu-west-2:3306", found("w2").getFirst());
    assertEquals("eu-west-1:3306", found("west eu").getFirst());
    assertEquals("Zoom out", found("zo out").getFirst());
    assertEquals("Undo the last plan…", found("lead the tree").getFirst(), "by its help");
    assertEquals(
        List.of("us-primary:3306", "Cluster of us-primary:3306"), found("us prim").subList(0, 2));
    assertEquals(
        List.of("eu-west-1:3306", "eu-west-2:3306", "us-west-1:3306"), found("replica ok mariadb"));
    assertEquals(List.of(), found("qqq"));
  }

  @Test
  void whatCanBeDoneStandsBeforeWhatCannot() {
    model.go(Samples.key("eu-west-1"));
    List<String> found = found("replication");
    assertTrue(found.indexOf("Stop replication…") < found.indexOf("Start replication…"));
  }

  @Test
  void aServerIsSelectedAndFlownTo() {
    found("us-west");
    palette.run();
    assertFalse(palette.isOpen().get());
    assertEquals(List.of("fly us-west-1:3306"), view.done);
    assertEquals(Optional.of(Samples.key("us-west-1")), model.selected().get());
    assertEquals(Samples.key("us-primary"), model.picture().get().tree().head());
  }

  @Test
  void aClusterIsShownAndADeedIsDone() {
    found("cluster us");
    palette.run();
    assertEquals(Samples.key("us-primary"), model.picture().get().tree().head());
    palette.open();
    found("fit");
    palette.run();
    assertEquals(List.of("fit"), view.done);
  }

  @Test
  void whatCannotBeDoneStaysAndIsNotDone() {
    assertEquals("Stop replication…", found("stop repl").getFirst());
    palette.run();
    assertTrue(palette.isOpen().get());
    assertEquals(List.of(), node.asked);
  }

  @Test
  void arrowsGoRound() {
    int last = found("west").size() - 1;
    assertTrue(last > 1);
    palette.step(-1);
    assertEquals(last, palette.chosen().get());
    palette.step(1);
    palette.step(1);
    assertEquals(1, palette.chosen().get());
    palette.text().set("west-2");
    assertEquals(0, palette.chosen().get());
  }

  @Test
  void tenThousandServersAreFewLines() {
    node.tell(many(10_000), Samples.NOW);
    assertEquals(PaletteModel.SHOWN, found("host 99").size());
    assertEquals("host-9999:3306", found("host 9999").getFirst());
  }

  /** Servers without order. */
  static Topology many(int servers) {
    var all = new Instance[servers];
    all[0] = Samples.primary("head");
    for (int i = 1; i < servers; i++) {
      all[i] = Samples.replica("host-" + i, i < 100 ? "head" : "host-" + i % 99);
    }
    return Samples.topology(2, all);
  }
}
