package topiary.engine.execute;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;

/**
 * The right to act on servers: that this node leads, in the very term in which it decided to act.
 * Once lapsed it never holds again, even when this node leads anew.
 */
public final class Mandate {

  /** How long a majority may take to confirm; an election is over long before. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CommandLog log;
  private final long term;

  private Mandate(CommandLog log, long term) {
    this.log = log;
    this.term = term;
  }

  /**
   * The one this node has now.
   *
   * @throws CommandLog.NotLeading when it has none
   */
  public static Mandate of(CommandLog log) {
    Leadership now = log.leadership();
    if (!now.leading()) {
      throw now.notLeading();
    }
    return new Mandate(log, now.term());
  }

  /** The reign it was given in. */
  public long term() {
    return term;
  }

  /** Whether it holds, as far as this node knows. Answers at once. */
  public boolean holds() {
    return log.leadership().in(term);
  }

  /** Who leads instead, in a sentence without its full stop; for a mandate that has lapsed. */
  String successor() {
    return log.leadership()
        .leader()
        .filter(name -> !log.leadership().leading())
        .map(name -> name + " leads now and reports how it stands")
        .orElse("the node that leads now reports how it stands");
  }

  /**
   * Goes on only while it holds, as far as this node knows.
   *
   * @throws Lapsed when it does not
   */
  void require() throws Lapsed {
    if (!holds()) {
      throw new Lapsed("this node does not lead any more", null);
    }
  }

  /**
   * Has a majority confirm that it holds.
   *
   * @throws Lapsed when none did in time
   */
  void confirm() throws Lapsed {
    require();
    try {
      log.confirm(term).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new Lapsed(
          "no majority confirmed that this node still leads: " + e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new Lapsed(
          "no majority confirmed within " + PATIENCE.toSeconds() + " s that this node still leads",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Lapsed("interrupted while a majority was asked whether this node still leads", e);
    }
    require();
  }

  /** The right to act is gone: nothing more is to be done on any server. */
  static final class Lapsed extends DeedFailed {

    private static final long serialVersionUID = 1L;

    Lapsed(String sentence, Throwable cause) {
      super(sentence, cause);
    }
  }
}
