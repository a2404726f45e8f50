package topiary.app.desktop;

import java.time.InstantSource;
import java.util.Optional;
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
import topiary.app.desktop.model.Memory;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.model.WindowModel;
import topiary.app.desktop.model.WindowSettings;
import topiary.app.desktop.window.Icons;
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
  public static void run(
      Gateway gateway, Executor background, InstantSource clock, WindowSettings.Store settings)
      throws InterruptedException {
    var closed = new CountDownLatch(1);
    Platform.startup(
        () -> {
          var stage = new Stage();
          stage.setOnHidden(e -> closed.countDown());
          open(stage, gateway, new Tasks(background, Platform::runLater), clock, settings);
        });
    closed.await();
    Platform.exit();
  }

  /** Fills a stage that remembers nothing, and shows it; on the window's thread. */
  public static Shell open(Stage stage, Gateway gateway, Tasks tasks, InstantSource clock) {
    return open(stage, gateway, tasks, clock, WindowSettings.Store.NONE);
  }

  /** Fills a stage and shows it; on the window's thread. */
  public static Shell open(
      Stage stage,
      Gateway gateway,
      Tasks tasks,
      InstantSource clock,
      WindowSettings.Store settings) {
    var model = new WindowModel(gateway, tasks, new Planner(PlanPolicy.DEFAULT));
    var memory = new Memory(settings, tasks, model);
    model
        .dark()
        .subscribe(
            dark ->
                Application.setUserAgentStylesheet(
                    Shell.sheet(Boolean.TRUE.equals(dark) ? "dark.css" : "light.css")));
    Platform.getPreferences()
        .colorSchemeProperty()
        .subscribe(scheme -> model.looks().system().set(scheme == ColorScheme.DARK));
    var shell = new Shell(model, clock);
    Rectangle2D screen = Screen.getPrimary().getVisualBounds();
    stage.setScene(
        new Scene(shell, Math.min(WIDTH, screen.getWidth()), Math.min(HEIGHT, screen.getHeight())));
    stage.setTitle("Topiary – " + model.address());
    stage.getIcons().setAll(Icons.app());
    WindowPlace.follow(stage, memory);
    stage.setOnCloseRequest(e -> asks(model, e));
    stage.show();
    shell.tree().requestFocus();
    model.start();
    return shell;
  }

  private static void asks(WindowModel model, WindowEvent e) {
    Optional<String> question = model.plan().state().get().beforeLeaving();
    if (question.isPresent()) {
      var alert =
          new Alert(
              Alert.AlertType.CONFIRMATION, question.get(), ButtonType.CANCEL, ButtonType.CLOSE);
      alert.setHeaderText("Close the window?");
      if (alert.showAndWait().filter(ButtonType.CLOSE::equals).isEmpty()) {
        e.consume();
      }
    }
  }
}
