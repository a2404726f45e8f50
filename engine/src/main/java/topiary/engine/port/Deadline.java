package topiary.engine.port;

import java.time.Duration;

/**
 * A point in time after which nobody waits any more; one for a whole conversation.
 *
 * @param clock whose time
 * @param endNanos on {@link Clock#nanos()}
 */
public record Deadline(Clock clock, long endNanos) {

  /** So long from now. */
  public static Deadline in(Duration duration, Clock clock) {
    return new Deadline(clock, clock.nanos() + duration.toNanos());
  }

  /** What is left, never negative. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, endNanos - clock.nanos()));
  }

  public boolean over() {
    return endNanos - clock.nanos() <= 0;
  }
}
