package topiary.engine.manager;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import topiary.engine.execute.Mandate;
import topiary.engine.execute.Scribe;
import topiary.engine.intent.RecoveryId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.policy.HookList;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.recovery.HookFacts;
import topiary.engine.state.Command;
import topiary.engine.state.HookDuty;
import topiary.engine.state.ManagerState;
import topiary.engine.state.OpenRecovery;

/** What is run around a recovery, and what that is told. Thread-safe. */
final class RecoveryHooks {

  private static final System.Logger LOG = System.getLogger(RecoveryHooks.class.getName());

  private final Ports ports;
  private final RecoveryPolicy policy;
  private final Watch watch;
  private final Judge judge;
  private final HookRunner hooks;
  private final Supplier<ManagerState> state;

  RecoveryHooks(
      Ports ports,
      RecoveryPolicy policy,
      Watch watch,
      Judge judge,
      HookRunner hooks,
      Supplier<ManagerState> state) {
    this.ports = ports;
    this.policy = policy;
    this.watch = watch;
    this.judge = judge;
    this.hooks = hooks;
    this.state = state;
  }

  /**
   * Runs what is to be run before the first deed, and waits for it; nothing when that was done.
   *
   * @param seen the servers as they were when this node began with it
   * @return why nothing is to be done
   */
  Optional<String> before(RecoveryId id, OpenRecovery now, Topology seen, Mandate mandate)
      throws Scribe.NotCommitted, InterruptedException {
    return before(id, HookList.BEFORE_RECOVERY, now, seen, mandate);
  }

  /** The same of a list of those that are waited for. */
  Optional<String> before(
      RecoveryId id, HookList list, OpenRecovery now, Topology seen, Mandate mandate)
      throws Scribe.NotCommitted, InterruptedException {
    Optional<HookDuty> duty = state.get().recoveries().hooks(id, list);
    if (duty.filter(HookDuty::settled).isPresent()) {
      return duty.get().failure();
    }
    if (duty.isEmpty() && (now.successor().isPresent() || !hooks.any(list))) {
      return Optional.empty();
    }
    try {
      return hooks.run(id, list, facts(id, now, seen, now.wanted()), mandate);
    } catch (Scribe.NotCommitted e) {
      if (e.why() != Scribe.NotCommitted.Why.REJECTED) {
        throw e;
      }
      return Optional.of("it could not be written down: " + e.getMessage());
    }
  }

  /**
   * Has run beside what is to be run now; nothing when that was said already, or nobody wants it.
   *
   * @param seen the servers as they were when this node began with it
   * @param successor who has the place of the dead one
   * @return why it is not run, in a sentence: that keeps nothing from being done
   */
  Optional<String> after(
      RecoveryId id,
      HookList list,
      OpenRecovery now,
      Topology seen,
      Optional<InstanceKey> successor)
      throws Scribe.NotCommitted {
    boolean skipped =
        state
            .get()
            .recoveries()
            .hooks(id, HookList.BEFORE_RECOVERY)
            .filter(HookDuty::skipped)
            .isPresent();
    if (skipped) {
      return Optional.empty();
    }
    try {
      hooks.owe(id, list, () -> facts(id, now, seen, successor));
      return Optional.empty();
    } catch (Scribe.NotCommitted e) {
      if (e.why() != Scribe.NotCommitted.Why.REJECTED) {
        throw e;
      }
      LOG.log(System.Logger.Level.WARNING, "recovery " + id + ": " + e.getMessage());
      return Optional.of("Hooks " + list.word() + " were not run: " + e.getMessage() + ".");
    }
  }

  private SortedMap<String, String> facts(
      RecoveryId id, OpenRecovery now, Topology seen, Optional<InstanceKey> successor) {
    List<InstanceKey> replicas =
        new RecoveryBook(ports.audit(), ports.journal())
            .opening(id)
            .map(Command.OpenRecovery::replicas)
            .orElseGet(() -> seen.replicasOf(now.failed()));
    var facts =
        new HookFacts(
            judge.world().with(watch.topology()),
            state.get(),
            policy,
            id,
            now.failed(),
            now.kind(),
            now.code(),
            seen.instance(now.failed()).map(Instance::sentence).orElse(now.code()),
            replicas);
    switch (now.kind()) {
      case TAKEOVER -> facts.command("graceful-master-takeover");
      case PRIMARY -> {
        if (now.code().equals(Rescue.FORCED)) {
          facts.command(
              now.wanted().isPresent() ? "force-master-takeover" : "force-master-failover");
        }
      }
      case INTERMEDIATE -> {}
    }
    successor.ifPresent(s -> facts.successor(s).lost(lost(replicas, s)));
    return facts.all();
  }

  private List<InstanceKey> lost(List<InstanceKey> replicas, InstanceKey successor) {
    return replicas.stream()
        .filter(key -> !key.equals(successor))
        .filter(key -> watch.instance(key).filter(Instance::seen).isEmpty())
        .toList();
  }
}
