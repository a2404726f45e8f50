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
import topiary.app.desktop.trial.OverviewTrial;
import topiary.app.desktop.trial.PictureTrial;
import topiary.app.gateway.Seen;
import topiary.app.sample.SampleFleet;
import topiary.app.security.NodeLogin;

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

  /** Opens it on the nodes of one cluster and on no other, and comes back when it is closed. */
  public static void only(List<URI> nodes) throws InterruptedException {
    with(NodeLogin.NONE, (desktop, places) -> desktop.run(places.to(nodes)));
  }

  /**
   * Opens it on a node, or where it was last, and comes back when it is closed.
   *
   * @param nodes one, or several of one cluster; none for where it was last
   * @param login shows nodes who asks
   */
  public static void open(List<URI> nodes, NodeLogin login) throws InterruptedException {
    with(
        login,
        (desktop, places) ->
            desktop.run(
                places, nodes.isEmpty() ? Optional.empty() : Optional.of(places.to(nodes))));
  }

  private interface Window {
    void run(Desktop desktop, OwnPlaces places) throws InterruptedException;
  }

  private static void with(NodeLogin login, Window window) throws InterruptedException {
    quieten();
    try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
        OwnPlaces places = OwnPlaces.ofUser(login, background)) {
      // Whoever ends the process: plans of a node in it come to a safe border.
      AtExit.run(places::close);
      var settings = new WindowFile(WindowFile.place(System.getenv()));
      window.run(
          new Desktop(background, InstantSource.system(), settings, NotifySend.of(System.getenv())),
          places);
    }
  }

  /** Measures how a tree of so many servers is painted. */
  public static List<PictureTrial.Result> trial(int servers) throws InterruptedException {
    quieten();
    try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
      return PictureTrial.run(SampleFleet.ofOneTree(servers).at(Instant.EPOCH, 1, 0), background);
    }
  }

  /** Measures how so many clusters, of ten servers on the average, are looked through. */
  public static List<PictureTrial.Result> overviewTrial(int clusters, int looksASecond)
      throws InterruptedException {
    quieten();
    try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
      var fleet = SampleFleet.ofClusters(clusters);
      Instant now = Instant.now();
      var first =
          new Seen(
              fleet.at(now, 1, 0),
              fleet.clusters(),
              fleet.said(now),
              Seen.Link.LIVE,
              Optional.of(now),
              "");
      return OverviewTrial.run(first, fleet::instance, looksASecond, background);
    }
  }

  /** JavaFX warns of every start from a class path, which is how this program is started. */
  private static void quieten() {
    JAVAFX.setLevel(Level.SEVERE);
  }
}
