package topiary.engine.model;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Instances by address, an immutable value. A sorted map compares a dozen addresses, letter by
 * letter, to find one, which was a tenth of what looking at a fleet costs; here it is one hash and
 * two steps. The next table shares with this one all but the few places around what is other.
 */
final class InstanceTable {

  static final InstanceTable EMPTY = new InstanceTable(null, new Instance[0][]);

  /** Places that are copied together. */
  private static final int TOGETHER = 32;

  private static final Instance[] NOBODY = new Instance[TOGETHER];

  /**
   * Which place an address has, in all tables that come of one another: once given it is never
   * another's, so that whoever reads an older table meanwhile finds what was there. An address that
   * is not in a table has an empty place in it, or one beyond its end.
   */
  private final Map<InstanceKey, Integer> places;

  private final Instance[][] parts;

  private InstanceTable(Map<InstanceKey, Integer> places, Instance[][] parts) {
    this.places = places;
    this.parts = parts;
  }

  static InstanceTable of(Map<InstanceKey, Instance> instances) {
    if (instances.isEmpty()) {
      return EMPTY;
    }
    var places = new ConcurrentHashMap<InstanceKey, Integer>(2 * instances.size());
    var parts = new Instance[(instances.size() + TOGETHER - 1) / TOGETHER][TOGETHER];
    int place = 0;
    for (var entry : instances.entrySet()) {
      places.put(entry.getKey(), place);
      parts[place / TOGETHER][place % TOGETHER] = entry.getValue();
      place++;
    }
    return new InstanceTable(places, parts);
  }

  /** The instance at an address; null when there is none. */
  Instance get(InstanceKey key) {
    Integer place = places == null ? null : places.get(key);
    if (place == null) {
      return null;
    }
    int part = place / TOGETHER;
    return part < parts.length ? parts[part][place % TOGETHER] : null;
  }

  /** This table with an instance at an address; null for nobody. */
  InstanceTable with(InstanceKey key, Instance instance) {
    if (get(key) == instance) {
      return this;
    }
    Map<InstanceKey, Integer> all = places == null ? new ConcurrentHashMap<>() : places;
    int place = place(all, key);
    int part = place / TOGETHER;
    Instance[][] next = Arrays.copyOf(parts, Math.max(parts.length, part + 1));
    for (int i = parts.length; i < next.length; i++) {
      next[i] = NOBODY;
    }
    next[part] = next[part].clone();
    next[part][place % TOGETHER] = instance;
    return new InstanceTable(all, next);
  }

  /** Its place, or the next one that nobody has. */
  private static int place(Map<InstanceKey, Integer> all, InstanceKey key) {
    Integer known = all.get(key);
    if (known != null) {
      return known;
    }
    synchronized (all) {
      Integer other = all.putIfAbsent(key, all.size());
      return other == null ? all.size() - 1 : other;
    }
  }
}
