package topiary.engine.observe;

import java.util.Optional;
import java.util.TreeMap;
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
    Instance before = topology.instances().get(seen.key());
    if (before == null) {
      return topology;
    }
    var next = new TreeMap<>(topology.instances());
    next.put(seen.key(), before.after(seen));
    return new Topology(topology.revision() + 1, next);
  }

  /** With a server that is known by name only; the same topology when it is in it already. */
  public static Topology with(Topology topology, InstanceKey key) {
    if (topology.instances().containsKey(key)) {
      return topology;
    }
    var next = new TreeMap<>(topology.instances());
    next.put(key, Instance.unseen(key));
    return new Topology(topology.revision() + 1, next);
  }

  /** With every server by the name it is known by; the same topology when it is so already. */
  public static Topology named(Topology topology, Names names) {
    var next = new TreeMap<>(topology.instances());
    next.replaceAll(
        (key, i) -> {
          Optional<Facts> facts = i.facts().map(names::real);
          return facts.equals(i.facts()) ? i : i.knowing(facts);
        });
    return next.equals(topology.instances())
        ? topology
        : new Topology(topology.revision() + 1, next);
  }

  /** Without a server. */
  public static Topology without(Topology topology, InstanceKey key) {
    if (!topology.instances().containsKey(key)) {
      return topology;
    }
    var next = new TreeMap<>(topology.instances());
    next.remove(key);
    return new Topology(topology.revision() + 1, next);
  }
}
