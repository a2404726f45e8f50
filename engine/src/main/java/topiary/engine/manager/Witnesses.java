package topiary.engine.manager;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import topiary.engine.execute.Outcome;
import topiary.engine.finding.Finding;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.Condition;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.planner.Successors;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.recovery.Obstacles;
import topiary.engine.recovery.Recoverable;
import topiary.engine.state.ManagerState;
import topiary.engine.state.PlanEnd;

/**
 * Finds out whether a source that does not answer is dead, where its replicas have not noticed
 * anything: one of them is made to connect anew. Thread-safe.
 */
final class Witnesses {

  private static final System.Logger LOG = System.getLogger(Witnesses.class.getName());

  /** From one look at a replica that tries to connect to the next. */
  private static final Duration GLANCE = Duration.ofMillis(100);

  /** For so long a replica is watched that was made to connect anew. */
  private static final Duration WATCHED = Duration.ofSeconds(90);

  /** For so long a replica is not made to connect anew once more. */
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private final Ports ports;
  private final RecoveryPolicy policy;
  private final Watch watch;
  private final Judge judge;
  private final Desk desk;
  private final Supplier<ManagerState> state;

  /** Is run when a replica was seen that tries to connect. */
  private final Runnable heard;

  private final Set<InstanceKey> waking = ConcurrentHashMap.newKeySet();

  /** Since when a replica of these sources was seen to try and not to get there, in nanoseconds. */
  private final Map<InstanceKey, Long> trying = new ConcurrentHashMap<>();

  Witnesses(
      Ports ports,
      RecoveryPolicy policy,
      Watch watch,
      Judge judge,
      Desk desk,
      Supplier<ManagerState> state,
      Runnable heard) {
    this.ports = ports;
    this.policy = policy;
    this.watch = watch;
    this.judge = judge;
    this.desk = desk;
    this.state = state;
    this.heard = heard;
  }

  /** Whether a source is dead although some of its replicas have not noticed. */
  boolean confirm(InstanceKey source) {
    if (Recoverable.witnesses(watch.topology(), source).isEmpty()) {
      trying.remove(source);
      return false;
    }
    long now = ports.clock().nanos();
    long since = trying.computeIfAbsent(source, key -> now);
    return watch
        .silentFor(source)
        .filter(
            silent ->
                Recoverable.isDead(
                    silent, Duration.ofNanos(now - since), judge.world().policy(source).patience()))
        .isPresent();
  }

  /** Nothing is to be found out of sources any more that are not among these. */
  void only(Set<InstanceKey> found) {
    trying.keySet().retainAll(found);
  }

  /**
   * One of the replicas that believe to be connected to a source that does not answer any more is
   * made to connect anew: whether it can tells whether the source is dead. Only where that would be
   * recovered, and not the one that is to take its place, unless there is no other: on MariaDB a
   * replica that tries to connect to a server that hangs cannot be stopped at once.
   */
  void wake(Finding found) {
    Optional<RecoveryKind> kind = Recoverable.onceNoticed(found.code());
    if (kind.isEmpty()) {
      return;
    }
    InstanceKey source = found.subject();
    ManagerState now = state.get();
    if (!Obstacles.to(judge.world(), now, policy, source, kind.get()).isEmpty()) {
      return;
    }
    if (!silent(source) || !Recoverable.witnesses(watch.topology(), source).isEmpty()) {
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
    if (!ports.scheduler().start("wake " + replica.key(), () -> wake(source, replica))) {
      waking.remove(source);
    }
  }

  private boolean silent(InstanceKey source) {
    return watch
        .instance(source)
        .map(Instance::condition)
        .filter(c -> c == Condition.HUNG || c == Condition.UNREACHABLE)
        .isPresent();
  }

  private void wake(InstanceKey source, Recoverable.Unaware replica) {
    try {
      if (reconnect(replica, source + " does not answer")) {
        attend(source, replica);
      }
      // Not again at once, if it can connect.
      ports.clock().pause(AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waking.remove(source);
    }
  }

  /** Whether it was done. */
  private boolean reconnect(Recoverable.Unaware replica, String cause) throws InterruptedException {
    Intent alone = new Intent.OnServer(replica.key(), new Doing.Reconnect());
    Intent wanted = replica.only() ? alone : new Intent.OnChannel(alone, replica.channel());
    try {
      Outcome outcome = desk.applyNow(wanted, new By("topiary", cause)).await();
      if (outcome.end() != PlanEnd.DONE) {
        LOG.log(System.Logger.Level.WARNING, outcome.report());
      }
      return outcome.end() == PlanEnd.DONE;
    } catch (RequestRefused e) {
      LOG.log(
          System.Logger.Level.WARNING,
          replica.key() + " is not made to connect to its source anew: " + e.getMessage());
      return false;
    }
  }

  /**
   * Looks at a replica that was made to connect anew, until it has come through or a recovery has
   * begun. Where its source answers again before, it is made to connect once more: it may wait for
   * as long as it was told to before it tries again by itself.
   */
  private void attend(InstanceKey source, Recoverable.Unaware replica) throws InterruptedException {
    long began = ports.clock().nanos();
    boolean over = false;
    while (!over && ports.clock().nanos() - began < WATCHED.toNanos()) {
      watch.look(Set.of(replica.key()));
      heard.run();
      ManagerState now = state.get();
      boolean recovered =
          Optional.ofNullable(now.instances().get(source))
              .flatMap(now.recoveries()::in)
              .isPresent();
      over =
          recovered
              || !ports.log().leadership().leading()
              || !Recoverable.witnesses(watch.topology(), source).contains(replica.key());
      if (!over && watch.instance(source).filter(Instance::seen).isPresent()) {
        reconnect(replica, source + " answers again");
        over = true;
      }
      if (!over) {
        ports.clock().pause(GLANCE);
      }
    }
  }
}
