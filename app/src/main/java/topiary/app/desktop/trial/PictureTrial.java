package topiary.app.desktop.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import javafx.application.Platform;
import javafx.event.Event;
import javafx.event.EventType;
import javafx.geometry.Point2D;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.stage.Stage;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.tree.TreeCanvas;
import topiary.app.desktop.window.Shell;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * Moves the picture of a tree about as a person does, and measures what each frame takes: the time
 * the window's thread and the painting thread were at work between two pulses.
 */
public final class PictureTrial {

  private static final int FRAMES = 240;

  private final Topology topology;
  private final Shell shell;
  private final TreeCanvas tree;
  private final List<Result> results = new ArrayList<>();

  /**
   * What was measured.
   *
   * @param name of the movement
   * @param unit of the values
   * @param values one for each frame
   */
  public record Result(String name, String unit, List<Double> values) {
    public Result {
      values = List.copyOf(values);
    }
  }

  /** One movement, a step for each frame. */
  private record Movement(String name, Runnable before, IntConsumer step, Runnable after) {}

  private PictureTrial(Topology topology, Shell shell) {
    this.topology = topology;
    this.shell = shell;
    this.tree = shell.tree();
  }

  /**
   * Measures a tree in this process, which can open its windows only once.
   *
   * @param background for what the window does beside
   * @return the results, and as the last one the process' resident memory
   */
  public static List<Result> run(Topology topology, Executor background)
      throws InterruptedException {
    var done = new CompletableFuture<List<Result>>();
    try {
      Platform.startup(
          () -> {
            var stage = new Stage();
            stage.setX(0);
            stage.setY(0);
            Shell shell =
                Desktop.open(
                    stage,
                    new StillGateway(topology),
                    new Tasks(background, Platform::runLater),
                    InstantSource.system());
            new PictureTrial(topology, shell).begin(done);
          });
      return done.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      Platform.exit();
    }
  }

  private void begin(CompletableFuture<List<Result>> done) {
    InstanceKey some = topology.instances().lastKey();
    var movements =
        List.of(
            new Movement("pan all", tree::fit, this::pan, this::rest),
            new Movement("zoom", tree::fit, this::zoom, this::rest),
            new Movement("pan near", () -> tree.fly(some), this::pan, this::rest),
            new Movement("drag near", () -> grab(some), this::drag, this::letGo),
            new Movement("drag all", () -> all(some), this::drag, this::letGo));
    next(movements.iterator(), done);
  }

  private void next(Iterator<Movement> movements, CompletableFuture<List<Result>> done) {
    if (!movements.hasNext()) {
      results.add(memory());
      done.complete(results);
      return;
    }
    Movement movement = movements.next();
    movement.before().run();
    new Frames(
            FRAMES,
            true,
            movement.step(),
            work -> {
              results.add(new Result(movement.name(), "ms", work));
              movement.after().run();
              next(movements, done);
            })
        .start();
  }

  // ---- what a person does

  private Point2D middle() {
    return new Point2D(tree.getWidth() / 2, tree.getHeight() / 2);
  }

  private void pan(int frame) {
    mouse(MouseEvent.MOUSE_PRESSED, new Point2D(2, 2));
    mouse(
        MouseEvent.MOUSE_DRAGGED,
        new Point2D(2 + 7 * Math.sin(frame / 9.0), 2 + 5 * Math.cos(frame / 7.0)));
    mouse(MouseEvent.MOUSE_RELEASED, new Point2D(2, 2));
  }

  private void zoom(int frame) {
    double by = Math.sin(frame / 30.0) > 0 ? 12 : -12;
    Point2D at = tree.localToScene(middle());
    Event.fireEvent(
        tree,
        new ScrollEvent(
            ScrollEvent.SCROLL,
            at.getX(),
            at.getY(),
            at.getX(),
            at.getY(),
            false,
            false,
            false,
            false,
            true,
            false,
            0,
            by,
            0,
            by,
            null,
            0,
            null,
            0,
            0,
            null));
  }

  private void grab(InstanceKey key) {
    tree.fly(key);
    shell.model().pickUp(key);
  }

  private void all(InstanceKey key) {
    tree.fit();
    shell.model().pickUp(key);
  }

  private void drag(int frame) {
    mouse(
        MouseEvent.MOUSE_MOVED,
        middle().add(300 * Math.sin(frame / 23.0), 250 * Math.cos(frame / 17.0)));
  }

  private void letGo() {
    shell.model().putBack();
  }

  private void rest() {
    mouse(MouseEvent.MOUSE_RELEASED, Point2D.ZERO);
  }

  private void mouse(EventType<MouseEvent> type, Point2D at) {
    Pointer.at(tree, type, at);
  }

  /** What of the process is in memory. */
  static Result memory() {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      double resident =
          lines
                  .filter(line -> line.startsWith("VmRSS:"))
                  .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                  .sum()
              / 1024.0;
      return new Result("resident", "MB", List.of(resident));
    } catch (IOException e) {
      throw new IllegalStateException("this process' memory cannot be read", e);
    }
  }
}
