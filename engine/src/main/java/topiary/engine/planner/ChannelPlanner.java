package topiary.engine.planner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import topiary.engine.gtid.GtidSet;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.model.Capability;
import topiary.engine.model.Channel;
import topiary.engine.model.Flavor;
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

/** Plans that change how a replica replicates, and leave its place in the tree, or end it. */
final class ChannelPlanner {

  /** How MySQL names the transaction its applying threads have stopped at. */
  private static final Pattern FAILED =
      Pattern.compile(
          "transaction '(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}[:\\w]*)'");

  /** For so long a replica tries to connect to a source that may be dead. */
  private static final Duration CONNECTING = Duration.ofSeconds(2);

  private final PlanPolicy policy;

  ChannelPlanner(PlanPolicy policy) {
    this.policy = policy;
  }

  Plan restart(World world, InstanceKey key, Doing.Restart wanted) {
    var r = new Replica(world, key);
    r.sight.mustBeAttached(r.c);
    if (r.running.isEmpty()) {
      throw new Refusal("replication on " + key + " stands still: start it, to begin it");
    }
    if (!r.sourceSeen && r.c.gtid().startDropsReceived()) {
      throw new Refusal(
          r.c.source()
              + " cannot be seen, so it could not send again what "
              + key
              + " throws away when it starts from a standstill");
    }
    var steps = new ArrayList<Step>();
    r.c.started().ifPresent(t -> steps.add(new Step.StopReplication(key, r.c.name(), t)));
    steps.addAll(r.startsAgain());
    return r.plan(
        wanted,
        steps,
        List.of(key + " has connected to " + r.c.source() + " anew"),
        List.of(),
        UpkeepPlanner.none("there is nothing left to take back"));
  }

  /**
   * Only its receiving thread is stopped, and only while the other runs: it keeps what it has
   * received, also where one that starts from a standstill throws it away.
   */
  Plan reconnect(World world, InstanceKey key, Doing.Reconnect wanted) {
    var r = new Replica(world, key);
    r.sight.mustBeAttached(r.c);
    if (!r.running.filter(Threads::io).isPresent()) {
      throw new Refusal(key + " does not receive: start replication, to begin it");
    }
    if (r.c.sql() != ThreadState.RUNNING) {
      throw new Refusal(
          key
              + " does not apply what it receives, and one that starts from a standstill may throw"
              + " away what it received; \"restart-replication\" asks its source whether it could"
              + " get it again");
    }
    var steps = new ArrayList<Step>();
    if (r.c.io() != ThreadState.STOPPED) {
      steps.add(new Step.StopReplication(key, r.c.name(), Threads.IO));
    }
    steps.add(
        r.sourceSeen
            ? new Step.StartReplication(key, r.c.name(), Threads.IO)
            : new Step.TryConnect(key, r.c.name(), CONNECTING));
    return r.plan(
        wanted,
        r.own(),
        steps,
        r.starts(),
        List.of(key + " connects to " + r.c.source() + " anew"),
        List.of(),
        UpkeepPlanner.none("there is nothing left to take back"));
  }

  Plan stopNicely(World world, InstanceKey key, Doing.StopNicely wanted) {
    var r = new Replica(world, key);
    if (r.running.isEmpty()) {
      throw new Refusal("replication on " + key + " is stopped already");
    }
    if (!r.applies()) {
      throw new Refusal(
          "the applying thread of "
              + key
              + " stands still, so what it received will not be applied: start it first, or stop"
              + " replication as it is");
    }
    if (r.c.delaySeconds() > policy.drain().toSeconds()) {
      throw new Refusal(
          key
              + " is held back by "
              + r.c.delaySeconds()
              + " s on purpose: what it has received cannot be applied within "
              + policy.drain().toSeconds()
              + " s");
    }
    return r.plan(
        wanted,
        Relay.drainedStop(world, r.sight, r.c, policy),
        List.of(key + " does not replicate, and has applied all it received"),
        below(world, key),
        new Undoing(
            new Intent.StartReplication(
                key, r.c.detached() ? Threads.SQL : r.running.orElseThrow()),
            r.left("stopped")));
  }

  Plan reset(World world, InstanceKey key, Doing.Reset wanted) {
    return reset(world, key, wanted, List.of());
  }

  /**
   * The plan.
   *
   * @param others the channels that it keeps
   */
  Plan reset(World world, InstanceKey key, Doing.Reset wanted, List<Channel> others) {
    var r = new Replica(world, key);
    // One of two co-sources is the head still, or below the other, whoever replicates from it.
    boolean coSource = r.source.flatMap(Instance::source).filter(key::equals).isPresent();
    var warnings = new ArrayList<>(coSource ? List.<String>of() : below(world, key));
    List<Step> steps = new ArrayList<>();
    // Broken off and asked for again, it applies the rest as it would have done.
    if (r.applies() && r.c.delaySeconds() <= policy.drain().toSeconds()) {
      steps.addAll(Relay.drainedStop(world, r.sight, r.c, policy));
    } else {
      r.c.started().ifPresent(t -> steps.add(new Step.StopReplication(key, r.c.name(), t)));
      Relay.pending(r.sight.facts(), r.c)
          .ifPresent(pending -> warnings.add(key + " " + pending + ": the rest is thrown away"));
    }
    steps.add(new Step.ForgetSource(key, r.c.name()));
    if (!r.sight.facts().settings().readOnly() && !coSource && others.isEmpty()) {
      warnings.add(key + " takes writes, and is nobody's replica then: a second primary");
    }
    return r.plan(
        wanted,
        steps,
        List.of(
            others.isEmpty()
                ? key + " is no replica, but the head of its own tree"
                : key + " gets nothing from " + r.c.source() + " any more"),
        warnings,
        UpkeepPlanner.none("the password it replicated with is forgotten with its source"));
  }

  Plan delay(World world, InstanceKey key, Doing.Delay wanted) {
    var r = new Replica(world, key);
    boolean set = r.c.delaySeconds() == wanted.seconds();
    if (set && r.standing.isEmpty()) {
      throw new Refusal("the delay of " + key + " is " + wanted.seconds() + " s already");
    }
    // Where channels are known the statement is taken while the receiving thread runs, and what was
    // received stays. Elsewhere both have to stand still, and the source is asked for it again.
    boolean keeps = r.sight.facts().identity().capabilities().contains(Capability.CHANNELS);
    if (!keeps) {
      r.mustSeeSource("set the delay");
    }
    Optional<Threads> halted =
        keeps
            ? r.c.sql() == ThreadState.STOPPED ? Optional.empty() : Optional.of(Threads.SQL)
            : r.c.started();
    var steps = new ArrayList<Step>();
    if (!set) {
      halted.ifPresent(t -> steps.add(new Step.StopReplication(key, r.c.name(), t)));
      steps.add(new Step.SetDelay(key, r.c.name(), wanted.seconds()));
    }
    List<Step> starts = r.starts(r.standing, halted);
    steps.addAll(starts);
    var left = new ArrayList<>(r.sight.identity());
    left.add(new Basis(key, Field.SOURCE, r.c.told()));
    left.add(new Basis(key, Field.DELAY, Integer.toString(wanted.seconds())));
    return r.plan(
        wanted,
        steps,
        starts,
        List.of(
            wanted.seconds() == 0
                ? key + " applies what it receives at once"
                : key + " applies what is " + wanted.seconds() + " s old"),
        wanted.seconds() > 0 ? below(world, key) : List.of(),
        new Undoing(new Intent.OnServer(key, new Doing.Delay(r.c.delaySeconds())), left));
  }

  Plan useGtid(World world, InstanceKey key, Doing.UseGtid wanted) {
    var r = new Replica(world, key);
    boolean uses = r.c.gtid() != GtidUse.NONE;
    boolean set = uses == wanted.on();
    if (set && r.standing.isEmpty()) {
      throw new Refusal(
          key + " replicates by " + (uses ? "GTID" : "file and position") + " already");
    }
    boolean maria = r.sight.facts().identity().flavor() == Flavor.MARIADB;
    r.mustSeeSource("change how it finds its place");
    if (wanted.on() && !set) {
      Eligibility.byGtid(r.sight, Sight.of(world.topology(), r.c.source()))
          .ifPresent(
              why -> {
                throw new Refusal(why);
              });
    }
    var steps = new ArrayList<Step>();
    if (!set && wanted.on() && maria && r.applies()) {
      steps.addAll(Relay.drainedStop(world, r.sight, r.c, policy));
    } else if (!set) {
      r.c.started().ifPresent(t -> steps.add(new Step.StopReplication(key, r.c.name(), t)));
    }
    if (set) {
      // Interrupted after that: it is to be started, and no more.
    } else if (wanted.on()) {
      GtidUse use = maria ? GtidUse.SLAVE_POS : GtidUse.AUTO_POSITION;
      steps.add(new Step.PointAt(key, r.c.name(), r.named(world), use));
    } else {
      var place = new Slot<Slot.Kind.Coordinates>(key.toString());
      steps.add(new Step.ReadCoordinates(key, r.c.name(), place));
      steps.add(new Step.PointAtFile(key, r.c.name(), r.named(world), place));
    }
    steps.addAll(r.startsAgain());
    var left = new ArrayList<>(r.sight.identity());
    left.add(new Basis(key, Field.SOURCE, r.c.told()));
    return r.plan(
        wanted,
        steps,
        List.of(key + " replicates by " + (wanted.on() ? "GTID" : "file and position")),
        List.of(),
        new Undoing(new Intent.OnServer(key, new Doing.UseGtid(!wanted.on())), left));
  }

  Plan skip(World world, InstanceKey key, Doing.SkipTransaction wanted) {
    var r = new Replica(world, key);
    if (r.c.sql() != ThreadState.STOPPED || !r.c.sqlError().present()) {
      throw new Refusal(
          key
              + " has not failed at a transaction"
              + (r.c.sql() == ThreadState.STOPPED
                  ? ", it was stopped"
                  : ": it applies what it gets")
              + "; there is nothing to skip");
    }
    String transaction = transaction(world, r);
    // Where there is one in its place already, it is to be started, and no more.
    boolean skipped = !transaction.isEmpty() && executed(r).covers(GtidSet.parse(transaction));
    var steps = new ArrayList<Step>();
    boolean receives = r.running.filter(Threads::io).isPresent();
    // MariaDB is told where to go on only while it stands still, and then asks its source.
    boolean halts = receives && r.c.gtid().startDropsReceived();
    boolean connects = halts || r.standing.filter(Threads::io).isPresent();
    if (r.c.gtid().startDropsReceived()) {
      r.mustSeeSource("go on after the failed transaction");
    }
    if (halts) {
      steps.add(new Step.StopReplication(key, r.c.name(), Threads.IO));
    }
    if (!skipped) {
      steps.add(new Step.SkipTransaction(key, r.c.name(), r.c.gtid(), transaction));
    }
    steps.add(new Step.StartReplication(key, r.c.name(), connects ? Threads.BOTH : Threads.SQL));
    if (receives && r.sourceSeen) {
      steps.add(new Step.AwaitReplicating(key, r.c.name(), r.c.source(), policy.connect()));
    }
    var warnings = new ArrayList<String>();
    warnings.add(
        skipped
            ? transaction + " counts as executed on " + key + " already: it is started, no more"
            : "what is skipped is on "
                + r.c.source()
                + " and not on "
                + key
                + ": their data differ from there on");
    if (r.sight.facts().identity().flavor() == Flavor.MARIADB && r.c.gtid() == GtidUse.NONE) {
      warnings.add(
          "by file and position MariaDB lets only an account with the right SUPER skip anything;"
              + " of a replica that uses GTID Topiary's other rights are enough");
    }
    return r.plan(
        wanted,
        steps,
        connects
            ? List.of(new Step.StartReplication(key, r.c.name(), Threads.IO))
            : List.<Step>of(),
        List.of(key + " applies what comes after it"),
        warnings,
        UpkeepPlanner.none("the transaction counts as executed on " + key));
  }

  /** The transaction to leave out, where the server goes by GTID; empty where it counts. */
  private static String transaction(World world, Replica r) {
    boolean mysql = r.sight.facts().identity().flavor() != Flavor.MARIADB;
    if (!mysql || !r.sight.facts().settings().gtidMode().startsWith("ON")) {
      return "";
    }
    Matcher named = FAILED.matcher(r.c.sqlError().message());
    if (named.find()) {
      return named.group(1);
    }
    // Servers whose one applying thread fails do not name it. Until it is started they say the same
    // of what was given an empty one in its place, by a plan that was broken off.
    Optional<String> skipped =
        world
            .skipped(r.sight.key(), r.c)
            .filter(transaction -> executed(r).covers(GtidSet.parse(transaction)));
    if (skipped.isPresent()) {
      return skipped.get();
    }
    // It is the first of what is pending, which is certain only while all of that comes from one
    // server.
    GtidSet pending = GtidSet.parse(r.c.progress().receivedGtid()).minus(executed(r));
    return pending
        .firstOfOne()
        .orElseThrow(
            () ->
                new Refusal(
                    r.sight.key()
                        + " does not say which transaction it failed at, and what it received comes"
                        + " from several servers: "
                        + pending));
  }

  private static GtidSet executed(Replica r) {
    return GtidSet.parse(r.sight.facts().positions().executedGtid());
  }

  static List<String> below(World world, InstanceKey key) {
    int followers = world.topology().replicasOf(key).size();
    return followers == 0
        ? List.of()
        : List.of("the " + followers + " below it will get nothing newer than it has");
  }

  /** A replica with one source, and what is common to its plans. */
  private final class Replica {
    private final Sight sight;
    private final Channel c;
    private final Optional<Instance> source;
    private final boolean sourceSeen;

    /** What an interrupted plan of ours has left standing, and meant to start. */
    private final Optional<Threads> standing;

    /** What runs now, and what such a plan has left standing: that is to run afterwards. */
    private final Optional<Threads> running;

    Replica(World world, InstanceKey key) {
      sight = Sight.of(world.topology(), key);
      c = sight.onlyChannel();
      standing = world.standing(key, c);
      running = world.toRun(key, c);
      source = world.topology().instance(c.source());
      sourceSeen = !c.detached() && source.filter(Instance::seen).isPresent();
    }

    void mustSeeSource(String what) {
      sight.mustBeAttached(c);
      if (!sourceSeen) {
        throw new Refusal(
            c.source()
                + " cannot be seen: to "
                + what
                + ", "
                + sight.key()
                + " throws away what it received, and could not get it again");
      }
    }

    /** Its source by the name it was told. */
    InstanceKey named(World world) {
      return world.sourceNames().getOrDefault(sight.key(), c.source());
    }

    /** Starts what is to run; waits for it where all of it is. */
    List<Step> startsAgain() {
      var steps = new ArrayList<Step>();
      running.ifPresent(t -> steps.add(new Step.StartReplication(sight.key(), c.name(), t)));
      if (running.filter(t -> t == Threads.BOTH).isPresent() && sourceSeen) {
        steps.add(new Step.AwaitReplicating(sight.key(), c.name(), c.source(), policy.connect()));
      }
      return steps;
    }

    /** Whether it applies, or is to. */
    boolean applies() {
      return running.filter(Threads::sql).isPresent();
    }

    /** Starts what is to run, and waits for nothing. */
    List<Step> starts() {
      return starts(running, Optional.empty());
    }

    /** Starts these threads and those. */
    List<Step> starts(Optional<Threads> these, Optional<Threads> those) {
      return Threads.of(
              Stream.of(these, those).flatMap(Optional::stream).anyMatch(Threads::io),
              Stream.of(these, those).flatMap(Optional::stream).anyMatch(Threads::sql))
          .map(t -> List.<Step>of(new Step.StartReplication(sight.key(), c.name(), t)))
          .orElse(List.of());
    }

    List<Basis> left(String threads) {
      var left = new ArrayList<>(sight.identity());
      left.add(new Basis(sight.key(), Field.SOURCE, c.told()));
      left.add(new Basis(sight.key(), Field.IO_THREAD, threads));
      left.add(new Basis(sight.key(), Field.SQL_THREAD, threads));
      return left;
    }

    Plan plan(
        Doing wanted, List<Step> steps, List<String> outcome, List<String> warnings, Undoing undo) {
      return plan(wanted, steps, starts(), outcome, warnings, undo);
    }

    /** What is read of the replica itself. */
    List<Basis> own() {
      var own = new ArrayList<>(sight.replica());
      own.addAll(sight.now(Field.APPLY_ERROR));
      return own;
    }

    Plan plan(
        Doing wanted,
        List<Step> steps,
        List<Step> lastly,
        List<String> outcome,
        List<String> warnings,
        Undoing undo) {
      List<Basis> read =
          Stream.concat(own().stream(), source.stream().map(s -> Basis.of(s, Field.CONDITION)))
              .toList();
      return plan(wanted, read, steps, lastly, outcome, warnings, undo);
    }

    Plan plan(
        Doing wanted,
        List<Basis> read,
        List<Step> steps,
        List<Step> lastly,
        List<String> outcome,
        List<String> warnings,
        Undoing undo) {
      return new Plan(
          new Intent.OnServer(sight.key(), wanted),
          List.of(
              new Stage(
                  UpkeepPlanner.sentence(wanted.words(sight.key().toString())),
                  read,
                  steps,
                  lastly)),
          read,
          outcome,
          warnings,
          undo);
    }
  }
}
