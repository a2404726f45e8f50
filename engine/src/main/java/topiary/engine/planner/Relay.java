package topiary.engine.planner;

import java.util.Optional;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;

/**
 * What a replica has received and not applied. Every server throws it away when it is pointed at
 * another source; MariaDB with GTIDs does so even at the next start once both threads stand still,
 * and asks the source again, which is a loss when the source has died.
 */
final class Relay {

  private Relay() {}

  /** What is received and not applied, in words; empty when there is nothing. */
  static Optional<String> pending(Facts facts, Channel c) {
    if (c.gtid() == GtidUse.NONE) {
      return Optional.empty();
    }
    Flavor flavor = facts.identity().flavor();
    String received = c.progress().receivedGtid();
    String executed = facts.positions().executedGtid();
    boolean all = flavor.position(executed).covers(flavor.position(received));
    return all
        ? Optional.empty()
        : Optional.of("has received " + received + " and applied only " + executed);
  }
}
