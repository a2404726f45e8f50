package topiary.app.desktop.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;
import topiary.app.Samples;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.model.Tasks;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.SampleNodes;
import topiary.engine.intent.Intent;

/**
 * The nodes in the top bar and in their sheet, with mouse and keys, on nodes that are not there.
 */
class NodesSheetTest {

  private static final FxRobot ROBOT = new FxRobot();
  private static final FakeGateway NODE = new FakeGateway();
  private static final AtomicReference<Instant> NOW = new AtomicReference<>(Samples.NOW);
  private static Shell shell;

  @BeforeAll
  static void up() throws Exception {
    Stage stage = FxToolkit.registerPrimaryStage();
    FxToolkit.setupFixture(
        () -> {
          stage.setX(0);
          stage.setY(0);
          stage.setWidth(1200);
          stage.setHeight(800);
          shell = Desktop.open(stage, NODE, Tasks.sameThread(), NOW::get);
        });
  }

  @AfterAll
  static void down() throws Exception {
    FxToolkit.cleanupStages();
  }

  @BeforeEach
  void fresh() {
    NODE.asked.clear();
    fx(
        () -> {
          NODE.tell(
              Samples.topology(7, Samples.primary("a"), Samples.replica("b", "a")), Samples.NOW);
          return null;
        });
    see(SampleNodes.of(3).silent(3, Duration.ofSeconds(42)));
  }

  @AfterEach
  void put() {
    fx(
        () -> {
          shell.model().nodes().open().set(false);
          shell.model().plan().close();
          return null;
        });
  }

  private static <T> T fx(Callable<T> what) {
    T result = WaitForAsyncUtils.waitForAsyncFx(10_000, what);
    WaitForAsyncUtils.waitForFxEvents();
    return result;
  }

  private static void see(SampleNodes nodes) {
    fx(
        () -> {
          NOW.updateAndGet(now -> now.plusSeconds(3));
          NODE.nodes = Optional.of(nodes.seen(NOW.get()));
          shell.model().nodes().tick(NOW.get(), true);
          return null;
        });
  }

  private static <T extends Node> T find(String id) {
    return ROBOT.lookup("#" + id).query();
  }

  private static String text(String id) {
    return fx(() -> NodesSheetTest.<Label>find(id).getText());
  }

  private static boolean focused(String id) {
    return fx(() -> find(id).isFocused());
  }

  @Test
  void theMarkSaysWhoLeadsAndLeadsToTheNodes() {
    assertEquals(
        "Nodes: On n1, n2 leads · 2 of 3 nodes. n3 is silent. When one more node is lost, nothing"
            + " can be changed any more.",
        fx(() -> find("nodes-mark").getAccessibleText()));
    assertFalse(fx(() -> find("nodes").isVisible()));
    ROBOT.clickOn("#nodes-mark");
    assertTrue(fx(() -> find("nodes").isVisible()));
    ListView<?> list = find("nodes-list");
    assertEquals(3, fx(() -> list.getItems().size()));
    assertTrue(fx(list::isFocused));
    assertEquals(
        "topiary node --config FILE --join http://10.0.0.2:3000",
        fx(() -> NodesSheetTest.<TextField>find("nodes-command").getText()));
    ROBOT.type(KeyCode.ESCAPE);
    assertFalse(fx(() -> find("nodes").isVisible()));
    assertTrue(fx(() -> shell.tree().isFocused()), "the keys are the tree's again");
  }

  @Test
  void leadershipIsHandedOverByTheButtonOfANode() {
    ROBOT.push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.N);
    assertTrue(fx(() -> find("nodes").isVisible()));
    assertTrue(fx(() -> find("lead-n3").isDisabled()), "it is silent");
    assertFalse(fx(() -> find("lead-n2").getParent().isVisible()), "it leads already");
    ROBOT.clickOn("#lead-n1");
    assertEquals(List.of("lead " + SampleNodes.id(1)), NODE.asked);
    assertEquals("n1 was handed the leadership.", text("nodes-message"));
    ROBOT.clickOn("#nodes-another");
    assertEquals("step down", NODE.asked.getLast());
  }

  @Test
  void aNodeIsRemovedByKeysAfterItIsSaidWhatRemains() {
    ROBOT.push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.N);
    ROBOT.type(KeyCode.DOWN, KeyCode.DOWN);
    ROBOT.type(KeyCode.DELETE);
    assertTrue(focused("nodes-keep"), "what does nothing is the first");
    assertTrue(
        fx(
            () ->
                ROBOT
                    .from(NodesSheetTest.<Node>find("nodes"))
                    .lookup(".nodes-asking .sheet-text")
                    .<Label>query()
                    .getText()
                    .startsWith("3 → 2 nodes: the cluster then survives the loss of 0.")));
    ROBOT.type(KeyCode.ESCAPE);
    assertEquals(List.of(), NODE.asked);
    assertTrue(fx(() -> find("nodes").isVisible()));
    assertTrue(focused("nodes-list"));
    ROBOT.type(KeyCode.DELETE);
    ROBOT.type(KeyCode.TAB);
    assertTrue(focused("nodes-remove"));
    ROBOT.type(KeyCode.ENTER);
    assertEquals(List.of("remove " + SampleNodes.id(3)), NODE.asked);
    assertEquals("n3 is removed.", text("nodes-message"));
  }

  @Test
  void whatIsChosenAnywhereIsMarked() {
    fx(
        () -> {
          var nodes = shell.model().nodes();
          nodes.askToRemove(nodes.state().get().nodes().orElseThrow().rows().get(2));
          return null;
        });
    assertTrue(fx(() -> find("nodes").isVisible()), "the question is where the nodes are");
    ListView<?> list = find("nodes-list");
    assertEquals(2, fx(() -> list.getSelectionModel().getSelectedIndex()));
    assertTrue(focused("nodes-keep"));
  }

  @Test
  void theFocusStaysWhereItIsWhenTheNodesAreSeenAgain() {
    ROBOT.push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.N);
    fx(
        () -> {
          find("remove-n3").requestFocus();
          return null;
        });
    see(SampleNodes.of(3).silent(3, Duration.ofSeconds(50)));
    assertTrue(focused("remove-n3"));
    see(SampleNodes.of(3));
    assertFalse(fx(() -> find("nodes-warning").isVisible()));
  }

  @Test
  void withoutAMajorityTheWindowSaysSoAndAPlanCanOnlyBeRead() {
    fx(
        () -> {
          shell.model().plan().propose(new Intent.Relocate(Samples.key("b"), Samples.key("a")));
          shell.model().plan().close();
          shell.model().plan().propose(new Intent.SetReadOnly(Samples.key("b"), false));
          return null;
        });
    assertFalse(fx(() -> find("apply").isDisabled()));
    see(SampleNodes.of(3).leaderless().answering(1));
    String no =
        "No majority of nodes: watching only; nothing can be changed until 2 of 3 are back.";
    assertTrue(fx(() -> find("apply").isDisabled()));
    assertEquals(no, text("plan-message"));
    assertEquals(
        no,
        fx(
            () ->
                ROBOT
                    .from(NodesSheetTest.<Node>find("banner"))
                    .lookup(".label")
                    .<Label>query()
                    .getText()));
    assertTrue(fx(() -> find("banner").isVisible()));
    fx(
        () -> {
          shell.model().plan().close();
          return null;
        });
    ROBOT.push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.N);
    for (String id : List.of("lead-n1", "remove-n1", "remove-n3", "nodes-another")) {
      assertTrue(fx(() -> NodesSheetTest.<Button>find(id).isDisabled()), id);
    }
    see(SampleNodes.of(3));
    assertFalse(fx(() -> find("banner").isVisible()));
    assertFalse(fx(() -> find("remove-n1").isDisabled()));
  }

  @Test
  void aNodeOnItsOwnIsToldHowToBecomeSeveral() {
    see(SampleNodes.of(1));
    ROBOT.push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.N);
    assertTrue(
        fx(
            () ->
                ROBOT
                    .from(NodesSheetTest.<Node>find("nodes"))
                    .lookup(".sheet-text")
                    .<Label>queryAll()
                    .stream()
                    .anyMatch(l -> l.getText().startsWith("n1 is alone: "))));
    assertFalse(fx(() -> ROBOT.lookup("#nodes-another").query().getParent().isVisible()));
  }
}
