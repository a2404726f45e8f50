package topiary.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import javafx.application.Platform;
import javafx.geometry.Point2D;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.model.PlanModel;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.window.Shell;
import topiary.app.gateway.HttpGateway;
import topiary.engine.model.InstanceKey;

/** The window on a rig's node, with somebody's mouse and keys. */
final class WindowRig implements AutoCloseable {

  static final FxRobot ROBOT = new FxRobot();

  private final Rig rig;
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpGateway gateway;
  private Shell shell;

  WindowRig(Rig rig) throws Exception {
    this.rig = rig;
    gateway =
        new HttpGateway(
            URI.create(rig.api()), background, InstantSource.system(), Duration.ofSeconds(20));
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
                  gateway,
                  new Tasks(background, Platform::runLater),
                  InstantSource.system());
        });
  }

  Shell shell() {
    return shell;
  }

  /** Asks the window's thread. */
  static <T> T fx(Callable<T> what) {
    return WaitForAsyncUtils.waitForAsyncFx(10_000, what);
  }

  InstanceKey key(String member) {
    return InstanceKey.parse(rig.address(member));
  }

  /** Where a card is, once it is where it belongs. */
  Point2D card(String member) {
    still();
    return fx(() -> shell.tree().localToScreen(shell.tree().middle(key(member)).orElseThrow()));
  }

  void still() {
    WaitForAsyncUtils.waitForFxEvents();
    Until.holds("nothing moves", () -> fx(() -> !shell.tree().moving()));
  }

  PlanModel.State plan() {
    return fx(() -> shell.model().plan().state().get());
  }

  void awaitPlan(PlanModel.Phase phase) {
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

  void awaitShown(String member, String source) {
    Until.holds(
        member + " is painted below " + source,
        () ->
            fx(
                () ->
                    key(source)
                        .equals(
                            shell.model().picture().get().layout().sources().get(key(member)))));
  }

  /** Drags a card onto another, and leaves the plan that comes of it on the screen. */
  void drag(String member, String below) {
    ROBOT.moveTo(card(member)).press(MouseButton.PRIMARY).moveTo(card(below));
    WaitForAsyncUtils.waitForFxEvents();
    var verdict = fx(() -> shell.model().hand().get().orElseThrow().verdict().orElseThrow());
    assertTrue(verdict.legal(), verdict.sentence());
    ROBOT.release(MouseButton.PRIMARY);
    awaitPlan(PlanModel.Phase.SHOWN);
  }

  /** Applies the plan that is shown, to its good end. */
  void apply() {
    ROBOT.clickOn("#apply");
    awaitPlan(PlanModel.Phase.ENDED);
    assertTrue(plan().done(), plan().message());
  }

  /** Takes back what was done just now. */
  void undo() {
    ROBOT.clickOn("#undo");
    awaitPlan(PlanModel.Phase.SHOWN);
    apply();
  }

  @Override
  public void close() throws TimeoutException {
    FxToolkit.cleanupStages();
    gateway.close();
    background.close();
  }
}
