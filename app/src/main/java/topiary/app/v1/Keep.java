package topiary.app.v1;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import topiary.app.kept.Kept;
import topiary.app.kept.Once;
import topiary.app.kept.Parts;
import topiary.app.text.TreeText;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/** What answers are made of, from one answer to the next. */
final class Keep {

  private final Kept kept;
  private final Parts<Instance> parts;
  private final Once<Set<InstanceKey>> cutOff = new Once<>();

  private final Once<Map<InstanceKey, ClusterId>> clusters = new Once<>();

  Keep(Kept kept) {
    this.kept = kept;
    parts = kept.parts();
  }

  Kept kept() {
    return kept;
  }

  Parts<Instance> parts() {
    return parts;
  }

  /** The tree each server belongs to, by hash. */
  Map<InstanceKey, ClusterId> clusters(Map<InstanceKey, ClusterId> sorted) {
    return clusters.of(() -> new HashMap<>(sorted), sorted);
  }

  /** Who stands in a ring of three or more. */
  Set<InstanceKey> cutOff(Topology topology) {
    return cutOff.of(
        () -> {
          var found = new HashSet<InstanceKey>();
          for (InstanceKey key : topology.instances().keySet()) {
            if (TreeText.cutOff(topology, key)) {
              found.add(key);
            }
          }
          return found;
        },
        topology.trees());
  }
}
