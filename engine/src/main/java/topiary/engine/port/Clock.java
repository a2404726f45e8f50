package topiary.engine.port;

import java.time.Duration;
import java.time.Instant;

/** Time, so that it can be given. */
public interface Clock {

  /** The wall clock, for stamps people read. */
  Instant now();

  /** A clock that only goes forward, in nanoseconds, for time limits. */
  long nanos();

  /**
   * Waits.
   *
   * @throws CancellationException when the waiting task is being ended
   */
  void pause(Duration duration);

  /** The task is being ended; nothing more is to be begun. */
  final class CancellationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CancellationException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
