package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Map;
import javafx.geometry.Point2D;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.testfx.util.WaitForAsyncUtils;
import topiary.app.desktop.model.PlanModel;
import topiary.app.desktop.window.Shell;
import topiary.app.gateway.Seen;

/** The window itself, with mouse and keys, on a real node with real servers. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DesktopIT {

  private static final Map<String, String> TREE =
      Map.of("p", "", "r1", "p", "r2", "p", "r3", "r2", "r4", "r2");

  private static Rig rig;
  private static WindowRig window;
  private static Shell shell;
  private static int port;

  @BeforeAll
  static void up() throws Exception {
    rig = Rig.of("window", "p(r1,r2(r3,r4))");
    rig.startNode();
    port = URI.create(rig.node().address()).getPort();
    rig.http().post("discover", Map.of("instance", rig.address("p")));
    rig.awaitTree(TREE);
    window = new WindowRig(rig);
    shell = window.shell();
  }

  @AfterAll
  static void down() throws Exception {
    if (window != null) {
      window.close();
    }
    if (rig != null) {
      rig.close();
    }
  }

  @Test
  @Order(1)
  void theTreeAppears() {
    Until.holds(
        "five cards", () -> WindowRig.fx(() -> shell.model().picture().get().cards().size() == 5));
    window.awaitShown("r3", "r2");
    assertTrue(WindowRig.ROBOT.lookup("#status").query().isVisible());
  }

  @Test
  @Order(2)
  void aCardIsDraggedToAnotherSourceAndTakenBack() throws Exception {
    window.drag("r3", "r1");
    assertEquals("r2 Yes Yes", rig.follows("r3"), "showing a plan does nothing");
    window.apply();
    assertEquals("r1 Yes Yes", rig.follows("r3"));
    window.awaitShown("r3", "r1");

    window.undo();
    assertEquals("r2 Yes Yes", rig.follows("r3"));
    WindowRig.ROBOT.clickOn("#close");
    window.awaitShown("r3", "r2");
  }

  @Test
  @Order(3)
  void anIllegalTargetSaysWhyAndNothingHappens() throws Exception {
    WindowRig.ROBOT.moveTo(window.card("r2")).press(MouseButton.PRIMARY).moveTo(window.card("r4"));
    WaitForAsyncUtils.waitForFxEvents();
    var verdict =
        WindowRig.fx(() -> shell.model().hand().get().orElseThrow().verdict().orElseThrow());
    assertFalse(verdict.legal());
    assertTrue(verdict.sentence().contains("would cut the tree into a ring"), verdict.sentence());
    WindowRig.ROBOT.release(MouseButton.PRIMARY);
    WaitForAsyncUtils.waitForFxEvents();
    assertEquals(PlanModel.Phase.NONE, window.plan().phase());
    assertEquals(
        "Nothing was done: " + verdict.sentence() + ".",
        WindowRig.fx(() -> shell.model().notice().get()));
    assertEquals("p Yes Yes", rig.follows("r2"));
  }

  private static String focused() {
    return WindowRig.fx(
        () ->
            shell.tree().getScene().getWindow().isFocused()
                + " "
                + shell.tree().getScene().getFocusOwner());
  }

  @Test
  @Order(4)
  void keysAloneMoveAReplica() throws Exception {
    WindowRig.fx(
        () -> {
          shell.tree().requestFocus();
          shell.model().select(java.util.Optional.of(window.key("p")));
          return null;
        });
    window.still();
    Until.holds("the keys are the tree's", () -> WindowRig.fx(() -> shell.tree().isFocused()));
    // p, its first replica r1, its neighbour r2, the first below it: r3.
    WindowRig.ROBOT.type(KeyCode.RIGHT, KeyCode.DOWN, KeyCode.RIGHT);
    WaitForAsyncUtils.waitForFxEvents();
    assertEquals(
        java.util.Optional.of(window.key("r3")),
        WindowRig.fx(() -> shell.model().selected().get()),
        () -> "p is " + window.key("p") + ", the focus is with " + focused());
    WindowRig.ROBOT.push(KeyCode.CONTROL, KeyCode.M);
    WindowRig.ROBOT.type(KeyCode.LEFT, KeyCode.UP);
    assertEquals(
        java.util.Optional.of(window.key("r1")),
        WindowRig.fx(() -> shell.model().hand().get().orElseThrow().over()));
    WindowRig.ROBOT.type(KeyCode.ENTER);
    window.awaitPlan(PlanModel.Phase.SHOWN);
    WindowRig.ROBOT.type(KeyCode.ENTER);
    window.awaitPlan(PlanModel.Phase.ENDED);
    assertTrue(window.plan().done(), window.plan().message());
    assertEquals("r1 Yes Yes", rig.follows("r3"));
    WindowRig.ROBOT.type(KeyCode.ESCAPE);
    window.awaitShown("r3", "r1");
    assertTrue(WindowRig.fx(() -> shell.tree().isFocused()), "the keys are the tree's again");
    WindowRig.ROBOT.push(KeyCode.CONTROL, KeyCode.Z);
    window.awaitPlan(PlanModel.Phase.SHOWN);
    WindowRig.ROBOT.type(KeyCode.ENTER);
    window.awaitPlan(PlanModel.Phase.ENDED);
    assertEquals("r2 Yes Yes", rig.follows("r3"));
    WindowRig.ROBOT.type(KeyCode.ESCAPE);
  }

  @Test
  @Order(5)
  void aBranchIsFoldedAndUnfolded() {
    window.still();
    WindowRig.ROBOT.clickOn(
        WindowRig.fx(
            () -> shell.tree().localToScreen(shell.tree().handle(window.key("r2")).orElseThrow())));
    WaitForAsyncUtils.waitForFxEvents();
    assertEquals(
        2,
        WindowRig.fx(() -> shell.model().picture().get().folds().get(window.key("r2")).servers()));
    assertFalse(WindowRig.fx(() -> shell.tree().middle(window.key("r3")).isPresent()));
    window.still();
    WindowRig.ROBOT.clickOn(
        WindowRig.fx(
            () -> shell.tree().localToScreen(shell.tree().handle(window.key("r2")).orElseThrow())));
    WaitForAsyncUtils.waitForFxEvents();
    assertTrue(WindowRig.fx(() -> shell.tree().middle(window.key("r3")).isPresent()));
    // Whoever is searched comes out of the fold.
    WindowRig.fx(
        () -> {
          shell.model().fold(window.key("r2"));
          shell.tree().fly(window.key("r4"));
          return null;
        });
    window.still();
    assertEquals(
        java.util.Optional.of(window.key("r4")),
        WindowRig.fx(() -> shell.model().selected().get()));
    Point2D at = WindowRig.fx(() -> shell.tree().middle(window.key("r4")).orElseThrow());
    assertEquals(WindowRig.fx(() -> shell.tree().getWidth()) / 2, at.getX(), 2);
    WindowRig.ROBOT.push(KeyCode.F);
  }

  @Test
  @Order(6)
  void aNodeThatIsGoneIsSaidAndComesBackByItself() throws Exception {
    rig.stopNode();
    Until.holds(
        "the banner",
        () -> WindowRig.fx(() -> WindowRig.ROBOT.lookup("#banner").query().isVisible()));
    assertEquals(5, WindowRig.fx(() -> shell.model().picture().get().cards().size()), "it is kept");
    rig.startNode(port);
    Until.holds(
        "the window is live again",
        () -> WindowRig.fx(() -> shell.model().seen().get().link() == Seen.Link.LIVE));
    Until.holds(
        "the banner is gone",
        () -> WindowRig.fx(() -> !WindowRig.ROBOT.lookup("#banner").query().isVisible()));
  }
}
