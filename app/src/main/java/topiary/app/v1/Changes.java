package topiary.app.v1;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import topiary.engine.analysis.Found;
import topiary.engine.model.Change;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.said.OfServer;

/**
 * At which revision each server changed last, and how much, so that anybody can be told what has
 * changed since any revision, once, without a queue. Not thread-safe.
 */
final class Changes {

  private static final int REMOVALS_KEPT = 10_000;

  private final Map<InstanceKey, Long> changedAt = new HashMap<>();
  private final Map<InstanceKey, Long> lookedAt = new HashMap<>();
  private final Map<InstanceKey, ClusterId> clusterOf = new HashMap<>();
  private final Map<InstanceKey, Long> foundAt = new HashMap<>();
  private Map<InstanceKey, OfServer> saidOf = Map.of();
  private Map<InstanceKey, Found> found = Map.of();
  private final TreeMap<Long, List<InstanceKey>> removedAt = new TreeMap<>();
  private final Map<Change, Long> latest = new EnumMap<>(Change.class);
  private Topology topology = Topology.EMPTY;
  private Map<InstanceKey, ClusterId> clusters = Map.of();
  private long removalsKnownSince;

  /**
   * What somebody is told.
   *
   * @param topology all there is now
   * @param said what people say of some of the servers
   * @param found what is found of those that are not well
   * @param whole whether they are to forget what they had
   * @param changed servers that changed; all of them for those who are told the whole
   * @param looked servers that were only looked at
   * @param judged servers of which something else is found; those that are well again too
   * @param removed servers that are gone
   */
  record Told(
      Topology topology,
      Map<InstanceKey, OfServer> said,
      Map<InstanceKey, Found> found,
      boolean whole,
      List<Instance> changed,
      List<Instance> looked,
      List<InstanceKey> judged,
      List<InstanceKey> removed) {

    /** Whether it is no more than a sign of life. */
    boolean nothing() {
      return !whole
          && changed.isEmpty()
          && looked.isEmpty()
          && judged.isEmpty()
          && removed.isEmpty();
    }

    long revision() {
      return topology.revision();
    }
  }

  /**
   * Takes the next topology.
   *
   * @param touched the servers that may be other in it than in the last one, came or went
   * @param trees the tree each server belongs to; the same object as last time when none does to
   *     another
   * @param said what people say of some of them; the same object as last time when it is the same
   * @param findings what is found of some of them; the same object as last time when it is the same
   */
  void take(
      Topology next,
      Collection<InstanceKey> touched,
      Map<InstanceKey, ClusterId> trees,
      Map<InstanceKey, OfServer> said,
      Map<InstanceKey, Found> findings) {
    long revision = next.revision();
    var gone = new ArrayList<InstanceKey>();
    for (InstanceKey key : trees == clusters ? touched : moved(trees, touched)) {
      Instance now = next.instance(key).orElse(null);
      if (now != null) {
        note(key, change(topology.instance(key).orElse(null), now, trees.get(key)), revision);
      } else if (topology.has(key)) {
        gone.add(key);
      }
    }
    if (!gone.isEmpty()) {
      List.of(changedAt, lookedAt, foundAt, clusterOf).forEach(map -> map.keySet().removeAll(gone));
      removedAt.put(revision, List.copyOf(gone));
      latest.put(Change.NEWS, revision);
    }
    while (removedAt.size() > REMOVALS_KEPT) {
      removalsKnownSince = removedAt.pollFirstEntry().getKey();
    }
    topology = next;
    clusters = trees;
    saidOf(said, revision);
    found(findings, revision);
  }

  /** Those that were touched, and those that belong to another tree than they did. */
  private Set<InstanceKey> moved(
      Map<InstanceKey, ClusterId> trees, Collection<InstanceKey> touched) {
    var moved = new HashSet<>(touched);
    int stayed = 0;
    for (Map.Entry<InstanceKey, ClusterId> tree : trees.entrySet()) {
      ClusterId was = clusterOf.get(tree.getKey());
      stayed += was == null ? 0 : 1;
      if (!tree.getValue().equals(was)) {
        moved.add(tree.getKey());
      }
    }
    if (stayed < clusterOf.size()) {
      clusterOf.keySet().stream().filter(key -> !trees.containsKey(key)).forEach(moved::add);
    }
    return moved;
  }

  /** What is said of a server is news of it. */
  private void saidOf(Map<InstanceKey, OfServer> said, long revision) {
    if (said == saidOf) {
      return;
    }
    Stream.concat(said.keySet().stream(), saidOf.keySet().stream())
        .filter(key -> topology.has(key))
        .filter(key -> !Objects.equals(said.get(key), saidOf.get(key)))
        .forEach(key -> note(key, Change.NEWS, revision));
    saidOf = said;
  }

  private void found(Map<InstanceKey, Found> findings, long revision) {
    if (findings == found) {
      return;
    }
    Stream.concat(
            findings.keySet().stream(),
            found.keySet().stream().filter(key -> !findings.containsKey(key)))
        .filter(key -> topology.has(key))
        .filter(key -> findings.get(key) != found.get(key))
        .forEach(
            key -> {
              foundAt.put(key, revision);
              latest.put(change(found.get(key), findings.get(key)), revision);
            });
    found = findings;
  }

  /** That somebody says the same later is no news. */
  private static Change change(Found before, Found now) {
    if (before == null || now == null || !before.same(now)) {
      return Change.NEWS;
    }
    return words(before).equals(words(now)) ? Change.LOOKED : Change.MOVED;
  }

  private static List<String> words(Found found) {
    return found.judgement().findings().stream()
        .flatMap(f -> f.evidence().stream())
        .map(e -> e.server() + e.words())
        .toList();
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
      return new Told(
          topology, saidOf, found, true, all, List.of(), List.copyOf(found.keySet()), List.of());
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
            .filter(key -> !topology.has(key))
            .distinct()
            .toList();
    List<InstanceKey> judged =
        foundAt.entrySet().stream()
            .filter(e -> e.getValue() > since)
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    return new Told(topology, saidOf, found, false, changed, looked, judged, removed);
  }

  /** Whether nobody knows here what somebody who has this revision has: it was before, or after. */
  private boolean unknown(long revision) {
    return revision < removalsKnownSince || revision > topology.revision();
  }
}
