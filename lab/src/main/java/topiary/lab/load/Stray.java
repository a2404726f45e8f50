package topiary.lab.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import topiary.lab.Lab;
import topiary.lab.base.LabException;

/** A write where nobody should write: an errant transaction, as people and scripts leave them. */
public final class Stray {

  private Stray() {}

  /**
   * Makes a database, named {@code errant}, on a replica, and leaves it read-only.
   *
   * @throws LabException when it cannot be written to
   */
  public static void write(Lab lab, String member) {
    boolean maria = lab.flavor().id().startsWith("mariadb");
    try (Connection connection = lab.connection(member);
        Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL read_only = OFF");
      statement.execute("CREATE DATABASE errant");
      statement.execute("SET GLOBAL " + (maria ? "" : "super_") + "read_only = ON");
    } catch (SQLException e) {
      throw new LabException(member + " is not written to: " + e.getMessage(), e);
    }
  }
}
