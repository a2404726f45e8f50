package topiary.app.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import topiary.app.json.Json;
import topiary.app.nodes.LocalCluster;
import topiary.app.nodes.NodeApi;
import topiary.app.nodes.NodeProgram;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.base.Await;
import topiary.lab.base.LabException;
import topiary.lab.tree.Tree;

/** What measurements and rehearsals of a node on a few real servers have in common. */
public final class OnServers {

  private static final Duration LONG = Duration.ofSeconds(60);

  private OnServers() {}

  /** The configuration of a node as it is shipped, which looks after the lab of a primary p. */
  public static Path config(Lab lab, Path folder) throws IOException {
    Path secret = Fleet.secret(folder, "replication", lab.replication().password());
    var more = new LinkedHashMap<String, Object>();
    more.put(
        "replication",
        Map.of("user", lab.replication().user(), "password", Map.of("file", secret.toString())));
    lab.authority()
        .ifPresent(
            file -> {
              // Servers of MySQL take a password over an encrypted connection only.
              more.put("tls", "verify-ca");
              more.put("ca", file.toString());
            });
    return Fleet.config(
        folder,
        Fleet.SHIPPED,
        List.of(lab.member("p").address()),
        lab.credentials().user(),
        lab.credentials().password(),
        more);
  }

  /**
   * Nodes of one cluster as they are shipped, which look after the lab of a primary p; none is
   * started yet.
   */
  public static LocalCluster cluster(Lab lab, Path folder, NodeProgram program, int nodes)
      throws IOException {
    try {
      var fleet = new LinkedHashMap<>(Json.object(Files.readAllBytes(config(lab, folder))));
      // What is each node's own.
      fleet.keySet().removeAll(List.of("listen", "dataFolder"));
      return LocalCluster.in(folder.resolve("nodes"), program, nodes, Optional.empty(), fleet);
    } catch (Json.BadJson e) {
      throw new IOException(e);
    }
  }

  /**
   * The same servers with the time-out of replication that they are shipped with, a minute: until
   * then a replica does not notice that its source says nothing. The lab's is shorter.
   */
  public static LabSpec asShipped(LabSpec spec) {
    LabSpec all = spec;
    for (Tree.Member member : spec.tree().members()) {
      all = all.options(member.name(), "loose_slave_net_timeout=60\nloose_replica_net_timeout=60");
    }
    return all;
  }

  /**
   * Where a node serves, once it says so.
   *
   * @param log where it says what goes wrong
   * @throws IOException when it ends before, with what it said last
   */
  public static String ready(BufferedReader lines, Path log) throws IOException {
    return Fleet.ready(lines, log);
  }

  /** How many servers a node sees. */
  public static long seen(NodeApi api) {
    return api.get("health")
        .map(json -> (Map<?, ?>) json.get("conditions"))
        .map(counts -> (Number) counts.get("SEEN"))
        .map(Number::longValue)
        .orElse(0L);
  }

  /**
   * Waits a minute at most.
   *
   * @throws LabException when it does not hold by then
   */
  public static void await(BooleanSupplier condition, String otherwise) {
    if (!Await.holds(LONG, condition)) {
      throw new LabException("after " + LONG.toSeconds() + " s " + otherwise);
    }
  }
}
