package topiary.engine.manager;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import topiary.engine.analysis.Found;
import topiary.engine.execute.Mandate;
import topiary.engine.execute.Scribe;
import topiary.engine.finding.Finding;
import topiary.engine.intent.Intent;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Plan;
import topiary.engine.planner.Successors;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.policy.RecoveryRule;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;
import topiary.engine.recovery.FormerPrimary;
import topiary.engine.recovery.Obstacles;
import topiary.engine.recovery.Recoverable;
import topiary.engine.recovery.Turns;
import topiary.engine.state.Command;
import topiary.engine.state.EndedRecovery;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Recoveries;

/**
 * Recovers what has died. A recovery is opened in the log before its first deed; who takes the
 * place of the dead one is written there before it is done; what is done are plans like any other.
 * Between them it is looked at how the servers stand, and what is next follows from that alone: so
 * a node that takes over goes on wherever the one before it was. Thread-safe.
 */
final class Rescue {

  private static final System.Logger LOG = System.getLogger(Rescue.class.getName());

  /** What is said in the place of how a primary failed that answers. */
  static final String FORCED = "ForcedFailover";

  static final String TAKE_OVER = "TakeOver";

  /** From one try to make a former primary a replica to the next. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  /** From one look at a former primary that does not answer to the next. */
  private static final Duration GLANCE = Duration.ofSeconds(1);

  /** Nothing but others that are under way stops it. */
  private static final List<String> WAITS = List.of("it waits for its turn");

  private final Ports ports;
  private final RecoveryPolicy policy;
  private final Watch watch;
  private final Judge judge;
  private final Scribe scribe;
  private final Desk desk;
  private final HookRunner hooks;
  private final Detections detections;
  private final Witnesses witnesses;
  private final Supplier<ManagerState> state;
  private final RecoveryCourse.Means means;

  private final Set<RecoveryId> underWay = ConcurrentHashMap.newKeySet();
  private final Set<InstanceKey> attended = ConcurrentHashMap.newKeySet();
  private final Set<InstanceKey> fencing = ConcurrentHashMap.newKeySet();
  private final Set<ClusterId> opening = ConcurrentHashMap.newKeySet();
  private final Set<ClusterId> lookingAt = ConcurrentHashMap.newKeySet();

  /** When each former primary was last tried to be made a replica. */
  private final Map<InstanceKey, Instant> tried = new ConcurrentHashMap<>();

  /** How often it was asked who may begin since somebody last began to find out. */
  private final AtomicInteger asked = new AtomicInteger();

  private volatile Turns turns = Turns.NONE;

  private final Lead lead = new Lead();

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
    means =
        new RecoveryCourse.Means(
            ports,
            policy,
            watch,
            judge,
            scribe,
            desk,
            new RecoveryHooks(ports, policy, watch, judge, hooks, state),
            state);
    detections = new Detections(ports, policy, watch, judge, hooks, state);
    witnesses = new Witnesses(ports, policy, watch, judge, desk, state, this::look);
  }

  /** Sees whether there is anything to recover, and begins with it. Returns at once. */
  void look() {
    Leadership its = ports.log().leadership();
    if (!its.leading()) {
      turns = Turns.NONE;
      return;
    }
    lead.in(its, ports.clock().now());
    state.get().recoveries().open().keySet().forEach(id -> goOn(id, true));
    hooks.look();
    detections.look();
    judge.found().values().forEach(one -> one.judgement().failure().ifPresent(witnesses::wake));
    takeTurns();
    witnesses.only(judge.found().keySet());
    stopped.keySet().removeIf(key -> !judge.found().containsKey(key));
    fenceFormer();
    state.get().recoveries().ended().forEach(this::rejoin);
    tried.values().removeIf(at -> !ports.clock().now().isBefore(at.plus(AGAIN)));
  }

  /** The recovery that a finding is due; empty for none. */
  private Optional<RecoveryKind> due(Finding found) {
    return Recoverable.by(found.code())
        .or(
            () ->
                witnesses.confirm(found.subject())
                    ? Recoverable.onceNoticed(found.code())
                    : Optional.empty());
  }

  /**
   * Begins those that may begin now. By one at a time, as who begins counts for the next; whoever
   * comes meanwhile has it done once more, and waits for nothing.
   */
  private void takeTurns() {
    if (asked.getAndIncrement() > 0) {
      return;
    }
    boolean over = false;
    try {
      while (!over) {
        int before = asked.get();
        beginDue();
        over = asked.addAndGet(-before) == 0;
      }
    } finally {
      if (!over) {
        // It has failed: whoever comes next tries again.
        asked.set(0);
      }
    }
  }

  private void beginDue() {
    // Before what is committed: one that comes into force in between is counted by that.
    Set<ClusterId> onTheirWay = Set.copyOf(opening);
    ManagerState now = ports.log().state();
    var due = new ArrayList<Turns.Due>();
    for (Found one : judge.found().values()) {
      one.judgement()
          .failure()
          .ifPresent(
              found ->
                  due(found)
                      .filter(kind -> mayBegin(found, kind, now))
                      .ifPresent(
                          kind ->
                              due.add(
                                  new Turns.Due(
                                      now.instances().get(found.subject()),
                                      found,
                                      kind,
                                      one.failingSince().orElseThrow()))));
    }
    RecoveryPolicy rules = RecoveryRule.of(policy, now.said().rules(), Optional.empty());
    turns = Turns.of(due, onTheirWay, now.recoveries(), rules.atOnce(), ports.clock().now());
    turns.begin().forEach(this::begin);
    turns.waiting().forEach(this::tellThatItWaits);
  }

  /** Who waits for others. */
  Turns turns() {
    return turns;
  }

  private void tellThatItWaits(Turns.Due one) {
    if (!WAITS.equals(stopped.put(one.failed(), WAITS))) {
      LOG.log(
          System.Logger.Level.INFO,
          one.found().sentence()
              + ". Of its recovery: "
              + turns.against(one.cluster()).orElse("it waits for its turn"));
    }
  }

  /** Whether a recovery would begin if it were alone; what else stops it is said once. */
  private boolean mayBegin(Finding found, RecoveryKind kind, ManagerState now) {
    InstanceKey failed = found.subject();
    ClusterId cluster = now.instances().get(failed);
    if (cluster == null
        || now.recoveries().in(cluster).isPresent()
        || now.recoveries().of(failed).isPresent()) {
      return false;
    }
    if (kind == RecoveryKind.INTERMEDIATE
        && !RecoveryCourse.headAnswers(watch.topology(), failed)) {
      // Where the primary is to be replaced, that comes first, and takes these along.
      return false;
    }
    List<String> against = Obstacles.to(judge.world(), now, policy, failed, kind);
    if (against.isEmpty() && !isKnown(cluster, failed, now)) {
      return false;
    }
    if (!against.isEmpty() && !against.equals(stopped.put(failed, against))) {
      LOG.log(
          System.Logger.Level.WARNING,
          found.sentence() + ". It is not recovered: " + String.join("; ", against));
    }
    return against.isEmpty();
  }

  /**
   * Whether this node has looked at all servers of a cluster since it leads; if not, it does: what
   * it has seen before may be older than what the one before it has done.
   */
  private boolean isKnown(ClusterId cluster, InstanceKey failed, ManagerState now) {
    Instant since = lead.since();
    Set<InstanceKey> others = RecoveryCourse.others(now, cluster, failed);
    boolean known =
        others.stream()
            .allMatch(
                key ->
                    watch
                        .instance(key)
                        .flatMap(Instance::lastAttempt)
                        .filter(at -> !at.isBefore(since))
                        .isPresent());
    if (!known && lookingAt.add(cluster)) {
      Runnable look =
          () -> {
            try {
              watch.look(others);
            } finally {
              lookingAt.remove(cluster);
            }
            look();
          };
      if (!ports.scheduler().start("look at cluster " + cluster, look)) {
        lookingAt.remove(cluster);
      }
    }
    return known;
  }

  private void begin(Turns.Due due) {
    ClusterId cluster = due.cluster();
    if (!opening.add(cluster)) {
      return;
    }
    Runnable open =
        () -> {
          try {
            open(
                due.found().code().word(),
                due.kind(),
                due.failed(),
                cluster,
                false,
                Optional.empty(),
                false,
                auto());
          } catch (RequestRefused e) {
            LOG.log(
                System.Logger.Level.WARNING,
                due.found().sentence() + ". Its recovery is not begun: " + e.getMessage());
          } finally {
            opening.remove(cluster);
          }
        };
    if (!ports.scheduler().start("open recovery of " + due.failed(), open)) {
      opening.remove(cluster);
    }
  }

  /**
   * Former primaries that are back are fenced: of recoveries that are under way as soon as it is
   * decided who comes next, of others until somebody has acknowledged them.
   */
  private void fenceFormer() {
    Recoveries now = state.get().recoveries();
    now.open()
        .forEach(
            (id, open) -> {
              if (open.kind() == RecoveryKind.PRIMARY) {
                open.successor().ifPresent(successor -> fence(id, open.failed(), successor));
              }
            });
    for (EndedRecovery ended : now.ended().values()) {
      if (ended.successor().isPresent()) {
        attend(ended.failed(), ended);
        fence(ended.id(), ended.failed(), ended.successor().get());
      }
    }
  }

  /**
   * A former primary that is back, replicates from nobody and takes writes is made read-only, as
   * whatever is written there is nowhere else.
   */
  private void fence(RecoveryId id, InstanceKey failed, InstanceKey successor) {
    boolean writes =
        watch
            .instance(failed)
            .filter(Instance::seen)
            .flatMap(Instance::facts)
            .filter(f -> !f.settings().readOnly())
            .filter(f -> f.channels().isEmpty() || follows(f, successor))
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
                    new By("recovery " + id, "a former primary is back"));
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

  /**
   * A former primary that is back, refuses writes and has nothing of its own is made a replica of
   * the one in its place, where that is the rule.
   */
  private void rejoin(ClusterId cluster, EndedRecovery ended) {
    InstanceKey failed = ended.failed();
    boolean clean =
        ended
            .successor()
            .flatMap(successor -> FormerPrimary.of(watch.topology(), failed, successor))
            .filter(FormerPrimary::clean)
            .isPresent();
    Instant now = ports.clock().now();
    if (!clean
        || !policy.acts()
        || fencing.contains(failed)
        || !RecoveryRule.of(policy, state.get().said().rules(), Optional.of(cluster)).rejoin()
        || tried.putIfAbsent(failed, now) != null) {
      return;
    }
    Runnable rejoin =
        () -> {
          try {
            Run run =
                desk.applyNow(
                    new Intent.InTree(failed, new Reshaping.Rejoin(ended.successor())),
                    new By("recovery " + ended.id(), "a former primary is back"));
            LOG.log(
                System.Logger.Level.INFO,
                failed + " is back and has nothing of its own: " + run.await().report());
          } catch (RequestRefused e) {
            LOG.log(
                System.Logger.Level.WARNING,
                failed + " is back and is not made a replica: " + e.getMessage());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    if (!ports.scheduler().start("rejoin " + failed, rejoin)) {
      tried.remove(failed);
    }
  }

  /**
   * A former primary that does not answer is looked at again and again, for as long as no recovery
   * begins by itself after its own: when it is back, it takes writes.
   */
  private void attend(InstanceKey failed, EndedRecovery ended) {
    boolean away =
        watch.instance(failed).filter(i -> !i.seen()).isPresent()
            && ports.clock().now().isBefore(ended.at().plus(policy.block()));
    if (!away || !attended.add(failed)) {
      return;
    }
    Runnable look =
        () -> {
          try {
            watch.look(Set.of(failed));
            ports.clock().pause(GLANCE);
          } finally {
            attended.remove(failed);
          }
        };
    if (!ports.scheduler().start("look for " + failed, look)) {
      attended.remove(failed);
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
      var course = new TakeOverCourse(means, id, mandate);
      course.first();
      var both = new Begun(id, course.begin(plan));
      begun = ports.scheduler().start("recovery " + id, () -> carryOn(course, false));
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
    goOn(id, false);
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

  /**
   * Goes on with a recovery, or begins with it.
   *
   * @param resumed whether another may have begun with it
   */
  private void goOn(RecoveryId id, boolean resumed) {
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
                    course(id, Mandate.of(ports.log()))
                        .ifPresentOrElse(
                            course -> carryOn(course, resumed), () -> underWay.remove(id));
                  } catch (CommandLog.NotLeading e) {
                    underWay.remove(id);
                    LOG.log(System.Logger.Level.DEBUG, "recovery " + id + " is another's", e);
                  }
                });
    if (!begun) {
      underWay.remove(id);
    }
  }

  private Optional<RecoveryCourse> course(RecoveryId id, Mandate mandate) {
    return Optional.ofNullable(state.get().recoveries().open().get(id))
        .map(
            open ->
                switch (open.kind()) {
                  case PRIMARY -> new PrimaryCourse(means, id, mandate);
                  case INTERMEDIATE -> new IntermediateCourse(means, id, mandate);
                  case TAKEOVER -> new TakeOverCourse(means, id, mandate);
                });
  }

  private void carryOn(RecoveryCourse course, boolean resumed) {
    try {
      course.run(resumed);
    } finally {
      underWay.remove(course.id);
    }
  }
}
