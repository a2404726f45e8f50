package topiary.store.history;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.History;

/** Entries put on each other, from the beginning of a segment on. Pure; for one thread. */
public final class Replay {

  private final SortedMap<InstanceKey, Map<String, Object>> servers = new TreeMap<>();

  /** Puts the next one on. */
  public void put(Entry entry) {
    switch (entry.kind()) {
      case CAME -> servers.put(entry.server(), entry.patch());
      case GONE -> servers.remove(entry.server());
      case NEWS, SAMPLE ->
          servers.computeIfPresent(entry.server(), (key, d) -> Patch.apply(d, entry.patch()));
    }
  }

  /** A server as it is now, without anything while it is not there. */
  public Map<String, Object> document(InstanceKey server) {
    return servers.getOrDefault(server, Map.of());
  }

  /**
   * What people want to know of an entry, other than a sample.
   *
   * @param before the server before it
   * @param after and with it
   */
  public static History.Event event(
      Entry entry, Map<String, Object> before, Map<String, Object> after) {
    History.Kind kind =
        switch (entry.kind()) {
          case CAME -> History.Kind.CAME;
          case GONE -> History.Kind.GONE;
          case NEWS, SAMPLE -> History.Kind.CHANGED;
        };
    return new History.Event(
        Instant.ofEpochMilli(entry.millis()),
        entry.server(),
        kind,
        kind == History.Kind.GONE ? new TreeMap<>() : Patch.told(before, after));
  }

  /** Everybody, as they are now. */
  public SortedMap<InstanceKey, Map<String, Object>> servers() {
    return new TreeMap<>(servers);
  }
}
