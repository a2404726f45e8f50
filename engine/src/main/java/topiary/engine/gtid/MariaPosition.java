package topiary.engine.gtid;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far a MariaDB server has come: the last transaction of each domain. MariaDB keeps one
 * sequence per domain and no sets of intervals, so "has everything up to" is a comparison of
 * numbers.
 *
 * @param last the last transaction by domain
 */
public record MariaPosition(SortedMap<Long, MariaGtid> last) implements GtidPosition {

  public static final MariaPosition EMPTY = new MariaPosition(new TreeMap<>());

  public MariaPosition {
    last = Collections.unmodifiableSortedMap(new TreeMap<>(last));
  }

  /**
   * Reads {@code 0-1-42,1-2-7}; blank text is the empty position.
   *
   * @throws IllegalArgumentException when a part is no GTID or a domain comes twice
   */
  public static MariaPosition parse(String text) {
    var last = new TreeMap<Long, MariaGtid>();
    if (!text.isBlank()) {
      for (String part : text.split(",", -1)) {
        MariaGtid gtid = MariaGtid.parse(part);
        if (last.put(gtid.domain(), gtid) != null) {
          throw new IllegalArgumentException(
              "domain " + gtid.domain() + " comes twice in the position " + text);
        }
      }
    }
    return new MariaPosition(last);
  }

  @Override
  public boolean covers(GtidPosition other) {
    return other.isEmpty()
        || other instanceof MariaPosition position
            && position.last.values().stream().allMatch(this::has);
  }

  private boolean has(MariaGtid gtid) {
    MariaGtid mine = last.get(gtid.domain());
    return gtid.sequence() == 0 || (mine != null && mine.sequence() >= gtid.sequence());
  }

  /** What of this is in some domains. */
  public MariaPosition in(Collection<Long> domains) {
    var some = new TreeMap<>(last);
    some.keySet().retainAll(domains);
    return new MariaPosition(some);
  }

  /** What of this another position does not cover. */
  public MariaPosition beyond(MariaPosition other) {
    var some = new TreeMap<>(last);
    some.values().removeIf(other::has);
    return new MariaPosition(some);
  }

  @Override
  public boolean isEmpty() {
    return last.isEmpty();
  }

  @Override
  public String toString() {
    return last.values().stream().map(MariaGtid::toString).collect(Collectors.joining(","));
  }
}
