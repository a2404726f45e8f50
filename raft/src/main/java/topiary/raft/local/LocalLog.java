package topiary.raft.local;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import topiary.raft.api.Applier;
import topiary.raft.api.Leadership;
import topiary.raft.api.LogEntry;
import topiary.raft.api.LogException;
import topiary.raft.api.LogListener;
import topiary.raft.api.LogPosition;
import topiary.raft.api.NotApplied;
import topiary.raft.api.NotLeading;
import topiary.raft.api.ReplicatedLog;

/**
 * The log of one node. One thread applies what is submitted, in the order it came; what came while
 * it was busy goes into the next batch, so that many commands share one transaction.
 */
public final class LocalLog implements ReplicatedLog {

  /** As many commands wait at most; one more is turned away. */
  public static final int CAPACITY = 4096;

  /** As many commands share a transaction at most. */
  static final int BATCH = 1024;

  private static final long TERM = 1;

  private enum State {
    NEW,
    OPEN,
    CLOSING,
    ENDED,
    FAILED
  }

  private record Pending(byte[] command, CompletableFuture<byte[]> answer) {}

  private final Applier applier;
  private final Consumer<Throwable> onFatal;
  private final Thread writer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by lock.
  private final ArrayDeque<Pending> queue = new ArrayDeque<>();
  private State state = State.NEW;
  private Throwable failure;
  private LogListener listener = NOBODY;

  private static final LogListener NOBODY =
      new LogListener() {
        @Override
        public void applied() {}

        @Override
        public void leads(long term) {}

        @Override
        public void stopsLeading() {}
      };

  /**
   * A log that is not running yet.
   *
   * @param applier what its entries are for
   * @param onFatal called once, on the log's thread, when the applier has failed and every caller
   *     has been told; the process is to end there
   */
  public LocalLog(Applier applier, Consumer<Throwable> onFatal) {
    this.applier = applier;
    this.onFatal = onFatal;
    this.writer = Thread.ofPlatform().name("topiary-log").unstarted(this::run);
  }

  @Override
  public void listen(LogListener listener) {
    lock.lock();
    try {
      if (state != State.NEW) {
        throw new IllegalStateException("the log is running already");
      }
      this.listener = listener;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void start() {
    lock.lock();
    try {
      if (state != State.NEW) {
        throw new IllegalStateException("the log was started before");
      }
      state = State.OPEN;
      writer.start();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CompletableFuture<byte[]> submit(byte[] command) {
    lock.lock();
    try {
      if (state != State.OPEN) {
        return CompletableFuture.failedFuture(turnedAway());
      }
      if (queue.size() >= CAPACITY) {
        return CompletableFuture.failedFuture(
            new LogException(
                "the log is busy: " + CAPACITY + " commands are waiting; try again later"));
      }
      var pending = new Pending(command, new CompletableFuture<>());
      queue.add(pending);
      changed.signalAll();
      return pending.answer();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Leadership leadership() {
    lock.lock();
    try {
      return new Leadership(state == State.OPEN, TERM, Optional.empty());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CompletableFuture<Void> confirm(long term) {
    lock.lock();
    try {
      return state == State.OPEN && term == TERM
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(new NotLeading("this node is ending"));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (state == State.NEW) {
        state = State.ENDED;
        return;
      }
      if (state == State.OPEN) {
        state = State.CLOSING;
        changed.signalAll();
      }
      if (Thread.currentThread() == writer) {
        return;
      }
      while (state == State.CLOSING) {
        changed.awaitUninterruptibly();
      }
      if (state == State.FAILED) {
        // The thread is with onFatal, which may never return, or wait for whoever closes us.
        return;
      }
    } finally {
      lock.unlock();
    }
    joinWriter();
  }

  private void joinWriter() {
    boolean interrupted = false;
    while (true) {
      try {
        writer.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Pending> batch = List.of();
    try {
      long index = applier.lastApplied().index();
      listener.leads(TERM);
      while (true) {
        batch = nextBatch();
        if (batch.isEmpty()) {
          break;
        }
        List<byte[]> answers;
        try {
          answers = applier.apply(entries(batch, index));
        } catch (NotApplied e) {
          // Whoever asked is told; the places in the log go to the next.
          var sentence = new LogException(e.getMessage(), e);
          batch.forEach(p -> p.answer().completeExceptionally(sentence));
          continue;
        }
        if (answers.size() != batch.size()) {
          throw new IllegalStateException(
              answers.size() + " answers to " + batch.size() + " commands");
        }
        index += batch.size();
        listener.applied();
        for (int i = 0; i < answers.size(); i++) {
          batch.get(i).answer().complete(answers.get(i));
        }
      }
      listener.stopsLeading();
      ended();
    } catch (Throwable t) {
      // Errors too: a log whose thread has died unnoticed would let its callers wait for ever.
      fail(t, batch);
    }
  }

  /** Waits for work; empty when all is done and there will be no more. */
  private List<Pending> nextBatch() {
    lock.lock();
    try {
      while (queue.isEmpty() && state == State.OPEN) {
        changed.awaitUninterruptibly();
      }
      var batch = new ArrayList<Pending>();
      while (!queue.isEmpty() && batch.size() < BATCH) {
        batch.add(queue.remove());
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    lock.lock();
    try {
      state = State.ENDED;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static List<LogEntry> entries(List<Pending> batch, long applied) {
    var entries = new ArrayList<LogEntry>(batch.size());
    for (Pending p : batch) {
      long index = applied + entries.size() + 1;
      entries.add(new LogEntry(new LogPosition(TERM, index), p.command()));
    }
    return entries;
  }

  private void fail(Throwable cause, List<Pending> batch) {
    var told = new ArrayList<>(batch);
    LogException sentence;
    lock.lock();
    try {
      told.addAll(queue);
      queue.clear();
      failure = cause;
      state = State.FAILED;
      sentence = turnedAway();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    // Those of the batch that were answered already stay answered.
    told.forEach(p -> p.answer().completeExceptionally(sentence));
    listener.stopsLeading();
    onFatal.accept(cause);
  }

  // Called with the lock held.
  private LogException turnedAway() {
    return switch (state) {
      case NEW -> new LogException("the log is not running yet; try again in a moment");
      case FAILED ->
          new LogException(
              "the log has stopped, as a command could not be applied: "
                  + (failure.getMessage() == null ? failure.toString() : failure.getMessage()),
              failure);
      default -> new LogException("the log is closed: this node is ending");
    };
  }
}
