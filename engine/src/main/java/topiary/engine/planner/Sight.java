package topiary.engine.planner;

import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/** A server as a planner needs it: known, and seen right now. */
record Sight(Instance instance, Facts facts) {

  static Sight of(Topology topology, InstanceKey key) {
    Instance instance =
        topology
            .instance(key)
            .orElseThrow(() -> new Refusal(key + " is not known; discover it first"));
    if (!instance.seen()) {
      String why = instance.sentence().isEmpty() ? "" : ": " + instance.sentence();
      throw new Refusal(key + " is " + instance.condition().words() + why);
    }
    return new Sight(instance, instance.facts().orElseThrow());
  }

  InstanceKey key() {
    return instance.key();
  }
}
