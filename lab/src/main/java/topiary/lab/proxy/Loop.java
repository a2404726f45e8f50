package topiary.lab.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import topiary.lab.base.LabException;

/**
 * One thread that waits for sockets, for the next thing due, and for calls from elsewhere.
 * Everything about connections happens on it, so a change of rules that has been made is in force:
 * no byte is on its way under the old ones.
 */
final class Loop {
  private record Due(long nanos, Runnable task) {}

  private final Selector selector;
  private final Thread thread;
  private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
  // nanoTime may overflow, hence the difference.
  private final PriorityQueue<Due> due =
      new PriorityQueue<>((a, b) -> Long.signum(a.nanos - b.nanos));
  private final Set<CompletableFuture<?>> awaited = ConcurrentHashMap.newKeySet();
  private boolean closing;
  private volatile boolean ended;

  Loop(String name) {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw LabException.of("cannot wait for sockets", e);
    }
    thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  /** Runs it on the loop's thread and gives its result. */
  <T> T call(Supplier<T> task) {
    var result = new CompletableFuture<T>();
    awaited.add(result);
    post(
        () -> {
          try {
            result.complete(task.get());
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    if (ended) {
      result.completeExceptionally(over());
    }
    try {
      return result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException r ? r : new LabException(e.getMessage(), e);
    } finally {
      awaited.remove(result);
    }
  }

  private static LabException over() {
    return new LabException("the proxy of this lab has ended");
  }

  /** Runs it on the loop's thread, some time soon; not at all once the loop is closed. */
  void post(Runnable task) {
    calls.add(task);
    selector.wakeup();
  }

  /** From the loop's thread only. */
  void at(long nanos, Runnable task) {
    due.add(new Due(nanos, task));
  }

  /** From the loop's thread only. The task runs whenever the channel is ready. */
  SelectionKey register(SelectableChannel channel, int interest, Runnable task) throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, interest, task);
  }

  /**
   * From the loop's thread only, and not from within a ready channel's task: makes the system see
   * what was closed. A channel that is waited for is really closed only by the next look.
   */
  void flush() {
    try {
      selector.selectNow(this::ready);
    } catch (IOException e) {
      throw LabException.of("cannot wait for sockets", e);
    }
  }

  private void run() {
    try {
      while (!closing) {
        selector.select(this::ready, timeout());
        for (Runnable call = calls.poll(); call != null; call = calls.poll()) {
          call.run();
        }
        long now = System.nanoTime();
        var ripe = new ArrayList<Runnable>();
        while (!due.isEmpty() && due.peek().nanos - now <= 0) {
          ripe.add(due.poll().task);
        }
        ripe.forEach(Runnable::run);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy cannot wait for sockets any more", e);
    } finally {
      ended = true;
      awaited.forEach(result -> result.completeExceptionally(over()));
      try {
        selector.close();
      } catch (IOException e) {
        System.getLogger(Loop.class.getName()).log(System.Logger.Level.WARNING, e::toString);
      }
    }
  }

  private void ready(SelectionKey key) {
    if (key.isValid()) {
      ((Runnable) key.attachment()).run();
    }
  }

  /** Milliseconds until the next thing is due, rounded up; 0 is for ever. */
  private long timeout() {
    if (due.isEmpty()) {
      return 0;
    }
    return Math.max(1, (due.peek().nanos - System.nanoTime() + 999_999) / 1_000_000);
  }

  /** Runs this last on the loop's thread, and waits for the thread's end. */
  void close(Runnable last) {
    post(
        () -> {
          closing = true;
          last.run();
        });
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while the proxy ended", e);
    }
  }
}
