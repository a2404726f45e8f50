package topiary.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import topiary.store.rows.Jdbc;

/**
 * Connections to a SQLite file, and transactions on them. Each waits as long as it is told for
 * another program that holds the file.
 */
final class Connections {

  private static final String READ_ONLY_MODE = "1";

  private Connections() {}

  /** To read it and touch nothing, not even when it is damaged. */
  static Connection toRead(Path file, Duration busy) throws SQLException {
    var properties = new Properties();
    properties.setProperty("open_mode", READ_ONLY_MODE);
    return connect(file, busy, properties);
  }

  /** To write it. */
  static Connection toWrite(Path file, Duration busy) throws SQLException {
    Connection connection = connect(file, busy, new Properties());
    try {
      Jdbc.execute(connection, "PRAGMA foreign_keys = ON");
      // Nothing is behind this file that could redo what it lost: every commit is on the disk.
      Jdbc.execute(connection, "PRAGMA synchronous = FULL");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Lets others read it while it is written. */
  static void shareWithReaders(Connection connection) throws SQLException {
    String mode = Jdbc.one(connection, "PRAGMA journal_mode = WAL");
    if (!"wal".equals(mode)) {
      throw new SQLException("its file system does not allow SQLite's WAL mode");
    }
  }

  private static Connection connect(Path file, Duration busy, Properties properties)
      throws SQLException {
    // As a URI, so that no sign in the path has a meaning for the driver.
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toUri(), properties);
    try {
      Jdbc.execute(connection, "PRAGMA busy_timeout = " + busy.toMillis());
      Jdbc.execute(connection, "PRAGMA temp_store = MEMORY");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** All of it, or nothing; nobody else writes meanwhile. */
  static <T> T writing(Connection connection, Jdbc.Work<T> work) throws SQLException {
    return Jdbc.transaction(connection, "BEGIN IMMEDIATE", work);
  }

  /** Reads that all see one moment. */
  static <T> T reading(Connection connection, Jdbc.Work<T> work) throws SQLException {
    return Jdbc.transaction(connection, "BEGIN", work);
  }
}
