package topiary.app.v1;

import java.util.concurrent.TimeUnit;
import topiary.engine.model.Change;

/**
 * When somebody who listens is told what has changed: the larger the change, the sooner after what
 * they were told last. What is told is then everything, so the kind of a change decides the moment
 * only. Told the time; not thread-safe.
 */
final class Pace {

  private boolean fresh = true;
  private long toldAt;

  /** Of somebody who begins to listen. */
  Pace(long now) {
    toldAt = now;
  }

  /** How long after the last word a change is told, in nanoseconds. */
  static long gap(Change change) {
    return switch (change) {
      case NEWS -> TimeUnit.MILLISECONDS.toNanos(250);
      case MOVED -> TimeUnit.SECONDS.toNanos(1);
      case LOOKED -> TimeUnit.SECONDS.toNanos(5);
      // A sign of life, for whoever wonders whether there is nothing to tell or nobody to tell it.
      case NONE -> TimeUnit.SECONDS.toNanos(15);
    };
  }

  /**
   * How long to wait before this is told, in nanoseconds; at once when it is not above 0, as is the
   * first word of all.
   */
  long wait(Change waiting, long now) {
    return fresh && waiting != Change.NONE ? 0 : toldAt + gap(waiting) - now;
  }

  /** Something was told. */
  void told(long now) {
    fresh = false;
    toldAt = now;
  }
}
