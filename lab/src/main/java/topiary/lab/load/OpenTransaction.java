package topiary.lab.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import topiary.lab.Lab;
import topiary.lab.base.LabException;

/** A client that has written something, and not committed it. */
public final class OpenTransaction implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final Connection connection;

  /**
   * Makes a table, and begins.
   *
   * @throws LabException when that cannot be done
   */
  public OpenTransaction(Lab lab, String member) {
    try {
      try (Connection root = lab.connection(member);
          Statement statement = root.createStatement()) {
        statement.execute("CREATE DATABASE IF NOT EXISTS pending");
        statement.execute("CREATE TABLE IF NOT EXISTS pending.t (id INT PRIMARY KEY)");
      }
      connection = lab.clientConnection(member, SOON);
      try (Statement statement = connection.createStatement()) {
        statement.execute("BEGIN");
        statement.execute("INSERT INTO pending.t VALUES (1)");
      }
    } catch (SQLException e) {
      throw new LabException("nothing can be begun on " + member + ": " + e.getMessage(), e);
    }
  }

  /** Whether the server has ended its connection. */
  public boolean ended() {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
      return false;
    } catch (SQLException e) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new LabException("a connection cannot be closed: " + e.getMessage(), e);
    }
  }
}
