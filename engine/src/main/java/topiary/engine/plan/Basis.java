package topiary.engine.plan;

import java.util.Optional;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * One value a plan was read from, or that must still hold.
 *
 * @param instance whose
 * @param field what
 * @param value the value it had, or must have
 */
public record Basis(InstanceKey instance, Field field, String value) {

  /** What a field of a server is now. */
  public static Basis of(Instance instance, Field field) {
    return new Basis(instance.key(), field, field.of(instance));
  }

  /**
   * Why this no longer holds, in a sentence; empty while it does.
   *
   * @param topology what is seen now
   */
  public Optional<String> broken(Topology topology) {
    Optional<Instance> now = topology.instance(instance);
    if (now.isEmpty()) {
      return Optional.of(instance + " is not known any more");
    }
    String is = field.of(now.get());
    return is.equals(value)
        ? Optional.empty()
        : Optional.of(
            field.label() + " of " + instance + " was \"" + value + "\", now it is \"" + is + "\"");
  }
}
