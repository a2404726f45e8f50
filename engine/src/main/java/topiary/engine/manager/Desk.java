package topiary.engine.manager;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import topiary.engine.execute.Interpreter;
import topiary.engine.execute.Mandate;
import topiary.engine.execute.Outcome;
import topiary.engine.execute.Scribe;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.model.Topology;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Equivalence;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;
import topiary.engine.planner.Planner;
import topiary.engine.planner.World;
import topiary.engine.policy.HookList;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Deadline;
import topiary.engine.port.PlanJournal;
import topiary.engine.state.Command;
import topiary.engine.state.Held;
import topiary.engine.state.ManagerState;
import topiary.engine.state.PlanEnd;
import topiary.engine.state.Recoveries;

/** Where intents become plans, and approved plans are run. Thread-safe. */
final class Desk {

  private static final System.Logger LOG = System.getLogger(Desk.class.getName());

  /** How many shown plans can still be approved. */
  private static final int SHOWN = 500;

  /** How many ended runs can still be watched; the journal has them all. */
  private static final int ENDED = 100;

  private final Ports ports;
  private final Watch watch;
  private final Planner planner;
  private final Scribe scribe;
  private final HookRunner hooks;
  private final Supplier<ManagerState> state;
  private final Interpreter interpreter;
  private final Map<String, Intent> shown = bounded(SHOWN);
  private final Map<PlanId, Run> ended = bounded(ENDED);
  private final Map<PlanId, Run> running = new ConcurrentHashMap<>();
  private volatile boolean ending;

  Desk(
      Ports ports,
      Policies policies,
      Watch watch,
      Scribe scribe,
      HookRunner hooks,
      Supplier<ManagerState> state) {
    this.ports = ports;
    this.watch = watch;
    this.scribe = scribe;
    this.hooks = hooks;
    this.state = state;
    planner = new Planner(policies.plan());
    interpreter =
        new Interpreter(
            ports.fleet(), ports.clock(), policies.plan(), scribe, watch, ports.scheduler());
  }

  PlanResult plan(Intent intent) throws RequestRefused {
    PlanResult result = planAfresh(intent);
    if (result instanceof PlanResult.Planned(Plan plan)) {
      // What the plan names, so that applying it plans the same.
      shown.put(plan.fingerprint(), plan.intent());
    }
    return result;
  }

  /** Plans on a fresh look at the servers the first plan is about. */
  private PlanResult planAfresh(Intent intent) throws RequestRefused {
    Optional<PlanJournal.PlanRecord> undone = undone(intent);
    var servers = new TreeSet<InstanceKey>();
    concerned(intent, undone, servers);
    servers.retainAll(watch.topology().instances().keySet());
    watch.look(servers);
    var world =
        new World(
            watch.topology(),
            held(intent),
            watch.sourceNames(),
            state.get().instances(),
            logins(intent),
            equivalences(undone.map(r -> r.plan().undoing().inverse()).orElse(intent)),
            skipped(intent),
            succeeded(),
            replaced());
    if (!(intent instanceof Intent.Undo undo)) {
      return planner.plan(world, intent);
    }
    PlanJournal.PlanRecord record = undone.orElseThrow();
    Undoing undoing = record.plan().undoing();
    return record.end().filter(end -> end == PlanEnd.DONE).isPresent()
        ? planner.undo(world, undo, undoing)
        : planner.undoSome(world, undo, undoing);
  }

  /** Former primaries, and who has been chosen to take their place. */
  private Map<InstanceKey, InstanceKey> succeeded() {
    var all = new HashMap<InstanceKey, InstanceKey>();
    Recoveries recoveries = state.get().recoveries();
    recoveries
        .ended()
        .values()
        .forEach(r -> r.successor().ifPresent(who -> all.put(r.failed(), who)));
    recoveries.open().values().stream()
        .filter(r -> r.kind() == RecoveryKind.PRIMARY)
        .forEach(r -> r.successor().ifPresent(who -> all.put(r.failed(), who)));
    return all;
  }

  /** The same, and those who are being replaced before anybody is chosen. */
  private Set<InstanceKey> replaced() {
    var all = new HashSet<>(succeeded().keySet());
    state.get().recoveries().open().values().stream()
        .filter(r -> r.kind() == RecoveryKind.PRIMARY)
        .forEach(r -> all.add(r.failed()));
    return all;
  }

  /** The servers that a plan is made from. */
  private void concerned(
      Intent intent, Optional<PlanJournal.PlanRecord> undone, Set<InstanceKey> servers) {
    switch (intent) {
      case Intent.Relocate i -> way(i, servers);
      case Intent.StartReplication i -> withSource(i.replica(), servers);
      case Intent.StopReplication i -> withSource(i.replica(), servers);
      case Intent.SetReadOnly i -> servers.add(i.server());
      // Its source is most likely one that does not answer: to ask it takes long, and decides
      // nothing.
      case Intent.OnServer(var server, Doing.Reconnect _) -> servers.add(server);
      case Intent.OnChannel(Intent.OnServer(var server, Doing.Reconnect _), _) ->
          servers.add(server);
      case Intent.OnServer i -> {
        withSource(i.server(), servers);
        // What is below it decides what it may delete.
        servers.addAll(watch.topology().replicasOf(i.server()));
        // And what it has that its head has not.
        servers.addAll(watch.topology().sourcesOf(i.server()));
      }
      case Intent.InTree i -> around(i, servers);
      case Intent.Moves i -> i.moves().forEach(m -> way(m, servers));
      case Intent.Replace i -> {
        // Not the dead one: whether it is dead is judged elsewhere, and asking it may take long.
        servers.addAll(watch.topology().replicasOf(i.failed()));
        servers.add(i.successor());
      }
      case Intent.CannotBeUndone i -> {}
      case Intent.RelocateBy i -> way(i.move(), servers);
      case Intent.Undo i -> {
        takesOver(i).ifPresent(back -> around(back, servers));
        undone.ifPresent(
            r -> r.plan().undoing().mustHold().stream().map(Basis::instance).forEach(servers::add));
      }
      case Intent.OnChannel i -> {
        concerned(i.wanted(), undone, servers);
        watch.instance(i.server()).flatMap(Instance::facts).stream()
            .flatMap(f -> f.channels().stream())
            .map(Channel::source)
            .forEach(servers::add);
      }
    }
  }

  /** Whom the operator lets replicas log in as, where a plan needs to know. */
  private Map<InstanceKey, String> logins(Intent intent) {
    Optional<InstanceKey> followed =
        switch (intent) {
          case Intent.InTree(InstanceKey server, Reshaping.CoSource _) -> Optional.of(server);
          case Intent.InTree(InstanceKey server, Reshaping.Rejoin(var source)) ->
              source.or(() -> Optional.ofNullable(succeeded().get(server)));
          default -> takesOver(intent).map(Intent.InTree::server);
        };
    return followed
        .flatMap(server -> ports.fleet().replicationUser(server).map(u -> Map.of(server, u)))
        .orElse(Map.of());
  }

  /**
   * The places that our latest moves have found to be one moment, where a plan needs them, of
   * servers that are still those they were.
   */
  private List<Equivalence> equivalences(Intent intent) {
    boolean needed =
        intent instanceof Intent.InTree(_, Reshaping.Equivalent _)
            || intent instanceof Intent.Replace part && part.part() == Intent.Replace.Part.FOLLOW;
    if (!needed) {
      return List.of();
    }
    var found = new ArrayList<Equivalence>();
    for (PlanJournal.PlanRecord record : ports.journal().latest(SHOWN)) {
      record.steps().stream()
          .filter(s -> s.ended().isPresent() && s.failure().isEmpty())
          .map(PlanJournal.StepRecord::step)
          .flatMap(step -> noted(step, record.id()).stream())
          .filter(e -> isStillMeant(record.id(), e.one()))
          .filter(e -> isStillMeant(record.id(), e.other()))
          .forEach(found::add);
    }
    return found;
  }

  private static Optional<Equivalence> noted(Step step, PlanId plan) {
    return switch (step) {
      case Step.PointAtPlace p ->
          Optional.of(new Equivalence(p.former(), p.formerAt(), p.source(), p.at(), plan));
      case Step.NotePlace n ->
          Optional.of(new Equivalence(n.source(), n.sourceAt(), n.target(), n.at(), plan));
      default -> Optional.empty();
    };
  }

  /**
   * The last transaction that a plan of ours had a replica leave out, or began to, where a plan
   * needs to know; nothing when the replica was started since.
   */
  private List<Step.SkipTransaction> skipped(Intent intent) {
    return switch (intent) {
      case Intent.OnChannel(var wanted, String channel) -> skipped(wanted, Optional.of(channel));
      default -> skipped(intent, Optional.empty());
    };
  }

  private List<Step.SkipTransaction> skipped(Intent intent, Optional<String> channel) {
    if (!(intent instanceof Intent.OnServer(InstanceKey replica, Doing.SkipTransaction _))) {
      return List.of();
    }
    for (PlanJournal.PlanRecord record : ports.journal().latest(SHOWN)) {
      for (PlanJournal.StepRecord done : record.steps().reversed()) {
        if (done.step() instanceof Step.StartReplication s
            && s.target().equals(replica)
            && channel.filter(c -> !c.equals(s.channel())).isEmpty()
            && s.threads().sql()
            && done.ended().isPresent()
            && done.failure().isEmpty()) {
          return List.of();
        }
        if (done.step() instanceof Step.SkipTransaction s
            && s.target().equals(replica)
            && channel.filter(c -> !c.equals(s.channel())).isEmpty()) {
          return isStillMeant(record.id(), replica) ? List.of(s) : List.of();
        }
      }
    }
    return List.of();
  }

  /** The servers that decide how a tree is reshaped around one of them. */
  private void around(Intent.InTree wanted, Set<InstanceKey> servers) {
    Topology topology = watch.topology();
    InstanceKey server = wanted.server();
    servers.add(server);
    List<InstanceKey> above = topology.sourcesOf(server);
    switch (wanted.reshaping()) {
      case Reshaping.Replicas(var below, _) -> {
        way(new Intent.Relocate(server, below), servers);
        servers.addAll(topology.replicasOf(server));
        if (watch.instance(server).filter(Instance::seen).isEmpty()) {
          // It is not needed for that, and to ask it again may take long.
          servers.remove(server);
        }
      }
      case Reshaping.ReplicasBy(var replicas, _) ->
          around(new Intent.InTree(server, replicas), servers);
      case Reshaping.ReplicasUp r -> {
        above.stream().findFirst().ifPresent(servers::add);
        servers.addAll(topology.replicasOf(server));
      }
      case Reshaping.RepointReplicas r -> servers.addAll(topology.replicasOf(server));
      case Reshaping.Regroup r -> servers.addAll(topology.replicasOf(server));
      case Reshaping.Siblings r ->
          above.stream()
              .findFirst()
              .ifPresent(
                  source -> {
                    servers.add(source);
                    servers.addAll(topology.replicasOf(source));
                  });
      case Reshaping.BelowSibling(var sibling) -> {
        servers.add(sibling);
        above.stream().findFirst().ifPresent(servers::add);
      }
      case Reshaping.Up r -> servers.addAll(above);
      case Reshaping.TakeSource(var source) -> {
        servers.addAll(above);
        source.ifPresent(servers::add);
      }
      case Reshaping.Equivalent(var below) -> {
        servers.add(below);
        // It need not be there, and to ask one that is not may take long.
        above.stream()
            .findFirst()
            .filter(source -> watch.instance(source).filter(Instance::seen).isPresent())
            .ifPresent(servers::add);
      }
      case Reshaping.CoSource(var source) -> {
        servers.addAll(above);
        source.ifPresent(servers::add);
      }
      case Reshaping.TakeOver(var source, _, _) -> {
        servers.addAll(above);
        source.ifPresent(servers::add);
        source
            .or(() -> above.stream().findFirst())
            .ifPresent(primary -> servers.addAll(topology.replicasOf(primary)));
        servers.addAll(topology.replicasOf(server));
      }
      case Reshaping.Rejoin(var source) ->
          source
              .or(() -> Optional.ofNullable(succeeded().get(server)))
              .ifPresent(
                  followed -> {
                    servers.add(followed);
                    servers.addAll(topology.replicasOf(followed));
                  });
      case Reshaping.Repoint(var source) -> {
        above.stream().findFirst().ifPresent(servers::add);
        source.ifPresent(servers::add);
      }
    }
  }

  /**
   * Who decides a move: both, and, where it goes by file and position, whoever is passed on the
   * way, which the positions are read from.
   */
  private void way(Intent.Relocate move, Set<InstanceKey> servers) {
    Topology topology = watch.topology();
    servers.add(move.replica());
    servers.add(move.below());
    if (byPlace(move.replica())
        || topology.replicasOf(move.replica()).stream().anyMatch(this::byPlace)) {
      servers.addAll(topology.sourcesOf(move.replica()));
      servers.addAll(topology.sourcesOf(move.below()));
    }
  }

  private boolean byPlace(InstanceKey replica) {
    return watch
        .instance(replica)
        .flatMap(Instance::facts)
        .flatMap(Facts::primaryChannel)
        .filter(c -> c.gtid() == GtidUse.NONE)
        .isPresent();
  }

  private void withSource(InstanceKey replica, Set<InstanceKey> servers) {
    servers.add(replica);
    watch.instance(replica).flatMap(Instance::source).ifPresent(servers::add);
  }

  /**
   * Replicas that an interrupted plan left with threads stopped that were to run. For a plan about
   * one channel, a replica counts only when it was that one which was stopped.
   */
  private Map<InstanceKey, World.Left> held(Intent intent) {
    var held = new HashMap<InstanceKey, World.Left>();
    state
        .get()
        .held()
        .forEach(
            (key, threads) -> left(key, threads, intent).ifPresent(left -> held.put(key, left)));
    return held;
  }

  private Optional<World.Left> left(InstanceKey key, Held held, Intent intent) {
    Optional<PlanId> io = held.io().filter(plan -> counts(plan, key, intent));
    Optional<PlanId> sql = held.sql().filter(plan -> counts(plan, key, intent));
    return Threads.of(io.isPresent(), sql.isPresent())
        .map(
            threads ->
                new World.Left(
                    Stream.of(io, sql)
                        .flatMap(Optional::stream)
                        .flatMap(plan -> planned(plan).stream())
                        .flatMap(plan -> formerSource(plan.undoing().inverse(), key).stream())
                        .findFirst()
                        .or(() -> watch.instance(key).flatMap(Instance::source))
                        .orElse(key),
                    threads));
  }

  private boolean counts(PlanId plan, InstanceKey key, Intent intent) {
    boolean another =
        intent instanceof Intent.OnChannel(_, String channel)
            && planned(plan).filter(p -> stops(p, key, channel)).isEmpty();
    return isStillMeant(plan, key) && !another;
  }

  /**
   * Whether a channel of a replica is among what is held of it. Of a plan that nobody knows any
   * more it may be any.
   */
  boolean holds(Held held, InstanceKey replica, String channel) {
    return held.plans().stream()
        .anyMatch(plan -> planned(plan).map(p -> stops(p, replica, channel)).orElse(true));
  }

  private static boolean stops(Plan plan, InstanceKey replica, String channel) {
    return plan.stages().stream()
        .flatMap(stage -> stage.steps().stream())
        .anyMatch(
            step ->
                step instanceof Step.StopReplication s
                    && s.target().equals(replica)
                    && s.channel().equals(channel));
  }

  private Optional<Plan> planned(PlanId id) {
    return ports.journal().plan(id).map(PlanJournal.PlanRecord::plan);
  }

  /** Where an inverse leads a replica back to. */
  private static Optional<InstanceKey> formerSource(Intent inverse, InstanceKey replica) {
    return switch (inverse) {
      case Intent.Relocate back ->
          Optional.of(back.below()).filter(source -> back.replica().equals(replica));
      case Intent.Moves back ->
          back.moves().stream()
              .filter(m -> m.replica().equals(replica))
              .map(Intent.Relocate::below)
              .findFirst();
      case Intent.OnChannel back -> formerSource(back.wanted(), replica);
      default -> Optional.empty();
    };
  }

  /** Whether the server that a plan stopped is the one that answers at its address now. */
  private boolean isStillMeant(PlanId id, InstanceKey key) {
    return planned(id).map(Plan::basis).stream()
        .flatMap(List::stream)
        .filter(b -> b.instance().equals(key))
        .filter(b -> b.field() == Field.SERVER_ID || b.field() == Field.SERVER_UUID)
        .allMatch(b -> b.broken(watch.topology()).isEmpty());
  }

  private Optional<PlanJournal.PlanRecord> undone(Intent intent) throws RequestRefused {
    if (!(intent instanceof Intent.Undo undo)) {
      return Optional.empty();
    }
    PlanJournal.PlanRecord record =
        ports
            .journal()
            .plan(undo.plan())
            .orElseThrow(
                () ->
                    new RequestRefused(
                        RequestRefused.Kind.UNKNOWN, "no plan is called " + undo.plan()));
    if (record.undoneBy().isPresent()) {
      throw new RequestRefused(
          RequestRefused.Kind.REFUSED,
          "plan " + undo.plan() + " was undone by plan " + record.undoneBy().get() + " already");
    }
    boolean whole = record.end().filter(end -> end == PlanEnd.DONE).isPresent();
    boolean inParts = record.plan().undoing().inverse() instanceof Intent.Moves;
    if (!whole && !(inParts && record.end().isPresent())) {
      throw new RequestRefused(
          RequestRefused.Kind.REFUSED,
          "plan " + undo.plan() + " was not carried out to its end, there is nothing to undo");
    }
    return Optional.of(record);
  }

  /** Runs what was shown, if it is still what would be done. */
  Run apply(String fingerprint, By by) throws RequestRefused {
    Mandate mandate = mandate();
    return open(stillMeant(fingerprint), by, mandate);
  }

  /** A plan that was shown, made afresh, if it is still what would be done. */
  Plan stillMeant(String fingerprint) throws RequestRefused {
    Intent intent = shown.get(fingerprint);
    if (intent == null) {
      throw new RequestRefused(
          RequestRefused.Kind.UNKNOWN,
          "no plan with this fingerprint was shown lately; plan again");
    }
    Plan plan =
        switch (planAfresh(intent)) {
          case PlanResult.Planned(Plan p) -> p;
          case PlanResult.Refused(String reason) ->
              throw new RequestRefused(RequestRefused.Kind.CHANGED, "not any more: " + reason);
        };
    if (!plan.fingerprint().equals(fingerprint)) {
      shown.put(plan.fingerprint(), plan.intent());
      throw new RequestRefused(
          RequestRefused.Kind.CHANGED,
          "the servers have changed since this was planned; look at the new plan "
              + plan.fingerprint());
    }
    return plan;
  }

  /** Runs a plan that was made just now. */
  Run run(Plan plan, By by) throws RequestRefused {
    return open(plan, by, mandate());
  }

  /**
   * The taking over that a plan is, or takes back; empty when it is anything else.
   *
   * @return as an {@link Intent.InTree} with a {@link Reshaping.TakeOver}
   */
  Optional<Intent.InTree> takesOver(Intent intent) {
    Intent wanted =
        intent instanceof Intent.Undo undo
            ? ports.journal().plan(undo.plan()).map(r -> r.plan().undoing().inverse()).orElse(undo)
            : intent;
    return wanted instanceof Intent.InTree tree && tree.reshaping() instanceof Reshaping.TakeOver
        ? Optional.of(tree)
        : Optional.empty();
  }

  /** Plans and runs at once, for whoever approves unseen. */
  Run applyNow(Intent intent, By by) throws RequestRefused {
    Mandate mandate = mandate();
    return switch (planAfresh(intent)) {
      case PlanResult.Planned(Plan plan) -> open(plan, by, mandate);
      case PlanResult.Refused(String reason) ->
          throw new RequestRefused(RequestRefused.Kind.REFUSED, reason);
    };
  }

  private Mandate mandate() throws RequestRefused {
    try {
      return Mandate.of(ports.log());
    } catch (CommandLog.NotLeading e) {
      throw new RequestRefused(RequestRefused.Kind.NOT_LEADING, e.getMessage(), e);
    }
  }

  private Run open(Plan plan, By by, Mandate mandate) throws RequestRefused {
    if (ending) {
      throw new RequestRefused(RequestRefused.Kind.BROKEN, "this node is being stopped");
    }
    var id = new PlanId("p" + hex(ports.ids().get()));
    var run = new Run(id, plan, mandate);
    running.put(id, run);
    try {
      closeLate(by);
      scribe.commit(new Command.OpenPlan(id, plan), by.actor(), by.cause());
    } catch (Scribe.NotCommitted e) {
      running.remove(id);
      if (e.why() == Scribe.NotCommitted.Why.BROKEN) {
        // It may stand in the log's queue and come into force later, when nobody runs it.
        scribe.propose(
            new Command.ClosePlan(id, PlanEnd.INTERRUPTED, "Never begun: " + e.getMessage()),
            by.actor(),
            by.cause());
      }
      throw RequestRefused.of(e);
    }
    if (!ports.scheduler().start("plan " + id, () -> carryOut(run, by))) {
      running.remove(id);
      throw new RequestRefused(RequestRefused.Kind.BROKEN, "this node is being stopped");
    }
    return run;
  }

  /**
   * Whether this process runs a plan on this mandate, or has ended it and knows how. One that it
   * ran on another mandate is nobody's now.
   */
  boolean runs(PlanId id, Mandate mandate) {
    return run(id).filter(run -> run.mandate().term() == mandate.term()).isPresent();
  }

  /** Waits until this process does nothing for a plan any more. */
  void awaitEnd(PlanId id) throws InterruptedException {
    Run run = running.get(id);
    if (run != null) {
      run.await();
    }
  }

  /** Plans of ours that have ended while the log could not be written would keep their servers. */
  void closeLate(By by) throws Scribe.NotCommitted {
    for (PlanId id : state.get().plans().keySet()) {
      Optional<Outcome> outcome =
          Optional.ofNullable(ended.get(id))
              .filter(run -> run.mandate().holds())
              .flatMap(run -> run.snapshot().outcome());
      if (outcome.isPresent()) {
        closeLate(id, outcome.get(), by);
      }
    }
  }

  private void closeLate(PlanId id, Outcome outcome, By by) throws Scribe.NotCommitted {
    try {
      scribe.commit(
          new Command.ClosePlan(id, outcome.end(), outcome.report()), by.actor(), "plan " + id);
    } catch (Scribe.NotCommitted e) {
      if (e.why() != Scribe.NotCommitted.Why.REJECTED) {
        throw e;
      }
      LOG.log(System.Logger.Level.DEBUG, "plan " + id + " was closed by another request", e);
    }
  }

  private void carryOut(Run run, By by) {
    Outcome outcome =
        new Outcome(PlanEnd.INTERRUPTED, "The run ended without a word; see the node's log.");
    Optional<InstanceKey> demoted = demoted(run.plan().intent());
    try {
      outcome =
          interpreter.run(run.id(), run.plan(), by.actor(), run.mandate(), run::cancelled, run);
      if (outcome.end() == PlanEnd.DONE && run.plan().intent() instanceof Intent.Undo undo) {
        scribe.commit(new Command.MarkUndone(undo.plan(), run.id()), by.actor(), by.cause());
      }
      if (outcome.end() == PlanEnd.DONE && demoted.isPresent()) {
        taken(((Intent.InTree) run.plan().intent()).server(), demoted.get());
      }
    } catch (Scribe.NotCommitted e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "plan " + run.id() + " is not marked as undoing: " + e.getMessage());
    } finally {
      ended.put(run.id(), run);
      running.remove(run.id());
      run.ended(outcome);
    }
  }

  /** Whose place a replica is going to take; empty for any other intent. */
  private Optional<InstanceKey> demoted(Intent intent) {
    return intent instanceof Intent.InTree tree && tree.reshaping() instanceof Reshaping.TakeSource
        ? watch.instance(tree.server()).flatMap(Instance::source)
        : Optional.empty();
  }

  /** Has run what is to be run when a replica has taken the place of its source. */
  private void taken(InstanceKey successor, InstanceKey demoted) {
    try {
      var of = new RecoveryId("r" + hex(ports.ids().get()));
      hooks.owe(
          of,
          HookList.AFTER_TAKE_SOURCE,
          () ->
              new TreeMap<>(
                  Map.of(
                      "recoveryUID",
                      of.text(),
                      // With their ports, as orchestrator has it here and nowhere else.
                      "successorHost",
                      successor.toString(),
                      "failedHost",
                      demoted.toString())));
    } catch (Scribe.NotCommitted e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "hooks are not told that "
              + successor
              + " took the place of "
              + demoted
              + ": "
              + e.getMessage());
    }
  }

  Optional<Run> run(PlanId id) {
    return Optional.ofNullable(running.get(id)).or(() -> Optional.ofNullable(ended.get(id)));
  }

  /**
   * Has every running plan stop at its next safe border, and waits for that.
   *
   * @return the plans that are still under way when the time is over
   */
  List<PlanId> settle(Duration limit) throws InterruptedException {
    ending = true;
    running.values().forEach(Run::cancel);
    Deadline deadline = Deadline.in(limit, ports.clock());
    for (Run run : running.values()) {
      run.await(deadline.left());
    }
    return List.copyOf(running.keySet());
  }

  /** The latest plan that was carried out and can be taken back. */
  Optional<PlanId> undoable() {
    List<PlanJournal.PlanRecord> latest = ports.journal().latest(SHOWN);
    return latest.stream()
        .filter(PlanJournal.PlanRecord::undoable)
        .map(PlanJournal.PlanRecord::id)
        .findFirst();
  }

  static String hex(UUID id) {
    return id.toString().replace("-", "").substring(0, 12);
  }

  private static <K, V> Map<K, V> bounded(int size) {
    return Collections.synchronizedMap(
        new LinkedHashMap<K, V>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > size;
          }
        });
  }
}
