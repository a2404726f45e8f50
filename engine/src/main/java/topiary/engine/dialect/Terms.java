package topiary.engine.dialect;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The columns of a replication status under the names that MySQL gives them today, whoever answered
 * in whichever words: MASTER and SLAVE of the older ones and of MariaDB become SOURCE and REPLICA,
 * and MariaDB's own names become MySQL's where both mean the same.
 */
public final class Terms {

  private static final SortedMap<String, String> OWN = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  static {
    OWN.put("Connection_name", "Channel_Name");
    OWN.put("Gtid_IO_Pos", "Retrieved_Gtid_Set");
  }

  private static final Pattern MASTER = Pattern.compile("(?i)(?<![a-z])Master(?![a-z])");
  private static final Pattern SLAVE = Pattern.compile("(?i)(?<![a-z])Slave(?![a-z])");

  private Terms() {}

  /** A row in today's names; values stay as they are. */
  public static Map<String, String> today(Map<String, String> row) {
    if (row instanceof Row known) {
      // Sixty columns in every look at a replica: what they are called is worked out once.
      return known.today(Terms::today);
    }
    var renamed = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    row.forEach((column, value) -> renamed.put(today(column), value));
    return renamed;
  }

  /** Rows in today's names. */
  public static List<Map<String, String>> today(List<Map<String, String>> rows) {
    return switch (rows.size()) {
      case 0 -> List.of();
      case 1 -> List.of(today(rows.getFirst()));
      default -> rows.stream().map(Terms::today).toList();
    };
  }

  private static String today(String column) {
    String own = OWN.get(column);
    if (own != null) {
      return own;
    }
    return SLAVE.matcher(MASTER.matcher(column).replaceAll("Source")).replaceAll("Replica");
  }

  /** Of a row, the columns that begin like this, in any case, and have a value. */
  public static SortedMap<String, String> beginning(String with, Map<String, String> row) {
    var found = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    if (row instanceof Row known) {
      known.beginning(with, found::put);
    } else {
      row.forEach(
          (column, value) -> {
            if (column.regionMatches(true, 0, with, 0, with.length())) {
              found.put(column, value);
            }
          });
    }
    return found;
  }
}
