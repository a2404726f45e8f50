package topiary.app.rehearse;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.app.nodes.ClusterState;
import topiary.app.nodes.LocalCluster;
import topiary.app.nodes.LocalNode;
import topiary.app.nodes.NodeApi;
import topiary.app.nodes.NodeProgram;
import topiary.lab.base.LabException;

/** A cluster of three nodes. */
final class ThreeNodes implements Nodes {

  /** So many they are. */
  static final int COUNT = 3;

  private final LocalCluster cluster;
  private LocalNode asked;

  /** They know each other when this returns. */
  ThreeNodes(LocalCluster cluster) {
    this.cluster = cluster;
    try {
      cluster.start();
      asked = cluster.leader();
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The one that decides, once there is one. */
  LocalNode leader() {
    return cluster.leader();
  }

  @Override
  public NodeApi api() {
    if (!asked.alive()) {
      asked =
          cluster.nodes().stream()
              .filter(LocalNode::alive)
              .findFirst()
              .orElseThrow(() -> new LabException("no node runs any more"));
    }
    return asked.api();
  }

  @Override
  public List<NodeApi> apis() {
    return cluster.nodes().stream().map(LocalNode::api).toList();
  }

  @Override
  public boolean alive() {
    return cluster.nodes().stream().allMatch(LocalNode::alive);
  }

  @Override
  public void kill() {
    leader().kill();
  }

  @Override
  public void revive() {
    List<LocalNode> dead = cluster.nodes().stream().filter(n -> !n.alive()).toList();
    dead.forEach(node -> cluster.launch(node, asUsersDo(node)));
    dead.forEach(LocalNode::awaitReady);
  }

  private static List<String> asUsersDo(LocalNode node) {
    return Stream.concat(
            NodeProgram.standard().command().stream(),
            Stream.of("--config", node.config().toString()))
        .toList();
  }

  /** Whether all that run answer, and stand at the same place with the same state. */
  boolean agree() {
    List<Optional<ClusterState>> states =
        cluster.nodes().stream().filter(LocalNode::alive).map(LocalNode::cluster).toList();
    return states.stream().allMatch(Optional::isPresent)
        && states.stream()
                .map(Optional::orElseThrow)
                .map(state -> state.applied() + " " + state.stateHash())
                .distinct()
                .count()
            == 1;
  }

  @Override
  public Stream<ProcessHandle> descendants() {
    return cluster.nodes().stream()
        .flatMap(node -> node.process().stream())
        .flatMap(id -> ProcessHandle.of(id.pid()).stream())
        .flatMap(ProcessHandle::descendants);
  }

  @Override
  public String said() {
    return cluster.nodes().stream()
        .map(node -> node.name() + ":\n" + String.join("\n", node.said()) + "\n")
        .collect(Collectors.joining());
  }

  @Override
  public void close() {
    cluster.close();
  }
}
