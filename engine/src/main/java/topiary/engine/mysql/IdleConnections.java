package topiary.engine.mysql;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import topiary.engine.port.Scheduler;

/**
 * All connections that are at rest, and the one thread that hears when something comes over one of
 * them. Thread-safe.
 */
final class IdleConnections {

  private static final System.Logger LOG = System.getLogger(IdleConnections.class.getName());

  /**
   * So long those who come to rest wait for others, since the thread is woken for them: what comes
   * meanwhile is noticed then.
   */
  private static final Duration GATHERING = Duration.ofMillis(20);

  private final Scheduler scheduler;
  private final ConcurrentLinkedQueue<IdleConnection> coming = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean called = new AtomicBoolean();
  private Selector selector;

  IdleConnections(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** The thread begins when there is somebody to watch. */
  private synchronized Selector selector() {
    if (selector == null) {
      try {
        Selector opened = Selector.open();
        if (scheduler.keep("idle connections", () -> watch(opened))) {
          selector = opened;
        } else {
          opened.close();
        }
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "connections at rest are not watched", e);
      }
    }
    return selector;
  }

  /** One is at rest from now on. */
  void comes(IdleConnection one) {
    Selector watching = selector();
    if (watching == null) {
      return;
    }
    coming.add(one);
    if (called.compareAndSet(false, true)) {
      scheduler.after(GATHERING, watching::wakeup);
    }
  }

  private void watch(Selector watching) {
    try (watching) {
      while (!Thread.currentThread().isInterrupted()) {
        watching.select(this::stirs);
        called.set(false);
        takeIn(watching);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "connections at rest are not watched any more", e);
    }
  }

  private void takeIn(Selector watching) throws IOException {
    var again = new ArrayList<IdleConnection>();
    IdleConnection one = coming.poll();
    while (one != null) {
      try {
        if (!one.watched(watching)) {
          again.add(one);
        }
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "a connection has ended before it was at rest", e);
      }
      one = coming.poll();
    }
    if (!again.isEmpty()) {
      // It lets go of those that were used, and takes them in anew.
      watching.selectNow(this::stirs);
      coming.addAll(again);
      watching.wakeup();
    }
  }

  private void stirs(SelectionKey key) {
    var one = (IdleConnection) key.attachment();
    try {
      one.stirs().ifPresent(this::told);
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "a connection at rest has come to grief", e);
      grief(one);
    }
  }

  private void grief(IdleConnection one) {
    try {
      one.grief().ifPresent(this::told);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a connection cannot be closed", e);
    }
  }

  private void told(Runnable who) {
    scheduler.start("idle connection stirs", who);
  }
}
