package topiary.app.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import topiary.app.http.WebFace;
import topiary.app.sample.SampleFleet;
import topiary.app.v1.EventHub;
import topiary.app.wire.Logging;

/**
 * Runs a window, or whatever else listens, on a node of servers that are not there, which are
 * looked at all the time. Nothing but the stream of events is served.
 */
public final class SampleNode {

  private SampleNode() {}

  /**
   * Runs a command with {@code --api} and the sample's address at its end, for as long as it runs.
   *
   * @param args how many servers; how many milliseconds from one look to the next; whether they are
   *     {@code idle} or {@code busy} writing; the command
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Logging.toConsole();
    var fleet = SampleFleet.ofTrees(Integer.parseInt(args[0]));
    long interval = Long.parseLong(args[1]);
    boolean busy = args[2].equals("busy");
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var events = new EventHub("1", fleet::clusters);
        var web = WebFace.start(loopback, events::subscribe)) {
      long revision = 1;
      events.published(fleet.at(Instant.now(), revision, 0), fleet.clusters().keySet());
      var command = new ArrayList<>(List.of(args).subList(3, args.length));
      command.addAll(List.of("--api", "http://127.0.0.1:" + web.port()));
      Process window = new ProcessBuilder(command).inheritIO().start();
      while (!window.waitFor(interval, TimeUnit.MILLISECONDS)) {
        events.published(
            fleet.at(Instant.now(), ++revision, busy ? revision : 0), fleet.clusters().keySet());
      }
      System.exit(window.exitValue());
    }
  }
}
