package topiary.engine.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.engine.gtid.GtidSet;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;

/**
 * What a replica has received and not applied. Every server throws it away when it is pointed at
 * another source; MariaDB with GTIDs does so even at the next start once both threads stand still,
 * and asks the source again, which is a loss when the source has died.
 */
final class Relay {

  private Relay() {}

  /**
   * Whether another server has all that a replica has received and not applied, so that it can send
   * it again. Only sets prove that; MariaDB's last of each domain may belong to another history.
   */
  static boolean sentAgainBy(Facts source, Facts replica, Channel c) {
    if (c.gtid() != GtidUse.AUTO_POSITION) {
      return false;
    }
    GtidSet pending =
        GtidSet.parse(c.progress().receivedGtid())
            .minus(GtidSet.parse(replica.positions().executedGtid()));
    return GtidSet.parse(source.positions().executedGtid())
        .minus(GtidSet.parse(source.positions().purgedGtid()))
        .covers(pending);
  }

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

  /**
   * A stop with everything applied that was received. MariaDB stops receiving, and then applies the
   * rest. MySQL's applying thread would wait a minute for the rest of a transaction that was
   * received in part; so it is stopped as a whole, and told what to apply before it stops again.
   */
  static List<Step> drainedStop(Sight replica, Channel c, PlanPolicy policy) {
    InstanceKey key = replica.key();
    var steps = new ArrayList<Step>();
    if (replica.facts().settings().gtidMode().startsWith("ON")) {
      var pending = new Slot<Slot.Kind.Pending>(key.toString());
      c.started().ifPresent(t -> steps.add(new Step.StopReplication(key, c.name(), t)));
      steps.add(new Step.ReadPending(key, c.name(), pending));
      steps.add(new Step.ApplyPending(key, c.name(), pending, policy.drain()));
      return steps;
    }
    if (c.io() != ThreadState.STOPPED) {
      steps.add(new Step.StopReplication(key, c.name(), Threads.IO));
    }
    steps.add(new Step.AwaitDrained(key, c.name(), policy.drain()));
    steps.add(new Step.StopReplication(key, c.name(), Threads.SQL));
    return steps;
  }
}
