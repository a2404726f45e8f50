package topiary.app.legacy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;

/**
 * Who stands where, in orchestrator's terms. It is the same for every topology with the same {@link
 * Topology#trees}: nothing else of it is read here.
 */
final class Layout {

  private static final Comparator<Map.Entry<InstanceKey, Spot>> SEARCH_ORDER =
      Comparator.<Map.Entry<InstanceKey, Spot>>comparingInt(e -> e.getValue().depth())
          .thenComparing(e -> e.getValue().replicas().size(), Comparator.reverseOrder())
          .thenComparing(e -> e.getValue().cluster())
          .thenComparing(Map.Entry::getKey);

  /**
   * Where one server stands.
   *
   * @param cluster the name of its cluster
   * @param depth its distance from the head
   * @param coMaster whether its source replicates from it in turn
   * @param replicas who replicates from it, in order of their address
   * @param line the servers from the head down to it
   * @param ancestry the ids of those, joined
   */
  record Spot(
      String cluster,
      int depth,
      boolean coMaster,
      List<InstanceKey> replicas,
      List<InstanceKey> line,
      Ancestry ancestry) {}

  private final SortedMap<String, List<InstanceKey>> clusters = new TreeMap<>();
  private final Map<String, InstanceKey> heads = new HashMap<>();
  private final Map<InstanceKey, Spot> spots = new HashMap<>();
  private final Map<InstanceKey, List<InstanceKey>> replicasOf = new HashMap<>();
  private final List<InstanceKey> searchOrder;

  Layout(Topology topology) {
    for (Instance i : topology.instances().values()) {
      i.source().ifPresent(s -> replicasOf.computeIfAbsent(s, k -> new ArrayList<>()).add(i.key()));
    }
    for (Tree tree : topology.trees()) {
      // orchestrator names a cluster after its head.
      String name = Text.of(tree.head());
      heads.put(name, tree.head());
      clusters.put(name, tree.members().stream().sorted().toList());
      for (Tree.Place place : tree.places()) {
        InstanceKey key = place.key();
        var line = new ArrayList<>(topology.sourcesOf(key).reversed());
        line.add(key);
        spots.put(
            key,
            new Spot(
                name,
                place.depth(),
                coMaster(topology, key),
                List.copyOf(replicasOf.getOrDefault(key, List.of())),
                List.copyOf(line),
                new Ancestry()));
      }
    }
    searchOrder = spots.entrySet().stream().sorted(SEARCH_ORDER).map(Map.Entry::getKey).toList();
  }

  private static boolean coMaster(Topology topology, InstanceKey key) {
    return topology
        .instance(key)
        .flatMap(Instance::source)
        .flatMap(topology::instance)
        .flatMap(Instance::source)
        .filter(key::equals)
        .isPresent();
  }

  /** The members of each cluster in order of their address, by cluster name. */
  SortedMap<String, List<InstanceKey>> clusters() {
    return Collections.unmodifiableSortedMap(clusters);
  }

  /** The members of a cluster; none when it does not exist. */
  List<InstanceKey> members(String cluster) {
    return clusters.getOrDefault(cluster, List.of());
  }

  InstanceKey head(String cluster) {
    return heads.get(cluster);
  }

  Spot spot(InstanceKey key) {
    return spots.get(key);
  }

  /** Whoever replicates from a server, which itself need not be known. */
  List<InstanceKey> replicas(InstanceKey source) {
    return replicasOf.getOrDefault(source, List.of());
  }

  /** Everybody, in the order of a search's answer. */
  List<InstanceKey> searchOrder() {
    return searchOrder;
  }
}
