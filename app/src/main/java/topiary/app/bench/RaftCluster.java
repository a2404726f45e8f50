package topiary.app.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import topiary.app.nodes.ClusterState;
import topiary.app.nodes.LocalCluster;
import topiary.app.nodes.LocalNode;
import topiary.app.nodes.NodeProgram;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;

/**
 * Node processes as shipped, without servers, below the cache folder: on a disk as a node's data
 * folder is, and not in memory.
 */
final class RaftCluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Path folder;
  private final LocalCluster cluster;

  RaftCluster(int nodes) {
    folder =
        Cache.standard().root().resolve("bench").resolve("raft-" + ProcessHandle.current().pid());
    Disk.delete(folder);
    cluster =
        LocalCluster.in(
            folder, NodeProgram.standard(), nodes, Optional.empty(), Map.of("pollSeconds", 3600));
  }

  /** All three of a new cluster, running. */
  static RaftCluster three() {
    var three = new RaftCluster(3);
    try {
      three.cluster.start();
      return three;
    } catch (RuntimeException e) {
      three.close();
      throw e;
    }
  }

  LocalCluster cluster() {
    return cluster;
  }

  List<LocalNode> nodes() {
    return cluster.nodes();
  }

  /** Waits until something is so. */
  static void await(String what, BooleanSupplier condition) {
    if (!Await.holds(PATIENCE, condition)) {
      throw new LabException(
          "after " + PATIENCE.toSeconds() + " s it is still not so that " + what);
    }
  }

  /** Waits until a node stands where the leader stood at this call, or further. */
  void awaitCaughtUp(LocalNode node) {
    long goal = state(cluster.leader()).applied();
    await(
        node.name() + " has caught up",
        () ->
            node.cluster()
                .filter(s -> s.applied() >= goal && !s.role().equals("outside"))
                .isPresent());
  }

  /** How a node that answers sees the cluster. */
  static ClusterState state(LocalNode node) {
    return Await.value(PATIENCE, node::cluster, () -> node.name() + " does not answer");
  }

  @Override
  public void close() {
    cluster.close();
    Disk.delete(folder);
  }
}
