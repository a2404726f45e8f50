package topiary.engine.said;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that is said of one server. What has a time of its own to end may have ended already: whoever
 * reads asks {@link Bounded#holds}.
 *
 * @param clusterAlias what people call its cluster; empty when they do not
 * @param promotion how much it is wanted as a primary
 * @param downtime whether its trouble is known
 * @param maintenance who works on it
 * @param tags by name; empty for a tag without a value
 * @param pools it belongs to
 */
public record OfServer(
    String clusterAlias,
    Optional<Promotion> promotion,
    Optional<Downtime> downtime,
    Optional<Maintenance> maintenance,
    SortedMap<String, String> tags,
    SortedSet<String> pools) {

  /** Nothing. */
  public static final OfServer NOTHING =
      new OfServer(
          "",
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          new TreeMap<>(),
          new TreeSet<>());

  public OfServer {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    pools = Collections.unmodifiableSortedSet(new TreeSet<>(pools));
  }
}
