package topiary.app.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.app.nodes.ClusterState;
import topiary.app.nodes.LocalNode;

/**
 * From the death of the node that leads until another one leads, and until a command sent to that
 * one is committed.
 */
final class RaftFailover implements Measurement {

  private static final int RUNS = 20;
  private static final long GLANCE_MILLIS = 5;

  @Override
  public List<Figures> run(Program program) throws InterruptedException {
    var leads = new ArrayList<Double>();
    var writes = new ArrayList<Double>();
    try (var raft = RaftCluster.three()) {
      for (int i = 0; i < RUNS; i++) {
        LocalNode dead = raft.cluster().leader();
        List<LocalNode> others = raft.nodes().stream().filter(n -> !n.equals(dead)).toList();
        others.forEach(raft::awaitCaughtUp);
        dead.kill();
        long began = System.nanoTime();
        LocalNode next = leader(others);
        leads.add((System.nanoTime() - began) / 1e9);
        ClusterState state = RaftCluster.state(next);
        while (!next.api().post("cluster/announce", state.announcement())) {
          Thread.sleep(GLANCE_MILLIS);
        }
        writes.add((System.nanoTime() - began) / 1e9);
        raft.cluster().start(dead);
        dead.awaitReady();
        raft.awaitCaughtUp(dead);
      }
    }
    return List.of(new Figures("leads", "s", leads), new Figures("writes", "s", writes));
  }

  private static LocalNode leader(List<LocalNode> nodes) throws InterruptedException {
    while (true) {
      for (LocalNode node : nodes) {
        Optional<ClusterState> state = node.cluster();
        if (state.filter(ClusterState::leading).isPresent()) {
          return node;
        }
      }
      Thread.sleep(GLANCE_MILLIS);
    }
  }
}
