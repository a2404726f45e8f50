package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.gateway.FakeGateway;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.InTree;
import topiary.engine.catalogue.Operation;
import topiary.engine.model.Condition;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** What can be done, and how it is reached. */
class ActionsTest {

  private final FakeGateway node = new FakeGateway();
  private final WindowModel model =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
  private final FakeView view = new FakeView();
  private final Actions actions = new Actions(model, view);

  @BeforeEach
  void live() {
    model.start();
    node.tell(
        Samples.topology(
            1,
            Samples.primary("a"),
            Samples.replica("b", "a"),
            Samples.lost(Samples.replica("c", "a"), Condition.UNREACHABLE, "connection refused")),
        Samples.NOW);
  }

  @Test
  void everyChangeTheCatalogueKnowsHasOneAction() {
    List<Operation> changes =
        Catalogue.all().stream()
            .filter(o -> o.kind() == Operation.Kind.INTENT)
            // What moves one moves all that are chosen.
            .filter(o -> !o.equals(InTree.RELOCATE_SEVERAL))
            .toList();
    assertTrue(changes.size() > 6, changes::toString);
    for (Operation change : changes) {
      List<Action> bound =
          actions.all().stream()
              .filter(a -> a.operation().filter(change::equals).isPresent())
              .toList();
      assertEquals(1, bound.size(), change.name());
      assertEquals(change.summary(), bound.getFirst().help());
    }
  }

  @Test
  void noTwoShareAnIdOrAKey() {
    List<String> ids = actions.all().stream().map(Action::id).toList();
    assertEquals(ids.size(), new HashSet<>(ids).size(), ids.toString());
    List<String> keys = actions.all().stream().flatMap(a -> a.keys().stream()).toList();
    assertEquals(keys.size(), new HashSet<>(keys).size(), keys.toString());
  }

  @Test
  void everyOneIsInAMenuAndInThePalette() {
    List<Action> inMenus =
        Arrays.stream(Group.values()).flatMap(g -> actions.in(g).stream()).toList();
    assertEquals(actions.all().size(), inMenus.size());
    for (Appearance appearance : Appearance.values()) {
      assertEquals(Group.APPEARANCE, actions.choosing(appearance).group());
    }
    var palette = new PaletteModel(model, actions, key -> {});
    palette.open();
    List<String> offered = palette.items().get().stream().map(PaletteModel.Item::text).toList();
    for (Action action : actions.all()) {
      assertTrue(action == actions.palette || offered.contains(action.text()), action.id());
    }
  }

  @Test
  void whatCannotBeDoneSaysWhy() {
    assertEquals("No server is selected.", actions.start.whyNot());
    assertEquals("Nothing was searched for yet.", actions.next.whyNot());
    assertEquals("There is no plan that can be undone.", actions.undo.whyNot());
    model.go(Samples.key("b"));
    assertEquals("b:3306 replicates already.", actions.start.whyNot());
    assertEquals("b:3306 is read-only already.", actions.readOnly.whyNot());
    assertTrue(actions.stop.possible());
    assertTrue(actions.writeable.enabled().get());
    model.go(Samples.key("a"));
    assertEquals("a:3306 is not a replica.", actions.stop.whyNot());
    assertEquals("a:3306 is writeable already.", actions.writeable.whyNot());
    model.go(Samples.key("c"));
    assertEquals("c:3306 is unreachable.", actions.start.whyNot());
    node.lose("no node answers");
    assertEquals("The node does not answer.", actions.move.whyNot());
    assertFalse(actions.move.enabled().get());
    actions.stop.run();
    assertEquals(List.of(), node.asked, "what cannot be done is not done");
  }

  @Test
  void whatIsDoneAsksForItsPlan() {
    model.select(Optional.of(Samples.key("b")));
    actions.stop.run();
    actions.writeable.run();
    assertEquals(
        List.of("plan stop replication on b:3306", "plan make b:3306 writeable"), node.asked);
    actions.zoomIn.run();
    actions.keys.run();
    assertEquals(List.of("zoom in", "keys"), view.done);
  }

  @Test
  void lightAndDarkFollowWhatWasChosen() {
    model.looks().system().set(true);
    assertTrue(model.dark().get(), "as the system");
    actions.choosing(Appearance.LIGHT).run();
    assertFalse(model.dark().get());
    model.looks().system().set(false);
    actions.dark.run();
    assertEquals(Appearance.DARK, model.looks().chosen().get());
    actions.choosing(Appearance.SYSTEM).run();
    assertFalse(model.dark().get());
  }

  @Test
  void theManualHasEveryKey() throws IOException {
    String table =
        Keys.all(actions).stream()
            .flatMap(s -> s.lines().stream())
            .map(l -> "| " + l.text() + " | " + String.join(", ", l.keys()) + " |\n")
            .collect(Collectors.joining());
    String manual = Files.readString(Path.of("../docs/desktop.md"));
    assertTrue(manual.contains(table), "docs/desktop.md does not have this table:\n" + table);
  }
}
