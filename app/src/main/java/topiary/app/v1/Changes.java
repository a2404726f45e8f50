package topiary.app.v1;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import topiary.engine.model.Change;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * At which revision each server changed last, and how much, so that anybody can be told what has
 * changed since any revision, once, without a queue. Not thread-safe.
 */
final class Changes {

  private static final int REMOVALS_KEPT = 10_000;

  private final Map<InstanceKey, Long> changedAt = new HashMap<>();
  private final Map<InstanceKey, Long> lookedAt = new HashMap<>();
  private final Map<InstanceKey, ClusterId> clusterOf = new HashMap<>();
  private final TreeMap<Long, List<InstanceKey>> removedAt = new TreeMap<>();
  private final Map<Change, Long> latest = new EnumMap<>(Change.class);
  private Topology topology = Topology.EMPTY;
  private long removalsKnownSince;

  /**
   * What somebody is told.
   *
   * @param topology all there is now
   * @param whole whether they are to forget what they had
   * @param changed servers that changed; all of them for those who are told the whole
   * @param looked servers that were only looked at
   * @param removed servers that are gone
   */
  record Told(
      Topology topology,
      boolean whole,
      List<Instance> changed,
      List<Instance> looked,
      List<InstanceKey> removed) {

    /** Whether it is no more than a sign of life. */
    boolean nothing() {
      return !whole && changed.isEmpty() && looked.isEmpty() && removed.isEmpty();
    }

    long revision() {
      return topology.revision();
    }
  }

  /** Takes the next topology, and the tree each server belongs to. */
  void take(Topology next, Map<InstanceKey, ClusterId> clusters) {
    long revision = next.revision();
    int known = 0;
    for (Instance now : next.instances().values()) {
      Instance before = topology.instances().get(now.key());
      known += before == null ? 0 : 1;
      note(now.key(), change(before, now, clusters.get(now.key())), revision);
    }
    if (known < topology.instances().size()) {
      var gone = new ArrayList<>(topology.instances().keySet());
      gone.removeAll(next.instances().keySet());
      List.of(changedAt, lookedAt, clusterOf).forEach(map -> map.keySet().removeAll(gone));
      removedAt.put(revision, List.copyOf(gone));
      latest.put(Change.NEWS, revision);
    }
    while (removedAt.size() > REMOVALS_KEPT) {
      removalsKnownSince = removedAt.pollFirstEntry().getKey();
    }
    topology = next;
  }

  private Change change(Instance before, Instance now, ClusterId cluster) {
    ClusterId was =
        cluster == null ? clusterOf.remove(now.key()) : clusterOf.put(now.key(), cluster);
    boolean renamed = cluster == null ? was != null : !cluster.equals(was);
    return before == null || renamed ? Change.NEWS : Change.between(before, now);
  }

  private void note(InstanceKey key, Change change, long revision) {
    if (change != Change.NONE) {
      (change == Change.LOOKED ? lookedAt : changedAt).put(key, revision);
      latest.put(change, revision);
    }
  }

  /** The largest change since a revision; news for whoever must be told everything. */
  Change since(long revision) {
    if (unknown(revision)) {
      return Change.NEWS;
    }
    return latest.entrySet().stream()
        .filter(e -> e.getValue() > revision)
        .map(Map.Entry::getKey)
        .reduce(Change.NONE, Change::larger);
  }

  /** What has changed since a revision, or everything when that is not known any more. */
  Told tell(long since) {
    if (unknown(since)) {
      List<Instance> all = List.copyOf(topology.instances().values());
      return new Told(topology, true, all, List.of(), List.of());
    }
    var changed = new ArrayList<Instance>();
    var looked = new ArrayList<Instance>();
    for (Instance i : topology.instances().values()) {
      if (changedAt.getOrDefault(i.key(), 0L) > since) {
        changed.add(i);
      } else if (lookedAt.getOrDefault(i.key(), 0L) > since) {
        looked.add(i);
      }
    }
    List<InstanceKey> removed =
        removedAt.tailMap(since, false).values().stream()
            .flatMap(List::stream)
            .filter(key -> !topology.instances().containsKey(key))
            .distinct()
            .toList();
    return new Told(topology, false, changed, looked, removed);
  }

  /** Whether nobody knows here what somebody who has this revision has: it was before, or after. */
  private boolean unknown(long revision) {
    return revision < removalsKnownSince || revision > topology.revision();
  }
}
