package topiary.app.gateway;

import java.util.List;
import topiary.engine.model.InstanceKey;

/**
 * How ready a cluster is for the death of its head, as a node tells it.
 *
 * @param cluster its id; its head's address while it has none
 * @param head the server at its root
 * @param score from 0, which could not go on, to 100, which would lose nothing and nobody
 * @param reasons what it lacks, the worst first
 */
public record ReadinessView(String cluster, InstanceKey head, int score, List<Reason> reasons) {

  /** From this on a cluster is ready. */
  public static final int READY = 80;

  /** Below this it is not. */
  public static final int UNREADY = 50;

  /**
   * What it lacks.
   *
   * @param cost of the score
   * @param words in a sentence without a full stop
   */
  public record Reason(int cost, String words) {}

  public ReadinessView {
    reasons = List.copyOf(reasons);
  }
}
