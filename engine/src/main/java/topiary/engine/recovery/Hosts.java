package topiary.engine.recovery;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.engine.analysis.World;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.planner.Successors;

/**
 * Below whom the replicas of a dead source can go, the best first: another replica of its source in
 * the data centre it stood in, then its source, then its other siblings, then the one of them that
 * suits best. Nobody goes below one with errant transactions. Pure.
 */
public final class Hosts {

  private Hosts() {}

  public static List<InstanceKey> of(World world, InstanceKey failed) {
    Topology topology = world.topology();
    Optional<Instance> source =
        topology.instance(failed).flatMap(Instance::source).flatMap(topology::instance);
    List<InstanceKey> siblings =
        source.stream()
            .flatMap(s -> topology.replicasOf(s.key()).stream())
            .filter(key -> !key.equals(failed))
            .filter(key -> serves(topology, key))
            // It would pass on what nobody else is to have.
            .filter(key -> world.errant(key).isEmpty())
            .sorted(Comparator.comparing(key -> -topology.replicasOf(key).size()))
            .toList();
    String place = place(topology, failed);
    var hosts = new LinkedHashSet<InstanceKey>();
    siblings.stream()
        .filter(key -> !place.isEmpty() && place(topology, key).equals(place))
        .forEach(hosts::add);
    source.filter(Instance::seen).map(Instance::key).ifPresent(hosts::add);
    hosts.addAll(siblings);
    Successors.of(world, failed).chosen().ifPresent(hosts::add);
    return new ArrayList<>(hosts);
  }

  private static boolean serves(Topology topology, InstanceKey key) {
    return topology
        .instance(key)
        .filter(Instance::seen)
        .flatMap(Instance::facts)
        .filter(f -> f.settings().logBin() && f.settings().logReplicaUpdates())
        .flatMap(Facts::primaryChannel)
        .filter(c -> c.replicating() && c.delaySeconds() == 0 && !c.filtered())
        .isPresent();
  }

  private static String place(Topology topology, InstanceKey key) {
    return Stream.of(key)
        .flatMap(k -> topology.instance(k).stream())
        .flatMap(i -> i.facts().stream())
        .map(f -> f.background().detected().dataCenter())
        .findFirst()
        .orElse("");
  }
}
