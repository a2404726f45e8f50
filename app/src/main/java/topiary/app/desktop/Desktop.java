package topiary.app.desktop;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.geometry.Rectangle2D;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonType;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.stage.WindowEvent;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.model.WindowModel;
import topiary.app.desktop.window.Frame;
import topiary.app.desktop.window.Shell;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.place.Places;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** Opens the window. */
public final class Desktop {

  private static final double WIDTH = 1400;
  private static final double HEIGHT = 900;
  private static final double LEAST_WIDTH = 800;
  private static final double LEAST_HEIGHT = 560;
  private static final String NAME = "Topiary";

  private Desktop() {}

  /** Opens the window of the process on one node, and comes back when it is closed. */
  public static void run(Gateway gateway, Executor background, InstantSource clock)
      throws InterruptedException {
    run(stage -> open(stage, gateway, new Tasks(background, Platform::runLater), clock));
  }

  /**
   * Opens the window of the process, and comes back when it is closed.
   *
   * @param first where it begins; where it was last when empty
   */
  public static void run(
      Places places, Optional<? extends Gateway> first, Executor background, InstantSource clock)
      throws InterruptedException {
    run(stage -> open(stage, places, first, new Tasks(background, Platform::runLater), clock));
  }

  private static void run(Consumer<Stage> opening) throws InterruptedException {
    var closed = new CountDownLatch(1);
    Platform.startup(
        () -> {
          var stage = new Stage();
          stage.setOnHidden(e -> closed.countDown());
          opening.accept(stage);
        });
    closed.await();
    Platform.exit();
  }

  /** Fills a stage with one node and shows it; on the window's thread. */
  public static Shell open(Stage stage, Gateway gateway, Tasks tasks, InstantSource clock) {
    var model = new WindowModel(gateway, tasks, new Planner(PlanPolicy.DEFAULT));
    theme(model.dark());
    var shell = new Shell(model, clock);
    stage.setTitle(title(model));
    stage.setOnCloseRequest(e -> asks(model, e));
    show(stage, shell);
    shell.tree().requestFocus();
    model.start();
    return shell;
  }

  /** Fills a stage with a window for any node and shows it; on the window's thread. */
  public static Frame open(
      Stage stage,
      Places places,
      Optional<? extends Gateway> first,
      Tasks tasks,
      InstantSource clock) {
    var dark = new SimpleBooleanProperty();
    theme(dark);
    var frame = new Frame(places, tasks, clock, dark);
    frame.shell().subscribe(shell -> stage.setTitle(shell.map(s -> title(s.model())).orElse(NAME)));
    stage.setOnCloseRequest(e -> frame.shell().get().ifPresent(shell -> asks(shell.model(), e)));
    show(stage, frame);
    first.ifPresentOrElse(frame.connect()::on, frame.connect()::begin);
    return frame;
  }

  private static String title(WindowModel model) {
    return NAME + " – " + model.address();
  }

  private static void theme(BooleanProperty dark) {
    dark.set(Platform.getPreferences().getColorScheme() == ColorScheme.DARK);
    dark.subscribe(
        is ->
            Application.setUserAgentStylesheet(
                Shell.sheet(Boolean.TRUE.equals(is) ? "dark.css" : "light.css")));
  }

  private static void show(Stage stage, Parent content) {
    Rectangle2D screen = Screen.getPrimary().getVisualBounds();
    stage.setScene(
        new Scene(
            content, Math.min(WIDTH, screen.getWidth()), Math.min(HEIGHT, screen.getHeight())));
    stage.setMinWidth(LEAST_WIDTH);
    stage.setMinHeight(LEAST_HEIGHT);
    stage.show();
  }

  private static void asks(WindowModel model, WindowEvent e) {
    if (model.plan().state().get().running()) {
      String words =
          model.here()
              ? "A plan is being carried out. It stops at its next safe border when this window is"
                  + " closed, because the node that carries it out ends with it."
              : "A plan is being carried out. The node goes on with it when this window is closed.";
      var alert =
          new Alert(Alert.AlertType.CONFIRMATION, words, ButtonType.CANCEL, ButtonType.CLOSE);
      alert.setHeaderText("Close the window?");
      if (alert.showAndWait().filter(ButtonType.CLOSE::equals).isEmpty()) {
        e.consume();
      }
    }
  }
}
