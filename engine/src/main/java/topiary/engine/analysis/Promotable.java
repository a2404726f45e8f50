package topiary.engine.analysis;

import java.util.Optional;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.said.Rule;

/** Whether a replica could take its source's place. */
public final class Promotable {

  private Promotable() {}

  /** Why it could not, without its name before it; empty when it could. */
  public static Optional<String> whyNot(World world, InstanceKey key) {
    Optional<Instance> instance = world.topology().instance(key);
    Optional<Facts> facts = instance.flatMap(Instance::facts);
    if (facts.isEmpty() || !instance.get().seen()) {
      return Optional.of("does not answer");
    }
    return whyNot(world, key, facts.get());
  }

  private static Optional<String> whyNot(World world, InstanceKey key, Facts f) {
    if (world.promotion(key) == Rule.MUST_NOT) {
      return Optional.of("must not be promoted, by its promotion rule");
    }
    if (world.neverPromoted(key)) {
      return Optional.of("must not be promoted, by the rule never-promote");
    }
    if (f.background().cloud().isPresent()) {
      return Optional.of("is managed by " + f.background().cloud().get().label());
    }
    if (!f.settings().logBin()) {
      return Optional.of("writes no binary log");
    }
    if (!f.settings().logReplicaUpdates()) {
      return Optional.of("does not log what it replicates");
    }
    if (f.primaryChannel().filter(c -> c.delaySeconds() > 0).isPresent()) {
      return Optional.of("is held back on purpose");
    }
    if (f.primaryChannel().filter(c -> c.filtered()).isPresent()) {
      return Optional.of("has not all of the data: it filters what it replicates");
    }
    if (f.primaryChannel().filter(Channel::lacksRoom).isPresent()) {
      return Optional.of("waits for space on its disk");
    }
    if (f.channels().size() > 1) {
      return Optional.of("replicates from several sources");
    }
    return Optional.empty();
  }
}
