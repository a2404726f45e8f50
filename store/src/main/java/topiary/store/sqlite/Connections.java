package topiary.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Connections to a SQLite file, and transactions on them. */
final class Connections {

  private static final String READ_ONLY_MODE = "1";

  private Connections() {}

  /** To read it and touch nothing, not even when it is damaged. */
  static Connection toRead(Path file) throws SQLException {
    var properties = new Properties();
    properties.setProperty("open_mode", READ_ONLY_MODE);
    return connect(file, properties);
  }

  /** To write it. */
  static Connection toWrite(Path file) throws SQLException {
    Connection connection = connect(file, new Properties());
    try {
      execute(connection, "PRAGMA foreign_keys = ON");
      // Nothing is behind this file that could redo what it lost: every commit is on the disk.
      execute(connection, "PRAGMA synchronous = FULL");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Lets others read it while it is written. */
  static void shareWithReaders(Connection connection) throws SQLException {
    String mode = one(connection, "PRAGMA journal_mode = WAL");
    if (!"wal".equals(mode)) {
      throw new SQLException("its file system does not allow SQLite's WAL mode");
    }
  }

  private static Connection connect(Path file, Properties properties) throws SQLException {
    // As a URI, so that no sign in the path has a meaning for the driver.
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toUri(), properties);
    try {
      execute(connection, "PRAGMA busy_timeout = 5000");
      execute(connection, "PRAGMA temp_store = MEMORY");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The one value that a query gives. */
  static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Something done with a connection. */
  interface Work<T> {
    T run() throws SQLException;
  }

  /** All of it, or nothing; nobody else writes meanwhile. */
  static <T> T writing(Connection connection, Work<T> work) throws SQLException {
    return transaction(connection, "BEGIN IMMEDIATE", work);
  }

  /** Reads that all see one moment. */
  static <T> T reading(Connection connection, Work<T> work) throws SQLException {
    return transaction(connection, "BEGIN", work);
  }

  private static <T> T transaction(Connection connection, String begin, Work<T> work)
      throws SQLException {
    execute(connection, begin);
    try {
      T value = work.run();
      execute(connection, "COMMIT");
      return value;
    } catch (Throwable t) {
      try {
        execute(connection, "ROLLBACK");
      } catch (SQLException e) {
        // SQLite has rolled back already, or the next BEGIN will say that it has not.
        t.addSuppressed(e);
      }
      throw t;
    }
  }
}
