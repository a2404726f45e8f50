package topiary.app.wire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import topiary.engine.port.Clock;
import topiary.engine.port.Scheduler;

/**
 * A virtual thread for each task, one thread that keeps time, one of the system's for each loop,
 * and a few of them for work that is not to wait behind all tasks each time it has waited for
 * something else.
 */
public final class Threads implements Scheduler, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Threads.class.getName());

  private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("timer").daemon().factory());

  private final List<Thread> kept = new ArrayList<>();

  /** As many as may be sent large answers at a time without waiting behind tasks. */
  private static final int MOST_SENDING = 32;

  private final ThreadPoolExecutor sending =
      new ThreadPoolExecutor(
          0,
          MOST_SENDING,
          30,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().name("answer-", 0).daemon().factory(),
          new ThreadPoolExecutor.CallerRunsPolicy());

  /** Threads that are there until they are closed. */
  public Threads() {
    // Most time limits are taken back long before they are over.
    timer.setRemoveOnCancelPolicy(true);
  }

  @Override
  public boolean start(String name, Runnable task) {
    try {
      tasks.execute(() -> guarded(name, task));
      return true;
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "not begun, the node is being stopped: " + name, e);
      return false;
    }
  }

  /**
   * Runs what sends much, on a thread of its own as long as there are any. The virtual thread whose
   * turn it is waits for its next one behind all that can run, and a large answer has two hundred
   * turns.
   */
  void send(Runnable task) {
    sending.execute(task);
  }

  @Override
  public Runnable after(Duration delay, Runnable task) {
    try {
      Future<?> later =
          timer.schedule(() -> guarded("later", task), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> later.cancel(false);
    } catch (RejectedExecutionException e) {
      // The node is being stopped; whatever waits is ended with it.
      return () -> {};
    }
  }

  @Override
  public void every(Duration interval, String name, Runnable task) {
    timer.scheduleWithFixedDelay(
        () -> guarded(name, task), 0, interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean keep(String name, Runnable loop) {
    synchronized (kept) {
      if (tasks.isShutdown()) {
        return false;
      }
      kept.add(Thread.ofPlatform().name(name).daemon().start(() -> guarded(name, loop)));
      return true;
    }
  }

  /** The one boundary of a task's thread: a fault ends the task, is logged, and nothing else. */
  private static void guarded(String name, Runnable task) {
    try {
      task.run();
    } catch (Clock.CancellationException e) {
      LOG.log(System.Logger.Level.DEBUG, "task \"" + name + "\" was ended", e);
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "task \"" + name + "\" ended with a fault", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    synchronized (kept) {
      tasks.shutdownNow();
      kept.forEach(Thread::interrupt);
    }
    sending.shutdownNow();
  }
}
