package topiary.lab.load;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import topiary.lab.Lab;
import topiary.lab.base.LabException;

/** What a member itself says, whatever is told of it. */
public final class Question {

  private Question() {}

  /**
   * The first field of the first row that a statement gives.
   *
   * @throws LabException when the member does not answer, or with no row
   */
  public static String ask(Lab lab, String member, String sql) {
    try (Connection connection = lab.connection(member);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      if (!row.next()) {
        throw new LabException(member + " has no answer to " + sql);
      }
      return row.getString(1);
    } catch (SQLException e) {
      throw new LabException(member + " does not say: " + sql + ": " + e.getMessage(), e);
    }
  }
}
