package topiary.engine.planner;

import java.util.Set;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * What a planner looks at.
 *
 * @param topology what is seen
 * @param held replicas that a plan of ours stopped and did not start again, because it was
 *     interrupted; what anybody else stopped was stopped on purpose and stays so
 */
public record World(Topology topology, Set<InstanceKey> held) {

  public World {
    held = Set.copyOf(held);
  }
}
