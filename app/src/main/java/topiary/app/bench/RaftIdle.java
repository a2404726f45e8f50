package topiary.app.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import topiary.app.nodes.LocalNode;

/** What nodes cost that have nothing to do but hear of each other. */
final class RaftIdle implements Measurement {

  private static final Duration SETTLE = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofSeconds(60);

  @Override
  public List<Figures> run(Program program) throws IOException, InterruptedException {
    var shares = new ArrayList<Double>();
    var resident = new ArrayList<Double>();
    try (var raft = RaftCluster.three()) {
      Thread.sleep(SETTLE);
      var before = new ArrayList<Duration>();
      for (LocalNode node : raft.nodes()) {
        before.add(Usage.processorTime(pid(node)));
      }
      long began = System.nanoTime();
      Thread.sleep(LOOK);
      double passed = System.nanoTime() - began;
      for (int i = 0; i < before.size(); i++) {
        long pid = pid(raft.nodes().get(i));
        shares.add(100 * Usage.processorTime(pid).minus(before.get(i)).toNanos() / passed);
        resident.add(Usage.residentMegabytes(pid));
      }
    }
    return List.of(new Figures("", "% of a core", shares), new Figures("resident", "MB", resident));
  }

  private static long pid(LocalNode node) {
    return node.process().orElseThrow().pid();
  }
}
