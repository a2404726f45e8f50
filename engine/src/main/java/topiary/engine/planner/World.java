package topiary.engine.planner;

import java.util.Map;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * What a planner looks at.
 *
 * @param topology what is seen
 * @param held replicas that a plan of ours stopped and did not start again, because it was
 *     interrupted, each with the source it had before that plan; what anybody else stopped was
 *     stopped on purpose and stays so
 * @param sourceNames replicas that call their source by another name than it is known by, and that
 *     name: a replica that is put back is put back to what it was told
 */
public record World(
    Topology topology,
    Map<InstanceKey, InstanceKey> held,
    Map<InstanceKey, InstanceKey> sourceNames) {

  /** A world in which every replica calls its source by the name it is known by. */
  public World(Topology topology, Map<InstanceKey, InstanceKey> held) {
    this(topology, held, Map.of());
  }

  public World {
    held = Map.copyOf(held);
    sourceNames = Map.copyOf(sourceNames);
  }
}
