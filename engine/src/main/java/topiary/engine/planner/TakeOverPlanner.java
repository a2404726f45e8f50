package topiary.engine.planner;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import topiary.engine.analysis.Errant;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Channel;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
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
 * Has a replica take over from its primary, which lives.
 *
 * <p>All that takes long is done before anybody has to stop writing: the siblings go below the
 * replica, and the primary replicates from it already, in a ring. Then the primary refuses writes,
 * the replica gets the last of them, and takes writes itself. Until then all can be put back, and
 * is when something is in the way; from then on there is nothing to put back. Whatever of this an
 * earlier plan has done that was broken off is left out.
 */
final class TakeOverPlanner {

  /** A replica further behind would keep everybody from writing for too long, seconds. */
  private static final long BEHIND = 10;

  private static final Field[] OF_REPLICA = {
    Field.CONDITION,
    Field.SERVER_ID,
    Field.SOURCE,
    Field.GTID_USE,
    Field.IO_THREAD,
    Field.SQL_THREAD,
    Field.READ_ONLY
  };

  private final PlanPolicy policy;
  private final CoSourcePlanner coSource;

  TakeOverPlanner(PlanPolicy policy, CoSourcePlanner coSource) {
    this.policy = policy;
    this.coSource = coSource;
  }

  /**
   * The plan.
   *
   * @param successor the replica
   * @param primary whose place it takes
   * @param lanes plans moves that are done side by side
   */
  Plan plan(
      World world,
      InstanceKey successor,
      InstanceKey primary,
      Reshaping.TakeOver wanted,
      Function<List<Intent.Relocate>, List<Plan>> lanes) {
    Sight own = Sight.of(world.topology(), successor);
    Sight former = Sight.of(world.topology(), primary);
    boolean ring = former.instance().source().filter(successor::equals).isPresent();
    if (own.facts().channels().isEmpty() && ring) {
      return last(own, former, wanted);
    }
    Channel c = own.onlyChannel();
    check(own, c, former, ring);

    var warnings = new ArrayList<String>();
    List<Plan> moves =
        lanes.apply(siblings(world, successor, primary, wanted, warnings)).stream()
            .map(move -> notAhead(world, own, move))
            .toList();
    var before = new ArrayList<Stage>();
    if (!moves.isEmpty()) {
      before.addAll(Lanes.sideBySide(moves));
    }
    var basis = new LinkedHashSet<Basis>();
    var outcome = new ArrayList<String>();
    for (Plan move : moves) {
      basis.addAll(move.basis());
      outcome.addAll(move.outcome());
      warnings.addAll(move.warnings());
    }
    if (!ring || !former.facts().primaryChannel().filter(Channel::replicating).isPresent()) {
      Plan follow = coSource.plan(world, successor, primary);
      before.addAll(follow.stages());
      basis.addAll(follow.basis());
      warnings.addAll(follow.warnings());
    }
    basis.addAll(own.now(OF_REPLICA));
    basis.addAll(former.now(Field.CONDITION, Field.SERVER_ID, Field.SOURCE, Field.READ_ONLY));

    var stages = new ArrayList<Stage>(inOrder(before));
    add(stages, handOver(own, c, former, wanted.ending()));
    add(stages, promote(own, c, former));
    acknowledges(own, former).ifPresent(stage -> add(stages, stage));
    // Last, as where commits wait for replicas these are there by now.
    add(stages, events(own, former));

    outcome.add(successor + " takes the writes");
    outcome.add(primary + " replicates from it, and refuses writes");
    outcome.add("scheduled events that run on " + primary + " run on " + successor);
    warnings.add(
        "nobody can write while "
            + primary
            + " comes to refuse writes and "
            + successor
            + " gets the last of them: at most "
            + policy.quiet().multipliedBy(2).toSeconds()
            + " s, else all is put back; what is open on "
            + primary
            + " then fails at its commit");
    return new Plan(
        intent(successor, primary, wanted),
        stages,
        List.copyOf(basis),
        outcome,
        warnings.stream().distinct().toList(),
        undoing(world, own, former, wanted));
  }

  private static Intent intent(
      InstanceKey successor, InstanceKey primary, Reshaping.TakeOver wanted) {
    return new Intent.InTree(
        successor, new Reshaping.TakeOver(Optional.of(primary), wanted.staying(), wanted.ending()));
  }

  private static void check(Sight own, Channel c, Sight former, boolean ring) {
    InstanceKey successor = own.key();
    InstanceKey primary = former.key();
    if (!c.source().equals(primary)) {
      throw new Refusal(
          successor
              + " replicates from "
              + c.source()
              + ", not from "
              + primary
              + ": \"relocate\" it below that first");
    }
    if (!former.facts().channels().isEmpty() && !ring) {
      throw new Refusal(
          primary
              + " is no primary: it replicates from "
              + former.facts().channels().getFirst().source()
              + "; \"take-source\" has a replica and its source change places");
    }
    if (former.facts().settings().readOnly() && !ring) {
      throw new Refusal(
          primary
              + " refuses writes, so there is nothing to take over; if that is left of something"
              + " that was broken off, \"set-writeable\" "
              + primary
              + " first");
    }
    if (!c.replicating()) {
      throw new Refusal(
          successor
              + " does not replicate at present"
              + (c.sqlError().present() ? " (" + c.sqlError().message() + ")" : "")
              + ": \"start-replication\" on it first");
    }
    own.facts()
        .lag()
        .filter(lag -> lag > BEHIND)
        .ifPresent(
            lag -> {
              throw new Refusal(
                  successor
                      + " is "
                      + lag
                      + " s behind, and nobody could write while it catches up: wait until it is"
                      + " within "
                      + BEHIND
                      + " s");
            });
  }

  /**
   * The same move of one that goes below the successor only when that has all it has: else, if the
   * primary died then, nobody below it would have what the moved one has. MariaDB's moves are so.
   */
  private Plan notAhead(World world, Sight successor, Plan move) {
    if (!(move.intent() instanceof Intent.Relocate wanted)) {
      return move;
    }
    InstanceKey key = wanted.replica();
    boolean byGtid =
        world
            .topology()
            .instance(key)
            .flatMap(Instance::primaryChannel)
            .filter(c -> c.gtid() == GtidUse.AUTO_POSITION && !c.source().equals(successor.key()))
            .isPresent();
    if (!byGtid || Errant.below(world.topology(), key, successor.key()).isPresent()) {
      return move;
    }
    var executed = new Slot<Slot.Kind.Executed>(key + ", executed");
    var stages = new ArrayList<>(move.stages());
    Stage halt = stages.getFirst();
    var steps = new ArrayList<>(halt.steps());
    steps.add(new Step.ReadExecuted(key, executed));
    steps.add(new Step.AwaitLogged(successor.key(), executed, policy.catchUp()));
    stages.set(0, new Stage(halt.title(), halt.guards(), steps, halt.lastly(), halt.start()));
    return new Plan(
        move.intent(), stages, move.basis(), move.outcome(), move.warnings(), move.undoing());
  }

  /** The moves of those that follow the successor; whoever does not answer is left, and said. */
  private static List<Intent.Relocate> siblings(
      World world,
      InstanceKey successor,
      InstanceKey primary,
      Reshaping.TakeOver wanted,
      List<String> warnings) {
    var moves = new ArrayList<Intent.Relocate>();
    for (InstanceKey sibling : world.topology().replicasOf(primary)) {
      if (sibling.equals(successor) || wanted.staying().contains(sibling)) {
        continue;
      }
      if (world.topology().instance(sibling).filter(Instance::seen).isEmpty()) {
        warnings.add(sibling + " does not answer, and stays below " + primary);
      } else {
        moves.add(new Intent.Relocate(sibling, successor));
      }
    }
    return moves;
  }

  /** Stages of which the last, the ring, comes after all the moves. */
  private static List<Stage> inOrder(List<Stage> before) {
    if (before.stream().allMatch(stage -> stage.start().isEmpty())) {
      return before;
    }
    var stages = new ArrayList<Stage>();
    for (Stage stage : before) {
      stages.add(stage.start().isPresent() ? stage : after(stage, stages.size()));
    }
    return stages;
  }

  /** A stage that comes after a number of others. */
  private static Stage after(Stage stage, int others) {
    return stage.startedAt(new Stage.Start(IntStream.range(0, others).boxed().toList(), false));
  }

  private static void add(List<Stage> stages, Stage next) {
    boolean oneByOne = stages.stream().allMatch(stage -> stage.start().isEmpty());
    stages.add(oneByOne ? next : after(next, stages.size()));
  }

  private Stage handOver(Sight own, Channel c, Sight former, boolean ending) {
    InstanceKey primary = former.key();
    var steps = new ArrayList<Step>();
    String channel = former.facts().primaryChannel().map(Channel::name).orElse("");
    // Some run as users who write in spite of read_only; and super_read_only would be against it.
    var noEvents = new Step.DisableEvents(primary);
    if (c.gtid() == GtidUse.NONE) {
      // Where its log ends is known only while it applies nothing.
      var end = new Slot<Slot.Kind.Coordinates>(primary.toString());
      steps.add(noEvents);
      steps.add(new Step.QuietDown(primary, policy.quiet(), ending));
      steps.add(new Step.StopReplication(primary, channel, Threads.SQL));
      steps.add(new Step.ReadLogEnd(primary, end));
      steps.add(new Step.AwaitPlace(own.key(), c.name(), end, true, policy.quiet()));
    } else {
      // What it has to wait for is waited for while everybody may write.
      steps.addAll(catchUp(own, former, primary.toString()));
      steps.add(noEvents);
      steps.add(new Step.QuietDown(primary, policy.quiet(), ending));
      steps.addAll(catchUp(own, former, primary + ", refusing writes"));
    }
    return new Stage(
        "Have " + primary + " refuse writes, and " + own.key() + " get the last of them",
        guards(own, former, Optional.empty()),
        steps,
        List.of(
            new Step.SetReadOnly(primary, false),
            new Step.StopReplication(primary, channel, Threads.BOTH),
            new Step.ForgetSource(primary, channel),
            Step.EnableEvents.again(primary)));
  }

  private List<Step> catchUp(Sight own, Sight former, String noted) {
    var executed = new Slot<Slot.Kind.Executed>(noted);
    return List.of(
        new Step.ReadLogged(former.key(), executed),
        new Step.AwaitLogged(own.key(), executed, policy.quiet()));
  }

  private static List<Basis> guards(Sight own, Sight former, Optional<Boolean> quiet) {
    var guards = new ArrayList<>(own.now(Field.CONDITION, Field.SERVER_ID, Field.SOURCE));
    guards.add(new Basis(own.key(), Field.READ_ONLY, "on"));
    guards.add(new Basis(own.key(), Field.IO_THREAD, "started"));
    guards.add(new Basis(own.key(), Field.SQL_THREAD, "started"));
    guards.addAll(former.now(Field.CONDITION, Field.SERVER_ID));
    guards.add(new Basis(former.key(), Field.SOURCE, own.key().toString()));
    quiet.ifPresent(q -> guards.add(new Basis(former.key(), Field.READ_ONLY, q ? "on" : "off")));
    return guards;
  }

  private static Stage promote(Sight own, Channel c, Sight former) {
    InstanceKey key = own.key();
    var steps = new ArrayList<Step>();
    SemiSync its = own.facts().semiSync();
    if (former.facts().semiSync().source().enabled()
        && its.source().available()
        && !its.source().enabled()) {
      steps.add(new Step.SetSemiSync(key, Doing.Side.SOURCE, its.sourceWords(), true));
    }
    steps.add(new Step.SetReadOnly(key, false));
    steps.add(new Step.StopReplication(key, c.name(), Threads.BOTH));
    steps.add(new Step.ForgetSource(key, c.name()));
    if (c.gtid() == GtidUse.NONE) {
      String channel = former.facts().primaryChannel().map(Channel::name).orElse("");
      steps.add(new Step.StartReplication(former.key(), channel, Threads.BOTH));
    }
    return new Stage(
        "Let " + key + " take the writes",
        guards(own, former, Optional.of(true)),
        steps,
        // From its first step on it may have taken some.
        List.of());
  }

  /** Where the primary waited for acknowledgements, it gives them now, and waits for none. */
  private static Optional<Stage> acknowledges(Sight own, Sight former) {
    SemiSync its = former.facts().semiSync();
    if (!its.source().enabled() || !own.facts().semiSync().replica().enabled()) {
      return Optional.empty();
    }
    InstanceKey key = former.key();
    String channel = former.facts().primaryChannel().map(Channel::name).orElse("");
    var steps = new ArrayList<Step>();
    if (its.replica().available() && !its.replica().enabled()) {
      steps.add(new Step.StopReplication(key, channel, Threads.IO));
      steps.add(new Step.SetSemiSync(key, Doing.Side.REPLICA, its.sourceWords(), true));
      steps.add(new Step.StartReplication(key, channel, Threads.IO));
    }
    if (!own.facts().semiSync().source().enabled()) {
      steps.add(new Step.SetSemiSync(key, Doing.Side.SOURCE, its.sourceWords(), false));
    }
    return steps.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Stage(
                "Have " + key + " acknowledge what it receives",
                former.now(Field.CONDITION, Field.SERVER_ID),
                steps,
                List.of(new Step.StartReplication(key, channel, Threads.IO))));
  }

  /** The events of the former primary run where writes are taken. */
  private static Stage events(Sight own, Sight former) {
    var guards = new ArrayList<>(own.now(Field.CONDITION, Field.SERVER_ID));
    guards.add(new Basis(own.key(), Field.READ_ONLY, "off"));
    return new Stage(
        "Have events run on " + own.key(),
        guards,
        List.of(Step.EnableEvents.askedOf(former.key(), own.key())),
        List.of());
  }

  /** It has forgotten its source, and was not let take writes: what was broken off is finished. */
  private static Plan last(Sight own, Sight former, Reshaping.TakeOver wanted) {
    InstanceKey key = own.key();
    if (!own.facts().settings().readOnly() || !former.facts().settings().readOnly()) {
      throw new Refusal(key + " has taken over from " + former.key() + " already");
    }
    List<Basis> read =
        new ArrayList<>(own.now(Field.CONDITION, Field.SERVER_ID, Field.CHANNELS, Field.READ_ONLY));
    read.addAll(former.now(Field.CONDITION, Field.SERVER_ID, Field.SOURCE, Field.READ_ONLY));
    return new Plan(
        intent(key, former.key(), wanted),
        List.of(
            new Stage(
                "Let " + key + " take the writes",
                read,
                List.of(new Step.SetReadOnly(key, false)),
                List.of()),
            events(own, former)),
        read,
        List.of(
            key + " takes the writes",
            "scheduled events that run on " + former.key() + " run on " + key),
        List.of(),
        UpkeepPlanner.none("what came before it was done by an earlier plan"));
  }

  /** The former primary takes over again, and with it those of its replicas that were moved. */
  private static Undoing undoing(World world, Sight own, Sight former, Reshaping.TakeOver wanted) {
    InstanceKey key = own.key();
    Set<InstanceKey> kept = new LinkedHashSet<>(world.topology().replicasOf(key));
    kept.remove(former.key());
    var mustHold = new ArrayList<>(own.identity());
    mustHold.addAll(former.identity());
    mustHold.add(new Basis(former.key(), Field.SOURCE, key.toString()));
    mustHold.add(new Basis(key, Field.READ_ONLY, "off"));
    mustHold.add(new Basis(former.key(), Field.READ_ONLY, "on"));
    return new Undoing(
        new Intent.InTree(
            former.key(),
            new Reshaping.TakeOver(Optional.of(key), List.copyOf(kept), wanted.ending())),
        mustHold);
  }
}
