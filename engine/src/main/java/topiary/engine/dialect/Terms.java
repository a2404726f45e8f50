package topiary.engine.dialect;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The columns of a replication status under the names that MySQL gives them today, whoever answered
 * in whichever words: MASTER and SLAVE of the older ones and of MariaDB become SOURCE and REPLICA,
 * and MariaDB's own names become MySQL's where both mean the same.
 */
public final class Terms {

  private static final Map<String, String> OWN =
      Map.of("connection_name", "Channel_Name", "gtid_io_pos", "Retrieved_Gtid_Set");

  private Terms() {}

  /** A row in today's names; values stay as they are. */
  public static Map<String, String> today(Map<String, String> row) {
    var renamed = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    row.forEach((column, value) -> renamed.put(today(column), value));
    return renamed;
  }

  /** Rows in today's names. */
  public static List<Map<String, String>> today(List<Map<String, String>> rows) {
    return rows.stream().map(Terms::today).toList();
  }

  private static String today(String column) {
    String own = OWN.get(column.toLowerCase(Locale.ROOT));
    return own != null
        ? own
        : column
            .replaceAll("(?i)(?<![a-z])Master(?![a-z])", "Source")
            .replaceAll("(?i)(?<![a-z])Slave(?![a-z])", "Replica");
  }
}
