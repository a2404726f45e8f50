package topiary.engine.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Equivalence;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;
import topiary.engine.policy.PlanPolicy;

/**
 * Moves a replica that goes by file and position to the place in another server's log that an
 * earlier plan has found to be the one where it stands. That plan's servers need not be there any
 * more; but the replica must stand exactly there, with nothing received beyond.
 */
final class EquivalentPlanner {

  private static final Field[] DECIDES = {
    Field.CONDITION,
    Field.SERVER_ID,
    Field.VERSION,
    Field.LOG_BIN,
    Field.LOG_UPDATES,
    Field.BINLOG_FORMAT,
    Field.CHANNELS,
    Field.SOURCE,
    Field.FILTERS,
    Field.GTID_USE
  };

  private final PlanPolicy policy;

  EquivalentPlanner(PlanPolicy policy) {
    this.policy = policy;
  }

  Plan plan(World world, InstanceKey key, InstanceKey below) {
    Sight replica = Sight.of(world.topology(), key);
    Channel c = replica.onlyChannel();
    replica.mustBeAttached(c);
    Sight target = Sight.of(world.topology(), below);
    boolean there = c.source().equals(below);
    if (there && world.standing(key, c).isEmpty()) {
      throw new Refusal(key + " is below " + below + " already");
    }
    if (c.gtid() != GtidUse.NONE) {
      throw new Refusal(
          key + " replicates by GTID, and needs no noted place: \"relocate\" moves it");
    }
    Eligibility.refusal(world.topology(), replica, target)
        .ifPresent(
            why -> {
              throw new Refusal(why);
            });
    Optional<Threads> runs = world.toRun(key, c);
    List<Step> starts =
        runs.map(t -> List.<Step>of(new Step.StartReplication(key, c.name(), t))).orElse(List.of());
    var steps = new ArrayList<Step>();
    InstanceKey former = there ? world.formerSource(key).orElseThrow() : c.source();
    if (!there) {
      Equivalence place = place(world, replica, c, target);
      c.started().ifPresent(t -> steps.add(new Step.StopReplication(key, c.name(), t)));
      steps.add(new Step.PointAtPlace(key, c.name(), below, place.there(), c.source(), place.at()));
    }
    steps.addAll(starts);
    boolean both = runs.filter(t -> t == Threads.BOTH).isPresent();
    if (both) {
      steps.add(new Step.AwaitReplicating(key, c.name(), below, policy.connect()));
    }
    var read = new ArrayList<>(replica.now(DECIDES));
    read.addAll(replica.now(Field.IO_THREAD, Field.SQL_THREAD));
    read.addAll(target.now(DECIDES));
    return new Plan(
        new Intent.InTree(key, new Reshaping.Equivalent(below)),
        stages(replica, c, below, steps, starts, there, read),
        read,
        List.of(key + (both ? " replicates from " : " will replicate from ") + below),
        warnings(world, key, c, below, both),
        undoing(world, replica, below, former, runs));
  }

  /**
   * Two stages: what failed after it was pointed there stays there, as it may have applied
   * something of its new source, and its former place is noted with the plan.
   */
  private static List<Stage> stages(
      Sight replica,
      Channel c,
      InstanceKey below,
      List<Step> steps,
      List<Step> starts,
      boolean there,
      List<Basis> read) {
    InstanceKey key = replica.key();
    int pointed = there ? 0 : c.started().isPresent() ? 2 : 1;
    var stages = new ArrayList<Stage>();
    if (!there) {
      stages.add(
          new Stage(
              "Point " + key + " at its place in the log of " + below,
              read,
              steps.subList(0, pointed),
              starts));
    }
    if (steps.size() > pointed) {
      stages.add(
          new Stage(
              "Start " + key + " below " + below,
              List.of(
                  Basis.of(replica.instance(), Field.CONDITION),
                  new Basis(key, Field.SOURCE, below.toString())),
              steps.subList(pointed, steps.size()),
              List.of()));
    }
    return stages;
  }

  private static Equivalence place(World world, Sight replica, Channel c, Sight target) {
    InstanceKey key = replica.key();
    BinlogPosition stands = c.progress().executed();
    List<Equivalence> between =
        world.equivalences().stream()
            .flatMap(e -> Stream.of(e, e.turned()))
            .filter(e -> e.one().equals(c.source()) && e.other().equals(target.key()))
            .toList();
    Equivalence place =
        between.stream()
            .filter(e -> e.at().equals(stands))
            .findFirst()
            .orElseThrow(() -> none(key, c, target.key(), stands, between));
    if (!c.progress().read().equals(stands)) {
      throw new Refusal(
          key
              + " has received the log of "
              + c.source()
              + " up to "
              + c.progress().read()
              + " and applied it up to "
              + stands
              + (c.sql() == ThreadState.STOPPED ? ", and its applying thread stands still" : "")
              + ": the rest would be thrown away, and no place is noted for its end");
    }
    BinlogPosition end = target.facts().positions().logEnd();
    if (end.isBefore(place.there())) {
      throw new Refusal(
          "the log of "
              + target.key()
              + " ends at "
              + end
              + ", before "
              + place.there()
              + ", which plan "
              + place.noted()
              + " has noted: it was begun anew since, and the place is none any more");
    }
    return place;
  }

  private static Refusal none(
      InstanceKey key,
      Channel c,
      InstanceKey below,
      BinlogPosition stands,
      List<Equivalence> between) {
    String noted =
        between.isEmpty()
            ? "no move between the two is known"
            : "the latest that is noted is "
                + between.getFirst().at()
                + ", by plan "
                + between.getFirst().noted();
    return new Refusal(
        key
            + " stands at "
            + stands
            + " in the log of "
            + c.source()
            + ", and no earlier plan has noted which place in the log of "
            + below
            + " that is ("
            + noted
            + "): \"relocate\" works it out, where the servers on the way can be seen");
  }

  private static List<String> warnings(
      World world, InstanceKey key, Channel c, InstanceKey below, boolean both) {
    var warnings = new ArrayList<String>();
    if (!world.topology().sameTree(key, below)) {
      warnings.add(
          below
              + " is not in the tree of "
              + key
              + " now: from that place on it gets what that has, and not what "
              + c.source()
              + " has written since");
    }
    if (!both) {
      warnings.add("replication stands still, as somebody left it, and is not started");
    }
    return warnings;
  }

  /** Where the former source is in one tree with the new one, there is a way back that is found. */
  private static Undoing undoing(
      World world, Sight replica, InstanceKey below, InstanceKey former, Optional<Threads> runs) {
    InstanceKey key = replica.key();
    var left = new ArrayList<>(replica.identity());
    left.add(new Basis(key, Field.SOURCE, below.toString()));
    boolean found =
        runs.filter(t -> t == Threads.BOTH).isPresent() && world.topology().sameTree(below, former);
    return new Undoing(
        found
            ? new Intent.Relocate(key, former)
            : new Intent.InTree(key, new Reshaping.Equivalent(former)),
        left);
  }
}
