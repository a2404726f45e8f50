package topiary.engine.port;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import topiary.engine.model.InstanceKey;

/**
 * What this node has seen of the fleet, so that any moment of the past can be shown again. A node
 * keeps its own: what another saw is asked of that one. Servers are documents, trees of maps,
 * lists, texts, numbers and yes or no, in the form they have in the API; so what a later version
 * sees besides needs nothing here.
 */
public interface History {

  /** The fleet as it was known at a moment; empty when nothing is kept of that time. */
  Optional<Moment> at(Instant moment);

  /** What changed, newest first. */
  List<Event> changes(Asked asked);

  /**
   * When something changed: the time that is asked about in so many equal parts, and of each of
   * them in which something did, how much. What is to be skipped, and the limit, do not count.
   *
   * @param parts one or more
   */
  List<Count> counts(Asked asked, int parts);

  /** What is kept. */
  Extent extent();

  /**
   * The fleet at a moment.
   *
   * @param recorded when the last thing was written that this is made of
   * @param running whether the node was at work then; what it last knew is shown when not
   * @param servers each as it was known; positions are as old as the last sample
   */
  record Moment(
      Instant recorded, boolean running, SortedMap<InstanceKey, Map<String, Object>> servers) {}

  /**
   * What is asked for.
   *
   * @param from changes then or later
   * @param to changes before then, or then
   * @param server of this server only
   * @param where of servers only that have these values in their document, before the change or
   *     after it; of all when there are none
   * @param skip leaves out so many of the newest
   * @param limit at most so many
   */
  record Asked(
      Instant from,
      Instant to,
      Optional<InstanceKey> server,
      Map<String, Object> where,
      int skip,
      int limit) {

    public Asked {
      where = Map.copyOf(where);
    }

    /** The same of whatever server. */
    public Asked(Instant from, Instant to, Optional<InstanceKey> server, int limit) {
      this(from, to, server, Map.of(), 0, limit);
    }

    /** Whether a document is one of those that are asked about. */
    public boolean fits(Map<String, Object> document) {
      return where.entrySet().stream().allMatch(e -> e.getValue().equals(document.get(e.getKey())));
    }
  }

  /**
   * How much changed in a part of the time.
   *
   * @param at when the part begins
   * @param changes how many changes of servers, one or more
   */
  record Count(Instant at, int changes) {}

  /** What happened to a server. */
  enum Kind {
    /** It was looked after from then on. */
    CAME,
    /** Something about it was different. */
    CHANGED,
    /** It was looked after no more. */
    GONE
  }

  /**
   * A change of one server.
   *
   * @param at when it was seen
   * @param server whose
   * @param kind what happened
   * @param fields what was different, by the path to it, as in {@code channels.0.io}; of a server
   *     that came what it came with, of one that is gone nothing
   */
  record Event(Instant at, InstanceKey server, Kind kind, SortedMap<String, Different> fields) {}

  /**
   * A value that was another before.
   *
   * @param before null when there was none
   * @param after null when there is none
   */
  record Different(Object before, Object after) {}

  /**
   * What is kept.
   *
   * @param from since when; empty when nothing is kept yet
   * @param to until when
   * @param bytes on the disk
   */
  record Extent(Optional<Instant> from, Optional<Instant> to, long bytes) {}
}
