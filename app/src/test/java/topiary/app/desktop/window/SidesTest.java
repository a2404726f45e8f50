package topiary.app.desktop.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.control.TreeCell;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;
import topiary.app.Samples;
import topiary.app.Until;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.model.Outline;
import topiary.app.desktop.model.PlanModel;
import topiary.app.desktop.model.Tasks;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.RunView;
import topiary.engine.intent.Intent;
import topiary.engine.model.Condition;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;
import topiary.engine.said.Attribute;

/** What stands left and right of the tree and over it, with keys, on a node that is not there. */
class SidesTest {

  private static final InstanceKey A = Samples.key("a");
  private static final InstanceKey B = Samples.key("b");
  private static final InstanceKey C = Samples.key("c");
  private static final InstanceKey D = Samples.key("d");
  private static final Topology TREE =
      Samples.topology(
          7,
          Samples.primary("a"),
          Samples.replica("b", "a"),
          Samples.replica("c", "b"),
          Samples.lost(Samples.replica("d", "a"), Condition.UNREACHABLE, "connection refused"));

  private static final FxRobot ROBOT = new FxRobot();
  private static final List<Runnable> WAITING = new ArrayList<>();
  private static final FakeGateway NODE = new FakeGateway();
  private static Shell shell;

  @BeforeAll
  static void up() throws Exception {
    Stage stage = FxToolkit.registerPrimaryStage();
    FxToolkit.setupFixture(
        () -> {
          stage.setX(0);
          stage.setY(0);
          // Wide enough for the details.
          stage.setWidth(1200);
          stage.setHeight(800);
          shell =
              Desktop.open(
                  stage,
                  NODE,
                  new Tasks(WAITING::add, Runnable::run),
                  InstantSource.fixed(Samples.NOW));
        });
  }

  @AfterAll
  static void down() throws Exception {
    FxToolkit.cleanupStages();
  }

  @BeforeEach
  void fresh() {
    tell(TREE);
    fx(
        () -> {
          shell.model().select(Optional.empty());
          return null;
        });
  }

  private static <T> T fx(Callable<T> what) {
    T result = WaitForAsyncUtils.waitForAsyncFx(10_000, what);
    WaitForAsyncUtils.waitForFxEvents();
    return result;
  }

  private static void tell(Topology topology) {
    fx(
        () -> {
          NODE.tell(topology, Samples.NOW);
          WAITING.clear();
          return null;
        });
  }

  /** What waits for the node gets its answer. */
  private static void answer() {
    fx(
        () -> {
          List<Runnable> now = List.copyOf(WAITING);
          WAITING.clear();
          now.forEach(Runnable::run);
          return null;
        });
  }

  private static TreeView<InstanceKey> outline() {
    return ROBOT.lookup("#outline").query();
  }

  private static List<String> spoken() {
    return fx(
        () ->
            ROBOT.from(outline()).lookup(".tree-cell").<TreeCell<InstanceKey>>queryAll().stream()
                .filter(c -> !c.isEmpty())
                .sorted(Comparator.comparingInt(TreeCell::getIndex))
                .map(Node::getAccessibleText)
                .toList());
  }

  private static Optional<InstanceKey> selected() {
    return fx(() -> shell.model().selected().get());
  }

  private static void focus(String id) {
    fx(
        () -> {
          ROBOT.lookup("#" + id).query().requestFocus();
          return null;
        });
  }

  @Test
  void theOutlineSpeaksEveryServerInItsPlace() {
    assertEquals(AccessibleRole.TREE_VIEW, fx(() -> outline().getAccessibleRole()));
    assertEquals(
        List.of(
            "a:3306, primary, MariaDB 11.4.5, writeable, GTID, ok",
            "b:3306, intermediate source, MariaDB 11.4.5, read-only, GTID, ok, no lag",
            "c:3306, replica, MariaDB 11.4.5, read-only, GTID, ok, no lag",
            "d:3306, replica, MariaDB 11.4.5, read-only, GTID, unreachable, connection refused"),
        spoken());
  }

  @Test
  void whatIsChosenIsTheSameInOutlineAndTree() {
    fx(
        () -> {
          shell.model().select(Optional.of(C));
          return null;
        });
    assertEquals(C, fx(() -> outline().getSelectionModel().getSelectedItem().getValue()));
    focus("outline");
    ROBOT.type(KeyCode.UP);
    assertEquals(Optional.of(B), selected());
    ROBOT.type(KeyCode.LEFT);
    assertFalse(fx(() -> outline().getSelectionModel().getSelectedItem().isExpanded()));
    ROBOT.type(KeyCode.DOWN);
    assertEquals(Optional.of(D), selected());
    fx(
        () -> {
          shell.model().select(Optional.of(C));
          return null;
        });
    assertEquals(
        C,
        fx(() -> outline().getSelectionModel().getSelectedItem().getValue()),
        "what is chosen elsewhere is unfolded");
  }

  @Test
  void newsChangeWhatIsNewAndNothingElse() {
    fx(
        () -> {
          shell.model().select(Optional.of(B));
          return null;
        });
    TreeItem<InstanceKey> before = fx(() -> outline().getSelectionModel().getSelectedItem());
    tell(
        Samples.topology(
            8,
            Samples.primary("a"),
            Samples.replica("b", "a"),
            Samples.replica("c", "a"),
            Samples.replica("e", "b")));
    assertSame(before, fx(() -> outline().getSelectionModel().getSelectedItem()));
    assertEquals(
        List.of("a", "b", "e", "c"), spoken().stream().map(s -> s.substring(0, 1)).toList());
    assertEquals(Optional.of(B), selected());
  }

  @Test
  void theOutlineIsNarrowedByItsOwnField() {
    ROBOT.clickOn("#outline-filter").write("c:");
    assertEquals(List.of("a", "b", "c"), spoken().stream().map(s -> s.substring(0, 1)).toList());
    ROBOT.type(KeyCode.ESCAPE);
    assertEquals(4, spoken().size());
  }

  @Test
  void aProblemLeadsToItsServerAndTheDrawerIsNarrowedAndCopied() {
    ListView<?> problems = ROBOT.lookup("#problems").query();
    assertEquals(1, fx(() -> problems.getItems().size()));
    focus("problems");
    ROBOT.type(KeyCode.ENTER);
    assertEquals(Optional.of(D), selected());
    ROBOT.clickOn("#drawer-filter").write("problem");
    List<DetailRow> rows = fx(() -> List.copyOf(ROBOT.lookup(".detail-row").<DetailRow>queryAll()));
    assertEquals(
        List.of("Problem: connection refused"),
        rows.stream().map(Node::getAccessibleText).toList());
    ROBOT.type(KeyCode.TAB);
    ROBOT.type(KeyCode.DOWN);
    assertTrue(fx(() -> rows.getFirst().isFocused()), "Tab and arrow keys lead to the row");
    ROBOT.clickOn("#drawer-filter").type(KeyCode.ESCAPE);
    assertEquals("", fx(() -> ROBOT.lookup("#drawer-filter").<TextField>query().getText()));
    ROBOT.push(KeyCode.CONTROL, KeyCode.I);
    assertFalse(fx(() -> ROBOT.lookup("#drawer").query().isVisible()));
    ROBOT.push(KeyCode.CONTROL, KeyCode.I);
    assertTrue(fx(() -> ROBOT.lookup("#drawer").query().isVisible()));
  }

  @Test
  void aRunIsFoldedWatchedAndCancelled() {
    NODE.runs.clear();
    NODE.runs.add(
        FakeGateway.run(1, 9, List.of(new RunView.Step(1, RunView.Phase.BEGUN, "", "")), null));
    NODE.runs.add(FakeGateway.run(2, 9, List.of(), RunView.End.CANCELLED));
    fx(
        () -> {
          shell.model().plan().propose(new Intent.Relocate(C, A));
          return null;
        });
    answer();
    assertEquals(
        "Now c:3306 replicates from b:3306; afterwards from a:3306.",
        fx(() -> ROBOT.lookup("#before-after").query().getAccessibleText()));
    assertTrue(fx(() -> ROBOT.lookup("#apply").query().isFocused()));
    var offered = new ArrayList<Long>();
    fx(
        () ->
            ROBOT
                .lookup("#cancel")
                .query()
                .disabledProperty()
                .subscribe(
                    (was, disabled) -> {
                      if (!disabled) {
                        offered.add(System.nanoTime());
                      }
                    }));
    long applied = System.nanoTime();
    ROBOT.type(KeyCode.ENTER);
    answer();
    answer();
    ROBOT.type(KeyCode.ESCAPE);
    assertTrue(fx(() -> shell.model().plan().folded().get()));
    assertTrue(fx(() -> shell.tree().isFocused()), "the keys are the tree's while it is folded");
    assertTrue(fx(() -> ROBOT.lookup("#plan-strip").query().isVisible()));
    assertFalse(fx(() -> shell.model().movable(C)), "nothing is moved meanwhile");
    ROBOT.clickOn("#unfold");
    Until.holds(
        "it can be cancelled", () -> fx(() -> !ROBOT.lookup("#cancel").query().isDisabled()));
    assertTrue(
        offered.getFirst() - applied > 500_000_000,
        "a second click on what was Apply is no Cancel: " + (offered.getFirst() - applied));
    ROBOT.clickOn("#cancel");
    assertEquals(PlanModel.Phase.STOPPING, fx(() -> shell.model().plan().state().get().phase()));
    answer();
    assertEquals(PlanModel.Phase.ENDED, fx(() -> shell.model().plan().state().get().phase()));
    assertTrue(fx(() -> ROBOT.lookup("#close").query().isFocused()));
    ROBOT.type(KeyCode.ENTER);
    assertEquals(PlanModel.Phase.NONE, fx(() -> shell.model().plan().state().get().phase()));
    assertTrue(fx(() -> shell.tree().isFocused()));
  }

  @Test
  void theKeysStayInTheSheet() {
    fx(
        () -> {
          shell.model().plan().propose(new Intent.Relocate(C, A));
          return null;
        });
    answer();
    Set<Node> visited = new HashSet<>();
    for (int i = 0; i < 12; i++) {
      ROBOT.type(KeyCode.TAB);
      assertTrue(
          fx(
              () -> {
                Node sheet = ROBOT.lookup("#plan").query();
                Node at = shell.getScene().getFocusOwner();
                visited.add(at);
                while (at != null && at != sheet) {
                  at = at.getParent();
                }
                return at == sheet;
              }));
    }
    assertTrue(visited.contains(fx(() -> ROBOT.lookup("#close").query())), "not now");
    assertTrue(visited.contains(fx(() -> ROBOT.lookup("#apply").query())), "and round again");
    ROBOT.type(KeyCode.ESCAPE);
    assertEquals(PlanModel.Phase.NONE, fx(() -> shell.model().plan().state().get().phase()));
  }

  /** Of ten thousand lines only those are touched that stand elsewhere now. */
  @Test
  void whatHasNotMovedStaysTheSameLine() {
    Tree before = new Topology(20, large()).trees().getFirst();
    var other = large();
    other.put(Samples.key("r09999"), Samples.replica("r09999", "r00001"));
    other.put(Samples.key("r00050"), Samples.replica("r00050", "r00001"));
    other.remove(Samples.key("r05000"));
    Tree after = new Topology(21, other).trees().getFirst();
    Map<InstanceKey, TreeItem<?>> first = new HashMap<>();
    Map<InstanceKey, TreeItem<?>> second = new HashMap<>();
    fx(
        () -> {
          var outline = new ServerOutline(shell.model(), key -> {}, (node, at) -> {});
          outline.show(Outline.of(before, ""));
          collect(((TreeView<?>) outline.lookup("#outline")).getRoot(), first);
          outline.show(Outline.of(after, ""));
          collect(((TreeView<?>) outline.lookup("#outline")).getRoot(), second);
          return null;
        });
    assertEquals(Set.copyOf(before.members()), first.keySet());
    assertEquals(Set.copyOf(after.members()), second.keySet());
    second.forEach((key, item) -> assertTrue(item == first.get(key), key + " is a new line"));
    assertEquals(Samples.key("r00001"), second.get(Samples.key("r09999")).getParent().getValue());
  }

  private static void collect(TreeItem<?> item, Map<InstanceKey, TreeItem<?>> all) {
    all.put((InstanceKey) item.getValue(), item);
    item.getChildren().forEach(child -> collect(child, all));
  }

  private static TreeMap<InstanceKey, Instance> large() {
    var all = new TreeMap<InstanceKey, Instance>();
    all.put(Samples.key("r00000"), Samples.primary("r00000"));
    for (int i = 1; i < 10_000; i++) {
      Instance replica =
          Samples.replica(
              String.format("r%05d", i), String.format("r%05d", i < 100 ? 0 : i % 99 + 1));
      all.put(replica.key(), replica);
    }
    return all;
  }

  @Test
  void whatIsSaidOfTheHostIsChangedAndTakenAwayByKeys() {
    NODE.attributes.add(new Attribute("a", "rack", "r7", Samples.NOW));
    fx(
        () -> {
          shell.model().select(Optional.of(A));
          return null;
        });
    answer();
    Node row =
        fx(
            () ->
                shell.lookupAll(".detail-row").stream()
                    .filter(n -> String.valueOf(n.getAccessibleText()).startsWith("rack: r7."))
                    .findFirst()
                    .orElseThrow());
    fx(
        () -> {
          row.requestFocus();
          return null;
        });
    ROBOT.type(KeyCode.ENTER);
    WaitForAsyncUtils.waitForFxEvents();
    assertEquals("r7", fx(() -> ((TextField) shell.lookup("#saying-value")).getText()));
    ROBOT.type(KeyCode.ESCAPE);
    fx(
        () -> {
          row.requestFocus();
          return null;
        });
    ROBOT.type(KeyCode.DELETE);
    WaitForAsyncUtils.waitForFxEvents();
    answer();
    answer();
    assertEquals(List.of(), NODE.attributes);
    assertEquals(
        0L,
        fx(
            () ->
                shell.lookupAll(".detail-row").stream()
                    .filter(n -> String.valueOf(n.getAccessibleText()).startsWith("rack"))
                    .count()));
  }
}
