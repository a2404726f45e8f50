package topiary.store.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Statements, and transactions that are whole or nothing. */
public final class Jdbc {

  private Jdbc() {}

  /** Does what a statement without parameters says. */
  public static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The one value that a query gives. */
  public static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Something done with a connection. */
  public interface Work<T> {
    /** Does it. */
    T run() throws SQLException;
  }

  /**
   * All of it, or nothing.
   *
   * @param begin the statement that begins the transaction
   */
  public static <T> T transaction(Connection connection, String begin, Work<T> work)
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
        // It is rolled back already, or the next BEGIN will say that it is not.
        t.addSuppressed(e);
      }
      throw t;
    }
  }
}
