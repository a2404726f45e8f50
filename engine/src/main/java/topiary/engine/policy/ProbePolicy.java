package topiary.engine.policy;

import java.time.Duration;

/**
 * How servers are looked at.
 *
 * @param interval from one look at a server to the next
 * @param deadline how long one look may last, connecting included; less than the interval
 */
public record ProbePolicy(Duration interval, Duration deadline) {

  public static final ProbePolicy DEFAULT =
      new ProbePolicy(Duration.ofSeconds(5), Duration.ofSeconds(2));

  public ProbePolicy {
    if (interval.compareTo(Duration.ofMillis(100)) < 0 || deadline.compareTo(interval) > 0) {
      throw new IllegalArgumentException(
          "poll interval "
              + interval.toMillis()
              + " ms, probe deadline "
              + deadline.toMillis()
              + " ms: the interval must be 100 ms or more, and the deadline not above it");
    }
  }
}
