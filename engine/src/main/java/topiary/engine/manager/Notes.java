package topiary.engine.manager;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import topiary.engine.finding.Code;
import topiary.engine.finding.Evidence;
import topiary.engine.finding.Finding;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Audit;
import topiary.engine.port.Clock;
import topiary.engine.port.Scheduler;
import topiary.engine.state.Command;
import topiary.engine.state.ManagerState;

/**
 * Writes down which servers fail, and since when, as the node that leads sees it. A server that
 * fails this way now and that way then is written down once a second at most. Thread-safe.
 */
final class Notes {

  /** How far back it is looked up how a server was judged last. */
  private static final int LOOKED_UP = 1;

  private static final long APART = 1_000_000_000L;

  /** How long nothing is tried again after something could not be written down, or looked up. */
  private static final long PAUSE = 5 * APART;

  private static final System.Logger LOG = System.getLogger(Notes.class.getName());

  private final Supplier<ManagerState> state;
  private final Optional<Audit> audit;
  private final Clock clock;
  private final Scheduler scheduler;
  private final BooleanSupplier leading;
  private final Function<Command, Boolean> commit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<InstanceKey, Turn> pending = new LinkedHashMap<>();
  private final Map<InstanceKey, Long> written = new HashMap<>();

  /** How each was judged by what is written down last. */
  private final Map<InstanceKey, Optional<String>> last = new HashMap<>();

  private final AtomicBoolean writing = new AtomicBoolean();

  /** When something could not be written down last. */
  private volatile Optional<Long> failed = Optional.empty();

  /**
   * Notes.
   *
   * @param audit where what was written down before is found; empty where nothing is kept
   * @param leading whether this node writes
   * @param commit writes a command down; whether that is done
   */
  Notes(
      Supplier<ManagerState> state,
      Optional<Audit> audit,
      Clock clock,
      Scheduler scheduler,
      BooleanSupplier leading,
      Function<Command, Boolean> commit) {
    this.state = state;
    this.audit = audit;
    this.clock = clock;
    this.scheduler = scheduler;
    this.leading = leading;
    this.commit = commit;
  }

  /** Hears that a server is judged otherwise. Returns at once. */
  void turned(Turn turn) {
    lock.lock();
    try {
      // Also what is as it was: the turn before it may be on its way into the log.
      pending.put(turn.subject(), turn);
    } finally {
      lock.unlock();
    }
    write();
  }

  /** This node leads from now on: what was written down last, another node has written. */
  void leads() {
    lock.lock();
    try {
      last.clear();
      failed = Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Writes what waits, if there is something. Returns at once. */
  void write() {
    boolean pausing = failed.filter(at -> clock.nanos() - at < PAUSE).isPresent();
    if (pausing
        || !leading.getAsBoolean()
        || ripe().isEmpty()
        || !writing.compareAndSet(false, true)) {
      return;
    }
    boolean begun =
        scheduler.start(
            "note findings",
            () -> {
              boolean written = false;
              try {
                written = ripe().stream().allMatch(this::write);
              } catch (RuntimeException e) {
                // The database is away, as a rule; whoever watches over it says so too.
                LOG.log(
                    System.Logger.Level.WARNING,
                    "what was found is written down later: " + e.getMessage());
              } finally {
                failed = written ? Optional.empty() : Optional.of(clock.nanos());
                writing.set(false);
              }
              // What came while the last of it was written; what cannot be written waits.
              if (written && !ripe().isEmpty()) {
                write();
              }
            });
    if (!begun) {
      writing.set(false);
    }
  }

  /** Those of which nothing was written down just now. */
  private List<Turn> ripe() {
    long now = clock.nanos();
    lock.lock();
    try {
      return pending.values().stream()
          .filter(
              t ->
                  dire(t)
                      || !written.containsKey(t.subject())
                      || now - written.get(t.subject()) > APART)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** What a recovery would be due for is written down at once. */
  private static boolean dire(Turn turn) {
    return turn.is().filter(f -> f.code().actionable()).isPresent();
  }

  private boolean write(Turn turn) {
    Optional<String> is = turn.is().map(Finding::code).map(Code::word);
    Optional<String> was = last(turn.subject());
    boolean done = was.equals(is) || commit.apply(note(turn, was, is));
    if (done) {
      lock.lock();
      try {
        pending.remove(turn.subject(), turn);
        last.put(turn.subject(), is);
        written.put(turn.subject(), clock.nanos());
      } finally {
        lock.unlock();
      }
    }
    return done;
  }

  private Command note(Turn turn, Optional<String> was, Optional<String> is) {
    List<Evidence> evidence = turn.is().map(Finding::evidence).orElse(List.of());
    return new Command.NoteFinding(
        turn.subject(),
        Optional.ofNullable(state.get().instances().get(turn.subject())),
        was,
        is,
        turn.replicas(),
        evidence);
  }

  private Optional<String> last(InstanceKey subject) {
    lock.lock();
    try {
      if (last.containsKey(subject)) {
        return last.get(subject);
      }
    } finally {
      lock.unlock();
    }
    var asked =
        new Audit.Asked(
            Set.of(subject.toString()), Set.of("note-finding"), Optional.empty(), 0, LOOKED_UP);
    return audit.stream()
        .flatMap(a -> a.rows(asked).stream())
        .map(row -> row.entry().command())
        .filter(Command.NoteFinding.class::isInstance)
        .map(Command.NoteFinding.class::cast)
        .findFirst()
        .flatMap(Command.NoteFinding::is);
  }
}
