package topiary.app.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.app.nodes.ClusterState;
import topiary.app.nodes.LocalNode;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.process.Launcher;
import topiary.lab.process.Tether;

/** Whether a leader stays one while every core is busy with something else. */
final class RaftSteady implements Measurement {

  private static final Duration GLANCE = Duration.ofMillis(200);

  private final Duration duration;

  RaftSteady(Duration duration) {
    this.duration = duration;
  }

  @Override
  public List<Figures> run(Program program) throws InterruptedException {
    Path folder = Cache.standard().root().resolve("bench").resolve("busy-" + own());
    Disk.makePrivate(folder);
    var silences = new ArrayList<Double>();
    long first;
    long last;
    try (var raft = RaftCluster.three();
        Tether tether = Tether.hold(folder.resolve("tether"))) {
      first = term(raft);
      for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
        Launcher.tethered(
            List.of("sh", "-c", "while :; do :; done"), folder, folder.resolve("busy.log"), tether);
      }
      long end = System.nanoTime() + duration.toNanos();
      while (System.nanoTime() < end) {
        Thread.sleep(GLANCE);
        for (LocalNode node : raft.nodes()) {
          node.cluster()
              .filter(ClusterState::leading)
              .flatMap(ClusterState::longestSilence)
              .ifPresent(millis -> silences.add(millis / 1e3));
        }
      }
      last = term(raft);
    } finally {
      Disk.delete(folder);
    }
    return List.of(
        new Figures("changes of the leadership", "terms", List.of((double) (last - first))),
        new Figures("silence", "s until the leader hears of a member again", silences));
  }

  private static long own() {
    return ProcessHandle.current().pid();
  }

  /** The newest that anybody knows of. */
  private static long term(RaftCluster raft) {
    return raft.nodes().stream()
        .map(LocalNode::cluster)
        .flatMap(Optional::stream)
        .mapToLong(ClusterState::term)
        .max()
        .orElseThrow();
  }
}
