package topiary.engine.fake;

import java.time.Duration;
import java.time.Instant;
import topiary.engine.port.Clock;

/** The machine's own time. */
public final class RealClock implements Clock {

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the test ends", e);
    }
  }
}
