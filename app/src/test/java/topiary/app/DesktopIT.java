package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javafx.application.Platform;
import javafx.geometry.Point2D;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.model.PlanModel;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.window.Shell;
import topiary.app.gateway.HttpGateway;
import topiary.app.gateway.Seen;
import topiary.engine.model.InstanceKey;

/** The window itself, with mouse and keys, on a real node with real servers. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DesktopIT {

  private static final Map<String, String> TREE =
      Map.of("p", "", "r1", "p", "r2", "p", "r3", "r2", "r4", "r2");

  private static final FxRobot ROBOT = new FxRobot();
  private static Rig rig;
  private static ExecutorService background;
  private static HttpGateway gateway;
  private static Stage stage;
  private static Shell shell;
  private static int port;

  @BeforeAll
  static void up() throws Exception {
    rig = Rig.of("window", "p(r1,r2(r3,r4))");
    rig.startNode();
    port = URI.create(rig.node().address()).getPort();
    rig.http().post("discover", Map.of("instance", rig.address("p")));
    rig.awaitTree(TREE);
    background = Executors.newVirtualThreadPerTaskExecutor();
    gateway =
        new HttpGateway(
            URI.create(rig.node().address()),
            background,
            InstantSource.system(),
            Duration.ofSeconds(20));
    stage = FxToolkit.registerPrimaryStage();
    FxToolkit.setupFixture(
        () -> {
          stage.setX(0);
          stage.setY(0);
          stage.setWidth(1000);
          stage.setHeight(800);
          shell =
              Desktop.open(
                  stage,
                  gateway,
                  new Tasks(background, Platform::runLater),
                  InstantSource.system());
        });
  }

  @AfterAll
  static void down() throws Exception {
    if (gateway != null) {
      FxToolkit.cleanupStages();
      gateway.close();
      background.close();
    }
    if (rig != null) {
      rig.close();
    }
  }

  /** Asks the window's thread. */
  private static <T> T fx(Callable<T> what) {
    return WaitForAsyncUtils.waitForAsyncFx(10_000, what);
  }

  private static InstanceKey key(String member) {
    return InstanceKey.parse(rig.address(member));
  }

  /** Where a card is, once it is where it belongs. */
  private static Point2D card(String member) {
    still();
    return fx(() -> shell.tree().localToScreen(shell.tree().middle(key(member)).orElseThrow()));
  }

  private static void still() {
    WaitForAsyncUtils.waitForFxEvents();
    Until.holds("nothing moves", () -> fx(() -> !shell.tree().moving()));
  }

  private static PlanModel.State plan() {
    return fx(() -> shell.model().plan().state().get());
  }

  private static void awaitPlan(PlanModel.Phase phase) {
    Until.holds(
        "the plan is " + phase,
        () -> {
          if (plan().phase() != phase) {
            throw new IllegalStateException(plan().toString());
          }
          return true;
        });
    WaitForAsyncUtils.waitForFxEvents();
  }

  private static void awaitShown(String member, String source) {
    Until.holds(
        member + " is painted below " + source,
        () ->
            fx(
                () ->
                    key(source)
                        .equals(
                            shell.model().picture().get().layout().sources().get(key(member)))));
  }

  @Test
  @Order(1)
  void theTreeAppears() {
    Until.holds("five cards", () -> fx(() -> shell.model().picture().get().cards().size() == 5));
    awaitShown("r3", "r2");
    assertTrue(ROBOT.lookup("#status").query().isVisible());
  }

  @Test
  @Order(2)
  void aCardIsDraggedToAnotherSourceAndTakenBack() throws Exception {
    ROBOT.moveTo(card("r3")).press(MouseButton.PRIMARY).moveTo(card("r1"));
    WaitForAsyncUtils.waitForFxEvents();
    var verdict = fx(() -> shell.model().hand().get().orElseThrow().verdict().orElseThrow());
    assertTrue(verdict.legal(), verdict.sentence());
    ROBOT.release(MouseButton.PRIMARY);
    awaitPlan(PlanModel.Phase.SHOWN);
    assertEquals("r2 Yes Yes", rig.follows("r3"), "showing a plan does nothing");
    ROBOT.clickOn("#apply");
    awaitPlan(PlanModel.Phase.ENDED);
    assertTrue(plan().done(), plan().message());
    assertEquals("r1 Yes Yes", rig.follows("r3"));
    awaitShown("r3", "r1");

    ROBOT.clickOn("#undo");
    awaitPlan(PlanModel.Phase.SHOWN);
    ROBOT.clickOn("#apply");
    awaitPlan(PlanModel.Phase.ENDED);
    assertTrue(plan().done(), plan().message());
    assertEquals("r2 Yes Yes", rig.follows("r3"));
    ROBOT.clickOn("#close");
    awaitShown("r3", "r2");
  }

  @Test
  @Order(3)
  void anIllegalTargetSaysWhyAndNothingHappens() throws Exception {
    ROBOT.moveTo(card("r2")).press(MouseButton.PRIMARY).moveTo(card("r4"));
    WaitForAsyncUtils.waitForFxEvents();
    var verdict = fx(() -> shell.model().hand().get().orElseThrow().verdict().orElseThrow());
    assertFalse(verdict.legal());
    assertTrue(verdict.sentence().contains("would cut the tree into a ring"), verdict.sentence());
    ROBOT.release(MouseButton.PRIMARY);
    WaitForAsyncUtils.waitForFxEvents();
    assertEquals(PlanModel.Phase.NONE, plan().phase());
    assertEquals(
        "Nothing was done: " + verdict.sentence() + ".", fx(() -> shell.model().notice().get()));
    assertEquals("p Yes Yes", rig.follows("r2"));
  }

  @Test
  @Order(4)
  void keysAloneMoveAReplica() throws Exception {
    fx(
        () -> {
          shell.tree().requestFocus();
          shell.model().select(java.util.Optional.of(key("p")));
          return null;
        });
    // p, its first replica r1, its neighbour r2, the first below it: r3.
    ROBOT.type(KeyCode.RIGHT, KeyCode.DOWN, KeyCode.RIGHT);
    assertEquals(java.util.Optional.of(key("r3")), fx(() -> shell.model().selected().get()));
    ROBOT.push(KeyCode.CONTROL, KeyCode.M);
    ROBOT.type(KeyCode.LEFT, KeyCode.UP);
    assertEquals(
        java.util.Optional.of(key("r1")),
        fx(() -> shell.model().hand().get().orElseThrow().over()));
    ROBOT.type(KeyCode.ENTER);
    awaitPlan(PlanModel.Phase.SHOWN);
    ROBOT.type(KeyCode.ENTER);
    awaitPlan(PlanModel.Phase.ENDED);
    assertTrue(plan().done(), plan().message());
    assertEquals("r1 Yes Yes", rig.follows("r3"));
    ROBOT.type(KeyCode.ESCAPE);
    awaitShown("r3", "r1");
    assertTrue(fx(() -> shell.tree().isFocused()), "the keys are the tree's again");
    ROBOT.push(KeyCode.CONTROL, KeyCode.Z);
    awaitPlan(PlanModel.Phase.SHOWN);
    ROBOT.type(KeyCode.ENTER);
    awaitPlan(PlanModel.Phase.ENDED);
    assertEquals("r2 Yes Yes", rig.follows("r3"));
    ROBOT.type(KeyCode.ESCAPE);
  }

  @Test
  @Order(5)
  void aBranchIsFoldedAndUnfolded() {
    still();
    ROBOT.clickOn(
        fx(() -> shell.tree().localToScreen(shell.tree().handle(key("r2")).orElseThrow())));
    WaitForAsyncUtils.waitForFxEvents();
    assertEquals(2, fx(() -> shell.model().picture().get().folds().get(key("r2")).servers()));
    assertFalse(fx(() -> shell.tree().middle(key("r3")).isPresent()));
    still();
    ROBOT.clickOn(
        fx(() -> shell.tree().localToScreen(shell.tree().handle(key("r2")).orElseThrow())));
    WaitForAsyncUtils.waitForFxEvents();
    assertTrue(fx(() -> shell.tree().middle(key("r3")).isPresent()));
    // Whoever is searched comes out of the fold.
    fx(
        () -> {
          shell.model().fold(key("r2"));
          shell.tree().fly(key("r4"));
          return null;
        });
    still();
    assertEquals(java.util.Optional.of(key("r4")), fx(() -> shell.model().selected().get()));
    Point2D at = fx(() -> shell.tree().middle(key("r4")).orElseThrow());
    assertEquals(fx(() -> shell.tree().getWidth()) / 2, at.getX(), 2);
    ROBOT.push(KeyCode.F);
  }

  @Test
  @Order(6)
  void aNodeThatIsGoneIsSaidAndComesBackByItself() throws Exception {
    rig.stopNode();
    Until.holds("the banner", () -> fx(() -> ROBOT.lookup("#banner").query().isVisible()));
    assertEquals(5, fx(() -> shell.model().picture().get().cards().size()), "it is kept");
    rig.startNode(port);
    Until.holds(
        "the window is live again",
        () -> fx(() -> shell.model().seen().get().link() == Seen.Link.LIVE));
    Until.holds("the banner is gone", () -> fx(() -> !ROBOT.lookup("#banner").query().isVisible()));
  }
}
