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
 */
public record World(Topology topology, Map<InstanceKey, InstanceKey> held) {

  public World {
    held = Map.copyOf(held);
  }
}
