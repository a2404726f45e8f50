package topiary.app.bench;

import java.util.ArrayList;
import java.util.List;
import topiary.app.nodes.LocalNode;

/** From the command to the line that says ready, of a member that was ended and comes back. */
final class RaftStart implements Measurement {

  private static final int RUNS = 10;

  @Override
  public List<Figures> run(Program program) {
    var ready = new ArrayList<Double>();
    var caughtUp = new ArrayList<Double>();
    try (var raft = RaftCluster.three()) {
      LocalNode leader = raft.cluster().leader();
      LocalNode member =
          raft.nodes().stream().filter(n -> !n.equals(leader)).findFirst().orElseThrow();
      for (int i = 0; i < RUNS; i++) {
        member.end();
        long began = System.nanoTime();
        raft.cluster().start(member);
        member.awaitReady();
        ready.add((System.nanoTime() - began) / 1e9);
        raft.awaitCaughtUp(member);
        caughtUp.add((System.nanoTime() - began) / 1e9);
      }
    }
    return List.of(new Figures("ready", "s", ready), new Figures("caught up", "s", caughtUp));
  }
}
