package topiary.app.desktop.trial;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import javafx.application.Platform;
import javafx.beans.property.StringProperty;
import javafx.scene.control.ScrollBar;
import javafx.stage.Stage;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.model.WindowModel;
import topiary.app.desktop.trial.PictureTrial.Result;
import topiary.app.desktop.window.Shell;
import topiary.app.gateway.Seen;
import topiary.engine.model.Instance;
import topiary.engine.model.Topology;

/**
 * Has somebody type and scroll on the page of all clusters, while nothing happens and while every
 * server is looked at all the time, and measures what the window's thread has to do for it.
 */
public final class OverviewTrial {

  /** Typed letter by letter, a letter for each frame, and taken back. */
  private static final List<String> WORDS =
      List.of(
          "db-0421", "backup", "trouble", "shop", "11.4", "readers-4", "unreach", "lag", "nobody");

  private static final int FRAMES = 240;

  /** In pixels; three rows. */
  private static final double STEP = 474;

  /** As often as a node tells of news at most. */
  private static final long PAUSE_MILLIS = 250;

  private static final int TELLINGS_A_SECOND = 4;
  private static final int WARM_TELLINGS = 20;
  private static final int TELLINGS = 80;
  private static final double NANOS = 1e6;

  /** Servers that are not there. */
  public interface Fleet {
    /**
     * One of them at a look.
     *
     * @param i which, from 0
     * @param written how much it has written
     */
    Instance look(int i, Instant now, long written);
  }

  private final Fleet fleet;
  private final Seen first;
  private final int looksASecond;
  private final StillGateway gateway;
  private final List<Result> results = new ArrayList<>();
  private Topology topology;
  private Shell shell;
  private WindowModel model;
  private int at;
  private boolean begun;

  private OverviewTrial(Seen first, Fleet fleet, int looksASecond) {
    this.first = first;
    this.fleet = fleet;
    this.looksASecond = looksASecond;
    this.topology = first.topology();
    this.gateway = new StillGateway(first);
  }

  /**
   * Measures in this process, which can open its windows only once.
   *
   * @param first what is seen at the beginning
   * @param fleet how its servers are later on
   * @param looksASecond how many of them are looked at in a second
   * @param background for what the window does beside
   * @return the results, and as the last one the process' resident memory
   */
  public static List<Result> run(Seen first, Fleet fleet, int looksASecond, Executor background)
      throws InterruptedException {
    var trial = new OverviewTrial(first, fleet, looksASecond);
    var done = new CompletableFuture<Void>();
    try {
      Platform.startup(() -> trial.open(background, done));
      done.get();
      trial.watch("looks, all clusters");
      trial.onWindow(() -> trial.model.show(trial.model.clusters().get().getFirst().id()));
      trial.watch("looks, one tree");
      trial.results.add(PictureTrial.memory());
      return trial.results;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      Platform.exit();
    }
  }

  private void open(Executor background, CompletableFuture<Void> done) {
    var stage = new Stage();
    stage.setX(0);
    stage.setY(0);
    shell =
        Desktop.open(
            stage, gateway, new Tasks(background, Platform::runLater), InstantSource.system());
    model = shell.model();
    // What is seen comes from a thread of its own.
    model
        .clusters()
        .subscribe(
            rows -> {
              if (!rows.isEmpty() && !begun) {
                begun = true;
                Platform.runLater(() -> typing(done));
              }
            });
  }

  // ---- a person, while nothing happens

  private record Deed(String name, Runnable before, IntConsumer step, Runnable after) {}

  private void typing(CompletableFuture<Void> done) {
    model.fleet().open();
    var deeds =
        List.of(
            typing("filter, a letter", model.fleet().text(), () -> {}, () -> {}),
            new Deed("scroll", () -> {}, this::scroll, () -> {}),
            new Deed(
                "arrow keys", () -> {}, i -> model.fleet().step(i % 40 < 20 ? 5 : -5), () -> {}),
            typing("find a server, a letter", model.search().text(), shell::search, shell::focus),
            typing("palette, a letter", shell.typed(), shell::palette, shell::palette));
    next(deeds.iterator(), done);
  }

  private void next(Iterator<Deed> deeds, CompletableFuture<Void> done) {
    if (!deeds.hasNext()) {
      done.complete(null);
      return;
    }
    Deed deed = deeds.next();
    deed.before().run();
    new Frames(
            FRAMES,
            false,
            deed.step(),
            work -> {
              results.add(new Result(deed.name(), "ms", work));
              deed.after().run();
              next(deeds, done);
            })
        .start();
  }

  private static Deed typing(String name, StringProperty text, Runnable before, Runnable after) {
    var letters = new ArrayList<String>();
    for (String word : WORDS) {
      for (int i = 1; i <= word.length(); i++) {
        letters.add(word.substring(0, i));
      }
      letters.add("");
    }
    return new Deed(
        name,
        before,
        frame -> text.set(letters.get(Math.floorMod(frame, letters.size()))),
        () -> {
          text.set("");
          after.run();
        });
  }

  private void scroll(int frame) {
    if (shell.lookup("#tiles .scroll-bar") instanceof ScrollBar bar) {
      bar.setValue(Math.abs(frame) * STEP % Math.max(1, bar.getMax()));
    }
  }

  // ---- every server is looked at, while nobody touches anything

  /** What the window's thread has to do for each telling, until the next one. */
  private void watch(String name) throws InterruptedException {
    var work = new ArrayList<Double>();
    for (int i = -WARM_TELLINGS; i < TELLINGS; i++) {
      long before = spent();
      tell();
      Thread.sleep(PAUSE_MILLIS);
      if (i >= 0) {
        work.add((spent() - before) / NANOS / PAUSE_MILLIS * 100);
      }
    }
    results.add(new Result(name, "% of a core on the window's thread", work));
  }

  private void tell() {
    var changed = new ArrayList<Instance>();
    Instant now = Instant.now();
    for (int i = 0; i < looksASecond / TELLINGS_A_SECOND; i++) {
      changed.add(fleet.look(at, now, topology.revision()));
      at = (at + 1) % topology.instances().size();
    }
    topology = topology.next(topology.revision() + 1, List.of(), changed);
    gateway.tell(
        new Seen(
            topology,
            first.clusters(),
            first.said(),
            Seen.Link.LIVE,
            Optional.of(Instant.now()),
            ""));
  }

  private long spent() {
    var threads = ManagementFactory.getThreadMXBean();
    long id = -1;
    for (var info : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (info != null && info.getThreadName().startsWith("JavaFX Application Thread")) {
        id = info.getThreadId();
      }
    }
    return threads.getThreadCpuTime(id);
  }

  private void onWindow(Runnable what) {
    CompletableFuture.runAsync(what, Platform::runLater).join();
  }
}
