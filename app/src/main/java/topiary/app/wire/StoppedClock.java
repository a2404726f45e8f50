package topiary.app.wire;

import java.time.Duration;
import java.time.Instant;
import topiary.engine.port.Clock;

/**
 * The time of what is shown, which stands; what is measured goes on.
 *
 * @param now what it shows
 */
record StoppedClock(Instant now) implements Clock {

  private static final Clock OURS = new SystemClock();

  @Override
  public long nanos() {
    return OURS.nanos();
  }

  @Override
  public void pause(Duration duration) {
    OURS.pause(duration);
  }
}
