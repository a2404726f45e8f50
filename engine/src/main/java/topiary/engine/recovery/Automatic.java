package topiary.engine.recovery;

import java.util.Optional;
import java.util.TreeMap;
import topiary.engine.analysis.World;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.policy.RecoveryRule;
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
    Recoveries said = state.recoveries();
    if (said.automatic().containsKey(cluster)) {
      return said.of(cluster);
    }
    RecoveryPolicy policy = RecoveryRule.of(shipped, state.said().rules(), Optional.of(cluster));
    InstanceKey head = state.heads().get(cluster);
    if (head == null) {
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
    for (ClusterId cluster : state.heads().keySet()) {
      AutoRecovery is = of(world, state, shipped, cluster);
      if (!is.equals(state.recoveries().of(cluster))) {
        all.put(cluster, is);
      }
    }
    return all.equals(state.recoveries().automatic())
        ? state.recoveries()
        : state.recoveries().automatically(all);
  }
}
