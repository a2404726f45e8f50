package topiary.engine.said;

import java.util.Comparator;
import topiary.engine.model.InstanceKey;

/**
 * A tag of a server, without its value.
 *
 * @param server whose
 * @param name what it is called
 */
public record TagKey(InstanceKey server, String name) implements Comparable<TagKey> {

  private static final Comparator<TagKey> ORDER =
      Comparator.comparing(TagKey::server).thenComparing(TagKey::name);

  @Override
  public int compareTo(TagKey other) {
    return ORDER.compare(this, other);
  }
}
