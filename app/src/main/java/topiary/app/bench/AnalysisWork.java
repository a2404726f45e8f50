package topiary.app.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import topiary.app.sample.SampleFleet;
import topiary.engine.analysis.Judgement;
import topiary.engine.analysis.World;
import topiary.engine.model.Instance;
import topiary.engine.model.Topology;
import topiary.engine.policy.JudgementPolicy;

/**
 * How long it takes to judge every server of a fleet once, in this process.
 *
 * @param servers how many
 * @param passes how often
 */
record AnalysisWork(int servers, int passes) implements Measurement {

  private static final double NANOS = 1e6;

  @Override
  public List<Figures> run(Program program) {
    Instant now = Instant.parse("2026-11-28T03:00:00Z");
    Topology topology = SampleFleet.ofTrees(servers).at(now, 1, 0);
    World world = World.of(topology, JudgementPolicy.DEFAULT, now);
    var millis = new ArrayList<Double>();
    var found = new ArrayList<Double>();
    for (int pass = 0; pass < passes; pass++) {
      long began = System.nanoTime();
      int failing = 0;
      for (Instance server : topology.instances().values()) {
        failing += Judgement.of(world, server).failure().isPresent() ? 1 : 0;
      }
      millis.add((System.nanoTime() - began) / NANOS);
      found.add((double) failing);
    }
    String of = servers + " servers";
    return List.of(new Figures(of, "ms", millis), new Figures(of + ", failing", "servers", found));
  }
}
