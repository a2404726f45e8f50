package topiary.engine.recovery;

import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import topiary.engine.analysis.World;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.policy.RecoveryRule;
import topiary.engine.said.RuleKey;
import topiary.engine.state.AutoRecovery;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Recoveries;

/**
 * Which recoveries begin by themselves in a cluster: what is said of the cluster itself, else what
 * is said of all, and what a filter means besides. Pure.
 */
public final class Automatic {

  private Automatic() {}

  /** In one cluster, the switch for all of them aside. */
  public static AutoRecovery of(
      World world, ManagerState state, RecoveryPolicy shipped, ClusterId cluster) {
    return of(
        world,
        state,
        cluster,
        () -> RecoveryRule.of(shipped, state.said().rules(), Optional.of(cluster)));
  }

  private static AutoRecovery of(
      World world, ManagerState state, ClusterId cluster, Supplier<RecoveryPolicy> rules) {
    Recoveries said = state.recoveries();
    InstanceKey head = state.heads().get(cluster);
    if (said.automatic().containsKey(cluster) || head == null) {
      return said.of(cluster);
    }
    RecoveryPolicy policy = rules.get();
    if (policy.primaries().isNone() && policy.intermediates().isNone()) {
      return said.everywhere();
    }
    String name = head.host() + ":" + head.port();
    String alias = HookFacts.alias(world, state, head, head);
    return new AutoRecovery(
        said.everywhere().primary() || policy.primaries().match(name, alias),
        said.everywhere().intermediate() || policy.intermediates().match(name, alias));
  }

  /** All that is said of recoveries, with what filters mean said of each cluster. */
  public static Recoveries all(World world, ManagerState state, RecoveryPolicy shipped) {
    var all = new TreeMap<>(state.recoveries().automatic());
    // Asked for each answer about a fleet: hardly a cluster has rules of its own.
    SortedMap<RuleKey, String> rules = state.said().rules();
    RecoveryPolicy common = RecoveryRule.of(shipped, rules, Optional.empty());
    Set<ClusterId> own =
        rules.keySet().stream().flatMap(r -> r.cluster().stream()).collect(Collectors.toSet());
    for (ClusterId cluster : state.heads().keySet()) {
      AutoRecovery is =
          own.contains(cluster)
              ? of(world, state, shipped, cluster)
              : of(world, state, cluster, () -> common);
      if (!is.equals(state.recoveries().of(cluster))) {
        all.put(cluster, is);
      }
    }
    return all.equals(state.recoveries().automatic())
        ? state.recoveries()
        : state.recoveries().automatically(all);
  }
}
