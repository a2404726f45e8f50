package topiary.engine.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.engine.intent.Intent;
import topiary.engine.model.Channel;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.model.Topology;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Equivalence;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;

/**
 * Has a replica take the place of its dead source, in two parts, each planned on what is seen when
 * the one before it has ended.
 *
 * <p>First no replica of the dead one receives any more, so that what each has is known and stays
 * so, even if the dead one comes back; and the successor applies what it has received. Then the
 * successor forgets its source and takes writes. Moving the others below it is a move like any
 * other, and not planned here.
 *
 * <p>Threads that the first part stops, and that ran, are held by its plan: whoever moves those
 * replicas afterwards starts them again.
 */
final class ReplacePlanner {

  private static final Field[] WHO = {Field.CONDITION, Field.SERVER_ID, Field.SOURCE};

  private final PlanPolicy policy;

  ReplacePlanner(PlanPolicy policy) {
    this.policy = policy;
  }

  Plan plan(World world, Intent.Replace wanted) {
    return switch (wanted.part()) {
      case READY -> ready(world, wanted);
      case PROMOTE -> promote(world, wanted);
      case FOLLOW -> follow(world, wanted);
      case EVENTS -> events(world, wanted);
    };
  }

  private Plan ready(World world, Intent.Replace wanted) {
    Topology topology = world.topology();
    Sight successor = Sight.of(topology, wanted.successor());
    Channel own = successor.onlyChannel();
    boolean hangs =
        topology.instance(wanted.failed()).filter(i -> i.condition() == Condition.HUNG).isPresent();
    var stages = new ArrayList<Stage>();
    var basis = new ArrayList<Basis>();
    successor(world, successor, own).ifPresent(stages::add);
    basis.addAll(successor.now(WHO));
    for (InstanceKey key : topology.replicasOf(wanted.failed())) {
      Optional<Stage> stage =
          key.equals(successor.key())
              ? Optional.empty()
              : topology
                  .instance(key)
                  .filter(i -> i.seen())
                  .map(i -> new Sight(i, i.facts().orElseThrow()))
                  .flatMap(s -> receivesNoMore(s, wanted.failed(), hangs));
      stage.map(s -> s.startedAt(new Stage.Start(List.of(), false))).ifPresent(stages::add);
    }
    if (stages.isEmpty()) {
      throw new Refusal(successor.key() + " is ready already");
    }
    return new Plan(
        wanted,
        stages,
        basis,
        List.of(successor.key() + " has applied all it received of " + wanted.failed()),
        List.of(),
        UpkeepPlanner.none("the recovery goes on from it"));
  }

  private Optional<Stage> successor(World world, Sight successor, Channel c) {
    if (!world.toRun(successor.key(), c).map(Threads::sql).orElse(false)
        && pending(successor, c).isPresent()) {
      throw new Refusal(
          successor.key()
              + " "
              + pending(successor, c).orElseThrow()
              + ", and its applying thread stands still"
              + (c.sqlError().present() ? ": " + c.sqlError().message() : ", as somebody left it"));
    }
    boolean stands = c.stopped() && pending(successor, c).isEmpty();
    if (stands) {
      return Optional.empty();
    }
    List<Step> steps = Relay.drainedStop(world, successor, c, policy);
    return Optional.of(
        new Stage(
            "Have " + successor.key() + " apply all it received",
            successor.now(WHO),
            steps,
            world.toRun(successor.key(), c).stream()
                .<Step>map(t -> new Step.StartReplication(successor.key(), c.name(), t))
                .toList()));
  }

  /**
   * A replica that is to receive nothing more; it goes on to apply what it has.
   *
   * @param hangs whether its source hangs: then one that tries to connect gets nothing, and on
   *     MariaDB cannot be stopped until it gives up
   */
  private static Optional<Stage> receivesNoMore(Sight replica, InstanceKey failed, boolean hangs) {
    return replica.facts().channels().stream()
        .filter(c -> c.source().equals(failed) && c.io() != ThreadState.STOPPED)
        .filter(c -> !hangs || c.io() != ThreadState.CONNECTING)
        .findFirst()
        .map(
            c ->
                new Stage(
                    "Have " + replica.key() + " receive no more",
                    replica.now(WHO),
                    List.of(new Step.StopReplication(replica.key(), c.name(), Threads.IO)),
                    List.of(new Step.StartReplication(replica.key(), c.name(), Threads.IO))));
  }

  private Plan promote(World world, Intent.Replace wanted) {
    Sight successor = Sight.of(world.topology(), wanted.successor());
    InstanceKey key = successor.key();
    Optional<Channel> attached =
        successor.facts().channels().isEmpty()
            ? Optional.empty()
            : Optional.of(successor.onlyChannel());
    var steps = new ArrayList<Step>();
    attached.ifPresent(
        c -> {
          Relay.pending(successor.facts(), c)
              .ifPresent(
                  pending -> {
                    throw new Refusal(key + " " + pending + ": it is not ready");
                  });
          c.started().ifPresent(t -> steps.add(new Step.StopReplication(key, c.name(), t)));
          if (c.gtid() == GtidUse.NONE) {
            // Before anything is written there: by this its siblings find their places.
            steps.add(
                new Step.NotePlace(
                    key,
                    successor.facts().positions().logEnd(),
                    c.source(),
                    c.progress().executed()));
          }
          steps.add(new Step.ForgetSource(key, c.name()));
        });
    if (successor.facts().settings().readOnly()) {
      steps.add(new Step.SetReadOnly(key, false));
    }
    if (steps.isEmpty()) {
      throw new Refusal(key + " is promoted already");
    }
    List<Basis> read =
        Stream.concat(
                successor.now(WHO).stream(),
                successor.now(Field.IO_THREAD, Field.SQL_THREAD, Field.READ_ONLY).stream())
            .toList();
    return new Plan(
        wanted,
        List.of(new Stage("Promote " + key, read, steps, List.of())),
        read,
        List.of(key + " takes writes"),
        List.of(),
        UpkeepPlanner.none(wanted.failed() + " is dead; what is written now is written on " + key));
  }

  /** What is received and not applied, in words; empty when there is nothing. */
  private static Optional<String> pending(Sight replica, Channel c) {
    if (c.gtid() != GtidUse.NONE) {
      return Relay.pending(replica.facts(), c);
    }
    Channel.Progress its = c.progress();
    return its.read().equals(its.executed())
        ? Optional.empty()
        : Optional.of(
            "has received the log of "
                + c.source()
                + " up to "
                + its.read()
                + " and applied it up to "
                + its.executed());
  }

  /**
   * Those that go by file and position apply what they have, and are pointed at the place in the
   * successor's log that was noted when it was promoted, if that is where they stand then: who has
   * less cannot get it from anybody, and who has more has what the successor has not.
   */
  private Plan follow(World world, Intent.Replace wanted) {
    Topology topology = world.topology();
    InstanceKey below = wanted.successor();
    Sight successor = Sight.of(topology, below);
    Equivalence noted =
        world.equivalences().stream()
            .filter(e -> e.one().equals(wanted.failed()) && e.other().equals(below))
            .findFirst()
            .orElseThrow(
                () ->
                    new Refusal(
                        "which place in the log of "
                            + below
                            + " is where it stood in that of "
                            + wanted.failed()
                            + " was not noted"));
    var stages = new ArrayList<Stage>();
    var basis = new ArrayList<Basis>(successor.now(Field.CONDITION, Field.SERVER_ID));
    var outcome = new ArrayList<String>();
    for (InstanceKey key : topology.replicasOf(wanted.failed())) {
      topology
          .instance(key)
          .filter(i -> i.seen() && !key.equals(below))
          .map(i -> new Sight(i, i.facts().orElseThrow()))
          .filter(s -> byPlace(s, wanted.failed()))
          .filter(s -> Eligibility.refusal(topology, s, successor).isEmpty())
          .ifPresent(
              s -> {
                stages.add(follows(world, s, noted));
                basis.addAll(s.now(WHO));
                outcome.add(key + " replicates from " + below);
              });
    }
    if (stages.isEmpty()) {
      throw new Refusal("nobody below " + wanted.failed() + " could replicate from " + below);
    }
    return new Plan(
        wanted,
        stages,
        basis,
        outcome,
        List.of(),
        UpkeepPlanner.none(wanted.failed() + " is dead"));
  }

  /**
   * Those of a server that does not answer are known only as it told them when it was last asked;
   * where it is the successor itself, they are to run again that a taking over has disabled there.
   */
  private static Plan events(World world, Intent.Replace wanted) {
    InstanceKey key = wanted.successor();
    InstanceKey failed = wanted.failed();
    Sight successor = Sight.of(world.topology(), key);
    if (successor.facts().settings().readOnly()) {
      throw new Refusal(key + " does not take writes");
    }
    Optional<Instance> former = world.topology().instance(failed);
    Step step =
        key.equals(failed)
            ? Step.EnableEvents.again(key)
            : former.filter(Instance::seen).isPresent()
                ? Step.EnableEvents.askedOf(failed, key)
                : Step.EnableEvents.knownOf(
                    failed,
                    key,
                    former.flatMap(Instance::facts).flatMap(f -> f.background().events()));
    List<Basis> read = successor.now(Field.CONDITION, Field.SERVER_ID, Field.READ_ONLY);
    return new Plan(
        wanted,
        List.of(new Stage("Have events run on " + key, read, List.of(step), List.of())),
        read,
        List.of(key + " runs the events that " + failed + " ran"),
        List.of(),
        UpkeepPlanner.none("they run where writes are taken"));
  }

  /** Whether a replica has one channel, from that source, by file and position. */
  private static boolean byPlace(Sight replica, InstanceKey source) {
    List<Channel> channels = replica.facts().channels();
    return channels.size() == 1
        && channels.getFirst().gtid() == GtidUse.NONE
        && channels.getFirst().source().equals(source)
        && !channels.getFirst().detached();
  }

  private Stage follows(World world, Sight replica, Equivalence noted) {
    InstanceKey key = replica.key();
    Channel c = replica.onlyChannel();
    Optional<Threads> runs = world.toRun(key, c);
    var steps = new ArrayList<Step>();
    if (runs.filter(Threads::sql).isPresent()) {
      if (c.sql() == ThreadState.STOPPED) {
        steps.add(new Step.StartReplication(key, c.name(), Threads.SQL));
      }
      steps.add(new Step.AwaitDrained(key, c.name(), policy.drain()));
      steps.add(new Step.StopReplication(key, c.name(), Threads.SQL));
    }
    if (c.io() != ThreadState.STOPPED) {
      steps.add(new Step.StopReplication(key, c.name(), Threads.IO));
    }
    steps.add(
        new Step.PointAtPlace(
            key, c.name(), noted.other(), noted.there(), noted.one(), noted.at()));
    runs.ifPresent(t -> steps.add(new Step.StartReplication(key, c.name(), t)));
    if (runs.filter(t -> t == Threads.BOTH).isPresent()) {
      steps.add(new Step.AwaitReplicating(key, c.name(), noted.other(), policy.connect()));
    }
    return new Stage(
            "Have " + key + " replicate from " + noted.other(),
            replica.now(WHO),
            steps,
            runs.stream()
                .filter(Threads::sql)
                .<Step>map(t -> new Step.StartReplication(key, c.name(), Threads.SQL))
                .toList())
        .startedAt(new Stage.Start(List.of(), false));
  }
}
