package topiary.engine.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.model.Capability;
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
 * Plans that keep a replica from connecting to its source, and that let it connect again. Only how
 * the host is written changes.
 *
 * <p>MySQL with channels that goes by GTID takes that while its applying thread runs, and keeps
 * what it has received. Everybody else has to stand still for it and throws that away, so it is
 * applied first.
 */
final class AttachmentPlanner {

  private final PlanPolicy policy;

  AttachmentPlanner(PlanPolicy policy) {
    this.policy = policy;
  }

  Plan detach(World world, InstanceKey key, Doing.Detach wanted) {
    var r = new Replica(world, key);
    boolean there = r.c.detached();
    if (there && !r.interrupted()) {
      throw new Refusal(key + " is detached from " + r.c.source() + " already");
    }
    var stages = new ArrayList<Stage>();
    if (!there) {
      stages.addAll(r.stop(false));
    }
    var steps = new ArrayList<Step>();
    if (!there && r.byFile()) {
      var place = new Slot<Slot.Kind.Coordinates>(key.toString());
      steps.add(new Step.ReadCoordinates(key, r.c.name(), place));
      steps.add(new Step.DetachAtFile(key, r.c.name(), r.named, place));
    } else if (!there) {
      steps.add(new Step.Detach(key, r.c.name(), r.named, r.c.gtid()));
    }
    steps.addAll(r.starts());
    stages.add(r.last("Detach " + key + " from " + r.c.source(), steps, stages.isEmpty()));
    var warnings = new ArrayList<>(ChannelPlanner.below(world, key));
    if (r.wanted.filter(t -> t != Threads.IO).isEmpty()) {
      warnings.add("applying stands still, as somebody left it, and is not started");
    }
    return r.plan(
        wanted,
        stages,
        key + " gets nothing from " + r.c.source() + ", and applies what it has received",
        warnings,
        r.undoing(new Doing.Reattach(), Channel.DETACHED + r.c.source()));
  }

  Plan reattach(World world, InstanceKey key, Doing.Reattach wanted) {
    var r = new Replica(world, key);
    boolean there = !r.c.detached();
    if (there && !r.interrupted()) {
      throw new Refusal(key + " is not detached from " + r.c.source());
    }
    Optional<Instance> source = world.topology().instance(r.c.source());
    boolean seen = source.filter(Instance::seen).isPresent();
    if (seen && r.c.gtid() == GtidUse.AUTO_POSITION) {
      Eligibility.byGtid(r.sight, Sight.of(world.topology(), r.c.source()))
          .ifPresent(
              why -> {
                throw new Refusal(why + "; \"relocate\" attaches it to another server");
              });
    }
    var stages = new ArrayList<Stage>();
    if (!there) {
      stages.addAll(r.stop(seen));
    }
    var steps = new ArrayList<Step>();
    if (!there && r.byFile()) {
      var place = new Slot<Slot.Kind.Coordinates>(key.toString());
      steps.add(new Step.ReadCoordinates(key, r.c.name(), place));
      steps.add(new Step.PointAtFile(key, r.c.name(), r.named, place));
    } else if (!there) {
      steps.add(new Step.Attach(key, r.c.name(), r.named, r.c.gtid()));
    }
    steps.addAll(r.starts());
    boolean both = r.wanted.filter(t -> t == Threads.BOTH).isPresent();
    if (both && seen) {
      steps.add(new Step.AwaitReplicating(key, r.c.name(), r.c.source(), policy.connect()));
    }
    stages.add(r.last("Attach " + key + " to " + r.c.source(), steps, stages.isEmpty()));
    var warnings = new ArrayList<String>();
    if (!seen) {
      warnings.add(r.c.source() + " cannot be seen: " + key + " gets nothing until it is there");
    }
    if (!both) {
      warnings.add("replication stands still, as somebody left it, and is not started");
    }
    return r.plan(
        wanted,
        stages,
        key + (both && seen ? " replicates from " : " will replicate from ") + r.c.source(),
        warnings,
        r.undoing(new Doing.Detach(), r.c.source().toString()));
  }

  /** The replica, and what is common to both ways. */
  private final class Replica {
    private final World world;
    private final Sight sight;
    private final Channel c;

    /** What an interrupted plan of ours has left standing; empty for nothing. */
    private final Optional<Threads> standing;

    /** Its source by the name it was told. */
    private final InstanceKey named;

    /** What is to run afterwards: what runs now, and what an interrupted plan of ours stopped. */
    private final Optional<Threads> wanted;

    Replica(World world, InstanceKey key) {
      this.world = world;
      sight = Sight.of(world.topology(), key);
      c = sight.onlyChannel();
      standing = world.standing(key, c);
      named = world.sourceNames().getOrDefault(key, c.source());
      wanted = world.toRun(key, c);
    }

    /** Whether all is done but to start it. */
    boolean interrupted() {
      return standing.isPresent();
    }

    boolean byFile() {
      return c.gtid() == GtidUse.NONE;
    }

    /** Whether it is told of another host while it applies, and keeps what it has received. */
    private boolean keepsReceived() {
      return c.gtid() == GtidUse.AUTO_POSITION
          && c.sql() != ThreadState.STOPPED
          && sight.facts().identity().capabilities().contains(Capability.CHANNELS);
    }

    /**
     * Brings it to where it can be told of another host.
     *
     * @param sentAgain whether its source is there, and sends what is thrown away again
     */
    List<Stage> stop(boolean sentAgain) {
      List<Step> steps =
          keepsReceived()
              ? c.io() == ThreadState.STOPPED
                  ? List.of()
                  : List.of(new Step.StopReplication(sight.key(), c.name(), Threads.IO))
              : standstill(sentAgain);
      return steps.isEmpty()
          ? List.of()
          : List.of(
              new Stage(
                  keepsReceived()
                      ? "Stop receiving on " + sight.key()
                      : "Bring " + sight.key() + " to a stop with all applied it received",
                  read(),
                  steps,
                  starts()));
    }

    private List<Step> standstill(boolean sentAgain) {
      InstanceKey key = sight.key();
      if (wanted.filter(Threads::sql).isPresent()) {
        if (c.delaySeconds() > policy.drain().toSeconds()) {
          throw new Refusal(
              key
                  + " is held back by "
                  + c.delaySeconds()
                  + " s on purpose: what it has received cannot be applied in time, and would be"
                  + " thrown away");
        }
        return Relay.drainedStop(world, sight, c, policy);
      }
      boolean all =
          byFile()
              ? c.progress().read().equals(c.progress().executed())
              : Relay.pending(sight.facts(), c).isEmpty();
      if (!all && !sentAgain) {
        throw new Refusal(
            key
                + " has received what it has not applied, and its applying thread stands still:"
                + " the rest would be thrown away; let it apply first");
      }
      return c.started()
          .map(t -> List.<Step>of(new Step.StopReplication(key, c.name(), t)))
          .orElse(List.of());
    }

    List<Step> starts() {
      return wanted
          .map(t -> List.<Step>of(new Step.StartReplication(sight.key(), c.name(), t)))
          .orElse(List.of());
    }

    List<Basis> read() {
      return sight.replica();
    }

    /**
     * The stage that changes it.
     *
     * @param only whether nothing had to be stopped before it
     */
    Stage last(String title, List<Step> steps, boolean only) {
      return new Stage(title, only ? read() : standing(), steps, starts());
    }

    private List<Basis> standing() {
      var standing = new ArrayList<>(sight.now(Field.CONDITION, Field.SERVER_ID, Field.SOURCE));
      standing.add(new Basis(sight.key(), Field.IO_THREAD, "stopped"));
      if (!keepsReceived()) {
        standing.add(new Basis(sight.key(), Field.SQL_THREAD, "stopped"));
      }
      return standing;
    }

    Undoing undoing(Doing inverse, String told) {
      var left = new ArrayList<>(sight.identity());
      left.add(new Basis(sight.key(), Field.SOURCE, told));
      return new Undoing(new Intent.OnServer(sight.key(), inverse), left);
    }

    Plan plan(
        Doing doing, List<Stage> stages, String outcome, List<String> warnings, Undoing undoing) {
      return new Plan(
          new Intent.OnServer(sight.key(), doing),
          stages,
          read(),
          List.of(outcome),
          warnings,
          undoing);
    }
  }
}
