package topiary.app.desktop;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonType;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.stage.WindowEvent;
import topiary.app.desktop.model.Looks;
import topiary.app.desktop.model.Memory;
import topiary.app.desktop.model.Message;
import topiary.app.desktop.model.Outside;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.model.WindowModel;
import topiary.app.desktop.model.WindowSettings;
import topiary.app.desktop.window.Frame;
import topiary.app.desktop.window.Icons;
import topiary.app.desktop.window.Shell;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.place.Places;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** Opens the window. */
public final class Desktop {

  private static final String NAME = "Topiary";
  private static final double WIDTH = 1400;
  private static final double HEIGHT = 900;

  private final Tasks tasks;
  private final InstantSource clock;
  private final WindowSettings.Store settings;
  private final Message.Way outside;

  /**
   * What opens windows.
   *
   * @param background for what waits
   * @param settings where it is kept how the window looked and where it was
   * @param outside shows messages while the window is behind
   */
  public Desktop(
      Executor background,
      InstantSource clock,
      WindowSettings.Store settings,
      Message.Way outside) {
    this(new Tasks(background, Platform::runLater), clock, settings, outside);
  }

  private Desktop(
      Tasks tasks, InstantSource clock, WindowSettings.Store settings, Message.Way outside) {
    this.tasks = tasks;
    this.clock = clock;
    this.settings = settings;
    this.outside = outside;
  }

  /** Opens the window of the process on one node, and comes back when it is closed. */
  public void run(Gateway gateway) throws InterruptedException {
    run(stage -> open(stage, gateway));
  }

  /**
   * Opens the window of the process, and comes back when it is closed.
   *
   * @param first where it begins; where it was last when empty
   */
  public void run(Places places, Optional<? extends Gateway> first) throws InterruptedException {
    run(stage -> open(stage, places, first));
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

  /** Fills a stage that remembers nothing with one node, and shows it; on the window's thread. */
  public static Shell open(Stage stage, Gateway gateway, Tasks tasks, InstantSource clock) {
    return new Desktop(tasks, clock, WindowSettings.Store.NONE, Message.Way.NONE)
        .open(stage, gateway);
  }

  /** Fills a stage that remembers nothing with a window for any node, and shows it. */
  public static Frame open(
      Stage stage,
      Places places,
      Optional<? extends Gateway> first,
      Tasks tasks,
      InstantSource clock) {
    return new Desktop(tasks, clock, WindowSettings.Store.NONE, Message.Way.NONE)
        .open(stage, places, first);
  }

  private Shell open(Stage stage, Gateway gateway) {
    Looks looks = looks();
    Outside told = outside(stage);
    var model = new WindowModel(gateway, tasks, new Planner(PlanPolicy.DEFAULT), looks, told);
    var memory = new Memory(settings, tasks, looks, told, model::tell);
    // The node answers while the window is being built.
    model.start();
    var shell = new Shell(model, clock);
    // The window goes on with another node of a cluster when its own is gone.
    model.seen().subscribe(seen -> stage.setTitle(title(model)));
    stage.setOnCloseRequest(e -> asks(model, e));
    show(stage, shell, memory);
    StartTrace.of(stage, model);
    shell.focus();
    return shell;
  }

  private Frame open(Stage stage, Places places, Optional<? extends Gateway> first) {
    Looks looks = looks();
    Outside told = outside(stage);
    var frame = new Frame(places, tasks, clock, looks, told);
    var memory = new Memory(settings, tasks, looks, told, frame::tell);
    frame.shell().subscribe(shell -> title(stage, frame));
    frame
        .shell()
        .subscribe(
            shell -> shell.ifPresent(s -> s.model().seen().subscribe(seen -> title(stage, frame))));
    stage.setOnCloseRequest(e -> frame.shell().get().ifPresent(shell -> asks(shell.model(), e)));
    first.ifPresent(frame.connect()::on);
    show(stage, frame, memory);
    if (first.isEmpty()) {
      frame.connect().begin();
    }
    frame.shell().subscribe(shell -> shell.ifPresent(seen -> StartTrace.of(stage, seen.model())));
    return frame;
  }

  private static void title(Stage stage, Frame frame) {
    stage.setTitle(frame.shell().get().map(s -> title(s.model())).orElse(NAME));
  }

  private static String title(WindowModel model) {
    return NAME + " – " + model.address();
  }

  private static Looks looks() {
    var looks = new Looks();
    looks
        .dark()
        .subscribe(
            dark ->
                Application.setUserAgentStylesheet(
                    Shell.sheet(Boolean.TRUE.equals(dark) ? "dark.css" : "light.css")));
    Platform.getPreferences()
        .colorSchemeProperty()
        .subscribe(scheme -> looks.system().set(scheme == ColorScheme.DARK));
    return looks;
  }

  /** Somebody looks at the window while it has the keys. */
  private Outside outside(Stage stage) {
    var told = new Outside(outside);
    told.looking().bind(stage.focusedProperty().and(stage.iconifiedProperty().not()));
    return told;
  }

  private static void show(Stage stage, Parent content, Memory memory) {
    Rectangle2D screen = Screen.getPrimary().getVisualBounds();
    stage.setScene(
        new Scene(
            content, Math.min(WIDTH, screen.getWidth()), Math.min(HEIGHT, screen.getHeight())));
    stage.getIcons().setAll(Icons.app());
    WindowPlace.follow(stage, memory);
    stage.show();
  }

  private static void asks(WindowModel model, WindowEvent e) {
    Optional<String> question = model.plan().state().get().beforeLeaving(model.here());
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
