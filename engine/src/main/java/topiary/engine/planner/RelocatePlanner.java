package topiary.engine.planner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.engine.analysis.Errant;
import topiary.engine.intent.Intent;
import topiary.engine.model.Channel;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.model.Topology;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;
import topiary.engine.policy.PlanPolicy;

/**
 * Moves a replica below another server of its tree, by GTID.
 *
 * <p>Pointed elsewhere, a replica throws its relay log away, so what it has received and not
 * applied must not be lost by that. A MariaDB replica applies it first: the receiving thread stops,
 * the applying thread finishes, and the new source must have logged all of it before the replica
 * comes, because it refuses one that is ahead of it, as siblings under write load always are by a
 * little. A MySQL replica is stopped at once, and pointed elsewhere when the new source provably
 * has what stands unapplied; one that is ahead of its source is served all the same.
 */
final class RelocatePlanner {

  private static final Field[] DECIDES = {
    Field.CONDITION,
    Field.SERVER_ID,
    Field.VERSION,
    Field.LOG_BIN,
    Field.LOG_UPDATES,
    Field.BINLOG_FORMAT,
    Field.CHANNELS,
    Field.SOURCE,
    Field.FILTERS
  };

  /** What a successor has executed it can send a moment later. */
  private static final Duration SUCCESSOR_HAS = Duration.ofSeconds(2);

  private final PlanPolicy policy;
  private final ClassicPlanner classic;

  RelocatePlanner(PlanPolicy policy, ClassicPlanner classic) {
    this.policy = policy;
    this.classic = classic;
  }

  /** One move of several, or one that follows from another: whoever is detached stays so. */
  Plan plan(World world, Intent.Relocate wanted) {
    Sight replica = Sight.of(world.topology(), wanted.replica());
    replica.facts().channels().forEach(replica::mustBeAttached);
    return planOne(world, wanted);
  }

  /** The move of a server that was named: one that is detached is attached to its new source. */
  Plan planOne(World world, Intent.Relocate wanted) {
    return planOne(world, wanted, List.of());
  }

  /**
   * The same of one channel of a replica.
   *
   * @param others the sources of its other channels, whose transactions it has as well
   */
  Plan planOne(World world, Intent.Relocate wanted, List<InstanceKey> others) {
    Topology topology = world.topology();
    Sight replica = Sight.of(topology, wanted.replica());
    Channel channel = onlyChannel(replica);
    if (channel.gtid() == GtidUse.NONE) {
      return classic.plan(world, wanted, List.of(replica.key()), wanted.below());
    }
    Sight target = Sight.of(topology, wanted.below());
    Eligibility.refusal(topology, replica, target)
        .ifPresent(
            reason -> {
              throw new Refusal(reason);
            });
    List<String> warnings = new ArrayList<>(sameTree(world, replica, target));

    Optional<Threads> toRun = world.toRun(replica.key(), channel);
    boolean wantsIo = toRun.filter(Threads::io).isPresent();
    boolean wantsSql = toRun.filter(Threads::sql).isPresent();
    boolean there = channel.source().equals(target.key());
    if (there) {
      replica.mustBeAttached(channel);
    }
    if (there && world.standing(replica.key(), channel).isEmpty()) {
      throw new Refusal(replica.key() + " is below " + target.key() + " already");
    }

    nothingIsThrownAway(replica, target, channel, there, wantsSql);
    Optional<String> errant = there ? Optional.empty() : errant(topology, replica, target, others);
    errant.ifPresent(
        gtids ->
            warnings.add(
                replica.key()
                    + " has transactions that "
                    + target.key()
                    + " lacks and nobody above it has written: "
                    + gtids
                    + "; they stay where they are"));
    var stages = new ArrayList<Stage>();
    if (!there) {
      stages.add(halt(world, replica, target, channel));
    }
    InstanceKey back = world.sourceNames().getOrDefault(replica.key(), channel.source());
    stages.add(repoint(world, back, replica, target, channel, there));
    warnings.addAll(warnings(target, channel, wantsIo && wantsSql));
    if (channel.detached()) {
      warnings.add(
          replica.key()
              + " is detached from "
              + channel.source()
              + " on purpose; this attaches it, to "
              + target.key());
    }
    InstanceKey former = there ? world.formerSource(replica.key()).orElseThrow() : channel.source();
    return new Plan(
        wanted,
        stages,
        basis(topology, replica, target),
        List.of(outcome(replica, target, topology)),
        warnings,
        channel.detached()
            ? UpkeepPlanner.none(
                replica.key() + " was detached from " + former + ", and would be attached to it")
            : undoing(wanted, replica, former, wantsIo, wantsSql));
  }

  private static Channel onlyChannel(Sight replica) {
    if (replica.facts().channels().isEmpty()) {
      throw new Refusal(replica.key() + " is not a replica: it has no source to change");
    }
    return replica.onlyChannel();
  }

  /**
   * A stop that would lose what was received is refused: the relay log is thrown away when a
   * replica is pointed elsewhere, and what stands in it may exist nowhere else.
   */
  private void nothingIsThrownAway(
      Sight replica, Sight target, Channel c, boolean there, boolean wantsSql) {
    if (there) {
      return;
    }
    if (c.sql() == ThreadState.STOPPED) {
      // One that an interrupted plan has stopped is as one that runs: what is pending is waited
      // for.
      if (wantsSql && c.gtid() == GtidUse.AUTO_POSITION
          || Relay.sentAgainBy(target.facts(), replica.facts(), c)) {
        return;
      }
      Relay.pending(replica.facts(), c)
          .ifPresent(
              pending -> {
                String why = c.sqlError().present() ? " (" + c.sqlError().message() + ")" : "";
                throw new Refusal(
                    replica.key()
                        + " "
                        + pending
                        + ", and its applying thread stands still"
                        + why
                        + ": a move would throw the rest away; let it apply first");
              });
    } else if (c.gtid() != GtidUse.AUTO_POSITION && c.delaySeconds() > policy.drain().toSeconds()) {
      throw new Refusal(
          replica.key()
              + " is held back by "
              + c.delaySeconds()
              + " s on purpose: what it has received cannot be applied in time for a move");
    }
  }

  /** What to say of a target that belongs together with the replica only by assumption. */
  private static List<String> sameTree(World world, Sight replica, Sight target) {
    Topology topology = world.topology();
    if (topology.sameTree(replica.key(), target.key())) {
      return List.of();
    }
    if (topology.inRing(replica.key())) {
      return List.of(
          replica.key()
              + " stands in a ring, cut off from "
              + target.key()
              + "; whether both have the same data is checked by GTID only");
    }
    Optional<InstanceKey> outside = outside(topology, replica.key());
    if (outside.isPresent() && world.wereTogether(replica.key(), target.key())) {
      return List.of(
          (topology.instance(outside.get()).flatMap(i -> i.facts()).isPresent()
                  ? replica.key()
                      + " and "
                      + target.key()
                      + " were one tree with "
                      + outside.get()
                      + ", which does not answer"
                  : replica.key()
                      + " was in the tree of "
                      + target.key()
                      + " until it was pointed at "
                      + outside.get()
                      + ", which was never seen")
              + "; whether both have the same data is checked by GTID only");
    }
    Optional<InstanceKey> former = former(world, replica.key(), target.key());
    if (former.isPresent()) {
      return List.of(
          replica.key()
              + " and "
              + target.key()
              + " were one tree until "
              + world.succeeded().get(former.get())
              + " took the place of "
              + former.get()
              + "; whether both have the same data is checked by GTID only");
    }
    throw new Refusal(
        target.key()
            + " is not in the tree of "
            + replica.key()
            + ", so it may have other data; only servers of one tree can be moved below one"
            + " another");
  }

  /** The head of a replica's tree, when it is one whose place the target's head has taken. */
  private static Optional<InstanceKey> former(
      World world, InstanceKey replica, InstanceKey target) {
    List<InstanceKey> above = world.topology().sourcesOf(replica);
    List<InstanceKey> targets = world.topology().sourcesOf(target);
    InstanceKey head = targets.isEmpty() ? target : targets.getLast();
    return above.isEmpty()
        ? Optional.empty()
        : Optional.of(above.getLast()).filter(former -> head.equals(world.succeeded().get(former)));
  }

  /** The head of a replica's tree, when it does not answer, or nobody has ever seen it. */
  private static Optional<InstanceKey> outside(Topology topology, InstanceKey replica) {
    List<InstanceKey> above = topology.sourcesOf(replica);
    return above.isEmpty() || topology.inRing(replica)
        ? Optional.empty()
        : Optional.of(above.getLast())
            .filter(head -> topology.instance(head).filter(i -> i.seen()).isEmpty());
  }

  /**
   * Transactions that the target will never have; MariaDB refuses a replica that has some.
   *
   * @throws Refusal on MariaDB
   */
  private static Optional<String> errant(
      Topology topology, Sight replica, Sight target, List<InstanceKey> others) {
    List<InstanceKey> sources =
        Stream.concat(Stream.of(target.key()), others.stream()).distinct().toList();
    Optional<String> errant = Errant.below(topology, replica.key(), sources);
    if (errant.isPresent() && replica.facts().identity().flavor() == Flavor.MARIADB) {
      throw new Refusal(
          replica.key()
              + " has written transactions of its own that "
              + target.key()
              + " lacks, so it would be refused there: "
              + errant.get());
    }
    return errant;
  }

  /**
   * MySQL keeps what it has received when both threads stand still, and the applying thread must
   * not be stopped second: in the middle of a transaction it would wait for the rest. So both are
   * stopped as the server itself does it, and what was received and not applied may go once the new
   * source has it.
   */
  private List<Step> haltMySql(Sight replica, Sight target, Channel c, Duration limit) {
    InstanceKey key = replica.key();
    var steps = new ArrayList<Step>();
    c.started().ifPresent(t -> steps.add(new Step.StopReplication(key, c.name(), t)));
    var pending = new Slot<Slot.Kind.Pending>(key.toString());
    steps.add(new Step.ReadPending(key, c.name(), pending));
    steps.add(new Step.AwaitSendable(target.key(), pending, limit));
    return steps;
  }

  private List<Step> haltMaria(Sight replica, Sight target, Channel c, Duration limit) {
    InstanceKey key = replica.key();
    var steps = new ArrayList<Step>();
    if (c.io() != ThreadState.STOPPED) {
      steps.add(new Step.StopReplication(key, c.name(), Threads.IO));
    }
    steps.add(new Step.AwaitDrained(key, c.name(), policy.drain()));
    if (c.sql() != ThreadState.STOPPED) {
      steps.add(new Step.StopReplication(key, c.name(), Threads.SQL));
    }
    var executed = new Slot<Slot.Kind.Executed>(key.toString());
    steps.add(new Step.ReadExecuted(key, executed));
    steps.add(new Step.AwaitLogged(target.key(), executed, limit));
    return steps;
  }

  private Stage halt(World world, Sight replica, Sight target, Channel c) {
    InstanceKey key = replica.key();
    // Whoever takes a dead primary's place gets nothing more from anywhere: what it has not got by
    // now it will not get.
    boolean never = target.facts().channels().isEmpty() && world.receivesFromReplaced(c);
    Duration limit = never ? SUCCESSOR_HAS : policy.catchUp();
    List<Step> steps =
        c.gtid() == GtidUse.AUTO_POSITION
            ? haltMySql(replica, target, c, limit)
            : haltMaria(replica, target, c, limit);
    return new Stage(
        "Bring " + key + " to a clean stop that " + target.key() + " can go on from",
        Stream.concat(
                // Whoever stops it before we do means it, and must not see it started again.
                replica
                    .now(
                        Field.CONDITION,
                        Field.SERVER_ID,
                        Field.SOURCE,
                        Field.GTID_USE,
                        Field.IO_THREAD,
                        Field.SQL_THREAD)
                    .stream(),
                target.now(Field.CONDITION, Field.SERVER_ID, Field.SOURCE).stream())
            .toList(),
        steps,
        starts(replica, c, world.again(key, c)));
  }

  private Stage repoint(
      World world, InstanceKey back, Sight replica, Sight target, Channel c, boolean there) {
    InstanceKey key = replica.key();
    Optional<Threads> toRun = world.toRun(key, c);
    var steps = new ArrayList<Step>();
    var lastly = new ArrayList<Step>();
    if (!there) {
      steps.add(new Step.PointAt(key, c.name(), target.key(), c.gtid()));
      lastly.addAll(Relay.stopToPutBack(key, c, policy));
      lastly.add(
          c.detached()
              ? new Step.Detach(key, c.name(), back, c.gtid())
              : new Step.PointAt(key, c.name(), back, c.gtid()));
      lastly.addAll(starts(replica, c, world.again(key, c)));
    }
    steps.addAll(starts(replica, c, toRun));
    if (toRun.filter(t -> t == Threads.BOTH).isPresent()) {
      steps.add(new Step.AwaitReplicating(key, c.name(), target.key(), policy.connect()));
    }
    var guards = new ArrayList<Basis>();
    guards.add(Basis.of(replica.instance(), Field.CONDITION));
    guards.add(Basis.of(replica.instance(), Field.SOURCE));
    for (Field thread : List.of(Field.IO_THREAD, Field.SQL_THREAD)) {
      String now = there ? thread.of(replica.instance()) : "stopped";
      guards.add(new Basis(key, thread, now));
    }
    guards.addAll(target.now(Field.CONDITION, Field.SERVER_ID));
    guards.addAll(wayUp(world.topology(), target));
    return new Stage(
        there ? "Start " + key + " again" : "Point " + key + " at " + target.key(),
        guards,
        steps,
        lastly);
  }

  /** The sources from a target up to the head: a change there could put it below the replica. */
  private static List<Basis> wayUp(Topology topology, Sight target) {
    var way = new ArrayList<Basis>();
    way.add(Basis.of(target.instance(), Field.SOURCE));
    topology.sourcesOf(target.key()).stream()
        .flatMap(key -> topology.instance(key).stream())
        .forEach(above -> way.add(Basis.of(above, Field.SOURCE)));
    return way;
  }

  private static List<Step> starts(Sight replica, Channel c, Optional<Threads> which) {
    return which.stream()
        .<Step>map(t -> new Step.StartReplication(replica.key(), c.name(), t))
        .toList();
  }

  private static List<Basis> basis(Topology topology, Sight replica, Sight target) {
    var basis = new ArrayList<Basis>();
    basis.addAll(replica.now(DECIDES));
    basis.addAll(target.now(DECIDES));
    basis.addAll(replica.now(Field.IO_THREAD, Field.SQL_THREAD, Field.GTID_USE));
    wayUp(topology, target).stream().filter(b -> !basis.contains(b)).forEach(basis::add);
    return basis;
  }

  private static String outcome(Sight replica, Sight target, Topology topology) {
    int followers = topology.replicasOf(replica.key()).size();
    String with =
        followers == 0
            ? ""
            : ", with its " + followers + (followers == 1 ? " replica" : " replicas");
    return replica.key() + " replicates from " + target.key() + with;
  }

  private static List<String> warnings(Sight target, Channel c, boolean willReplicate) {
    var warnings = new ArrayList<String>();
    if (target.facts().primaryChannel().filter(own -> !own.replicating()).isPresent()) {
      warnings.add(target.key() + " does not replicate itself at present");
    }
    if (!willReplicate) {
      warnings.add(
          c.sqlError().present() || c.ioError().present()
              ? "replication has stopped with an error and is not started"
              : "replication stands still, as somebody left it, and is not started");
    }
    return warnings;
  }

  private static Undoing undoing(
      Intent.Relocate wanted,
      Sight replica,
      InstanceKey former,
      boolean wantsIo,
      boolean wantsSql) {
    InstanceKey key = replica.key();
    var left = new ArrayList<>(replica.identity());
    left.add(new Basis(key, Field.SOURCE, wanted.below().toString()));
    left.add(new Basis(key, Field.IO_THREAD, wantsIo ? "started" : "stopped"));
    left.add(new Basis(key, Field.SQL_THREAD, wantsSql ? "started" : "stopped"));
    return new Undoing(new Intent.Relocate(key, former), left);
  }
}
