package topiary.app.wire;

import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.trial.PictureTrial;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.HttpGateway;

/** The window with everything it needs. */
public final class DesktopFace {

  /** Longer than the 15 s between two signs of life of a node that has nothing to tell. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

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

  /** Opens it on a node, and comes back when it is closed. */
  public static void open(URI node) throws InterruptedException {
    // It warns of every start from a class path, which is how this program is started.
    JAVAFX.setLevel(Level.SEVERE);
    try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
        Gateway gateway = new HttpGateway(node, background, InstantSource.system(), SILENCE)) {
      Desktop.run(
          gateway,
          background,
          InstantSource.system(),
          new WindowFile(WindowFile.place(System.getenv())));
    }
  }

  /** Measures how a tree of so many servers is painted, and prints a line for each movement. */
  public static void trial(int servers, PrintStream out) throws InterruptedException {
    JAVAFX.setLevel(Level.SEVERE);
    try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
      PictureTrial.run(servers, background).forEach(out::println);
    }
  }
}
