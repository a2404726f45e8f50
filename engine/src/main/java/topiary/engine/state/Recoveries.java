package topiary.engine.state;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.HookList;

/**
 * What decides whether a recovery may begin, and those that are under way.
 *
 * @param halted whether none begins by itself anywhere, whatever else is said; orchestrator's
 *     {@code disable-global-recoveries}
 * @param everywhere which begin by themselves in clusters of which nothing is said
 * @param automatic which begin by themselves in a cluster
 * @param open those under way; one of a cluster at most
 * @param ended the latest of each cluster, until it is acknowledged
 * @param hooks what is to be run for them, and for what else hooks are run
 * @param told where applications are told to write, by cluster
 */
public record Recoveries(
    boolean halted,
    AutoRecovery everywhere,
    SortedMap<ClusterId, AutoRecovery> automatic,
    SortedMap<RecoveryId, OpenRecovery> open,
    SortedMap<ClusterId, EndedRecovery> ended,
    SortedMap<HookKey, HookDuty> hooks,
    SortedMap<ClusterId, ToldPrimary> told) {

  public static final Recoveries NONE =
      new Recoveries(
          false,
          AutoRecovery.NONE,
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>());

  public Recoveries {
    automatic = frozen(automatic);
    open = frozen(open);
    ended = frozen(ended);
    hooks = frozen(hooks);
    told = frozen(told);
  }

  private static <K, V> SortedMap<K, V> frozen(SortedMap<K, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /** Which begin by themselves in a cluster, the switch for all of them aside. */
  public AutoRecovery of(ClusterId cluster) {
    return automatic.getOrDefault(cluster, everywhere);
  }

  /** The one that is under way in a cluster. */
  public Optional<RecoveryId> in(ClusterId cluster) {
    return open.entrySet().stream()
        .filter(e -> e.getValue().cluster().equals(cluster))
        .map(SortedMap.Entry::getKey)
        .findFirst();
  }

  /** The one of a server that is under way. */
  public Optional<RecoveryId> of(InstanceKey failed) {
    return open.entrySet().stream()
        .filter(e -> e.getValue().failed().equals(failed))
        .map(SortedMap.Entry::getKey)
        .findFirst();
  }

  /** What is to be run of a list for something. */
  public Optional<HookDuty> hooks(RecoveryId of, HookList list) {
    return Optional.ofNullable(hooks.get(new HookKey(of, list)));
  }

  /** The same where these begin by themselves. */
  public Recoveries automatically(SortedMap<ClusterId, AutoRecovery> now) {
    return new Recoveries(halted, everywhere, now, open, ended, hooks, told);
  }

  Recoveries owing(SortedMap<HookKey, HookDuty> now) {
    return new Recoveries(halted, everywhere, automatic, open, ended, now, told);
  }

  Recoveries telling(SortedMap<ClusterId, ToldPrimary> now) {
    return new Recoveries(halted, everywhere, automatic, open, ended, hooks, now);
  }

  Recoveries opened(SortedMap<RecoveryId, OpenRecovery> now) {
    return new Recoveries(halted, everywhere, automatic, now, ended, hooks, told);
  }

  Recoveries ended(SortedMap<ClusterId, EndedRecovery> now) {
    return new Recoveries(halted, everywhere, automatic, open, now, hooks, told);
  }

  Recoveries halted(boolean now) {
    return new Recoveries(now, everywhere, automatic, open, ended, hooks, told);
  }

  Recoveries switched(Optional<ClusterId> cluster, Optional<RecoveryKind> kind, boolean on) {
    if (cluster.isEmpty()) {
      return new Recoveries(halted, everywhere.with(kind, on), automatic, open, ended, hooks, told);
    }
    var now = new TreeMap<>(automatic);
    now.put(cluster.get(), of(cluster.get()).with(kind, on));
    return new Recoveries(halted, everywhere, now, open, ended, hooks, told);
  }
}
