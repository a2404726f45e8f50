package topiary.app;

import java.time.InstantSource;
import java.util.concurrent.Callable;
import javafx.stage.Stage;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.window.Shell;
import topiary.app.gateway.Gateway;

/** Where tests have the real window painted, and how they ask it. */
public final class Screen {

  private static final double WIDTH = 1000;
  private static final double HEIGHT = 800;

  private Screen() {}

  /** A stage in a corner: the headless screen is no larger. */
  public static Stage stage() throws Exception {
    Stage stage = FxToolkit.registerPrimaryStage();
    fx(
        () -> {
          place(stage);
          return null;
        });
    return stage;
  }

  static void place(Stage stage) {
    stage.setX(0);
    stage.setY(0);
    stage.setWidth(WIDTH);
    stage.setHeight(HEIGHT);
  }

  /** The window on a node. */
  public static Shell open(Gateway node, Tasks tasks, InstantSource clock) throws Exception {
    Stage stage = stage();
    return fx(() -> Desktop.open(stage, node, tasks, clock));
  }

  /** Closes all windows. */
  public static void close() throws Exception {
    FxToolkit.cleanupStages();
  }

  /** Asks the window's thread. */
  public static <T> T fx(Callable<T> what) {
    return WaitForAsyncUtils.waitForAsyncFx(10_000, what);
  }

  /** Has the window's thread do something. */
  public static void run(Runnable what) {
    fx(
        () -> {
          what.run();
          return null;
        });
  }
}
