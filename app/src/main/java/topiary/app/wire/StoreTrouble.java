package topiary.app.wire;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import topiary.store.StoreException;

/**
 * Trouble of the store that need not end the node: its disk is full, another program holds it, its
 * server cannot be reached, what was done cannot be read. It is told for as long as it lasts, and
 * looked after until it is over. Thread-safe.
 */
final class StoreTrouble implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(StoreTrouble.class.getName());

  /** From one look to the next. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Runnable look;
  private final Runnable after;

  // A thread of the platform: SQLite waits for a lock in its own code, where a virtual one would
  // keep its carrier. There is none as long as nothing is wrong.
  private final ScheduledThreadPoolExecutor looking =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("store-trouble").daemon().factory());

  private Optional<String> now = Optional.empty();

  /**
   * No trouble yet.
   *
   * @param look throws a {@link StoreException} for as long as the trouble lasts
   * @param after run each time it is over; does not wait
   */
  StoreTrouble(Runnable look, Runnable after) {
    this.look = look;
    this.after = after;
    looking.setKeepAliveTime(2 * PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    looking.allowCoreThreadTimeOut(true);
  }

  /** Whether what went wrong while it was written may pass, and has changed nothing. */
  static boolean passing(StoreException e) {
    return switch (e.kind()) {
      case LOCKED, FULL, UNREACHABLE -> true;
      case CORRUPT, UNWRITABLE, NEWER, BROKEN -> false;
    };
  }

  /** What is wrong, as a sentence; empty when nothing is. */
  synchronized Optional<String> now() {
    return now;
  }

  /** It could not be written, or read. */
  synchronized void met(StoreException e) {
    boolean first = now.isEmpty();
    now = Optional.of(e.getMessage());
    if (first) {
      LOG.log(System.Logger.Level.WARNING, "trouble with the node's state: " + e.getMessage());
      later();
    }
  }

  /** It was written, and what was written before can be read. */
  private synchronized void over() {
    if (now.isPresent()) {
      now = Optional.empty();
      LOG.log(System.Logger.Level.WARNING, "the node's state can be written again");
    }
  }

  private void later() {
    try {
      looking.schedule(this::again, PAUSE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "the node is being stopped", e);
    }
  }

  private void again() {
    if (now().isEmpty()) {
      return;
    }
    try {
      look.run();
      over();
      after.run();
    } catch (StoreException e) {
      still(e.getMessage());
    } catch (IllegalStateException e) {
      LOG.log(System.Logger.Level.DEBUG, "the store has been closed", e);
    }
  }

  private synchronized void still(String sentence) {
    now = Optional.of(sentence);
    later();
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
