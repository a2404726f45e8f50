package topiary.app.wire;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import topiary.engine.manager.By;
import topiary.engine.manager.RequestRefused;
import topiary.engine.port.Audit;
import topiary.engine.port.CommandLog;
import topiary.store.StoreException;

/** Has what is older than it should be cut off the audit, once a day, where this node leads. */
final class AuditKeeper {

  private static final System.Logger LOG = System.getLogger(AuditKeeper.class.getName());

  /** From one look to the next. */
  static final Duration LOOK = Duration.ofHours(1);

  /** So much of it at once, or more. */
  private static final Duration PIECE = Duration.ofDays(1);

  /** Cuts off, on every node, what was stamped before. */
  interface Cutting {
    void before(Instant before, By by) throws RequestRefused;
  }

  private final Audit audit;
  private final CommandLog log;
  private final Cutting cutting;
  private final Duration kept;
  private final InstantSource clock;

  AuditKeeper(Audit audit, CommandLog log, Cutting cutting, Duration kept, InstantSource clock) {
    this.audit = audit;
    this.log = log;
    this.cutting = cutting;
    this.kept = kept;
    this.clock = clock;
  }

  void look() {
    if (!log.leadership().leading()) {
      return;
    }
    Instant before = clock.instant().minus(kept);
    try {
      if (audit.oldest().filter(at -> at.isBefore(before.minus(PIECE))).isPresent()) {
        cutting.before(before, new By("topiary", "auditDays"));
      }
    } catch (RequestRefused | StoreException e) {
      // It is tried again at the next look.
      LOG.log(System.Logger.Level.WARNING, "the audit is not cut off: " + e.getMessage());
    }
  }
}
