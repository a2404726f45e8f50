package topiary.engine.probe;

import java.util.ArrayList;
import java.util.List;
import topiary.engine.gtid.GtidSet;
import topiary.engine.port.Fleet;

/**
 * In which binary logs errant transactions stand. A log begins with what was executed before it, so
 * what is in the next one's beginning, and not in its own, it holds. Pure.
 *
 * @param purged those that stood in logs which are deleted
 * @param logs those that stand in logs, the oldest first
 */
public record ErrantLogs(GtidSet purged, List<Log> logs) {

  public ErrantLogs {
    logs = List.copyOf(logs);
  }

  /**
   * A binary log.
   *
   * @param file its name
   * @param holds a set of GTIDs
   */
  public record Log(String file, GtidSet holds) {}

  /** What was executed before a log, as its first events tell. */
  static GtidSet before(Fleet.Rows beginning) {
    return beginning.rows().stream()
        .filter(row -> row.getOrDefault("Event_type", "").equals("Previous_gtids"))
        .findFirst()
        .map(row -> GtidSet.parse(row.getOrDefault("Info", "").replace("\n", "")))
        .orElse(GtidSet.EMPTY);
  }

  /**
   * Finds them.
   *
   * @param errant the errant transactions
   * @param purged what the server has deleted the logs of
   * @param logs each log with what was executed before it, the oldest first
   */
  static ErrantLogs of(GtidSet errant, GtidSet purged, List<Log> logs) {
    GtidSet left = errant.minus(purged);
    GtidSet gone = errant.minus(left);
    var found = new ArrayList<Log>();
    for (int i = 0; i < logs.size() && !left.isEmpty(); i++) {
      GtidSet after = i + 1 < logs.size() ? left.minus(logs.get(i + 1).holds()) : GtidSet.EMPTY;
      GtidSet here = left.minus(after);
      if (!here.isEmpty()) {
        found.add(new Log(logs.get(i).file(), here));
      }
      left = after;
    }
    return new ErrantLogs(gone, found);
  }
}
