package topiary.engine.plan;

import java.util.Optional;
import topiary.engine.intent.Intent;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * One value a plan was read from, or that must still hold.
 *
 * @param instance whose
 * @param field what
 * @param value the value it had, or must have
 * @param channel of this channel; empty for the one that decides the server's place, and for what
 *     is not about a channel
 */
public record Basis(InstanceKey instance, Field field, String value, Optional<String> channel) {

  /** A value of a server, or of the channel that decides its place. */
  public Basis(InstanceKey instance, Field field, String value) {
    this(instance, field, value, Optional.empty());
  }

  /** The same of a channel by its name. */
  public Basis on(String name) {
    return new Basis(instance, field, value, Optional.of(name));
  }

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
    String is = field.of(channel.map(name -> now.get().only(name)).orElseGet(now::get));
    return is.equals(value)
        ? Optional.empty()
        : Optional.of(
            field.label()
                + " of "
                + instance
                + channel.map(name -> ", " + Intent.OnChannel.words(name) + ",").orElse("")
                + " was \""
                + value
                + "\", now it is \""
                + is
                + "\"");
  }
}
