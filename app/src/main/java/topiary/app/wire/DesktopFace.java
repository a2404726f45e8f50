package topiary.app.wire;

import java.net.URI;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import topiary.app.desktop.Desktop;

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
    with((places, background) -> Desktop.run(places.to(node), background, InstantSource.system()));
  }

  /** Opens it on a node, or where it was last, and comes back when it is closed. */
  public static void open(Optional<URI> node) throws InterruptedException {
    with(
        (places, background) ->
            Desktop.run(places, node.map(places::to), background, InstantSource.system()));
  }

  private interface Window {
    void run(OwnPlaces places, ExecutorService background) throws InterruptedException;
  }

  private static void with(Window window) throws InterruptedException {
    // It warns of every start from a class path, which is how this program is started.
    JAVAFX.setLevel(Level.SEVERE);
    try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
        OwnPlaces places = OwnPlaces.ofUser(background)) {
      // Whoever ends the process: plans of a node in it come to a safe border.
      AtExit.run(places::close);
      window.run(places, background);
    }
  }
}
