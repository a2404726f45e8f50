package topiary.engine.mysql;

import java.time.Duration;
import topiary.engine.port.Deadline;
import topiary.engine.port.Scheduler;

/**
 * Ends what a thread waits for when its time is over. The driver's own limits are for single reads:
 * a server that sends a byte now and then would never exceed one. Interrupting a virtual thread
 * closes the socket it reads from.
 */
final class Watchdog implements AutoCloseable {

  private static final Duration GRACE = Duration.ofMillis(100);

  private final Thread watched = Thread.currentThread();
  private final Runnable takeBack;
  private boolean over;
  private boolean bitten;

  Watchdog(Scheduler scheduler, Deadline deadline) {
    // A little later than the driver's own limit, which says better what happened.
    takeBack = scheduler.after(deadline.left().plus(GRACE), this::bite);
  }

  private synchronized void bite() {
    if (!over) {
      bitten = true;
      watched.interrupt();
    }
  }

  /** Whether it had to end the wait. */
  synchronized boolean bitten() {
    return bitten;
  }

  @Override
  public void close() {
    takeBack.run();
    synchronized (this) {
      over = true;
      if (bitten) {
        // Ours alone: whatever comes next on this thread was not meant.
        Thread.interrupted();
      }
    }
  }
}
