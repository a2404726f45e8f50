package topiary.engine.execute;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import topiary.engine.port.Clock;
import topiary.engine.port.CommandLog;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.Levels;
import topiary.engine.state.Verdict;

/** Puts commands into the log on somebody's behalf, and waits until they are durable. */
public final class Scribe {

  private static final System.Logger LOG = System.getLogger(Scribe.class.getName());

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CommandLog log;
  private final Clock clock;
  private final Supplier<UUID> ids;
  private final Supplier<Levels> levels;

  /**
   * A scribe.
   *
   * @param ids fresh ones
   * @param levels what the nodes of the cluster understand
   */
  public Scribe(CommandLog log, Clock clock, Supplier<UUID> ids, Supplier<Levels> levels) {
    this.log = log;
    this.clock = clock;
    this.ids = ids;
    this.levels = levels;
  }

  /**
   * Commits a command; raises the cluster's feature level first when it needs that and can have it.
   *
   * @throws NotCommitted when it is not known to be durable, or was rejected
   */
  public void commit(Command command, String actor, String cause) throws NotCommitted {
    requireLevel(command);
    write(command, actor, cause);
  }

  /**
   * Commits commands that have nothing to do with one another: all are on their way before the
   * first is waited for, so that they share what it takes to make them durable.
   *
   * @return for each why it did not come into force; empty when it did
   */
  public List<Optional<NotCommitted>> commitAll(
      List<? extends Command> commands, String actor, String cause) {
    var answers = new ArrayList<CompletableFuture<Verdict>>();
    for (Command command : commands) {
      try {
        requireLevel(command);
        answers.add(log.submit(entry(command, actor, cause)));
      } catch (NotCommitted e) {
        answers.add(CompletableFuture.failedFuture(e));
      }
    }
    var failures = new ArrayList<Optional<NotCommitted>>();
    for (CompletableFuture<Verdict> answer : answers) {
      try {
        await(answer);
        failures.add(Optional.empty());
      } catch (NotCommitted e) {
        failures.add(Optional.of(e));
      }
    }
    return failures;
  }

  /** The feature level that commands may have now. */
  public int level() {
    return log.state().level();
  }

  private void requireLevel(Command command) throws NotCommitted {
    if (command.level() > log.state().level()) {
      raiseLevel();
    }
    Optional<String> refusal = levels.get().refusal(command, log.state());
    if (refusal.isPresent()) {
      throw new NotCommitted(refusal.get(), NotCommitted.Why.REJECTED, null);
    }
  }

  /**
   * Raises the cluster's feature level as far as every node understands; nothing when it stands
   * there.
   *
   * @throws NotCommitted as above
   */
  public void raiseLevel() throws NotCommitted {
    Optional<Command.RaiseLevel> raise = levels.get().raise(log.state());
    if (raise.isEmpty()) {
      return;
    }
    try {
      write(raise.get(), "topiary", "feature level");
    } catch (NotCommitted e) {
      // Somebody else of this process may have been faster.
      if (e.why() != NotCommitted.Why.REJECTED || log.state().level() < raise.get().to()) {
        throw e;
      }
    }
  }

  private void write(Command command, String actor, String cause) throws NotCommitted {
    await(log.submit(entry(command, actor, cause)));
  }

  private static void await(CompletableFuture<Verdict> answer) throws NotCommitted {
    try {
      Verdict verdict = answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (verdict instanceof Verdict.Rejected rejected) {
        throw new NotCommitted(rejected.reason(), NotCommitted.Why.REJECTED, null);
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NotCommitted known) {
        throw known;
      }
      if (e.getCause() instanceof CommandLog.NotLeading other) {
        throw new NotCommitted(other.getMessage(), NotCommitted.Why.NOT_LEADING, e);
      }
      throw new NotCommitted(
          "the command log cannot be written: " + e.getCause().getMessage(),
          NotCommitted.Why.BROKEN,
          e);
    } catch (TimeoutException e) {
      throw new NotCommitted(
          "the command log did not answer within " + PATIENCE.toSeconds() + " s",
          NotCommitted.Why.BROKEN,
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotCommitted(
          "interrupted while writing the command log", NotCommitted.Why.BROKEN, e);
    }
  }

  /** Puts a command that every node understands into the log, and waits for nothing. */
  public void propose(Command command, String actor, String cause) {
    if (command.level() > 1) {
      throw new IllegalArgumentException(command + " is not understood by every node");
    }
    log.submit(entry(command, actor, cause))
        .whenComplete(
            (verdict, fault) -> {
              if (fault != null) {
                // That the log cannot be written is no fault of ours, whose trace would be wanted.
                Throwable why = fault.getCause() == null ? fault : fault.getCause();
                LOG.log(
                    System.Logger.Level.WARNING,
                    "not committed: " + command + ": " + why.getMessage());
              }
            });
  }

  private Entry entry(Command command, String actor, String cause) {
    return new Entry(new Header(ids.get(), actor, cause, clock.now(), command.level()), command);
  }

  /** A command did not come into force. */
  public static final class NotCommitted extends Exception {

    private static final long serialVersionUID = 1L;

    /** What kept it. */
    public enum Why {
      /** The state did not allow it. */
      REJECTED,
      /** Another node decides; what became of the command is not known. */
      NOT_LEADING,
      /** The log failed; what became of the command is not known. */
      BROKEN
    }

    private final Why why;

    NotCommitted(String sentence, Why why, Throwable cause) {
      super(sentence, cause);
      this.why = why;
    }

    public Why why() {
      return why;
    }

    /** How loud that is: that another node decides now is no fault, and is told once for all. */
    public System.Logger.Level level() {
      return why == Why.NOT_LEADING ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
    }
  }
}
