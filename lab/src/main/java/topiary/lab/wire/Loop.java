package topiary.lab.wire;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import topiary.lab.base.LabException;

/** The one thread that all simulated servers live on. */
final class Loop implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Loop.class.getName());

  /** How often statements that wait are tried again. */
  private static final int GLANCE_MILLIS = 10;

  private static final int SALT = 20;

  private final Selector selector;
  private final ByteBuffer in = ByteBuffer.allocateDirect(2 * Connection.LONGEST);
  private final Out out = new Out();
  private final Queue<FutureTask<?>> tasks = new ConcurrentLinkedQueue<>();
  private final Set<Connection> waiting = new LinkedHashSet<>();
  private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
  private final long wall = System.currentTimeMillis();
  private final long began = System.nanoTime();
  private final Thread thread;
  private volatile boolean over;
  private volatile boolean ended;
  private volatile long questions;

  Loop() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw LabException.of("the simulated servers cannot begin to listen", e);
    }
    thread = Thread.ofPlatform().name("simulated-servers").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Now, in microseconds since 1970, to the millisecond; it never goes back. */
  long now() {
    return (wall + (System.nanoTime() - began) / 1_000_000) * 1000;
  }

  /** How many statements were answered. */
  long questions() {
    return questions;
  }

  /** What the thread has used of a processor, in nanoseconds. */
  long cpuNanos() {
    return java.lang.management.ManagementFactory.getThreadMXBean()
        .getThreadCpuTime(thread.threadId());
  }

  @SuppressWarnings("NonAtomicOperationOnVolatileField")
  void counted() {
    // Only this thread writes it.
    questions = questions + 1;
  }

  Out out() {
    return out;
  }

  byte[] salt() {
    var salt = new byte[SALT];
    for (int i = 0; i < SALT; i++) {
      // Printable, as some clients take it for a text.
      salt[i] = (byte) random.nextInt('0', 'z');
    }
    return salt;
  }

  SelectionKey register(SelectableChannel channel, Object owner) throws IOException {
    return channel.register(
        selector,
        channel instanceof ServerSocketChannel ? SelectionKey.OP_ACCEPT : SelectionKey.OP_READ,
        owner);
  }

  void waits(Connection connection) {
    waiting.add(connection);
  }

  void close(Closeable channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing a connection", e);
    }
  }

  /**
   * Lets go of channels that were closed: a selector keeps them open, and the kernel takes
   * connections for them, until it selects again. Only on the thread.
   */
  void letGo() {
    try {
      selector.selectNow(this::serve);
    } catch (IOException e) {
      throw LabException.of("the simulated servers cannot let go of what is closed", e);
    }
  }

  /**
   * Does something on the thread, and waits until it is done.
   *
   * @throws LabException when the thread has ended, or the deed failed
   */
  <T> T call(Callable<T> what) {
    var task = new FutureTask<>(what);
    tasks.add(task);
    if (ended) {
      task.cancel(false);
    }
    selector.wakeup();
    try {
      return task.get();
    } catch (CancellationException e) {
      throw new LabException("the simulated servers have ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while the simulated servers were told something", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException r
          ? r
          : new LabException("the simulated servers failed: " + e.getCause(), e.getCause());
    }
  }

  private void run() {
    try {
      while (!over) {
        selector.select(this::serve, waiting.isEmpty() ? 0 : GLANCE_MILLIS);
        for (FutureTask<?> task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        for (Connection connection : List.copyOf(waiting)) {
          retry(connection);
        }
      }
    } catch (IOException | ClosedSelectorException e) {
      LOG.log(System.Logger.Level.ERROR, "the simulated servers have ended", e);
    } finally {
      // Whoever still waits would wait for ever; whoever comes later sees that it has ended.
      ended = true;
      tasks.forEach(task -> task.cancel(false));
    }
  }

  private void retry(Connection connection) {
    try {
      if (!connection.waitsStill()) {
        waiting.remove(connection);
      }
    } catch (IOException e) {
      waiting.remove(connection);
      connection.close();
    }
  }

  private void serve(SelectionKey key) {
    try {
      switch (key.attachment()) {
        case Port port -> port.accept();
        case Connection connection -> {
          try {
            if (key.isWritable()) {
              connection.write();
            } else {
              connection.read(in);
            }
          } catch (IOException e) {
            // The client has gone.
            connection.close();
          }
        }
        default -> throw new IllegalStateException("a key of nobody");
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a simulated server cannot take a connection", e);
    }
  }

  @Override
  public void close() {
    over = true;
    selector.wakeup();
    try {
      if (Thread.currentThread() != thread) {
        thread.join();
      }
      selector.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while the simulated servers ended", e);
    } catch (IOException e) {
      throw LabException.of("the simulated servers cannot end", e);
    }
  }
}
