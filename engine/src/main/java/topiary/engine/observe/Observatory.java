package topiary.engine.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Names;
import topiary.engine.model.Observation;
import topiary.engine.model.Topology;

/** The steps from one topology to the next. */
public final class Observatory {

  private Observatory() {}

  /** With what one probe saw; a server not in the topology is not taken in by being seen. */
  public static Topology fold(Topology topology, Observation seen) {
    Instance before = topology.instance(seen.key()).orElse(null);
    if (before == null) {
      return topology;
    }
    return next(topology, List.of(), List.of(before.after(seen)));
  }

  /** With a server that is known by name only; the same topology when it is in it already. */
  public static Topology with(Topology topology, InstanceKey key) {
    if (topology.has(key)) {
      return topology;
    }
    return next(topology, List.of(), List.of(Instance.unseen(key)));
  }

  /** With every server by the name it is known by; the same topology when it is so already. */
  public static Topology named(Topology topology, Names names) {
    var renamed = new ArrayList<Instance>();
    for (Instance i : topology.instances().values()) {
      Optional<Facts> facts = i.facts().map(names::real);
      if (!facts.equals(i.facts())) {
        renamed.add(i.knowing(facts));
      }
    }
    return renamed.isEmpty() ? topology : next(topology, List.of(), renamed);
  }

  /** With a server of which something else is known than was seen. */
  public static Topology known(Topology topology, Instance server) {
    return next(topology, List.of(), List.of(server));
  }

  /** Without a server. */
  public static Topology without(Topology topology, InstanceKey key) {
    if (!topology.has(key)) {
      return topology;
    }
    return next(topology, List.of(key), List.of());
  }

  private static Topology next(
      Topology topology, List<InstanceKey> removed, List<Instance> changed) {
    return topology.next(topology.revision() + 1, removed, changed);
  }

  /** The same servers, as something to be told anew. */
  public static Topology again(Topology topology) {
    return next(topology, List.of(), List.of());
  }
}
