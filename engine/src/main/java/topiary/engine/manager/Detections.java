package topiary.engine.manager;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import topiary.engine.analysis.Found;
import topiary.engine.analysis.World;
import topiary.engine.execute.Scribe;
import topiary.engine.finding.Finding;
import topiary.engine.finding.Severity;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.HookList;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.policy.RecoveryRule;
import topiary.engine.port.Audit;
import topiary.engine.recovery.HookFacts;
import topiary.engine.recovery.Recoverable;
import topiary.engine.state.Deeds;
import topiary.engine.state.ManagerState;

/**
 * Has hooks run that are for servers that are found to fail, whether or not anything is done about
 * it, unless their trouble is known: once while one is only suspected and once when it is certain,
 * and not again within the time in which a recovery blocks another. Thread-safe.
 */
final class Detections {

  private static final System.Logger LOG = System.getLogger(Detections.class.getName());

  private final Ports ports;
  private final RecoveryPolicy policy;
  private final Watch watch;
  private final Judge judge;
  private final HookRunner hooks;
  private final Supplier<ManagerState> state;

  /** When what was told last, as this node knows. */
  private final Map<String, Instant> told = new ConcurrentHashMap<>();

  private final Set<String> telling = ConcurrentHashMap.newKeySet();

  Detections(
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

  /** Tells what is new, if there is somebody to be told. Returns at once. */
  void look() {
    if (!hooks.any(HookList.DETECTION) || !policy.acts()) {
      return;
    }
    for (Found one : judge.found().values()) {
      one.judgement()
          .failure()
          .filter(found -> found.code().severity() != Severity.WARNING)
          .ifPresent(this::consider);
    }
  }

  private void consider(Finding found) {
    InstanceKey failed = found.subject();
    Optional<RecoveryKind> kind = Recoverable.by(found.code());
    String what = HookFacts.detectionOf(failed, kind.isPresent());
    RecoveryPolicy rules =
        RecoveryRule.of(
            policy,
            state.get().said().rules(),
            Optional.ofNullable(state.get().instances().get(failed)));
    Instant since = ports.clock().now().minus(rules.block());
    if (!state.get().instances().containsKey(failed)
        || state.get().said().downtime(failed, ports.clock().now()).isPresent()
        || Optional.ofNullable(told.get(what)).filter(at -> at.isAfter(since)).isPresent()
        || !telling.add(what)) {
      return;
    }
    Runnable tell =
        () -> {
          try {
            if (!knownSince(what, since)) {
              tell(found, kind);
            }
            told.put(what, ports.clock().now());
          } catch (Scribe.NotCommitted e) {
            LOG.log(
                System.Logger.Level.WARNING,
                found.sentence() + ". Hooks are not told: " + e.getMessage());
          } finally {
            telling.remove(what);
          }
        };
    if (!ports.scheduler().start("detection of " + failed, tell)) {
      telling.remove(what);
    }
  }

  /** Whether another node, or this one before it was started anew, has told it. */
  private boolean knownSince(String what, Instant since) {
    var asked =
        new Audit.Asked(
            Set.of(Deeds.DETECTION + what), Set.of("owe-hooks"), Optional.of(since), 0, 1);
    return ports.audit().filter(audit -> !audit.rows(asked).isEmpty()).isPresent();
  }

  private void tell(Finding found, Optional<RecoveryKind> kind) throws Scribe.NotCommitted {
    InstanceKey failed = found.subject();
    var id = new RecoveryId("r" + Desk.hex(ports.ids().get()));
    World world = judge.world();
    List<InstanceKey> replicas = watch.topology().replicasOf(failed);
    RecoveryKind of =
        kind.orElse(
            watch.instance(failed).flatMap(i -> i.source()).isPresent()
                ? RecoveryKind.INTERMEDIATE
                : RecoveryKind.PRIMARY);
    hooks.owe(
        id,
        HookList.DETECTION,
        () ->
            new HookFacts(
                    world,
                    state.get(),
                    policy,
                    id,
                    failed,
                    of,
                    found.code().word(),
                    found.sentence(),
                    replicas)
                .detection(failed, kind.isPresent())
                .all());
  }
}
