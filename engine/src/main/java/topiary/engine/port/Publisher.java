package topiary.engine.port;

import java.util.Collection;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/** Hears of every new topology, in order, on the thread that made it; returns at once. */
public interface Publisher {

  /**
   * Hears of one.
   *
   * @param touched the servers that may be other in it than in the one before, came or went
   */
  void published(Topology topology, Collection<InstanceKey> touched);
}
