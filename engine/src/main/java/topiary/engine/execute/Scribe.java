package topiary.engine.execute;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import topiary.engine.port.Clock;
import topiary.engine.port.CommandLog;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.Verdict;

/** Puts commands into the log on somebody's behalf, and waits until they are durable. */
public final class Scribe {

  private static final System.Logger LOG = System.getLogger(Scribe.class.getName());

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CommandLog log;
  private final Clock clock;
  private final Supplier<UUID> ids;

  public Scribe(CommandLog log, Clock clock, Supplier<UUID> ids) {
    this.log = log;
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * Commits a command.
   *
   * @throws NotCommitted when it is not known to be durable, or was rejected
   */
  public void commit(Command command, String actor, String cause) throws NotCommitted {
    try {
      Verdict verdict =
          log.submit(entry(command, actor, cause)).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (verdict instanceof Verdict.Rejected rejected) {
        throw new NotCommitted(rejected.reason(), true, null);
      }
    } catch (ExecutionException e) {
      throw new NotCommitted(
          "the command log cannot be written: " + e.getCause().getMessage(), false, e);
    } catch (TimeoutException e) {
      throw new NotCommitted(
          "the command log did not answer within " + PATIENCE.toSeconds() + " s", false, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotCommitted("interrupted while writing the command log", false, e);
    }
  }

  /** Puts a command into the log, and waits for nothing. */
  public void propose(Command command, String actor, String cause) {
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
    return new Entry(new Header(ids.get(), actor, cause, clock.now(), Header.LEVEL), command);
  }

  /** A command did not come into force. */
  public static final class NotCommitted extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean rejected;

    NotCommitted(String sentence, boolean rejected, Throwable cause) {
      super(sentence, cause);
      this.rejected = rejected;
    }

    /** Whether the state did not allow it; otherwise the log failed. */
    public boolean rejected() {
      return rejected;
    }
  }
}
