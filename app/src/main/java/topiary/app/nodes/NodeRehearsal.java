package topiary.app.nodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiary.lab.Ports;
import topiary.lab.base.Await;
import topiary.lab.base.Disk;
import topiary.lab.sim.Address;
import topiary.lab.wire.SimulatedFleet;
import topiary.lab.wire.SimulatedSpec;

/**
 * What the launcher's build runs once, so that what a node loads when it starts, and which ways its
 * work goes, can be kept: a node that joins another one, looks at simulated servers for some
 * seconds, is asked a few questions, and ends.
 */
public final class NodeRehearsal {

  private static final List<String> QUESTIONS =
      List.of("cluster", "clusters", "topology", "health");

  /** What is kept is put together while the JVM ends. */
  private static final Duration WRITING = Duration.ofSeconds(80);

  private static final int SERVERS = 40;

  /**
   * So many looks are enough to know what is worth being compiled well; or as many as there is time
   * for.
   */
  private static final long LOOKS = 2_000;

  private static final Duration LOOKING =
      Duration.ofSeconds(Integer.getInteger("topiary.rehearsal.seconds", 20));

  private NodeRehearsal() {}

  /**
   * Runs it: by the launcher of a package, when there is one, so that what is kept fits that one's
   * class path and options.
   *
   * @param args one option for the JVM of the node that joins
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("topiary-rehearsal");
    var spec = SimulatedSpec.of(SERVERS);
    int port = new Ports("127." + spec.network() + ".0.1", Set.of()).take();
    try (SimulatedFleet fleet = SimulatedFleet.start(spec.port(port));
        LocalCluster cluster =
            LocalCluster.in(
                folder, NodeProgram.standard(), 2, Optional.empty(), watching(fleet, folder))) {
      cluster.bootstrap();
      LocalNode second = cluster.nodes().getLast();
      cluster.launch(second, recorded(second, List.of(args)));
      second.awaitReady();
      cluster.awaitMembers(cluster.nodes());
      Await.holds(LOOKING, () -> looks(second) >= LOOKS);
      QUESTIONS.forEach(question -> second.api().text(question));
      second.end(WRITING);
    } finally {
      Disk.delete(folder);
    }
  }

  private static List<String> recorded(LocalNode node, List<String> options) {
    var own = List.of("node", "--config", node.config().toString());
    var recorded = new ArrayList<String>();
    Optional<String> launcher = NodeProgram.launcher();
    if (launcher.isPresent()) {
      recorded.addAll(List.of("env", "JAVA_TOOL_OPTIONS=" + String.join(" ", options)));
      recorded.add(launcher.get());
      recorded.addAll(own);
    } else {
      recorded.addAll(NodeProgram.java("topiary.app.main.Main", own));
      recorded.addAll(1, options);
    }
    return recorded;
  }

  /** What a node's file says of the servers. */
  private static Map<String, Object> watching(SimulatedFleet fleet, Path folder) {
    Disk.makePrivate(folder);
    Path secret = folder.resolve("password");
    Disk.writePrivate(secret, fleet.spec().password() + "\n");
    return Map.of(
        "servers",
        fleet.seeds().stream().map(Address::toString).toList(),
        "credentials",
        List.of(
            Map.of(
                "match",
                "*",
                "user",
                fleet.spec().user(),
                "password",
                Map.of("file", secret.toString()))),
        "pollSeconds",
        0.2);
  }

  private static long looks(LocalNode node) {
    return node.api()
        .get("health")
        .map(health -> ((Number) health.get("looks")).longValue())
        .orElse(0L);
  }
}
