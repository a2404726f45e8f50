package topiary.engine.manager;

import static topiary.engine.model.ThreadState.CONNECTING;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
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
import java.util.stream.Stream;
import topiary.engine.analysis.Found;
import topiary.engine.execute.Mandate;
import topiary.engine.execute.Outcome;
import topiary.engine.execute.Scribe;
import topiary.engine.finding.Finding;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Intent.Replace.Part;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.plan.Plan;
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

  /** What is said in the place of how a primary failed that answers. */
  static final String FORCED = "ForcedFailover";

  static final String TAKE_OVER = "TakeOver";

  /** For so long a replica is not made to connect anew once more. */
  private static final Duration WAKE_AGAIN = Duration.ofSeconds(10);

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
  private final Set<InstanceKey> waking = ConcurrentHashMap.newKeySet();
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
      one.judgement().failure().ifPresent(this::wake);
      one.judgement().failure().ifPresent(found -> due(found).ifPresent(k -> consider(found, k)));
    }
    stopped.keySet().removeIf(key -> !judge.found().containsKey(key));
    state.get().recoveries().ended().values().forEach(this::fence);
  }

  /** The recovery that a finding is due; empty for none. */
  private Optional<RecoveryKind> due(Finding found) {
    return Recoverable.by(found.code())
        .or(
            () ->
                isConfirmed(found.subject())
                    ? Recoverable.onceNoticed(found.code())
                    : Optional.empty());
  }

  /**
   * Whether a source is dead although some of its replicas have not noticed: it has been silent for
   * as long as is waited for, and a replica that was made to connect anew cannot.
   */
  private boolean isConfirmed(InstanceKey source) {
    Duration patience = judge.world().policy(source).patience();
    boolean silent =
        watch
            .instance(source)
            .flatMap(Instance::failingSince)
            .filter(since -> !since.plus(patience).isAfter(ports.clock().now()))
            .isPresent();
    return silent && !Recoverable.witnesses(watch.topology(), source).isEmpty();
  }

  /**
   * One of the replicas that believe to be connected to a source that does not answer any more is
   * made to connect anew: whether it can tells whether the source is dead. Only where that would be
   * recovered, and not the one that is to take its place, unless there is no other: on MariaDB a
   * replica that tries to connect to a server that hangs cannot be stopped for long.
   */
  private void wake(Finding found) {
    Optional<RecoveryKind> kind = Recoverable.onceNoticed(found.code());
    if (kind.isEmpty()) {
      return;
    }
    InstanceKey source = found.subject();
    ManagerState now = state.get();
    if (!Obstacles.to(judge.world(), now, policy, source, kind.get()).isEmpty()) {
      return;
    }
    boolean silent =
        watch
            .instance(source)
            .map(Instance::condition)
            .filter(c -> c == Condition.HUNG || c == Condition.UNREACHABLE)
            .isPresent();
    if (!silent || !Recoverable.witnesses(watch.topology(), source).isEmpty()) {
      // Those of a process that is gone come to know it by themselves, and at once.
      return;
    }
    List<InstanceKey> best = Successors.of(judge.world().with(watch.topology()), source).ranked();
    Optional<Recoverable.Unaware> witness =
        Recoverable.unaware(watch.topology(), source).stream()
            .filter(one -> now.planOn(one.key()).isEmpty())
            .max(
                Comparator.comparing(
                    one -> best.contains(one.key()) ? best.indexOf(one.key()) : best.size()));
    if (witness.isEmpty() || !waking.add(source)) {
      return;
    }
    Recoverable.Unaware replica = witness.get();
    Intent reconnect = new Intent.OnServer(replica.key(), new Doing.Reconnect());
    Intent wanted = replica.only() ? reconnect : new Intent.OnChannel(reconnect, replica.channel());
    if (!ports.scheduler().start("wake " + replica.key(), () -> wake(source, replica, wanted))) {
      waking.remove(source);
    }
  }

  private void wake(InstanceKey source, Recoverable.Unaware replica, Intent wanted) {
    try {
      Outcome outcome =
          desk.applyNow(wanted, new By("topiary", source + " does not answer")).await();
      if (outcome.end() != PlanEnd.DONE) {
        LOG.log(System.Logger.Level.WARNING, outcome.report());
      }
      look();
      // Not again at once, if it can connect.
      ports.clock().pause(WAKE_AGAIN);
    } catch (RequestRefused e) {
      LOG.log(
          System.Logger.Level.WARNING,
          replica.key() + " is not made to connect to " + source + " anew: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waking.remove(source);
    }
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
                .filter(f -> !f.settings().readOnly())
                .filter(f -> f.channels().isEmpty() || follows(f, ended.successor().get()))
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

  private static boolean follows(Facts facts, InstanceKey source) {
    return facts.channels().stream().anyMatch(c -> c.source().equals(source));
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

  /**
   * Begins a recovery of a primary that answers, as if it were dead: first it is made to refuse
   * writes, where it lets itself; whether or not it does, another is promoted.
   */
  RecoveryId failOver(InstanceKey primary, Optional<InstanceKey> wanted, By by)
      throws RequestRefused {
    Instance server = known(primary);
    if (server.source().isPresent()) {
      throw new RequestRefused(
          RequestRefused.Kind.REFUSED,
          primary
              + " replicates from "
              + server.source().get()
              + ", it is no primary; \"relocate-replicas\" moves its replicas");
    }
    mustHaveReplicas(primary);
    return open(
        server.seen() ? FORCED : server.condition().words(),
        RecoveryKind.PRIMARY,
        primary,
        state.get().instances().get(primary),
        true,
        wanted,
        false,
        by);
  }

  private Instance known(InstanceKey key) throws RequestRefused {
    return watch
        .instance(key)
        .orElseThrow(() -> new RequestRefused(RequestRefused.Kind.UNKNOWN, key + " is not known"));
  }

  private void mustHaveReplicas(InstanceKey key) throws RequestRefused {
    if (watch.topology().replicasOf(key).isEmpty()) {
      throw new RequestRefused(
          RequestRefused.Kind.REFUSED, key + " has no replicas: nobody could take its place");
    }
  }

  /**
   * A taking over.
   *
   * @param id its recovery
   * @param run its first plan
   */
  record Begun(RecoveryId id, Run run) {}

  /**
   * Has a replica take over from a primary that lives, by a plan that was made just now. As nobody
   * can write in its middle, it is a recovery, too: a node that takes over finishes it.
   *
   * @param wanted what the plan is, or takes back
   */
  Begun takeOver(Plan plan, Intent.InTree wanted, By by) throws RequestRefused {
    InstanceKey successor = wanted.server();
    InstanceKey primary =
        ((Reshaping.TakeOver) wanted.reshaping())
            .source()
            .or(() -> watch.instance(successor).flatMap(Instance::source))
            .orElseThrow(
                () ->
                    new RequestRefused(
                        RequestRefused.Kind.REFUSED, successor + " has no source any more"));
    Optional<String> unfit = unfit(primary, successor);
    if (unfit.isPresent()) {
      throw new RequestRefused(RequestRefused.Kind.REFUSED, unfit.get());
    }
    var id = new RecoveryId("r" + Desk.hex(ports.ids().get()));
    underWay.add(id);
    boolean begun = false;
    try {
      Mandate mandate = Mandate.of(ports.log());
      commitOpening(
          id,
          TAKE_OVER,
          RecoveryKind.TAKEOVER,
          primary,
          state.get().instances().get(primary),
          true,
          Optional.of(successor),
          false,
          by);
      var course = new Course(id, mandate);
      course.first();
      var both = new Begun(id, course.begin(plan));
      begun = ports.scheduler().start("recovery " + id, () -> carryOn(course));
      return both;
    } catch (CommandLog.NotLeading e) {
      throw new RequestRefused(RequestRefused.Kind.NOT_LEADING, e.getMessage(), e);
    } finally {
      if (!begun) {
        underWay.remove(id);
      }
    }
  }

  /** Why a replica should not be a primary, whatever its data; empty when it may be one. */
  Optional<String> unfit(InstanceKey primary, InstanceKey successor) {
    Successors all = Successors.of(judge.world().with(watch.topology()), primary);
    return all.ranked().contains(successor)
        ? Optional.empty()
        : Optional.ofNullable(all.whyNot().get(successor))
            .map(why -> successor + " cannot take the place of " + primary + ": it " + why);
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
    // Nobody here begins with it before it is said that no hooks are run.
    underWay.add(id);
    try {
      commitOpening(id, code, kind, failed, cluster, forced, wanted, skipHooks, by);
    } finally {
      underWay.remove(id);
    }
    goOn(id);
    return id;
  }

  private void commitOpening(
      RecoveryId id,
      String code,
      RecoveryKind kind,
      InstanceKey failed,
      ClusterId cluster,
      boolean forced,
      Optional<InstanceKey> wanted,
      boolean skipHooks,
      By by)
      throws RequestRefused {
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
    try {
      scribe.commit(command, by.actor(), by.cause());
      if (skipHooks) {
        scribe.commit(new Command.SkipHooks(id), by.actor(), by.cause());
      }
    } catch (Scribe.NotCommitted e) {
      throw RequestRefused.of(e);
    }
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
                    carryOn(new Course(id, Mandate.of(ports.log())));
                  } catch (CommandLog.NotLeading e) {
                    underWay.remove(id);
                    LOG.log(System.Logger.Level.DEBUG, "recovery " + id + " is another's", e);
                  }
                });
    if (!begun) {
      underWay.remove(id);
    }
  }

  private void carryOn(Course course) {
    try {
      course.run();
    } finally {
      underWay.remove(course.id);
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

    /** How often a taking over was tried. */
    private int tries;

    /** The plan of a taking over that was begun and not waited for yet. */
    private Optional<Run> begun = Optional.empty();

    /** Whether the former primary was asked to refuse writes. */
    private boolean quieted;

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
            over =
                switch (now.kind()) {
                  case PRIMARY -> primary(now);
                  case INTERMEDIATE -> intermediate(now);
                  case TAKEOVER -> takeOver(now);
                };
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
              + "."
              + (now.kind() == RecoveryKind.TAKEOVER
                  ? ""
                  : " Without it: recover " + now.failed() + " --skip-hooks."));
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
        letGo(now.failed());
        return close(RecoveryEnd.NOT_NEEDED, isBack(now.failed()));
      }
      if (now.forced() && !quieted && answers(watch.topology(), now.failed())) {
        quieted = true;
        quietDown(now.failed());
        return false;
      }
      Optional<InstanceKey> chosen = choice(now);
      if (chosen.isEmpty()) {
        letGo(now.failed());
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

    /**
     * What is said of a primary that answers again before anybody was promoted. One that took
     * writes before, and was started read-only, takes them again: nobody else does.
     */
    private String isBack(InstanceKey primary) throws InterruptedException {
      // Where it was back already when this node first looked, what it was before is not known.
      boolean tookWrites =
          before
              .instance(primary)
              .filter(i -> i.seen() || i.facts().filter(f -> !f.settings().readOnly()).isPresent())
              .isPresent();
      boolean refuses =
          watch
              .look(Set.of(primary))
              .instance(primary)
              .filter(Instance::seen)
              .flatMap(Instance::facts)
              .filter(f -> f.settings().readOnly() && f.channels().isEmpty())
              .isPresent();
      if (!tookWrites || !refuses) {
        return primary + " answers again.";
      }
      return carryOut(new Intent.SetReadOnly(primary, false))
          .map(no -> primary + " answers again, and refuses writes: " + no + ".")
          .orElse(primary + " answers again, and was let take writes again.");
    }

    /** A primary that answers and is to be replaced must not go on taking writes. */
    private void quietDown(InstanceKey primary) throws InterruptedException {
      boolean writes =
          watch
              .look(Set.of(primary))
              .instance(primary)
              .filter(Instance::seen)
              .flatMap(Instance::facts)
              .filter(f -> !f.settings().readOnly())
              .isPresent();
      if (writes) {
        carryOut(new Intent.SetReadOnly(primary, true))
            .ifPresent(
                no ->
                    report.add(
                        primary
                            + " could not be made to refuse writes, and may take some that are"
                            + " nowhere else: "
                            + no));
      }
    }

    /** Runs what is to be run before anything of a taking over is done. */
    void first() throws RequestRefused {
      before = watch.topology();
      OpenRecovery now = state.get().recoveries().open().get(id);
      try {
        Optional<String> against =
            around.before(id, HookList.BEFORE_TAKEOVER, now, before, mandate);
        if (against.isEmpty()) {
          against = around.before(id, now, before, mandate);
        }
        if (against.isPresent()) {
          giveUp(now, against.get());
          throw new RequestRefused(
              RequestRefused.Kind.REFUSED,
              "what is to be run before "
                  + now.failed()
                  + " is taken over from failed: "
                  + against.get());
        }
      } catch (Scribe.NotCommitted e) {
        throw RequestRefused.of(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RequestRefused(RequestRefused.Kind.BROKEN, "this node is being stopped", e);
      }
    }

    /** Runs the first plan of a taking over; it is waited for by {@link #run}. */
    Run begin(Plan plan) throws RequestRefused {
      try {
        Run run = desk.run(plan, by);
        plans.add(run.id());
        begun = Optional.of(run);
        return run;
      } catch (RequestRefused e) {
        try {
          close(RecoveryEnd.FAILED, "It was not begun: " + e.getMessage());
        } catch (Scribe.NotCommitted notClosed) {
          LOG.log(
              System.Logger.Level.WARNING,
              "recovery " + id + " is not closed yet: " + notClosed.getMessage());
        }
        throw e;
      }
    }

    /**
     * A replica takes over from a primary that lives. What a plan leaves, whoever ran it, is one of
     * three: it is done; the primary takes writes, so all was put back; or nobody does, and then it
     * is gone on with, until it turns out that it cannot be, and the primary is let take them
     * again.
     */
    private boolean takeOver(OpenRecovery now) throws Scribe.NotCommitted, InterruptedException {
      InstanceKey successor = now.wanted().orElseThrow();
      InstanceKey primary = now.failed();
      Optional<String> trouble = Optional.empty();
      if (begun.isPresent()) {
        Outcome outcome = begun.get().await();
        begun = Optional.empty();
        tries++;
        if (!mandate.holds()) {
          // Whoever leads now goes on, and this node anew, if it is the one.
          return false;
        }
        if (outcome.end() != PlanEnd.DONE) {
          trouble = Optional.of(outcome.report());
        }
      }
      Topology seen = watch.look(Set.of(successor, primary));
      if (leads(seen, successor)) {
        if (now.successor().isEmpty()) {
          commit(
              new Command.ChooseSuccessor(
                  id,
                  successor,
                  "Nothing: " + primary + " refused writes until " + successor + " had them all.",
                  successor + " was asked for."));
        }
        OpenRecovery chosen = state.get().recoveries().open().get(id);
        if (chosen != null) {
          tell(HookList.AFTER_PRIMARY, chosen, chosen.successor());
        }
        trouble.ifPresent(report::add);
        return close(
            trouble.isEmpty() ? RecoveryEnd.DONE : RecoveryEnd.DONE_IN_PART,
            successor + " takes the writes, and " + primary + " replicates from it.");
      }
      boolean restored =
          seen.instance(primary)
              .filter(Instance::seen)
              .flatMap(Instance::facts)
              .filter(f -> !f.settings().readOnly())
              .isPresent();
      if (tries > 0 && (restored || tries >= TRIES)) {
        return giveUp(now, seen, successor, trouble.orElse("It could not be finished."));
      }
      tries++;
      carryOut(wantedOf(now))
          .ifPresent(
              no -> {
                report.add(no);
                ports.clock().pause(AGAIN);
              });
      return false;
    }

    private static boolean leads(Topology seen, InstanceKey successor) {
      return seen.instance(successor)
          .filter(Instance::seen)
          .flatMap(Instance::facts)
          .filter(f -> f.channels().isEmpty() && !f.settings().readOnly())
          .isPresent();
    }

    /** What was wanted, as the plan before said it; else what this recovery is for. */
    private Intent wantedOf(OpenRecovery now) {
      return ports.journal().latest(LATEST).stream()
          .filter(plan -> plan.actor().equals(by.actor()))
          .flatMap(plan -> desk.takesOver(plan.plan().intent()).stream())
          .<Intent>map(tree -> tree)
          .findFirst()
          .orElseGet(
              () ->
                  new Intent.InTree(
                      now.wanted().orElseThrow(),
                      new Reshaping.TakeOver(Optional.of(now.failed()), List.of(), false)));
    }

    /** All is put back: the primary takes writes, and those that were moved are below it again. */
    private boolean giveUp(OpenRecovery now, Topology seen, InstanceKey successor, String why)
        throws Scribe.NotCommitted, InterruptedException {
      InstanceKey primary = now.failed();
      if (!mandate.holds()) {
        return false;
      }
      letGo(primary);
      letGo(successor);
      if (!answers(seen, primary)) {
        return close(RecoveryEnd.FAILED, primary + " does not answer any more. " + why);
      }
      boolean quiet =
          seen.instance(primary).orElseThrow().facts().orElseThrow().settings().readOnly();
      if (quiet) {
        boolean safe =
            seen.instance(successor)
                    .filter(Instance::seen)
                    .flatMap(Instance::facts)
                    .filter(f -> f.settings().readOnly())
                    .isPresent()
                || !toldToTakeWrites(successor);
        Optional<String> no =
            safe
                ? carryOut(new Intent.SetReadOnly(primary, false))
                : Optional.of(
                    successor
                        + " was told to take writes and does not answer, so it may have some; to"
                        + " have "
                        + primary
                        + " take them again nevertheless: set-writeable "
                        + primary);
        if (no.isPresent()) {
          return close(RecoveryEnd.FAILED, "Nobody takes writes: " + no.get() + ". " + why);
        }
      }
      List<Intent.Relocate> back =
          moved(successor).stream()
              .filter(key -> watch.topology().replicasOf(successor).contains(key))
              .map(key -> new Intent.Relocate(key, primary))
              .toList();
      if (!back.isEmpty()) {
        carryOut(new Intent.Moves(back))
            .ifPresent(
                no -> report.add("Not all could be moved back below " + primary + ": " + no));
      }
      return close(RecoveryEnd.FAILED, primary + " takes the writes, as before. " + why);
    }

    /** Whom the plans of this recovery have moved below the successor. */
    private List<InstanceKey> moved(InstanceKey successor) {
      return ports.journal().latest(LATEST).stream()
          .filter(plan -> plan.actor().equals(by.actor()))
          .flatMap(plan -> plan.steps().stream())
          .filter(step -> step.ended().isPresent() && step.failure().isEmpty())
          .flatMap(
              step ->
                  switch (step.step()) {
                    case Step.PointAt s when s.source().equals(successor) -> Stream.of(s.target());
                    case Step.PointAtFile s when s.source().equals(successor) ->
                        Stream.of(s.target());
                    case Step.PointAtPlace s when s.source().equals(successor) ->
                        Stream.of(s.target());
                    default -> Stream.empty();
                  })
          .distinct()
          .toList();
    }

    /** Whom to take, of those that did not turn out to be unfit. */
    private Optional<InstanceKey> choice(OpenRecovery now) {
      if (now.wanted().isPresent()) {
        return now.wanted().filter(w -> !unfit.contains(w));
      }
      Optional<InstanceKey> partner = Recoverable.partner(watch.topology(), now.failed());
      if (partner.isPresent()) {
        // It may take writes, which nobody else has.
        return partner.filter(key -> !unfit.contains(key));
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
      // One that tries to connect to it gets nothing, and may not let itself be stopped for long.
      boolean hangs =
          seen.instance(failed).filter(i -> i.condition() == Condition.HUNG).isPresent();
      boolean still =
          seen.replicasOf(failed).stream()
              .filter(key -> answers(seen, key))
              .flatMap(key -> seen.instance(key).orElseThrow().facts().stream())
              .flatMap(f -> f.channels().stream())
              .filter(c -> c.source().equals(failed))
              .allMatch(c -> c.io() == ThreadState.STOPPED || hangs && c.io() == CONNECTING);
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
      letGo(now.failed());
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
      if (!mandate.holds()) {
        return false;
      }
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
      Optional<String> no = Optional.empty();
      for (int i = 0; i < TRIES && mandate.holds(); i++) {
        Topology seen = look(failed, Optional.of(below));
        boolean some =
            seen.replicasOf(failed).stream()
                .anyMatch(key -> !key.equals(below) && answers(seen, key));
        if (!some) {
          return;
        }
        no = carryOut(new Intent.InTree(failed, new Reshaping.Replicas(below, Optional.empty())));
        boolean busy =
            seen.replicasOf(failed).stream().anyMatch(key -> state.get().planOn(key).isPresent());
        if (no.isPresent() && i > 0 && !busy) {
          break;
        }
        if (no.isPresent()) {
          ports.clock().pause(AGAIN);
        }
      }
      no.ifPresent(why -> report.add("Not all could be moved below " + below + ": " + why));
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
      if (!mandate.holds()) {
        return false;
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
    private void letGo(InstanceKey source) throws InterruptedException {
      for (InstanceKey key : watch.topology().replicasOf(source)) {
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
        if (now.kind() == RecoveryKind.TAKEOVER) {
          tell(HookList.AFTER_TAKEOVER, now, now.successor());
        }
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
