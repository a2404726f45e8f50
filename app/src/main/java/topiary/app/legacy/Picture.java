package topiary.app.legacy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.analysis.Errant;
import topiary.engine.model.Facts;
import topiary.engine.model.Identity;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;

/** A topology at one moment, in orchestrator's terms: named clusters of servers with a depth. */
final class Picture {

  private final Topology topology;
  private final Instant now;
  private final Duration poll;
  private final SortedMap<String, List<InstanceKey>> clusters = new TreeMap<>();
  private final Map<InstanceKey, String> clusterOf = new HashMap<>();
  private final Map<InstanceKey, Integer> depthOf = new HashMap<>();
  private final Map<InstanceKey, List<InstanceKey>> replicasOf = new HashMap<>();

  Picture(Topology topology, Instant now, Duration poll) {
    this.topology = topology;
    this.now = now;
    this.poll = poll;
    for (Tree tree : topology.trees()) {
      // orchestrator names a cluster after its head.
      String name = Text.of(tree.head());
      clusters.put(name, tree.members().stream().sorted().toList());
      for (Tree.Place place : tree.places()) {
        clusterOf.put(place.key(), name);
        depthOf.put(place.key(), place.depth());
      }
    }
    for (Instance i : topology.instances().values()) {
      i.source().ifPresent(s -> replicasOf.computeIfAbsent(s, k -> new ArrayList<>()).add(i.key()));
    }
  }

  /** The members of each cluster in order of their address, by cluster name. */
  SortedMap<String, List<InstanceKey>> clusters() {
    return Collections.unmodifiableSortedMap(clusters);
  }

  /** Every address, in order. */
  List<InstanceKey> keys() {
    return List.copyOf(topology.instances().keySet());
  }

  /** Everybody, in order of their address. */
  List<LegacyInstance> all() {
    return topology.instances().values().stream().map(this::legacy).toList();
  }

  /** The members of a cluster, in order of their address; none when it does not exist. */
  List<LegacyInstance> members(String cluster) {
    return clusters.getOrDefault(cluster, List.of()).stream()
        .flatMap(key -> instance(key).stream())
        .toList();
  }

  /** Whoever replicates from a server, which itself need not be known. */
  List<LegacyInstance> replicas(InstanceKey source) {
    return replicasOf.getOrDefault(source, List.of()).stream()
        .flatMap(key -> instance(key).stream())
        .toList();
  }

  Optional<LegacyInstance> instance(InstanceKey key) {
    return topology.instance(key).map(this::legacy);
  }

  boolean knows(InstanceKey key) {
    return topology.instances().containsKey(key);
  }

  private LegacyInstance legacy(Instance instance) {
    InstanceKey key = instance.key();
    return new LegacyInstance(
        instance,
        clusterOf.get(key),
        depthOf.get(key),
        coMaster(instance),
        replicasOf.getOrDefault(key, List.of()),
        ancestry(instance),
        Errant.of(topology, key),
        now,
        poll);
  }

  /** Whether its source replicates from it in turn. */
  private boolean coMaster(Instance instance) {
    return instance
        .source()
        .flatMap(topology::instance)
        .flatMap(Instance::source)
        .filter(instance.key()::equals)
        .isPresent();
  }

  /** The ids of the servers from the head down to this one, of those that are known. */
  private String ancestry(Instance instance) {
    List<InstanceKey> above = topology.sourcesOf(instance.key()).reversed();
    return Stream.concat(above.stream(), Stream.of(instance.key()))
        .flatMap(key -> topology.instance(key).stream())
        .flatMap(i -> i.facts().stream())
        .map(Facts::identity)
        .map(Identity::uuid)
        .flatMap(Optional::stream)
        .collect(Collectors.joining(","));
  }
}
