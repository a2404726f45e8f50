package topiary.engine.manager;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import topiary.engine.analysis.Found;
import topiary.engine.execute.Mandate;
import topiary.engine.execute.Outcome;
import topiary.engine.execute.Scribe;
import topiary.engine.finding.Finding;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Intent.Replace.Part;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.plan.Step;
import topiary.engine.planner.Successors;
import topiary.engine.policy.HookList;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.policy.RecoveryRule;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Deadline;
import topiary.engine.port.PlanJournal;
import topiary.engine.recovery.Hosts;
import topiary.engine.recovery.Loss;
import topiary.engine.recovery.Obstacles;
import topiary.engine.recovery.Recoverable;
import topiary.engine.state.Command;
import topiary.engine.state.EndedRecovery;
import topiary.engine.state.Held;
import topiary.engine.state.ManagerState;
import topiary.engine.state.OpenRecovery;
import topiary.engine.state.PlanEnd;
import topiary.engine.state.RecoveryEnd;

/**
 * Recovers what has died. A recovery is opened in the log before its first deed; who takes the
 * place of the dead one is written there before it is done; what is done are plans like any other.
 * Between them it is looked at how the servers stand, and what is next follows from that alone: so
 * a node that takes over goes on wherever the one before it was. Thread-safe.
 */
final class Rescue {

  private static final System.Logger LOG = System.getLogger(Rescue.class.getName());

  /** How long until something that failed is tried again. */
  private static final Duration AGAIN = Duration.ofMillis(300);

  private static final Duration GLANCE = Duration.ofMillis(20);

  /** So often something is tried before it is given up. */
  private static final int TRIES = 6;

  /** So often it is looked whether a successor answers again that may have taken writes. */
  private static final int WRITER_AWAY = 100;

  /** So many plans are looked through for what was done for a recovery. */
  private static final int LATEST = 50;

  private final Ports ports;
  private final RecoveryPolicy policy;
  private final Watch watch;
  private final Judge judge;
  private final Scribe scribe;
  private final Desk desk;
  private final HookRunner hooks;
  private final RecoveryHooks around;
  private final Detections detections;
  private final Supplier<ManagerState> state;

  private final Set<RecoveryId> underWay = ConcurrentHashMap.newKeySet();
  private final Set<InstanceKey> fencing = ConcurrentHashMap.newKeySet();
  private final Set<ClusterId> opening = ConcurrentHashMap.newKeySet();

  /** What each dead server's recovery was last found to be stopped by, so that it is said once. */
  private final Map<InstanceKey, List<String>> stopped = new ConcurrentHashMap<>();

  Rescue(
      Ports ports,
      Policies policies,
      Watch watch,
      Judge judge,
      Scribe scribe,
      Desk desk,
      HookRunner hooks,
      Supplier<ManagerState> state) {
    this.ports = ports;
    this.policy = policies.recovery();
    this.watch = watch;
    this.judge = judge;
    this.scribe = scribe;
    this.desk = desk;
    this.hooks = hooks;
    this.state = state;
    around = new RecoveryHooks(ports, policy, watch, judge, hooks, state);
    detections = new Detections(ports, policy, watch, judge, hooks, state);
  }

  /** Sees whether there is anything to recover, and begins with it. Returns at once. */
  void look() {
    if (!ports.log().leadership().leading()) {
      return;
    }
    state.get().recoveries().open().keySet().forEach(this::goOn);
    hooks.look();
    detections.look();
    for (Found one : judge.found().values()) {
      one.judgement()
          .failure()
          .ifPresent(
              found -> Recoverable.by(found.code()).ifPresent(kind -> consider(found, kind)));
    }
    stopped.keySet().removeIf(key -> !judge.found().containsKey(key));
    state.get().recoveries().ended().values().forEach(this::fence);
  }

  private void consider(Finding found, RecoveryKind kind) {
    InstanceKey failed = found.subject();
    ManagerState now = state.get();
    ClusterId cluster = now.instances().get(failed);
    if (cluster == null || now.recoveries().in(cluster).isPresent()) {
      return;
    }
    List<String> against = Obstacles.to(judge.world(), now, policy, failed, kind);
    if (!against.isEmpty()) {
      if (!against.equals(stopped.put(failed, against))) {
        LOG.log(
            System.Logger.Level.WARNING,
            found.sentence() + ". It is not recovered: " + String.join("; ", against));
      }
      return;
    }
    if (opening.add(cluster)) {
      Runnable open =
          () -> {
            try {
              open(
                  found.code().word(),
                  kind,
                  failed,
                  cluster,
                  false,
                  Optional.empty(),
                  false,
                  auto());
            } catch (RequestRefused e) {
              LOG.log(
                  System.Logger.Level.WARNING,
                  found.sentence() + ". Its recovery is not begun: " + e.getMessage());
            } finally {
              opening.remove(cluster);
            }
          };
      if (!ports.scheduler().start("open recovery of " + failed, open)) {
        opening.remove(cluster);
      }
    }
  }

  /**
   * A former primary that is back, replicates from nobody and takes writes is made read-only, as
   * whatever is written there is nowhere else. Only until somebody has acknowledged the recovery.
   */
  private void fence(EndedRecovery ended) {
    InstanceKey failed = ended.failed();
    boolean writes =
        ended.successor().isPresent()
            && watch
                .instance(failed)
                .filter(Instance::seen)
                .flatMap(Instance::facts)
                .filter(f -> f.channels().isEmpty() && !f.settings().readOnly())
                .isPresent();
    if (!writes || !fencing.add(failed)) {
      return;
    }
    Runnable fence =
        () -> {
          try {
            Run run =
                desk.applyNow(
                    new Intent.SetReadOnly(failed, true),
                    new By("recovery " + ended.id(), "a former primary is back"));
            LOG.log(
                System.Logger.Level.WARNING,
                failed + " is back and took writes: " + run.await().report());
          } catch (RequestRefused e) {
            LOG.log(
                System.Logger.Level.WARNING,
                failed + " is back and takes writes, and is not made read-only: " + e.getMessage());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            fencing.remove(failed);
          }
        };
    if (!ports.scheduler().start("fence " + failed, fence)) {
      fencing.remove(failed);
    }
  }

  private static By auto() {
    return new By("topiary", "automatic recovery");
  }

  /**
   * Begins a recovery that somebody asks for, whatever would stop one that begins by itself.
   *
   * @param wanted who is to take the place; empty for whoever suits best
   * @param skipHooks whether no hooks are run for it
   * @return its name
   */
  RecoveryId ask(InstanceKey failed, Optional<InstanceKey> wanted, boolean skipHooks, By by)
      throws RequestRefused {
    Instance server =
        watch
            .instance(failed)
            .orElseThrow(
                () -> new RequestRefused(RequestRefused.Kind.UNKNOWN, failed + " is not known"));
    ClusterId cluster = state.get().instances().get(failed);
    Optional<Finding> found =
        Optional.ofNullable(judge.found().get(failed)).flatMap(f -> f.judgement().failure());
    Optional<RecoveryKind> kind = found.map(Finding::code).flatMap(Recoverable::by);
    if (kind.isEmpty() && server.seen()) {
      throw new RequestRefused(
          RequestRefused.Kind.REFUSED,
          failed
              + " answers: there is nothing to recover. To have another take its place, stop it"
              + " first");
    }
    if (watch.topology().replicasOf(failed).isEmpty()) {
      throw new RequestRefused(
          RequestRefused.Kind.REFUSED, failed + " has no replicas: nobody could take its place");
    }
    RecoveryKind of =
        kind.orElse(server.source().isPresent() ? RecoveryKind.INTERMEDIATE : RecoveryKind.PRIMARY);
    return open(
        found.map(f -> f.code().word()).orElse(server.condition().words()),
        of,
        failed,
        cluster,
        true,
        wanted,
        skipHooks,
        by);
  }

  private RecoveryId open(
      String code,
      RecoveryKind kind,
      InstanceKey failed,
      ClusterId cluster,
      boolean forced,
      Optional<InstanceKey> wanted,
      boolean skipHooks,
      By by)
      throws RequestRefused {
    var id = new RecoveryId("r" + Desk.hex(ports.ids().get()));
    var command =
        new Command.OpenRecovery(
            id,
            cluster,
            failed,
            kind,
            code,
            forced,
            wanted,
            watch.topology().replicasOf(failed),
            Optional.ofNullable(judge.found().get(failed))
                .flatMap(f -> f.judgement().failure())
                .map(Finding::evidence)
                .orElse(List.of()));
    // Nobody here begins with it before it is said that no hooks are run.
    underWay.add(id);
    try {
      scribe.commit(command, by.actor(), by.cause());
      if (skipHooks) {
        scribe.commit(new Command.SkipHooks(id), by.actor(), by.cause());
      }
    } catch (Scribe.NotCommitted e) {
      throw RequestRefused.of(e);
    } finally {
      underWay.remove(id);
    }
    goOn(id);
    return id;
  }

  private void goOn(RecoveryId id) {
    if (!underWay.add(id)) {
      return;
    }
    boolean begun =
        ports
            .scheduler()
            .start(
                "recovery " + id,
                () -> {
                  try {
                    new Course(id, Mandate.of(ports.log())).run();
                  } catch (CommandLog.NotLeading e) {
                    LOG.log(System.Logger.Level.DEBUG, "recovery " + id + " is another's", e);
                  } finally {
                    underWay.remove(id);
                  }
                });
    if (!begun) {
      underWay.remove(id);
    }
  }

  /** The course of one recovery, on one mandate. */
  private final class Course {
    private final RecoveryId id;
    private final Mandate mandate;
    private final By by;
    private final List<String> report = new ArrayList<>();
    private final List<PlanId> plans = new ArrayList<>();
    private final Set<InstanceKey> unfit = new HashSet<>();
    private int troubles;

    /** How often in a row the successor did not answer. */
    private int away;

    private Topology before = Topology.EMPTY;

    Course(RecoveryId id, Mandate mandate) {
      this.id = id;
      this.mandate = mandate;
      by = new By("recovery " + id, "recovery " + id);
    }

    void run() {
      before = watch.topology();
      boolean over = false;
      while (!over && mandate.holds()) {
        OpenRecovery now = state.get().recoveries().open().get(id);
        if (now == null) {
          return;
        }
        if (leftOpen()) {
          // Of the node before this one: it is closed first, with what came of it.
          ports.clock().pause(GLANCE);
          continue;
        }
        try {
          Optional<String> against = around.before(id, now, before, mandate);
          if (against.isPresent()) {
            over = giveUp(now, against.get());
          } else {
            over = now.kind() == RecoveryKind.PRIMARY ? primary(now) : intermediate(now);
          }
        } catch (Scribe.NotCommitted e) {
          LOG.log(System.Logger.Level.WARNING, "recovery " + id + " waits: " + e.getMessage());
          ports.clock().pause(AGAIN);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }

    private boolean giveUp(OpenRecovery now, String why) throws Scribe.NotCommitted {
      if (!mandate.holds()) {
        return false;
      }
      return end(
          RecoveryEnd.FAILED,
          "Nothing was done, as what is to be run before it failed: "
              + why
              + ". Without it: recover "
              + now.failed()
              + " --skip-hooks.");
    }

    /** Has hooks run beside. */
    private void tell(HookList list, OpenRecovery now, Optional<InstanceKey> successor)
        throws Scribe.NotCommitted {
      around.after(id, list, now, before, successor).ifPresent(report::add);
    }

    /** As it is set for its cluster. */
    private RecoveryPolicy rules() {
      ManagerState now = state.get();
      return RecoveryRule.of(
          policy,
          now.said().rules(),
          Optional.ofNullable(now.recoveries().open().get(id)).map(OpenRecovery::cluster));
    }

    private boolean leftOpen() {
      return state.get().plans().entrySet().stream()
          .anyMatch(
              plan ->
                  plan.getValue().actor().equals(by.actor()) && !desk.runs(plan.getKey(), mandate));
    }

    /** One deed towards the end; whether it is reached. */
    private boolean primary(OpenRecovery now) throws Scribe.NotCommitted, InterruptedException {
      Topology seen = seen(now);
      Optional<InstanceKey> decided = now.successor().filter(s -> !unfit.contains(s));
      if (decided.isPresent()) {
        return promote(now, seen, decided.get());
      }
      if (!now.forced() && now.successor().isEmpty() && answers(seen, now.failed())) {
        letGo(now);
        return close(RecoveryEnd.NOT_NEEDED, now.failed() + " answers again.");
      }
      Optional<InstanceKey> chosen = choice(now);
      if (chosen.isEmpty()) {
        letGo(now);
        return close(
            RecoveryEnd.FAILED,
            "Nobody could take the place of " + now.failed() + ". " + whyNot(now));
      }
      InstanceKey successor = chosen.get();
      if (!ready(seen, now.failed(), successor)) {
        makeReady(now, successor);
        return false;
      }
      List<InstanceKey> ahead = Loss.ahead(seen, now.failed(), successor);
      for (InstanceKey other : ahead) {
        if (catchUp(now, successor, other)) {
          return false;
        }
      }
      Loss loss = Loss.of(before, seen, now.failed(), successor, ports.clock().now());
      if (loss.known().isPresent() && !now.forced() && !rules().acceptLoss()) {
        return loses(now, successor, loss);
      }
      commit(new Command.ChooseSuccessor(id, successor, loss.words(), why(now, successor)));
      return false;
    }

    /** Whom to take, of those that did not turn out to be unfit. */
    private Optional<InstanceKey> choice(OpenRecovery now) {
      if (now.wanted().isPresent()) {
        return now.wanted().filter(w -> !unfit.contains(w));
      }
      Successors all = Successors.of(judge.world().with(watch.topology()), now.failed());
      return all.ranked().stream().filter(key -> !unfit.contains(key)).findFirst();
    }

    private String whyNot(OpenRecovery now) {
      return Successors.of(judge.world().with(watch.topology()), now.failed())
          .whyNot()
          .entrySet()
          .stream()
          .map(e -> e.getKey() + " " + e.getValue() + ".")
          .collect(Collectors.joining(" "));
    }

    private String why(OpenRecovery now, InstanceKey successor) {
      String others = whyNot(now);
      return now.wanted().isPresent()
          ? successor + " was asked for."
          : others.isEmpty() ? successor + " is the only one." : others;
    }

    /** No replica receives any more, and the successor has applied all it received. */
    private boolean ready(Topology seen, InstanceKey failed, InstanceKey successor) {
      boolean still =
          seen.replicasOf(failed).stream()
              .filter(key -> answers(seen, key))
              .flatMap(key -> seen.instance(key).orElseThrow().facts().stream())
              .flatMap(f -> f.channels().stream())
              .filter(c -> c.source().equals(failed))
              .allMatch(c -> c.io() == ThreadState.STOPPED);
      return still
          && seen.instance(successor)
              .flatMap(Instance::facts)
              .filter(
                  f ->
                      f.primaryChannel().map(Channel::stopped).orElse(true)
                          && f.identity()
                              .flavor()
                              .position(f.positions().executedGtid())
                              .covers(Successors.received(f)))
              .isPresent();
    }

    private void makeReady(OpenRecovery now, InstanceKey successor) throws InterruptedException {
      Optional<String> no = carryOut(new Intent.Replace(now.failed(), successor, Part.READY));
      if (no.isPresent()) {
        trouble(successor, no.get());
      }
    }

    /** What cannot be done a few times over cannot be done with this successor. */
    private void trouble(InstanceKey successor, String why) {
      troubles++;
      LOG.log(System.Logger.Level.WARNING, "recovery " + id + ": " + why);
      if (troubles >= TRIES) {
        troubles = 0;
        unfit.add(successor);
        report.add(successor + " could not be made ready: " + why);
      }
      ports.clock().pause(AGAIN);
    }

    /** Has the successor get what another replica has and it has not; whether that was done. */
    private boolean catchUp(OpenRecovery now, InstanceKey successor, InstanceKey other)
        throws InterruptedException {
      Optional<String> no = carryOut(new Intent.Relocate(successor, other));
      if (no.isPresent()) {
        report.add(successor + " could not get from " + other + " what that has more: " + no.get());
        return false;
      }
      Deadline deadline = Deadline.in(rules().drain(), ports.clock());
      while (mandate.holds() && !deadline.over()) {
        Topology seen = watch.look(Set.of(successor, other));
        if (!answers(seen, other) || !answers(seen, successor)) {
          return true;
        }
        Facts its = seen.instance(other).orElseThrow().facts().orElseThrow();
        Facts own = seen.instance(successor).orElseThrow().facts().orElseThrow();
        if (Successors.received(own).covers(Successors.received(its))) {
          report.add(successor + " has got from " + other + " what that had received more.");
          return true;
        }
        ports.clock().pause(GLANCE);
      }
      return true;
    }

    /** Something would be lost for good: somebody who has it may come back in a moment. */
    private boolean loses(OpenRecovery now, InstanceKey successor, Loss loss)
        throws Scribe.NotCommitted, InterruptedException {
      Duration waited = Duration.between(now.since(), ports.clock().now());
      if (waited.compareTo(rules().lossPatience()) < 0) {
        ports.clock().pause(AGAIN);
        return false;
      }
      letGo(now);
      return close(
          RecoveryEnd.FAILED,
          "Nobody was promoted, as that would lose what is known to be written: "
              + loss.words()
              + " To lose it: recover "
              + now.failed()
              + " --candidate "
              + successor
              + ".");
    }

    private boolean promote(OpenRecovery now, Topology seen, InstanceKey successor)
        throws Scribe.NotCommitted, InterruptedException {
      Optional<Facts> facts =
          seen.instance(successor).filter(Instance::seen).flatMap(Instance::facts);
      if (facts.isEmpty()) {
        return lostSuccessor(now, seen, successor);
      }
      away = 0;
      boolean done = facts.get().channels().isEmpty() && !facts.get().settings().readOnly();
      if (!done) {
        Optional<String> no =
            ready(seen, now.failed(), successor)
                ? carryOut(new Intent.Replace(now.failed(), successor, Part.PROMOTE))
                : carryOut(new Intent.Replace(now.failed(), successor, Part.READY));
        if (no.isPresent()) {
          troubles++;
          LOG.log(System.Logger.Level.WARNING, "recovery " + id + ": " + no.get());
          if (troubles > TRIES) {
            return close(
                RecoveryEnd.FAILED, successor + " could not be promoted: " + no.get() + ".");
          }
          ports.clock().pause(AGAIN);
        }
        return false;
      }
      tell(HookList.AFTER_PRIMARY, now, Optional.of(successor));
      gather(now.failed(), successor);
      return closeWith(now.failed(), successor, successor + " takes the writes.");
    }

    /**
     * It was decided for it, and it does not answer. Where it was never told to take writes,
     * another may be chosen; else whatever it took would be lost, and that is for people to decide.
     */
    private boolean lostSuccessor(OpenRecovery now, Topology seen, InstanceKey successor)
        throws Scribe.NotCommitted {
      boolean mayHaveWrites = toldToTakeWrites(successor);
      away++;
      if (away <= (mayHaveWrites ? WRITER_AWAY : TRIES)) {
        ports.clock().pause(AGAIN);
        return false;
      }
      away = 0;
      String sentence = seen.instance(successor).map(Instance::sentence).orElse("");
      if (!mayHaveWrites) {
        unfit.add(successor);
        report.add(successor + " was chosen, and died before it took writes: " + sentence + ".");
        return false;
      }
      return close(
          RecoveryEnd.FAILED,
          successor
              + " was chosen and told to take writes, and does not answer any more: "
              + sentence
              + ". Another can be asked for, which loses what it may have taken: recover "
              + now.failed()
              + ".");
    }

    private boolean toldToTakeWrites(InstanceKey successor) {
      return ports.journal().latest(LATEST).stream()
          .filter(plan -> plan.actor().equals(by.actor()))
          .flatMap(plan -> plan.steps().stream())
          .map(PlanJournal.StepRecord::step)
          .anyMatch(
              step ->
                  step instanceof Step.SetReadOnly s
                      && s.target().equals(successor)
                      && !s.readOnly());
    }

    /** Moves the others below whom they belong now. */
    private void gather(InstanceKey failed, InstanceKey below) throws InterruptedException {
      for (int i = 0; i < 2; i++) {
        Topology seen = look(failed, Optional.of(below));
        boolean some =
            seen.replicasOf(failed).stream()
                .anyMatch(key -> !key.equals(below) && answers(seen, key));
        if (!some) {
          return;
        }
        carryOut(new Intent.InTree(failed, new Reshaping.Replicas(below, Optional.empty())))
            .ifPresent(no -> report.add("Not all could be moved below " + below + ": " + no));
      }
    }

    private boolean closeWith(InstanceKey failed, InstanceKey below, String words)
        throws Scribe.NotCommitted {
      Topology seen = watch.topology();
      List<InstanceKey> left =
          seen.replicasOf(failed).stream().filter(key -> !key.equals(below)).toList();
      List<String> sentences = new ArrayList<>();
      sentences.add(words);
      left.forEach(
          key ->
              sentences.add(
                  key
                      + (answers(seen, key)
                          ? " is not below it."
                          : " does not answer, and is not below it.")));
      return close(
          left.stream().anyMatch(key -> answers(seen, key))
              ? RecoveryEnd.DONE_IN_PART
              : RecoveryEnd.DONE,
          String.join(" ", sentences));
    }

    private boolean intermediate(OpenRecovery now)
        throws Scribe.NotCommitted, InterruptedException {
      Topology seen = seen(now);
      if (!now.forced() && now.successor().isEmpty() && answers(seen, now.failed())) {
        return close(RecoveryEnd.NOT_NEEDED, now.failed() + " answers again.");
      }
      List<InstanceKey> hosts =
          now.wanted()
              .map(List::of)
              .orElseGet(() -> Hosts.of(judge.world().with(watch.topology()), now.failed()));
      if (hosts.isEmpty()) {
        return close(RecoveryEnd.FAILED, "Nobody could take the replicas of " + now.failed() + ".");
      }
      if (now.successor().isEmpty()) {
        commit(
            new Command.ChooseSuccessor(
                id,
                hosts.getFirst(),
                "Nothing: " + now.failed() + " takes no writes of its own.",
                hosts.getFirst() + " can serve its replicas."));
        return false;
      }
      for (InstanceKey host : hosts) {
        gather(now.failed(), host);
        if (watch.topology().replicasOf(now.failed()).stream()
            .noneMatch(key -> answers(watch.topology(), key))) {
          break;
        }
      }
      InstanceKey successor = now.successor().get();
      boolean none =
          watch.topology().replicasOf(successor).isEmpty()
              && watch.topology().replicasOf(now.failed()).stream()
                  .anyMatch(key -> answers(watch.topology(), key));
      return none
          ? close(
              RecoveryEnd.FAILED,
              "None of the replicas of " + now.failed() + " could be moved elsewhere.")
          : closeWith(now.failed(), successor, "The replicas of " + now.failed() + " were moved.");
    }

    /** Starts what was stopped, as nobody is promoted. */
    private void letGo(OpenRecovery now) throws InterruptedException {
      for (InstanceKey key : watch.topology().replicasOf(now.failed())) {
        Held held = state.get().held().get(key);
        if (held != null) {
          carryOut(new Intent.StartReplication(key, held.threads()))
              .ifPresent(no -> report.add(key + " was not started again: " + no));
        }
      }
    }

    /** Does something; why it was not done to its end, or empty. */
    private Optional<String> carryOut(Intent intent) throws InterruptedException {
      try {
        Run run = desk.applyNow(intent, by);
        plans.add(run.id());
        Outcome outcome = run.await();
        report.add(
            sentence(intent.words())
                + " (plan "
                + run.id()
                + "): "
                + outcome.end().name().toLowerCase(Locale.ROOT)
                + ".");
        return outcome.end() == PlanEnd.DONE ? Optional.empty() : Optional.of(outcome.report());
      } catch (RequestRefused e) {
        return Optional.of(e.getMessage());
      }
    }

    private Topology seen(OpenRecovery now) {
      return look(now.failed(), now.successor());
    }

    private Topology look(InstanceKey failed, Optional<InstanceKey> successor) {
      var servers = new TreeSet<InstanceKey>(watch.topology().replicasOf(failed));
      successor.ifPresent(servers::add);
      return watch.look(servers);
    }

    private static boolean answers(Topology seen, InstanceKey key) {
      return seen.instance(key).filter(Instance::seen).isPresent();
    }

    private void commit(Command command) throws Scribe.NotCommitted {
      scribe.commit(command, by.actor(), by.cause());
    }

    /** Ends it, and has run what is to be run then. */
    private boolean close(RecoveryEnd end, String words) throws Scribe.NotCommitted {
      OpenRecovery now = state.get().recoveries().open().get(id);
      if (now != null && end == RecoveryEnd.FAILED) {
        tell(HookList.AFTER_FAILURE, now, Optional.empty());
      } else if (now != null && end.successful()) {
        if (now.kind() == RecoveryKind.INTERMEDIATE) {
          tell(HookList.AFTER_INTERMEDIATE, now, now.successor());
        }
        tell(HookList.AFTER_RECOVERY, now, now.successor());
      }
      return end(end, words);
    }

    private boolean end(RecoveryEnd end, String words) throws Scribe.NotCommitted {
      String whole =
          words + (report.isEmpty() ? "" : " What was done: " + String.join(" ", report));
      commit(new Command.CloseRecovery(id, end, whole, plans));
      LOG.log(
          end.successful() ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
          "recovery " + id + " has ended, " + end.words() + ": " + whole);
      return true;
    }

    private static String sentence(String words) {
      return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
  }
}
