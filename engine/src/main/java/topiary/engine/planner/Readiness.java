package topiary.engine.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.engine.analysis.Judgement;
import topiary.engine.analysis.World;
import topiary.engine.finding.Code;
import topiary.engine.finding.Finding;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Tree;

/**
 * How ready a tree is for the death of its head. Pure.
 *
 * @param head the server at its root
 * @param score 100 for one that would lose nothing and nobody, 0 for one that could not go on
 * @param reasons what it lacks, the worst first
 */
public record Readiness(InstanceKey head, int score, List<Reason> reasons) {

  private static final int FULL = 100;
  private static final int FAILS = 60;
  private static final int ONE_ONLY = 15;
  private static final int EACH_LEFT = 10;
  private static final int MOST_LEFT = 30;
  private static final int ASYNCHRONOUS = 10;
  private static final int LATE = 15;
  private static final int WARNED = 5;

  /**
   * What a tree lacks.
   *
   * @param cost of the score
   * @param words in a sentence without a full stop
   */
  public record Reason(int cost, String words) {}

  public Readiness {
    reasons = List.copyOf(reasons);
  }

  /** How ready a tree is. */
  public static Readiness of(World world, Tree tree) {
    InstanceKey head = tree.head();
    var reasons = new ArrayList<Reason>();
    Instance primary = world.topology().instance(head).orElseThrow();
    Judgement judged = Judgement.of(world, primary);
    judged
        .failure()
        .ifPresent(f -> reasons.add(new Reason(FAILS, f.code().word() + ": " + f.code().words())));
    if (tree.places().size() == 1) {
      reasons.add(new Reason(FULL, "nobody replicates from " + head));
      return of(head, reasons);
    }
    Successors successors = Successors.of(world, head);
    Optional<InstanceKey> chosen = successors.chosen();
    if (chosen.isEmpty()) {
      reasons.add(new Reason(FULL, "no replica could take the place of " + head));
      return of(head, reasons);
    }
    if (successors.able() == 1) {
      reasons.add(new Reason(ONE_ONLY, "only " + chosen.get() + " could take its place"));
    }
    int[] served = successors.served();
    if (served[0] < served[1]) {
      reasons.add(
          new Reason(
              Math.min(MOST_LEFT, EACH_LEFT * (served[1] - served[0])),
              (served[1] - served[0]) + " of its replicas could not follow " + chosen.get()));
    }
    long silent =
        world.topology().replicasOf(head).stream()
            .filter(k -> !world.topology().instance(k).orElseThrow().seen())
            .count();
    if (silent > 0) {
      reasons.add(
          new Reason(
              (int) Math.min(MOST_LEFT, EACH_LEFT * silent),
              silent + " of its replicas " + (silent == 1 ? "does" : "do") + " not answer"));
    }
    long late =
        world
            .topology()
            .instance(chosen.get())
            .flatMap(Instance::facts)
            .map(f -> f.late())
            .orElse(0L);
    if (late > world.policy(head).reasonableLag()) {
      reasons.add(new Reason(LATE, chosen.get() + " is " + late + " s late"));
    }
    if (!waits(primary)) {
      reasons.add(
          new Reason(
              ASYNCHRONOUS, "commits wait for no replica, so that the last of them could be lost"));
    }
    for (Finding warning : judged.warnings()) {
      if (warning.code() != Code.NO_CANDIDATE) {
        reasons.add(new Reason(WARNED, warning.code().word() + ": " + warning.code().words()));
      }
    }
    return of(head, reasons);
  }

  private static boolean waits(Instance primary) {
    return primary
        .facts()
        .map(f -> f.semiSync().source())
        .filter(SemiSync.Source::enabled)
        .filter(s -> s.active() && s.clients() >= s.waitFor())
        .isPresent();
  }

  private static Readiness of(InstanceKey head, List<Reason> reasons) {
    int cost = reasons.stream().mapToInt(Reason::cost).sum();
    reasons.sort((a, b) -> Integer.compare(b.cost(), a.cost()));
    return new Readiness(head, Math.max(0, FULL - cost), reasons);
  }
}
