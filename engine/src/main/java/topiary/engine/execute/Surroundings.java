package topiary.engine.execute;

import java.util.Set;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/** Fresh sight of some servers, as guards need it. */
public interface Surroundings {

  /** Looks at each of these servers now, and gives the topology with what was seen. */
  Topology look(Set<InstanceKey> servers);

  /** The name the server behind a name is known by. */
  InstanceKey real(InstanceKey name);
}
