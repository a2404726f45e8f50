package topiary.store.mysql;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import topiary.store.rows.Jdbc;

/** The lock on a server that says that somebody has a schema; a connection's end frees it. */
final class NamedLock {

  /** Longer names are refused by MySQL. */
  private static final int LENGTH = 64;

  /** There is no such connection any more, or it is nobody's, as it is ending just now. */
  private static final Set<Integer> ENDING = Set.of(1094, 1095);

  private final String name;

  NamedLock(String schema) {
    String plain = "topiary:" + schema;
    name =
        plain.length() <= LENGTH
            ? plain
            : "topiary:" + UUID.nameUUIDFromBytes(schema.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether it could be taken within a time. */
  boolean take(Connection connection, Duration limit) throws SQLException {
    try (PreparedStatement get = connection.prepareStatement("SELECT GET_LOCK(?, ?)")) {
      get.setString(1, name);
      get.setLong(2, limit.toSeconds());
      try (ResultSet row = get.executeQuery()) {
        row.next();
        return row.getInt(1) == 1;
      }
    }
  }

  /**
   * Ends the connection that has it, whosever that is; whether it has ended is told by the lock.
   */
  void endHolder(Connection connection) throws SQLException {
    long id;
    try (PreparedStatement used = connection.prepareStatement("SELECT IS_USED_LOCK(?)")) {
      used.setString(1, name);
      try (ResultSet row = used.executeQuery()) {
        row.next();
        id = row.getLong(1);
        if (row.wasNull()) {
          return;
        }
      }
    }
    try {
      Jdbc.execute(connection, "KILL " + id);
    } catch (SQLException e) {
      if (!ENDING.contains(e.getErrorCode())) {
        throw e;
      }
    }
  }

  void release(Connection connection) throws SQLException {
    try (PreparedStatement release = connection.prepareStatement("SELECT RELEASE_LOCK(?)")) {
      release.setString(1, name);
      release.executeQuery().close();
    }
  }
}
