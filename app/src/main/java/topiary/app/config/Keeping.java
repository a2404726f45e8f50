package topiary.app.config;

import java.time.Duration;
import java.util.Optional;
import topiary.engine.policy.SaidPolicy;
import topiary.store.history.HistoryLimits;

/**
 * How long a node keeps what was, and what people say.
 *
 * @param audit how long who did what is kept; a whole number of days
 * @param history how much is kept of what was seen; empty when none is
 * @param said how long what people say of servers holds when they do not say how long
 */
public record Keeping(Duration audit, Optional<HistoryLimits> history, SaidPolicy said) {

  /** Unless told otherwise, in days. */
  static final int AUDIT_DAYS = 400;

  /** Unless told otherwise, in days. */
  static final int HISTORY_DAYS = 30;

  /** Unless told otherwise, in MiB. */
  static final int HISTORY_MEGABYTES = 256;

  /** Unless told otherwise. */
  public static final Keeping STANDARD =
      new Keeping(
          Duration.ofDays(AUDIT_DAYS),
          Optional.of(
              new HistoryLimits(Duration.ofDays(HISTORY_DAYS), (long) HISTORY_MEGABYTES << 20)),
          SaidPolicy.DEFAULT);
}
