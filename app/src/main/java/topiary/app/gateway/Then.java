package topiary.app.gateway;

import java.time.Instant;
import java.util.Map;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * What a node knew at a moment that is past.
 *
 * @param at the moment
 * @param recorded of the last thing it had written down until then
 * @param running whether it was at work; if not, this is what it knew last
 * @param topology all it knew
 * @param clusters the name of the tree each server belonged to
 */
public record Then(
    Instant at,
    Instant recorded,
    boolean running,
    Topology topology,
    Map<InstanceKey, ClusterId> clusters) {

  public Then {
    clusters = Map.copyOf(clusters);
  }
}
