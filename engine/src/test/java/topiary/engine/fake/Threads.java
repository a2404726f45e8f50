package topiary.engine.fake;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import topiary.engine.port.Scheduler;

/**
 * A virtual thread for every task, one for every loop, and one thread of timers; tasks that died
 * are remembered.
 */
public final class Threads implements Scheduler, AutoCloseable {

  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final List<Thread> kept = new CopyOnWriteArrayList<>();
  private final List<Throwable> deaths = new CopyOnWriteArrayList<>();

  @Override
  public boolean start(String name, Runnable task) {
    Thread.ofVirtual().name(name).start(() -> guarded(task));
    return true;
  }

  @Override
  public Runnable after(Duration delay, Runnable task) {
    var later = timers.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> later.cancel(false);
  }

  @Override
  public void every(Duration interval, String name, Runnable task) {
    timers.scheduleWithFixedDelay(() -> guarded(task), 0, interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean keep(String name, Runnable loop) {
    kept.add(Thread.ofPlatform().name(name).daemon().start(() -> guarded(loop)));
    return true;
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      deaths.add(e);
    }
  }

  /** What tasks ended with that did not end well. */
  public List<Throwable> deaths() {
    return List.copyOf(deaths);
  }

  @Override
  public void close() {
    timers.shutdownNow();
    kept.forEach(Thread::interrupt);
  }
}
