package topiary.engine.manager;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import topiary.engine.execute.Scribe;
import topiary.engine.port.Clock;
import topiary.engine.port.Scheduler;
import topiary.engine.state.Command;

/**
 * Has servers taken in: one that is found alone at once, and of thousands some hundred by one
 * command, as each costs the log and whoever follows it about the same. Thread-safe.
 */
final class Arrivals {

  /** From one command to the next. */
  private static final Duration PACE = Duration.ofMillis(100);

  /** Servers that one command takes in at most, so that none of them is a long one. */
  static final int MOST = 256;

  private final Scribe scribe;
  private final Clock clock;
  private final Scheduler scheduler;
  private final ReentrantLock lock = new ReentrantLock();

  // Under the lock.
  private final ArrayDeque<Arrival> waiting = new ArrayDeque<>();
  private boolean busy;
  private Optional<Long> last = Optional.empty();

  private record Arrival(
      Command.RegisterInstance command, By by, CompletableFuture<Void> committed) {}

  Arrivals(Scribe scribe, Clock clock, Scheduler scheduler) {
    this.scribe = scribe;
    this.clock = clock;
    this.scheduler = scheduler;
  }

  /**
   * Has a server taken in, and waits until it is.
   *
   * @throws Scribe.NotCommitted when it is not known to be
   */
  void take(Command.RegisterInstance command, By by) throws Scribe.NotCommitted {
    var arrival = new Arrival(command, by, new CompletableFuture<>());
    boolean first;
    lock.lock();
    try {
      waiting.add(arrival);
      first = !busy;
      busy = true;
    } finally {
      lock.unlock();
    }
    if (first && !scheduler.start("take servers in", this::work)) {
      ended();
    }
    try {
      arrival.committed().join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case Scribe.NotCommitted why -> throw why;
        case Clock.CancellationException ended -> throw ended;
        default -> throw e;
      }
    }
  }

  private void work() {
    try {
      for (List<Arrival> some = next(); !some.isEmpty(); some = next()) {
        settle(some);
      }
    } catch (RuntimeException | Error e) {
      ended();
      throw e;
    }
  }

  /** Those to be taken in next, all on one's behalf; none when there are none any more. */
  private List<Arrival> next() {
    Optional<Duration> pause = pause();
    pause.ifPresent(clock::pause);
    lock.lock();
    try {
      var some = new ArrayList<Arrival>();
      while (some.size() < MOST
          && !waiting.isEmpty()
          && (some.isEmpty() || waiting.peek().by().equals(some.getFirst().by()))) {
        some.add(waiting.remove());
      }
      busy = !some.isEmpty();
      last = busy ? Optional.of(clock.nanos()) : last;
      return some;
    } finally {
      lock.unlock();
    }
  }

  /** How long to wait for more; empty when nobody waits, or when enough time has passed. */
  private Optional<Duration> pause() {
    lock.lock();
    try {
      boolean enough = waiting.isEmpty() || waiting.size() >= MOST;
      return last.filter(l -> !enough)
          .map(l -> PACE.minusNanos(clock.nanos() - l))
          .filter(Duration::isPositive);
    } finally {
      lock.unlock();
    }
  }

  /** Has some taken in, and tells each what became of it. */
  private void settle(List<Arrival> some) {
    try {
      List<Optional<Scribe.NotCommitted>> answers =
          committed(some.stream().map(Arrival::command).toList(), some.getFirst().by());
      for (int i = 0; i < some.size(); i++) {
        CompletableFuture<Void> told = some.get(i).committed();
        answers.get(i).ifPresentOrElse(told::completeExceptionally, () -> told.complete(null));
      }
    } catch (RuntimeException | Error e) {
      some.forEach(one -> one.committed().completeExceptionally(e));
      throw e;
    }
  }

  private List<Optional<Scribe.NotCommitted>> committed(
      List<Command.RegisterInstance> commands, By by) {
    if (commands.size() > 1) {
      var together = new Command.RegisterInstances(commands);
      // Nodes that are older are told of them one by one.
      if (together.level() <= scribe.level()) {
        Optional<Scribe.NotCommitted> why =
            scribe.commitAll(List.of(together), by.actor(), by.cause()).getFirst();
        boolean oneDoesNotFit =
            why.filter(w -> w.why() == Scribe.NotCommitted.Why.REJECTED).isPresent();
        if (!oneDoesNotFit) {
          return Collections.nCopies(commands.size(), why);
        }
      }
    }
    return scribe.commitAll(commands, by.actor(), by.cause());
  }

  /** The node is being stopped, or nobody can go on here: whoever waits is told. */
  private void ended() {
    var left = new ArrayList<Arrival>();
    lock.lock();
    try {
      left.addAll(waiting);
      waiting.clear();
      busy = false;
    } finally {
      lock.unlock();
    }
    var why = new Clock.CancellationException("this node is being stopped", null);
    left.forEach(one -> one.committed().completeExceptionally(why));
  }
}
