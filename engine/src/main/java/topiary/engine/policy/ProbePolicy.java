package topiary.engine.policy;

import java.time.Duration;

/**
 * How servers are looked at.
 *
 * @param interval from one look at a server to the next
 * @param deadline how long one look over a kept connection may last; not above the interval
 * @param opening how long one look may last that has to connect first, encryption included
 */
public record ProbePolicy(Duration interval, Duration deadline, Duration opening) {

  public static final ProbePolicy DEFAULT =
      new ProbePolicy(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(5));

  /** With as much time for a look that has to connect first. */
  public ProbePolicy(Duration interval, Duration deadline) {
    this(interval, deadline, deadline);
  }

  public ProbePolicy {
    if (interval.compareTo(Duration.ofMillis(100)) < 0
        || deadline.compareTo(interval) > 0
        || opening.compareTo(deadline) < 0) {
      throw new IllegalArgumentException(
          "poll interval "
              + interval.toMillis()
              + " ms, probe deadline "
              + deadline.toMillis()
              + " ms: the interval must be 100 ms or more, and the deadline not above it");
    }
  }
}
