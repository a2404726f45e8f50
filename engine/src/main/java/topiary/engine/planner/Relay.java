package topiary.engine.planner;

import java.util.Optional;
import topiary.engine.gtid.MariaPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.GtidUse;

/**
 * What a replica has received and not applied. MariaDB keeps it only as long as one of the two
 * threads runs: once both stand still, the next start throws it away and asks the source again,
 * which is a loss when the source has died.
 */
final class Relay {

  private Relay() {}

  /** What is received and not applied, in words; empty when there is nothing. */
  static Optional<String> pending(Facts facts, Channel c) {
    if (c.gtid() != GtidUse.SLAVE_POS && c.gtid() != GtidUse.CURRENT_POS) {
      return Optional.empty();
    }
    String received = c.progress().receivedGtid();
    String executed = facts.positions().executedGtid();
    boolean all = MariaPosition.parse(executed).covers(MariaPosition.parse(received));
    return all
        ? Optional.empty()
        : Optional.of("has received " + received + " and applied only " + executed);
  }
}
