package topiary.engine.fake;

import java.lang.reflect.Constructor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import topiary.engine.port.Clock;
import topiary.engine.port.Scheduler;

/**
 * Time and threads of a world that runs on one thread: whoever may go on goes on one after the
 * other, in an order drawn from a seed, and time passes only when everybody waits for it. So an
 * hour takes as long as what is done in it, and the same seed does the same again.
 *
 * <p>Whoever waits for another must do so by what parks a thread, like a {@code ReentrantLock}: who
 * waits for a monitor is woken by a thread of the platform, in its own good time, and the world
 * would go on without him.
 *
 * <p>Tasks are virtual threads of an executor of their own, which the platform gives to its own
 * tests only: hence {@code --add-opens java.base/java.lang} among the tests' options.
 */
public final class OneThread implements Scheduler, Clock, AutoCloseable {

  private static final Instant BEGINNING = Instant.parse("2027-01-01T00:00:00Z");

  /** Nobody may wait for longer than this, in the world's time. */
  private static final Duration PATIENCE = Duration.ofHours(2);

  /** So many of our methods tell where somebody waits. */
  private static final int FRAMES = 12;

  /** How long threads of the platform that end a real wait may take. */
  private static final long REAL_WAIT_NANOS = 10_000_000_000L;

  private final Random random;
  private final Object monitor = new Object();
  private final List<Runnable> ready = new ArrayList<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final Set<Thread> alive = Collections.newSetFromMap(new LinkedHashMap<>());
  private final List<Throwable> deaths = new ArrayList<>();
  private final Constructor<?> builder;
  private long nanos;
  private long sequence;
  private boolean closed;

  private static final class Timer implements Comparable<Timer> {
    private final long at;
    private final long sequence;
    private final Runnable what;
    private boolean takenBack;

    private Timer(long at, long sequence, Runnable what) {
      this.at = at;
      this.sequence = sequence;
      this.what = what;
    }

    @Override
    public int compareTo(Timer other) {
      int first = Long.compare(at, other.at);
      return first != 0 ? first : Long.compare(sequence, other.sequence);
    }
  }

  /**
   * A world that has not begun.
   *
   * @param seed draws who goes on first
   */
  public OneThread(long seed) {
    random = new Random(seed);
    try {
      builder =
          Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
              .getDeclaredConstructor(Executor.class);
      builder.setAccessible(true);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK has no virtual threads of an own executor", e);
    }
  }

  private void enqueue(Runnable continuation) {
    synchronized (monitor) {
      ready.add(continuation);
      monitor.notifyAll();
    }
  }

  private Thread.Builder thread(String name) {
    try {
      return ((Thread.Builder.OfVirtual) builder.newInstance((Executor) this::enqueue)).name(name);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Does something in this world, and lets it go on until that is done. */
  public <T> T run(Callable<T> work) throws Exception {
    var result = new CompletableFuture<T>();
    begin(
        "test",
        () -> {
          try {
            result.complete(work.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    long end = nanos + PATIENCE.toNanos();
    while (!result.isDone()) {
      if (nanos > end) {
        throw new IllegalStateException("nothing comes of it in " + PATIENCE + waiting());
      }
      step();
    }
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (Exception) e.getCause();
    }
  }

  private void begin(String name, Runnable task) {
    Thread thread =
        thread(name)
            .unstarted(
                () -> {
                  try {
                    task.run();
                  } finally {
                    alive.remove(Thread.currentThread());
                  }
                });
    alive.add(thread);
    thread.start();
  }

  /** Where everybody waits who has begun with something, by our own methods. */
  private String waiting() {
    var text = new StringBuilder();
    for (Thread thread : alive) {
      text.append("\n  ").append(thread.getName()).append(", ").append(thread.getState());
      Stream.of(thread.getStackTrace())
          .filter(frame -> frame.getClassName().startsWith("topiary."))
          .limit(FRAMES)
          .forEach(frame -> text.append("\n    ").append(frame));
    }
    return text.toString();
  }

  private void step() throws InterruptedException {
    Runnable next = taken();
    if (next != null) {
      next.run();
      return;
    }
    Timer timer = timers.poll();
    if (timer != null) {
      nanos = Math.max(nanos, timer.at);
      if (!timer.takenBack) {
        timer.what.run();
      }
      return;
    }
    synchronized (monitor) {
      if (ready.isEmpty()) {
        monitor.wait(REAL_WAIT_NANOS / 1_000_000);
      }
      if (ready.isEmpty()) {
        throw new IllegalStateException("everybody waits for somebody else" + waiting());
      }
    }
  }

  private Runnable taken() {
    synchronized (monitor) {
      if (ready.isEmpty()) {
        return null;
      }
      int which = ready.size() == 1 ? 0 : random.nextInt(ready.size());
      return ready.remove(which);
    }
  }

  private Timer at(long when, Runnable what) {
    var timer = new Timer(when, sequence++, what);
    timers.add(timer);
    return timer;
  }

  // ---- scheduler

  @Override
  public boolean start(String name, Runnable task) {
    if (closed) {
      return false;
    }
    begin(name, () -> guarded(task));
    return true;
  }

  @Override
  public boolean keep(String name, Runnable loop) {
    return start(name, loop);
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (Clock.CancellationException e) {
      if (!closed) {
        deaths.add(e);
      }
    } catch (RuntimeException | Error e) {
      deaths.add(e);
    }
  }

  @Override
  public Runnable after(Duration delay, Runnable task) {
    Timer timer = at(nanos + delay.toNanos(), () -> start("later", task));
    return () -> timer.takenBack = true;
  }

  @Override
  public void every(Duration interval, String name, Runnable task) {
    // One thread for all times: what is done ten times a second is most of what begins in a world.
    start(
        name,
        () -> {
          guarded(task);
          while (!closed && sleeps(interval)) {
            guarded(task);
          }
        });
  }

  /** What tasks ended with that did not end well. */
  public List<Throwable> deaths() {
    return List.copyOf(deaths);
  }

  // ---- clock

  @Override
  public Instant now() {
    return BEGINNING.plusNanos(nanos);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  /** Microseconds since 1970, which is what simulated servers count in. */
  public long micros() {
    return BEGINNING.getEpochSecond() * 1_000_000 + nanos / 1000;
  }

  @Override
  public void pause(Duration duration) {
    Thread thread = Thread.currentThread();
    if (!thread.isVirtual()) {
      throw new IllegalStateException("only whoever is in this world can wait in it");
    }
    if (!sleeps(duration)) {
      throw new Clock.CancellationException("this world has ended", null);
    }
  }

  /** Waits for so long; whether the world is still there then. */
  private boolean sleeps(Duration duration) {
    Thread thread = Thread.currentThread();
    var over = new boolean[1];
    if (!closed) {
      at(
          nanos + duration.toNanos(),
          () -> {
            over[0] = true;
            LockSupport.unpark(thread);
          });
      while (!over[0]) {
        LockSupport.park(this);
      }
    }
    return !closed;
  }

  /** Ends it: whoever waits is told so, and nothing is begun any more. */
  @Override
  public void close() {
    closed = true;
    while (true) {
      Runnable next = taken();
      if (next != null) {
        next.run();
        continue;
      }
      Timer timer = timers.poll();
      if (timer == null) {
        return;
      }
      timer.what.run();
    }
  }
}
