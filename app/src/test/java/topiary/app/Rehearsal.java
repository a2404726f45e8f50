package topiary.app;

import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import topiary.app.cli.RemoteCommand;
import topiary.app.config.ClusterConfig;
import topiary.app.config.ConfigFile;
import topiary.app.config.NodeConfig;
import topiary.app.json.Json;
import topiary.app.wire.Node;
import topiary.lab.base.Disk;

/** What processes of tests do, done once so that it can be kept linked: see {@link Linked}. */
final class Rehearsal {

  private static final List<String> COMMANDS = List.of("cluster", "clusters", "topology", "health");

  private Rehearsal() {}

  /** A node begins a cluster, is asked a few things, and ends. Its folder. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Disk.makePrivate(folder);
    String raft = "127.0.0.1:" + Rig.port();
    Path file = folder.resolve("node.json");
    Files.write(
        file,
        Json.bytes(
            Map.of(
                "listen", "127.0.0.1:" + Rig.port(),
                "dataFolder", folder.resolve("data").toString(),
                "cluster", Map.of("listen", raft, "address", raft, "name", "rehearsal"))));
    NodeConfig config = ConfigFile.read(file);
    ClusterConfig cluster = config.cluster().orElseThrow();
    Node node = Rig.node(config.with(cluster.starting(ClusterConfig.Start.BOOTSTRAP, List.of())));
    try {
      PrintStream out = System.out;
      for (String command : COMMANDS) {
        new RemoteCommand(
                Map.of("TOPIARY_API", node.address()), false, new StringReader(""), out, out)
            .run(List.of(command));
      }
    } finally {
      node.close();
      Disk.delete(folder);
    }
  }
}
