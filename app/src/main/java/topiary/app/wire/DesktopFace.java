package topiary.app.wire;

import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.trial.PictureTrial;
import topiary.app.sample.SampleFleet;

/** The window with everything it needs. */
public final class DesktopFace {

  /** Held, because a logger nobody holds forgets its level. */
  private static final Logger JAVAFX = Logger.getLogger("javafx");

  private DesktopFace() {}

  /** Whether a window can be opened here. */
  public static boolean possible(Map<String, String> environment) {
    boolean x11 = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    return !x11
        || System.getProperty("glass.platform", "").equals("Headless")
        || !environment.getOrDefault("DISPLAY", "").isEmpty();
  }

  /** Opens it on one node and no other, and comes back when it is closed. */
  public static void only(URI node) throws InterruptedException {
    with((desktop, places) -> desktop.run(places.to(node)));
  }

  /** Opens it on a node, or where it was last, and comes back when it is closed. */
  public static void open(Optional<URI> node) throws InterruptedException {
    with((desktop, places) -> desktop.run(places, node.map(places::to)));
  }

  private interface Window {
    void run(Desktop desktop, OwnPlaces places) throws InterruptedException;
  }

  private static void with(Window window) throws InterruptedException {
    quieten();
    try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
        OwnPlaces places = OwnPlaces.ofUser(background)) {
      // Whoever ends the process: plans of a node in it come to a safe border.
      AtExit.run(places::close);
      var settings = new WindowFile(WindowFile.place(System.getenv()));
      window.run(new Desktop(background, InstantSource.system(), settings), places);
    }
  }

  /** Measures how a tree of so many servers is painted. */
  public static List<PictureTrial.Result> trial(int servers) throws InterruptedException {
    quieten();
    try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
      return PictureTrial.run(SampleFleet.ofOneTree(servers).at(Instant.EPOCH, 1, 0), background);
    }
  }

  /** JavaFX warns of every start from a class path, which is how this program is started. */
  private static void quieten() {
    JAVAFX.setLevel(Level.SEVERE);
  }
}
