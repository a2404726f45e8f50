package topiary.lab.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of MySQL transactions.
 *
 * @param sets by uuid the intervals, first and last in turns, ascending and apart from each other
 */
record MySqlGtids(Map<String, long[]> sets) implements Gtids {

  MySqlGtids {
    if (sets.size() > 1 && !(sets instanceof TreeMap)) {
      throw new IllegalArgumentException("several origins have to be in order");
    }
  }

  static final MySqlGtids NONE = new MySqlGtids(Map.of());

  private static final long[] EMPTY = {};

  /**
   * Reads {@code uuid:1-5:7,uuid:1}.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static MySqlGtids parse(String text) {
    MySqlGtids all = NONE;
    for (String part : text.replaceAll("\\s", "").split(",")) {
      String[] words = part.split(":");
      if (part.isEmpty()) {
        continue;
      }
      if (words.length < 2 || !words[0].matches("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
        throw new IllegalArgumentException("not a set of GTIDs: " + part);
      }
      for (int i = 1; i < words.length; i++) {
        String[] ends = words[i].split("-");
        if (!words[i].matches("[0-9]{1,18}(-[0-9]{1,18})?")) {
          throw new IllegalArgumentException("not a set of GTIDs: " + part);
        }
        all =
            all.plus(
                one(
                    words[0].toLowerCase(Locale.ROOT),
                    Long.parseLong(ends[0]),
                    Long.parseLong(ends[ends.length - 1])));
      }
    }
    return all;
  }

  /** The transactions of one origin; none when the last is before the first. */
  static MySqlGtids one(String uuid, long first, long last) {
    return last < first ? NONE : new MySqlGtids(Map.of(uuid, new long[] {first, last}));
  }

  /** The greatest number of an origin, 0 for none. */
  long last(String uuid) {
    long[] mine = sets.getOrDefault(uuid, EMPTY);
    return mine.length == 0 ? 0 : mine[mine.length - 1];
  }

  boolean isEmpty() {
    return sets.isEmpty();
  }

  @Override
  public MySqlGtids plus(Gtids other) {
    var theirs = (MySqlGtids) other;
    if (sets.isEmpty() || theirs.sets.isEmpty()) {
      return sets.isEmpty() ? theirs : this;
    }
    if (sets.size() == 1 && theirs.sets.size() == 1) {
      String uuid = sets.keySet().iterator().next();
      long[] more = theirs.sets.get(uuid);
      if (more != null) {
        return new MySqlGtids(Map.of(uuid, union(sets.get(uuid), more)));
      }
    }
    var all = new TreeMap<>(sets);
    theirs.sets.forEach((uuid, more) -> all.merge(uuid, more, MySqlGtids::union));
    return new MySqlGtids(all);
  }

  MySqlGtids minus(MySqlGtids other) {
    TreeMap<String, long[]> left = null;
    for (Map.Entry<String, long[]> entry : sets.entrySet()) {
      long[] mine = entry.getValue();
      long[] rest = difference(mine, other.sets.getOrDefault(entry.getKey(), EMPTY));
      if (rest.length > 0) {
        left = left == null ? new TreeMap<>() : left;
        left.put(entry.getKey(), rest);
      }
    }
    return left == null ? NONE : new MySqlGtids(left);
  }

  private static long[] union(long[] a, long[] b) {
    // What happens all the time: one grows at its end.
    if (a.length == 2 && b.length == 2 && b[0] <= a[1] + 1 && a[0] <= b[1] + 1) {
      return new long[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])};
    }
    var pairs = new ArrayList<long[]>();
    for (long[] list : List.of(a, b)) {
      for (int i = 0; i < list.length; i += 2) {
        pairs.add(new long[] {list[i], list[i + 1]});
      }
    }
    pairs.sort((x, y) -> Long.compare(x[0], y[0]));
    var joined = new ArrayList<long[]>();
    for (long[] next : pairs) {
      if (!joined.isEmpty() && next[0] <= joined.getLast()[1] + 1) {
        joined.getLast()[1] = Math.max(joined.getLast()[1], next[1]);
      } else {
        joined.add(next);
      }
    }
    return flat(joined);
  }

  private static long[] difference(long[] a, long[] b) {
    if (a == b) {
      return EMPTY;
    }
    if (b.length == 0) {
      return a;
    }
    if (a.length == 2 && b.length == 2 && b[0] <= a[0]) {
      // What happens all the time: one has gone on, and the other not yet.
      return b[1] >= a[1] ? EMPTY : b[1] < a[0] ? a : new long[] {b[1] + 1, a[1]};
    }
    var left = new ArrayList<long[]>();
    for (int i = 0; i < a.length; i += 2) {
      long from = a[i];
      long to = a[i + 1];
      for (int j = 0; j < b.length && b[j] <= to; j += 2) {
        if (b[j + 1] >= from) {
          if (b[j] > from) {
            left.add(new long[] {from, b[j] - 1});
          }
          from = b[j + 1] + 1;
        }
      }
      if (from <= to) {
        left.add(new long[] {from, to});
      }
    }
    return flat(left);
  }

  private static long[] flat(List<long[]> pairs) {
    return pairs.stream().flatMapToLong(java.util.Arrays::stream).toArray();
  }

  @Override
  public long beyond(Gtids other) {
    if (other == this) {
      return 0;
    }
    var theirs = (MySqlGtids) other;
    long count = 0;
    for (Map.Entry<String, long[]> entry : sets.entrySet()) {
      long[] mine = entry.getValue();
      long[] has = theirs.sets.getOrDefault(entry.getKey(), EMPTY);
      if (mine == has) {
        continue;
      }
      long[] rest = difference(mine, has);
      for (int i = 0; i < rest.length; i += 2) {
        count += rest[i + 1] - rest[i] + 1;
      }
    }
    return count;
  }

  @Override
  public MySqlGtids written(Until until) {
    var kept = new TreeMap<String, long[]>();
    sets.forEach(
        (uuid, mine) -> {
          long last = until.last(uuid);
          long[] rest =
              mine[mine.length - 1] <= last
                  ? mine
                  : difference(mine, new long[] {last + 1, Long.MAX_VALUE - 1});
          if (rest.length > 0) {
            kept.put(uuid, rest);
          }
        });
    return new MySqlGtids(kept);
  }

  /** As the server writes it: an origin a line. */
  @Override
  public String toString() {
    if (sets.isEmpty()) {
      return "";
    }
    var text = new StringBuilder(64);
    // Several are in order, as all maps of more than one are.
    for (Map.Entry<String, long[]> entry : sets.entrySet()) {
      text.append(text.isEmpty() ? "" : ",\n").append(entry.getKey());
      long[] mine = entry.getValue();
      for (int i = 0; i < mine.length; i += 2) {
        text.append(':').append(mine[i]);
        if (mine[i + 1] > mine[i]) {
          text.append('-').append(mine[i + 1]);
        }
      }
    }
    return text.toString();
  }
}
