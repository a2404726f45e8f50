package topiary.engine.probe;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import topiary.engine.port.Clock;

/**
 * Servers that answered last time, or are new, to which connections are made at once. Making one is
 * most of the work there is: a thousand at once would all be late. When nobody has come out for
 * half as long as making one may last, those inside are silent, and others go in anyway, one after
 * the other; as long as somebody comes out, the machine has enough to do. Thread-safe.
 */
final class Doors {

  private static final int DOORS = 32;

  /** From one who goes in anyway to the next. */
  private static final Duration APART = Duration.ofMillis(20);

  private final Clock clock;
  private final long patience;
  private final Semaphore free = new Semaphore(DOORS);

  /** When somebody came out last. */
  private final AtomicLong out;

  /** When the next may go in anyway. */
  private final AtomicLong next;

  /**
   * Doors that nobody has gone through.
   *
   * @param opening how long making a connection may last
   */
  Doors(Clock clock, Duration opening) {
    this.clock = clock;
    patience = opening.toNanos() / 2;
    out = new AtomicLong(clock.nanos());
    next = new AtomicLong(clock.nanos());
  }

  /**
   * Waits until one may go in.
   *
   * @return whether it is to say when it comes out
   */
  boolean enter() {
    long wait = patience;
    boolean mayAnyway = false;
    try {
      while (!free.tryAcquire(wait, TimeUnit.NANOSECONDS)) {
        long now = clock.nanos();
        if (now - out.get() < patience) {
          mayAnyway = false;
          wait = patience;
        } else if (mayAnyway) {
          return false;
        } else {
          mayAnyway = true;
          wait = next.updateAndGet(at -> now + Math.max(0, at - now) + APART.toNanos()) - now;
        }
      }
      return true;
    } catch (InterruptedException e) {
      // The node is being stopped; whatever is begun now ends at once.
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether somebody waits for one who is inside. */
  boolean crowded() {
    return free.hasQueuedThreads();
  }

  /** Comes out. */
  void leave() {
    out.set(clock.nanos());
    free.release();
  }
}
