package topiary.app.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import topiary.app.nodes.ClusterState;
import topiary.app.nodes.LocalNode;
import topiary.app.nodes.NodeProgram;

/**
 * From the command to a full member with the same state, of a node that joins a cluster that knows
 * much and has a long past.
 */
final class RaftJoin implements Measurement {

  private static final int INSTANCES = 5_000;
  private static final int ROWS = 100_000;
  private static final int NEWCOMERS = 3;
  private static final Duration FILLING = Duration.ofMinutes(10);

  @Override
  public List<Figures> run(Program program) {
    var seconds = new ArrayList<Double>();
    try (var raft = new RaftCluster(1 + NEWCOMERS)) {
      LocalNode first = raft.nodes().getFirst();
      raft.cluster()
          .launch(
              first,
              NodeProgram.java(
                  FilledNode.class.getName(),
                  List.of(
                      "--config",
                      first.config().toString(),
                      Integer.toString(INSTANCES),
                      Integer.toString(ROWS))));
      first.awaitReady(FILLING);
      first.end();
      raft.cluster().bootstrap();
      for (int i = 1; i <= NEWCOMERS; i++) {
        LocalNode newcomer = raft.nodes().get(i);
        int members = i + 1;
        long began = System.nanoTime();
        raft.cluster().start(newcomer);
        RaftCluster.await("the newcomer is a member", () -> member(first, newcomer, members));
        seconds.add((System.nanoTime() - began) / 1e9);
      }
    }
    return List.of(new Figures("", "s", seconds));
  }

  /** Whether both know of all, and hold the same state at the same place. */
  private static boolean member(LocalNode first, LocalNode newcomer, int members) {
    return newcomer
        .cluster()
        .filter(s -> s.known() == members && s.role().equals("follower"))
        .flatMap(s -> first.cluster().filter(f -> same(f, s)))
        .isPresent();
  }

  private static boolean same(ClusterState one, ClusterState other) {
    return one.applied() == other.applied() && one.stateHash().equals(other.stateHash());
  }
}
