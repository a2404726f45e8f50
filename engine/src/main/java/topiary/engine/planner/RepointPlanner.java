package topiary.engine.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Channel;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;
import topiary.engine.policy.PlanPolicy;

/**
 * Points a replica at its source anew, or at a server that cannot be seen. What it received is
 * applied first, as it is thrown away, and might not be had again.
 */
final class RepointPlanner {

  private final PlanPolicy policy;
  private final RelocatePlanner relocate;

  RepointPlanner(PlanPolicy policy, RelocatePlanner relocate) {
    this.policy = policy;
    this.relocate = relocate;
  }

  Plan plan(World world, Intent wanted, InstanceKey key, Optional<InstanceKey> given) {
    Sight replica = Sight.of(world.topology(), key);
    Channel c = replica.onlyChannel();
    replica.mustBeAttached(c);
    InstanceKey target = given.orElse(c.source());
    boolean anew = target.equals(c.source());
    Optional<Instance> source = world.topology().instance(target);
    boolean seen = source.filter(Instance::seen).isPresent();
    if (!anew && source.isEmpty()) {
      throw new Refusal(target + " is not known; discover it first");
    }
    if (!anew && seen) {
      Plan move = relocate.plan(world, new Intent.Relocate(key, target));
      return new Plan(
          wanted, move.stages(), move.basis(), move.outcome(), move.warnings(), move.undoing());
    }
    if (!anew && c.gtid() == GtidUse.NONE) {
      throw new Refusal(
          key
              + " replicates by file and position, and its place in the log of "
              + target
              + " is not known while that cannot be seen");
    }
    InstanceKey named = anew ? world.sourceNames().getOrDefault(key, target) : target;
    InstanceKey back = world.sourceNames().getOrDefault(key, c.source());
    // What an interrupted plan of ours left standing ran before it.
    Optional<Threads> running = world.toRun(key, c);
    List<Step> starts =
        running
            .map(t -> List.<Step>of(new Step.StartReplication(key, c.name(), t)))
            .orElse(List.of());
    List<Basis> read = read(replica, source, target);
    var stages = new ArrayList<Stage>();
    List<Step> stop = stop(world, replica, c, anew && seen);
    if (!stop.isEmpty()) {
      stages.add(
          new Stage(
              "Bring " + key + " to a stop with all applied it received", read, stop, starts));
    }
    stages.add(
        new Stage(
            "Point " + key + " at " + target + (anew ? " anew" : ""),
            standing(replica),
            point(replica, c, named, running, seen),
            back(replica, c, back, anew, starts)));
    return new Plan(
        wanted,
        stages,
        read,
        List.of(
            key
                + (seen ? " replicates from " : " will replicate from ")
                + target
                + (seen ? "" : " once that is there")),
        warnings(replica, running, target, seen, anew),
        undoing(replica, c, target, anew));
  }

  /** Everything received is applied, unless the source that sent it can send it again. */
  private List<Step> stop(World world, Sight replica, Channel c, boolean sentAgain) {
    InstanceKey key = replica.key();
    if (world.toRun(key, c).filter(Threads::sql).isPresent()
        && c.delaySeconds() <= policy.drain().toSeconds()) {
      return Relay.drainedStop(world, replica, c, policy);
    }
    if (!sentAgain) {
      if (c.sql() != ThreadState.STOPPED) {
        throw new Refusal(
            key
                + " is held back by "
                + c.delaySeconds()
                + " s on purpose: what it has received cannot be applied in time, and would be"
                + " thrown away");
      }
      if (c.gtid() == GtidUse.NONE) {
        throw new Refusal(
            key
                + " does not apply what it received, which would be thrown away: let it apply"
                + " first");
      }
      Relay.pending(replica.facts(), c)
          .ifPresent(
              pending -> {
                throw new Refusal(
                    key
                        + " "
                        + pending
                        + ", and its applying thread stands still: the rest would be thrown away;"
                        + " let it apply first");
              });
    }
    return c.started()
        .map(t -> List.<Step>of(new Step.StopReplication(key, c.name(), t)))
        .orElse(List.of());
  }

  private List<Step> point(
      Sight replica, Channel c, InstanceKey named, Optional<Threads> running, boolean seen) {
    InstanceKey key = replica.key();
    var steps = new ArrayList<Step>();
    if (c.gtid() == GtidUse.NONE) {
      var place = new Slot<Slot.Kind.Coordinates>(key.toString());
      steps.add(new Step.ReadCoordinates(key, c.name(), place));
      steps.add(new Step.PointAtFile(key, c.name(), named, place));
    } else {
      steps.add(new Step.PointAt(key, c.name(), named, c.gtid()));
    }
    running.ifPresent(t -> steps.add(new Step.StartReplication(key, c.name(), t)));
    if (seen && running.filter(t -> t == Threads.BOTH).isPresent()) {
      steps.add(new Step.AwaitReplicating(key, c.name(), named, policy.connect()));
    }
    return steps;
  }

  private List<Step> back(
      Sight replica, Channel c, InstanceKey back, boolean anew, List<Step> starts) {
    var lastly = new ArrayList<Step>();
    if (!anew) {
      lastly.addAll(Relay.stopToPutBack(replica.key(), c, policy));
      lastly.add(new Step.PointAt(replica.key(), c.name(), back, c.gtid()));
    }
    lastly.addAll(starts);
    return lastly;
  }

  private static List<Basis> read(Sight replica, Optional<Instance> source, InstanceKey target) {
    var read = new ArrayList<>(replica.replica());
    source.ifPresent(s -> read.add(Basis.of(s, Field.CONDITION)));
    return read;
  }

  private static List<Basis> standing(Sight replica) {
    return List.of(
        Basis.of(replica.instance(), Field.CONDITION),
        Basis.of(replica.instance(), Field.SOURCE),
        new Basis(replica.key(), Field.IO_THREAD, "stopped"),
        new Basis(replica.key(), Field.SQL_THREAD, "stopped"));
  }

  private static List<String> warnings(
      Sight replica, Optional<Threads> running, InstanceKey target, boolean seen, boolean anew) {
    var warnings = new ArrayList<String>();
    if (!seen) {
      warnings.add(
          target
              + " cannot be seen: "
              + replica.key()
              + " gets nothing until it is there"
              + (anew ? "" : ", and whether both have the same data is not checked"));
    }
    if (running.filter(t -> t == Threads.BOTH).isEmpty()) {
      warnings.add("replication stands still, as somebody left it, and is not started");
    }
    return warnings;
  }

  private static Undoing undoing(Sight replica, Channel c, InstanceKey target, boolean anew) {
    if (anew) {
      return UpkeepPlanner.none("there is nothing left to take back");
    }
    var left = new ArrayList<>(replica.identity());
    left.add(new Basis(replica.key(), Field.SOURCE, target.toString()));
    return new Undoing(
        new Intent.InTree(replica.key(), new Reshaping.Repoint(Optional.of(c.source()))), left);
  }
}
