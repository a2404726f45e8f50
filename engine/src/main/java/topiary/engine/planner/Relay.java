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
   *
   * <p>What an interrupted plan has left standing is stopped like what runs, so that it is not that
   * plan's any more; where its applying thread is among that, and has something left to do, it is
   * started for it.
   *
   * @param c its channel, whose applying thread runs or is to run
   */
  static List<Step> drainedStop(World world, Sight replica, Channel c, PlanPolicy policy) {
    InstanceKey key = replica.key();
    Optional<Threads> toRun = world.toRun(key, c);
    var steps = new ArrayList<Step>();
    if (replica.facts().settings().gtidMode().startsWith("ON")) {
      var pending = new Slot<Slot.Kind.Pending>(key.toString());
      toRun.ifPresent(t -> steps.add(new Step.StopReplication(key, c.name(), t)));
      steps.add(new Step.ReadPending(key, c.name(), pending));
      steps.add(new Step.ApplyPending(key, c.name(), pending, policy.drain()));
      return steps;
    }
    appliesAgain(replica, c, toRun)
        .ifPresent(t -> steps.add(new Step.StartReplication(key, c.name(), t)));
    if (toRun.filter(Threads::io).isPresent()) {
      steps.add(new Step.StopReplication(key, c.name(), Threads.IO));
    }
    steps.add(new Step.AwaitDrained(key, c.name(), policy.drain()));
    steps.add(new Step.StopReplication(key, c.name(), Threads.SQL));
    return steps;
  }

  /**
   * What is to be started of a replica so that it applies the rest; empty when it applies, or has
   * nothing to apply. Where a start from a standstill throws the rest away, its source is to send
   * it again.
   */
  private static Optional<Threads> appliesAgain(Sight replica, Channel c, Optional<Threads> toRun) {
    boolean rest =
        c.gtid() == GtidUse.NONE
            ? !c.progress().read().equals(c.progress().executed())
            : pending(replica.facts(), c).isPresent();
    if (c.sql() != ThreadState.STOPPED || !rest) {
      return Optional.empty();
    }
    return c.stopped() && c.gtid().startDropsReceived() ? toRun : Optional.of(Threads.SQL);
  }

  /**
   * Brings a replica to a stop that was moved and is to be put back. What it has received from the
   * new source it applies first, where that does no harm: MySQL's applying thread would wait for
   * the rest of a transaction. What is pending then is looked at when it is pointed back.
   */
  static List<Step> stopToPutBack(InstanceKey key, Channel c, PlanPolicy policy) {
    return c.gtid().startDropsReceived()
        ? List.of(
            new Step.StopReplication(key, c.name(), Threads.IO),
            new Step.AwaitDrained(key, c.name(), policy.drain()),
            new Step.StopReplication(key, c.name(), Threads.SQL))
        : List.of(new Step.StopReplication(key, c.name(), Threads.BOTH));
  }
}
