package topiary.engine.planner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import topiary.engine.intent.Intent;
import topiary.engine.model.Channel;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
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
 * Moves replicas that find their place by file and position.
 *
 * <p>A place in one server's log says nothing of another's. Two things can be known: what a replica
 * has executed of its source's log when its own log ends, and that somebody below it who has
 * executed all of that log stands at the same place. So a replica goes up past its source, or down
 * below a sibling, one server at a time, and anywhere else by a way of such moves.
 *
 * <p>The server that is passed stops applying meanwhile, and goes on receiving: its log stands
 * still, what it has received stays, and so do its acknowledgements.
 */
final class ClassicPlanner {

  private final PlanPolicy policy;

  ClassicPlanner(PlanPolicy policy) {
    this.policy = policy;
  }

  /** One move on the way: past the source that a replica has, or below a sibling of it. */
  private record Hop(InstanceKey from, InstanceKey to, boolean up) {}

  /**
   * The plan for replicas of one source that are to be moved below one server.
   *
   * @param replicas at least one
   */
  Plan plan(World world, Intent wanted, List<InstanceKey> replicas, InstanceKey target) {
    Topology topology = world.topology();
    Sight below = Sight.of(topology, target);
    var moved = new ArrayList<Sight>();
    for (InstanceKey key : replicas) {
      moved.add(movable(world, Sight.of(topology, key), below));
    }
    InstanceKey source = moved.getFirst().onlyChannel().source();
    if (source.equals(target)) {
      return goingOn(world, wanted, moved.getFirst(), below);
    }
    List<Hop> way = way(topology, source, target);
    var course = new Builder(world, moved, way);
    way.forEach(course::hop);
    return course.plan(wanted, source, below);
  }

  /** A replica that can be moved, as far as it is up to itself. */
  private Sight movable(World world, Sight replica, Sight target) {
    InstanceKey key = replica.key();
    Channel c = replica.onlyChannel();
    Eligibility.refusal(world.topology(), replica, target).ifPresent(ClassicPlanner::refuse);
    if (world.topology().inRing(key)) {
      refuse(
          key
              + " stands in a ring, so there is no way by file and position out of it:"
              + " \"enable-gtid\" first, to move it by GTID");
    }
    if (!world.topology().sameTree(key, target.key())) {
      refuse(
          target.key()
              + " is not in the tree of "
              + key
              + ", so no place in its log is known to be that of "
              + key
              + "; by file and position only servers of one tree can be moved below one another");
    }
    if (c.source().equals(target.key())) {
      if (world.standing(key, c).isPresent()) {
        return replica;
      }
      refuse(key + " is below " + target.key() + " already");
    }
    if (!runsWhole(world, key, c)) {
      String why = c.sqlError().present() ? " (" + c.sqlError().message() + ")" : "";
      refuse(
          "replication on "
              + key
              + " stands still"
              + why
              + ", and by file and position it can be moved only once it has applied all up to a"
              + " known place: \"start-replication\" first");
    }
    notHeldBack(replica, c);
    return replica;
  }

  /** Whether both threads run, or are to run. */
  private static boolean runsWhole(World world, InstanceKey key, Channel c) {
    return world.toRun(key, c).filter(t -> t == Threads.BOTH).isPresent();
  }

  private void notHeldBack(Sight replica, Channel c) {
    if (c.delaySeconds() > policy.drain().toSeconds()) {
      refuse(
          replica.key()
              + " is held back by "
              + c.delaySeconds()
              + " s on purpose, and does not come to a known place within "
              + policy.drain().toSeconds()
              + " s: \"delay-replication\" with 0 first, to move it by file and position");
    }
  }

  /** From server to server: up until the target is below, then down towards it. */
  private static List<Hop> way(Topology topology, InstanceKey source, InstanceKey target) {
    var way = new ArrayList<Hop>();
    List<InstanceKey> above =
        Stream.concat(Stream.of(target), topology.sourcesOf(target).stream()).toList();
    InstanceKey at = source;
    while (!above.contains(at)) {
      InstanceKey up = topology.instance(at).flatMap(Instance::source).orElseThrow();
      way.add(new Hop(at, up, true));
      at = up;
    }
    for (int i = above.indexOf(at) - 1; i >= 0; i--) {
      way.add(new Hop(above.get(i + 1), above.get(i), false));
    }
    return way;
  }

  /** What an interrupted plan has pointed there already, and not started. */
  private Plan goingOn(World world, Intent wanted, Sight replica, Sight target) {
    InstanceKey key = replica.key();
    Channel c = replica.onlyChannel();
    InstanceKey former = world.formerSource(key).orElseThrow();
    var stages = new ArrayList<Stage>();
    var basis = new ArrayList<>(replica.now(Builder.DECIDES));
    basis.addAll(target.now(Field.CONDITION, Field.SERVER_ID));
    for (InstanceKey left : List.of(key, former, target.key())) {
      again(world, left).ifPresent(stages::add);
    }
    var sides = new ArrayList<Stage>();
    stages.forEach(s -> sides.add(s.startedAt(new Stage.Start(List.of(), false))));
    return new Plan(
        wanted,
        sides,
        basis,
        List.of(key + " replicates from " + target.key()),
        List.of(),
        new Undoing(new Intent.Relocate(key, former), left(replica, c.source())));
  }

  /** Starts what an interrupted plan has left standing; empty when it has not. */
  private Optional<Stage> again(World world, InstanceKey key) {
    Optional<Instance> left =
        world
            .topology()
            .instance(key)
            .filter(Instance::seen)
            .filter(i -> world.held().containsKey(key));
    if (left.isEmpty()) {
      return Optional.empty();
    }
    Sight sight = Sight.of(world.topology(), key);
    Channel c = sight.onlyChannel();
    return world
        .standing(key, c)
        .flatMap(standing -> world.toRun(key, c))
        .map(
            threads ->
                new Stage(
                    "Start " + key + " again",
                    sight.now(
                        Field.CONDITION,
                        Field.SERVER_ID,
                        Field.SOURCE,
                        Field.IO_THREAD,
                        Field.SQL_THREAD),
                    goOn(sight, c, threads),
                    List.of()));
  }

  /** Starts threads; where that is both, it replicates then. */
  private List<Step> goOn(Sight passed, Channel c, Threads threads) {
    var steps = new ArrayList<Step>();
    steps.add(new Step.StartReplication(passed.key(), c.name(), threads));
    if (threads == Threads.BOTH) {
      steps.add(new Step.AwaitReplicating(passed.key(), c.name(), c.source(), policy.connect()));
    }
    return steps;
  }

  private static List<Basis> left(Sight replica, InstanceKey source) {
    var left = new ArrayList<>(replica.identity());
    left.add(new Basis(replica.key(), Field.SOURCE, source.toString()));
    left.add(new Basis(replica.key(), Field.IO_THREAD, "started"));
    left.add(new Basis(replica.key(), Field.SQL_THREAD, "started"));
    return left;
  }

  private static void refuse(String why) {
    throw new Refusal(why);
  }

  /** A plan as it grows, hop by hop. */
  private final class Builder {

    static final Field[] DECIDES = {
      Field.CONDITION,
      Field.SERVER_ID,
      Field.VERSION,
      Field.LOG_BIN,
      Field.LOG_UPDATES,
      Field.BINLOG_FORMAT,
      Field.CHANNELS,
      Field.SOURCE,
      Field.FILTERS,
      Field.GTID_USE,
      Field.DELAY,
      Field.IO_THREAD,
      Field.SQL_THREAD
    };

    private final World world;
    private final List<Sight> replicas;
    private final List<Stage> stages = new ArrayList<>();
    private final Set<Basis> basis = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    /** The stage that each replica was last moved in; it must have gone well before the next. */
    private final Map<InstanceKey, Integer> lastOf = new HashMap<>();

    /** What must have ended before anything else begins. */
    private List<Integer> last = List.of();

    Builder(World world, List<Sight> replicas, List<Hop> way) {
      this.world = world;
      this.replicas = replicas;
      replicas.forEach(r -> basis.addAll(r.now(DECIDES)));
      // Those that are gone below must apply to begin with.
      way.stream()
          .filter(hop -> !hop.up())
          .flatMap(hop -> again(world, hop.to()).stream())
          .forEach(stage -> last = List.of(add(stage, last, false)));
    }

    private int add(Stage stage, List<Integer> after, boolean inAnyCase) {
      stages.add(stage.startedAt(new Stage.Start(after, inAnyCase)));
      return stages.size() - 1;
    }

    void hop(Hop hop) {
      Sight from = passed(hop.from());
      Sight source = passed(hop.to());
      Sight passed = hop.up() ? from : source;
      replicas.forEach(
          r -> Eligibility.refusal(world.topology(), r, source).ifPresent(ClassicPlanner::refuse));
      basis.addAll(passed.now(DECIDES));
      basis.addAll(source.now(DECIDES));
      if (hop.up()) {
        up(passed, source);
      } else {
        basis.addAll(from.now(Field.CONDITION, Field.SERVER_ID));
        down(passed, hop.from());
      }
    }

    private Sight passed(InstanceKey key) {
      try {
        return seen(key);
      } catch (Refusal e) {
        throw new Refusal(
            e.getMessage()
                + ", so "
                + replicas.getFirst().key()
                + " cannot be brought to a known place in its log: by file and position it can be"
                + " moved once "
                + key
                + " is back");
      }
    }

    private Sight seen(InstanceKey key) {
      return Sight.of(world.topology(), key);
    }

    /** The channel of a server that is passed: its place in its source's log must be certain. */
    private Channel placed(Sight passed) {
      Channel c = passed.onlyChannel();
      if (c.gtid() != GtidUse.NONE) {
        refuse(
            passed.key()
                + " replicates by GTID, so its place in the log of "
                + c.source()
                + " is not certain, and "
                + replicas.getFirst().key()
                + " cannot be moved past it by file and position: \"enable-gtid\" "
                + replicas.getFirst().key()
                + " first, to move it by GTID");
      }
      return c;
    }

    private void up(Sight passed, Sight source) {
      InstanceKey key = passed.key();
      Channel c = placed(passed);
      Optional<Threads> again = world.toRun(key, c).filter(Threads::sql);
      if (again.isEmpty() && c.sqlError().present()) {
        refuse(
            key
                + " has failed at a transaction ("
                + c.sqlError().message()
                + "), so how far it has executed is not certain; let it apply first, or"
                + " \"enable-gtid\" "
                + replicas.getFirst().key());
      }
      if (!passed.facts().settings().readOnly()) {
        warnings.add(
            key
                + " takes writes: what is written to it itself stays there and comes no further"
                + " up");
      }
      List<Integer> halted = last;
      if (again.isPresent()) {
        var guards =
            new ArrayList<>(
                passed.now(
                    Field.CONDITION,
                    Field.SERVER_ID,
                    Field.SOURCE,
                    Field.GTID_USE,
                    Field.IO_THREAD,
                    Field.SQL_THREAD));
        guards.addAll(source.now(Field.CONDITION, Field.SERVER_ID));
        halted =
            List.of(
                add(
                    new Stage(
                        "Have " + key + " apply nothing for a while",
                        guards,
                        List.of(new Step.StopReplication(key, c.name(), Threads.SQL)),
                        List.of(new Step.StartReplication(key, c.name(), again.get()))),
                    last,
                    false));
      }
      var lanes = new ArrayList<Integer>();
      for (Sight replica : replicas) {
        lanes.add(move(replica, halted, rise(replica, passed, c, source)));
      }
      last = lanes;
      again.ifPresent(
          threads ->
              last =
                  List.of(
                      add(
                          new Stage(
                              "Have " + key + " go on",
                              List.of(),
                              goOn(passed, c, threads),
                              List.of()),
                          lanes,
                          true)));
    }

    private int move(Sight replica, List<Integer> after, Stage stage) {
      var all = new LinkedHashSet<>(after);
      Optional.ofNullable(lastOf.get(replica.key())).ifPresent(all::add);
      int at = add(stage, List.copyOf(all), false);
      lastOf.put(replica.key(), at);
      return at;
    }

    /** All of its source's log is applied; there it stands where its source stands. */
    private Stage rise(Sight replica, Sight passed, Channel c, Sight source) {
      InstanceKey key = replica.key();
      String channel = replica.onlyChannel().name();
      var above = new Slot<Slot.Kind.Coordinates>(passed.key().toString());
      var end = new Slot<Slot.Kind.Coordinates>("the end of the log of " + passed.key());
      var guards = guards(replica, passed.key());
      guards.addAll(passed.now(Field.CONDITION, Field.SERVER_ID, Field.SOURCE, Field.GTID_USE));
      guards.add(new Basis(passed.key(), Field.SQL_THREAD, "stopped"));
      guards.addAll(source.now(Field.CONDITION, Field.SERVER_ID, Field.SOURCE));
      return new Stage(
          "Move " + key + " up below " + source.key(),
          guards,
          List.of(
              new Step.StopReplication(key, channel, Threads.BOTH),
              new Step.ReadCoordinates(passed.key(), c.name(), above),
              new Step.ReadLogEnd(passed.key(), end),
              new Step.ApplyUpTo(key, channel, end, policy.drain()),
              new Step.PointAtFile(key, channel, source.key(), above),
              new Step.StartReplication(key, channel, Threads.BOTH),
              new Step.AwaitReplicating(key, channel, source.key(), policy.connect())),
          back(replica, passed.key(), end, above));
    }

    private void down(Sight sibling, InstanceKey from) {
      InstanceKey key = sibling.key();
      Channel c = placed(sibling);
      boolean standing = world.standing(key, c).isPresent() && runsWhole(world, key, c);
      if (!standing && !c.replicating()) {
        refuse(
            key
                + " does not replicate at present, so "
                + replicas.getFirst().key()
                + " cannot be brought to the place where it is: \"start-replication\" on "
                + key
                + " first");
      }
      notHeldBack(sibling, c);
      for (Sight replica : replicas) {
        int moved = move(replica, last, join(replica, sibling, c, from));
        int over =
            add(
                new Stage(
                    "Have " + key + " go on", List.of(), goOn(sibling, c, Threads.BOTH), List.of()),
                List.of(moved),
                true);
        last = List.of(over);
      }
    }

    /**
     * The sibling gets past the replica, and stops; then the replica comes there. What the replica
     * has received beyond that is thrown away only once the sibling has received it.
     */
    private Stage join(Sight replica, Sight sibling, Channel c, InstanceKey from) {
      InstanceKey key = replica.key();
      InstanceKey to = sibling.key();
      String channel = replica.onlyChannel().name();
      var stopped = new Slot<Slot.Kind.Coordinates>(key.toString());
      var place = new Slot<Slot.Kind.Coordinates>(to + " in the log of " + from);
      var end = new Slot<Slot.Kind.Coordinates>(to.toString());
      var received = new Slot<Slot.Kind.Coordinates>("what " + key + " has received");
      var guards = guards(replica, from);
      guards.addAll(sibling.now(Field.CONDITION, Field.SERVER_ID, Field.SOURCE, Field.GTID_USE));
      guards.add(new Basis(to, Field.IO_THREAD, "started"));
      guards.add(new Basis(to, Field.SQL_THREAD, "started"));
      guards.addAll(seen(from).now(Field.CONDITION, Field.SERVER_ID, Field.SOURCE));
      return new Stage(
          "Move " + key + " below its sibling " + to,
          guards,
          List.of(
              new Step.StopReplication(key, channel, Threads.BOTH),
              new Step.ReadCoordinates(key, channel, stopped),
              new Step.AwaitPlace(to, c.name(), stopped, true, policy.catchUp()),
              new Step.StopReplication(to, c.name(), Threads.SQL),
              new Step.ReadCoordinates(to, c.name(), place),
              new Step.ReadLogEnd(to, end),
              new Step.ApplyUpTo(key, channel, place, policy.drain()),
              new Step.ReadReceived(key, channel, received),
              new Step.AwaitPlace(to, c.name(), received, false, policy.catchUp()),
              new Step.PointAtFile(key, channel, to, end),
              new Step.StartReplication(key, channel, Threads.BOTH),
              new Step.AwaitReplicating(key, channel, to, policy.connect())),
          back(replica, from, place, end));
    }

    /** What must hold of a replica before a hop; all but the first begin where another ended. */
    private List<Basis> guards(Sight replica, InstanceKey source) {
      InstanceKey key = replica.key();
      var guards = new ArrayList<>(replica.now(Field.CONDITION, Field.SERVER_ID, Field.GTID_USE));
      guards.add(new Basis(key, Field.SOURCE, source.toString()));
      boolean first = !lastOf.containsKey(key);
      for (Field thread : List.of(Field.IO_THREAD, Field.SQL_THREAD)) {
        guards.add(new Basis(key, thread, first ? thread.of(replica.instance()) : "started"));
      }
      return guards;
    }

    private List<Step> back(
        Sight replica,
        InstanceKey source,
        Slot<Slot.Kind.Coordinates> at,
        Slot<Slot.Kind.Coordinates> pointedAt) {
      InstanceKey key = replica.key();
      String channel = replica.onlyChannel().name();
      InstanceKey named =
          lastOf.containsKey(key) ? source : world.sourceNames().getOrDefault(key, source);
      return List.of(
          new Step.StopReplication(key, channel, Threads.BOTH),
          new Step.PointBack(key, channel, named, at, pointedAt),
          new Step.StartReplication(key, channel, Threads.BOTH));
    }

    Plan plan(Intent wanted, InstanceKey former, Sight target) {
      Topology topology = world.topology();
      topology.sourcesOf(target.key()).stream()
          .flatMap(key -> topology.instance(key).stream())
          .forEach(above -> basis.add(Basis.of(above, Field.SOURCE)));
      var outcome = new ArrayList<String>();
      var back = new ArrayList<Intent.Relocate>();
      var left = new ArrayList<Basis>();
      for (Sight replica : replicas) {
        int followers = topology.replicasOf(replica.key()).size();
        outcome.add(
            replica.key()
                + " replicates from "
                + target.key()
                + (followers == 0
                    ? ""
                    : ", with its " + followers + (followers == 1 ? " replica" : " replicas")));
        back.add(new Intent.Relocate(replica.key(), former));
        left.addAll(left(replica, target.key()));
      }
      return new Plan(
          wanted,
          stages,
          List.copyOf(basis),
          outcome,
          List.copyOf(warnings),
          new Undoing(back.size() == 1 ? back.getFirst() : new Intent.Moves(back), left));
    }

    private List<Basis> left(Sight replica, InstanceKey source) {
      return ClassicPlanner.left(replica, source);
    }
  }
}
