package topiary.lab.sim;

import java.util.Map;
import java.util.TreeMap;

/**
 * How far a MariaDB server has come: the last transaction of each domain.
 *
 * @param last by domain
 */
record MariaGtids(Map<Long, Last> last) implements Gtids {

  static final MariaGtids NONE = new MariaGtids(Map.of());

  MariaGtids {
    if (last.size() > 1 && !(last instanceof TreeMap)) {
      throw new IllegalArgumentException("several domains have to be in order");
    }
  }

  /** Who wrote the last one, and its number. */
  record Last(long server, long number) {}

  /**
   * Reads {@code 0-1-42,1-2-7}.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static MariaGtids parse(String text) {
    var last = new TreeMap<Long, Last>();
    for (String part : text.strip().split(",")) {
      if (part.isBlank()) {
        continue;
      }
      if (!part.strip().matches("[0-9]{1,10}-[0-9]{1,10}-[0-9]{1,18}")) {
        throw new IllegalArgumentException("not a position: " + part);
      }
      String[] n = part.strip().split("-");
      last.put(Long.valueOf(n[0]), new Last(Long.parseLong(n[1]), Long.parseLong(n[2])));
    }
    return new MariaGtids(last);
  }

  static MariaGtids one(long domain, long server, long number) {
    return new MariaGtids(Map.of(domain, new Last(server, number)));
  }

  /** The last number of a domain, 0 for none. */
  long number(long domain) {
    Last mine = last.get(domain);
    return mine == null ? 0 : mine.number();
  }

  boolean isEmpty() {
    return last.isEmpty();
  }

  @Override
  public MariaGtids plus(Gtids other) {
    var all = new TreeMap<>(last);
    ((MariaGtids) other)
        .last.forEach(
            (domain, more) -> all.merge(domain, more, (a, b) -> b.number() > a.number() ? b : a));
    return new MariaGtids(all);
  }

  /** This, and in the other's domains what the other has, even where that is less. */
  MariaGtids replacedBy(MariaGtids other) {
    if (last.isEmpty() || other.last.keySet().equals(last.keySet())) {
      return other;
    }
    var all = new TreeMap<>(last);
    all.putAll(other.last);
    return new MariaGtids(all);
  }

  @Override
  public long beyond(Gtids other) {
    if (other == this) {
      return 0;
    }
    long count = 0;
    for (Map.Entry<Long, Last> entry : last.entrySet()) {
      long has = ((MariaGtids) other).number(entry.getKey());
      count += Math.max(0, entry.getValue().number() - has);
    }
    return count;
  }

  @Override
  public MariaGtids written(Until until) {
    var kept = new TreeMap<Long, Last>();
    last.forEach(
        (domain, mine) -> {
          long number = Math.min(mine.number(), until.last(Long.toString(mine.server())));
          if (number > 0) {
            kept.put(domain, new Last(mine.server(), number));
          }
        });
    return new MariaGtids(kept);
  }

  @Override
  public String toString() {
    if (last.isEmpty()) {
      return "";
    }
    var text = new StringBuilder(32);
    // Several are in order, as all maps of more than one are.
    for (Map.Entry<Long, Last> entry : last.entrySet()) {
      text.append(text.isEmpty() ? "" : ",").append(entry.getKey().longValue());
      text.append('-').append(entry.getValue().server());
      text.append('-').append(entry.getValue().number());
    }
    return text.toString();
  }
}
