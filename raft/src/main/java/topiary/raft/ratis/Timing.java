package topiary.raft.ratis;

import java.time.Duration;

/**
 * How long members wait for their leader.
 *
 * @param shortest a follower that has heard nothing for so long may ask for votes
 * @param longest and does so after this at the latest; a leader that no majority answers for so
 *     long steps down
 */
public record Timing(Duration shortest, Duration longest) {

  /** What is shipped: a busy machine keeps its leader. */
  public static final Timing STANDARD = new Timing(Duration.ofMillis(500), Duration.ofMillis(1000));

  public Timing {
    if (shortest.isNegative() || shortest.isZero() || longest.compareTo(shortest) <= 0) {
      throw new IllegalArgumentException("the longest wait must be longer than the shortest");
    }
  }
}
