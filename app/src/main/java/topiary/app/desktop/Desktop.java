package topiary.app.desktop;

import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonType;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.stage.WindowEvent;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.model.WindowModel;
import topiary.app.desktop.window.Shell;
import topiary.app.gateway.Gateway;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** Opens the window. */
public final class Desktop {

  private static final double WIDTH = 1400;
  private static final double HEIGHT = 900;

  private Desktop() {}

  /** Opens the window of the process, and comes back when it is closed. */
  public static void run(Gateway gateway, Executor background, InstantSource clock)
      throws InterruptedException {
    var closed = new CountDownLatch(1);
    Platform.startup(
        () -> {
          var stage = new Stage();
          stage.setOnHidden(e -> closed.countDown());
          open(stage, gateway, new Tasks(background, Platform::runLater), clock);
        });
    closed.await();
    Platform.exit();
  }

  /** Fills a stage and shows it; on the window's thread. */
  public static Shell open(Stage stage, Gateway gateway, Tasks tasks, InstantSource clock) {
    var model = new WindowModel(gateway, tasks, new Planner(PlanPolicy.DEFAULT));
    // The node answers while the window is being built.
    model.start();
    model.dark().set(Platform.getPreferences().getColorScheme() == ColorScheme.DARK);
    model
        .dark()
        .subscribe(
            dark ->
                Application.setUserAgentStylesheet(
                    Shell.sheet(Boolean.TRUE.equals(dark) ? "dark.css" : "light.css")));
    var shell = new Shell(model, clock);
    Rectangle2D screen = Screen.getPrimary().getVisualBounds();
    stage.setScene(
        new Scene(shell, Math.min(WIDTH, screen.getWidth()), Math.min(HEIGHT, screen.getHeight())));
    stage.setTitle("Topiary – " + model.address());
    stage.setOnCloseRequest(e -> asks(model, e));
    stage.show();
    StartTrace.of(stage, model);
    shell.tree().requestFocus();
    return shell;
  }

  private static void asks(WindowModel model, WindowEvent e) {
    if (model.plan().state().get().running()) {
      var alert =
          new Alert(
              Alert.AlertType.CONFIRMATION,
              "A plan is being carried out. The node goes on with it when this window is closed.",
              ButtonType.CANCEL,
              ButtonType.CLOSE);
      alert.setHeaderText("Close the window?");
      if (alert.showAndWait().filter(ButtonType.CLOSE::equals).isEmpty()) {
        e.consume();
      }
    }
  }
}
