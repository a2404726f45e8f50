package topiary.lab.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import topiary.lab.Lab;
import topiary.lab.base.LabException;

/** A table of a member that somebody has locked against writing, until this is closed. */
public final class TableLock implements AutoCloseable {

  private final Connection connection;

  /**
   * Makes a table, and locks it.
   *
   * @throws LabException when that cannot be done
   */
  public TableLock(Lab lab, String member) {
    try {
      connection = lab.connection(member);
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE IF NOT EXISTS locked");
        statement.execute("CREATE TABLE IF NOT EXISTS locked.t (id INT PRIMARY KEY)");
        statement.execute("LOCK TABLES locked.t WRITE");
      }
    } catch (SQLException e) {
      throw new LabException("no table of " + member + " can be locked: " + e.getMessage(), e);
    }
  }

  /**
   * Locks a table that is there against everybody who would write, a replica's applier too.
   *
   * @param table with its database
   * @throws LabException when that cannot be done
   */
  public TableLock(Lab lab, String member, String table) {
    try {
      connection = lab.connection(member);
      try (Statement statement = connection.createStatement()) {
        statement.execute("LOCK TABLES " + table + " READ");
      }
    } catch (SQLException e) {
      throw new LabException("no table of " + member + " can be locked: " + e.getMessage(), e);
    }
  }

  /** Lets go of it. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new LabException("the lock cannot be let go of: " + e.getMessage(), e);
    }
  }
}
