package topiary.engine.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.pcollections.TreePMap;

/**
 * Instances by address, an immutable value. A sorted map compares a dozen addresses, letter by
 * letter, to find one, which was a tenth of what looking at a fleet costs; here it is one hash and
 * two steps. The next table shares with this one all but the few places around what is other.
 */
final class InstanceTable {

  static final InstanceTable EMPTY =
      new InstanceTable(Map.of(), TreePMap.empty(), new Instance[0][]);

  /** Places that are copied together. */
  private static final int TOGETHER = 32;

  /** So many newcomers are looked up beside the others before all get their places anew. */
  private static final int NEWCOMERS = 64;

  private static final Instance[] NOBODY = new Instance[TOGETHER];

  /** Which place an address has; who is gone still has one, which is empty. Never changed. */
  private final Map<InstanceKey, Integer> places;

  /** The places of those who have come since that was made. */
  private final TreePMap<InstanceKey, Integer> newcomers;

  private final Instance[][] parts;

  private InstanceTable(
      Map<InstanceKey, Integer> places,
      TreePMap<InstanceKey, Integer> newcomers,
      Instance[][] parts) {
    this.places = places;
    this.newcomers = newcomers;
    this.parts = parts;
  }

  static InstanceTable of(Map<InstanceKey, Instance> instances) {
    if (instances.isEmpty()) {
      return EMPTY;
    }
    Map<InstanceKey, Integer> places = HashMap.newHashMap(instances.size());
    var parts = new Instance[(instances.size() + TOGETHER - 1) / TOGETHER][TOGETHER];
    for (var entry : instances.entrySet()) {
      int place = places.size();
      places.put(entry.getKey(), place);
      parts[place / TOGETHER][place % TOGETHER] = entry.getValue();
    }
    return new InstanceTable(places, TreePMap.empty(), parts);
  }

  /** The instance at an address; null when there is none. */
  Instance get(InstanceKey key) {
    Integer place = place(key);
    return place == null ? null : parts[place / TOGETHER][place % TOGETHER];
  }

  private Integer place(InstanceKey key) {
    Integer place = places.get(key);
    return place == null && !newcomers.isEmpty() ? newcomers.get(key) : place;
  }

  /** This table with an instance at an address; null for nobody. */
  InstanceTable with(InstanceKey key, Instance instance) {
    Integer known = place(key);
    if (known != null) {
      return new InstanceTable(places, newcomers, parts(known, instance));
    }
    if (instance == null) {
      return this;
    }
    int place = places.size() + newcomers.size();
    var next = new InstanceTable(places, newcomers.plus(key, place), parts(place, instance));
    return next.newcomers.size() < NEWCOMERS ? next : of(next.all());
  }

  private Instance[][] parts(int place, Instance instance) {
    int part = place / TOGETHER;
    Instance[][] next = Arrays.copyOf(parts, Math.max(parts.length, part + 1));
    Instance[] old = part < parts.length ? parts[part] : NOBODY;
    next[part] = old.clone();
    next[part][place % TOGETHER] = instance;
    return next;
  }

  private Map<InstanceKey, Instance> all() {
    Map<InstanceKey, Instance> all = HashMap.newHashMap(places.size() + newcomers.size());
    for (Instance[] part : parts) {
      for (Instance instance : part) {
        if (instance != null) {
          all.put(instance.key(), instance);
        }
      }
    }
    return all;
  }
}
