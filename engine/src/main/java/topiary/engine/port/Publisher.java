package topiary.engine.port;

import topiary.engine.model.Topology;

/** Hears of every new topology, in order, on the thread that made it; returns at once. */
public interface Publisher {

  void published(Topology topology);
}
