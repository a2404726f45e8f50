package topiary.engine.probe;

import java.util.Locale;
import java.util.Map;

/**
 * A scheduled event as a server tells it now, from a row of what {@code Dialect.events} asks.
 *
 * @param schema the database it is in
 * @param name its name there
 * @param user the user in whose name it runs
 * @param host that user's host
 * @param status in the server's words
 * @param originator the id of the server on which it was last given a status
 * @param altered when it was last altered, in seconds since 1970
 * @param clientCharset the character set in which its text was sent
 * @param collation that of the connection over which it was sent
 * @param sessionCharset that in which this connection sends
 * @param sessionCollation that of this connection
 * @param server the id of the server that was asked
 * @param scheduler the state of that one's event scheduler: {@code ON}, {@code OFF}, {@code
 *     DISABLED}
 */
public record EventRow(
    String schema,
    String name,
    String user,
    String host,
    String status,
    long originator,
    long altered,
    String clientCharset,
    String collation,
    String sessionCharset,
    String sessionCollation,
    long server,
    String scheduler) {

  /**
   * Reads a row.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static EventRow of(Map<String, String> row) {
    String definer = text(row, "definer");
    int at = definer.lastIndexOf('@');
    if (at < 0) {
      throw new IllegalArgumentException("an event of \"" + definer + "\", which is no account");
    }
    return new EventRow(
        text(row, "event_schema"),
        text(row, "event_name"),
        definer.substring(0, at),
        definer.substring(at + 1),
        text(row, "event_status"),
        Long.parseLong(text(row, "originator")),
        Long.parseLong(text(row, "altered")),
        text(row, "client_charset"),
        text(row, "event_collation"),
        text(row, "session_charset"),
        text(row, "session_collation"),
        Long.parseLong(text(row, "server")),
        text(row, "scheduler").toUpperCase(Locale.ROOT));
  }

  private static String text(Map<String, String> row, String column) {
    String value = row.get(column);
    if (value == null) {
      throw new IllegalArgumentException("an event without " + column);
    }
    return value;
  }

  /** Whether it is to run. */
  public boolean isEnabled() {
    return status.equals("ENABLED");
  }

  /** Whether it is not to run here as this is a replica; not, whether it is to run anywhere. */
  public boolean isOfReplica() {
    return status.equals("SLAVESIDE_DISABLED") || status.equals("REPLICA_SIDE_DISABLED");
  }

  /** Whether it was this server that was told how it is to be, and not one it replicates from. */
  public boolean isOwn() {
    return originator == server;
  }
}
