package topiary.app.gateway;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.model.InstanceKey;

/**
 * What a node saw change of a server.
 *
 * @param at when
 * @param server whose
 * @param kind what happened
 * @param fields what was different, by the path to it, as in {@code channels.0.io}
 */
public record Changed(Instant at, InstanceKey server, Kind kind, SortedMap<String, Values> fields) {

  /** What happened. */
  public enum Kind {
    /** It was looked after from then on. */
    CAME,
    /** Something about it was different. */
    CHANGED,
    /** It was looked after no more. */
    GONE
  }

  /**
   * A value that was another before: a text, a number, yes or no, a list.
   *
   * @param before null when there was none
   * @param after null when there is none
   */
  public record Values(Object before, Object after) {}

  public Changed {
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
  }
}
