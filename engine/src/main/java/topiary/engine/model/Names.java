package topiary.engine.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The names that servers go by beside the one they are known by. Whatever names a server is read
 * through this, so that a server has one name wherever it is compared or shown.
 *
 * @param aliases each other name, and the name of the server it was proven to reach
 */
public record Names(SortedMap<InstanceKey, InstanceKey> aliases) {

  /** Every name is that of a server. */
  public static final Names NONE = new Names(new TreeMap<>());

  public Names {
    aliases = Collections.unmodifiableSortedMap(aliases);
  }

  /** The name the server behind a name is known by; a name nobody knows is left as it is. */
  public InstanceKey real(InstanceKey name) {
    return aliases.getOrDefault(name, name);
  }

  /** The other names of a server, in order. */
  public List<InstanceKey> of(InstanceKey server) {
    return aliases.entrySet().stream()
        .filter(e -> e.getValue().equals(server))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The same facts, with every server that is named in them by the name it is known by. */
  public Facts real(Facts facts) {
    boolean other = !aliases.isEmpty() && facts.named().anyMatch(aliases::containsKey);
    return other ? facts.renamed(this::real) : facts;
  }
}
