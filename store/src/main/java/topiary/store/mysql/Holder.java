package topiary.store.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Whose the schema is, as its row says.
 *
 * @param node machine and data folder of the node that opened it last; empty before the first
 * @param run made up by that node when it opened it
 * @param writes counted up by every transaction
 */
record Holder(String node, String run, long writes) {

  static Holder read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT node, run, writes FROM holder")) {
      row.next();
      return new Holder(row.getString(1), row.getString(2), row.getLong(3));
    }
  }

  /** Writes a new holder in the place of this one. */
  static void take(Connection connection, String node, String run) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE holder SET node = ?, run = ?, writes = writes + 1")) {
      update.setString(1, node);
      update.setString(2, run);
      update.executeUpdate();
    }
  }

  /** Counts up, when the row is as it is remembered here; whether it was. */
  boolean count(Connection connection) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE holder SET writes = writes + 1 WHERE run = ? AND writes = ?")) {
      update.setString(1, run);
      update.setLong(2, writes);
      return update.executeUpdate() == 1;
    }
  }

  Holder next() {
    return new Holder(node, run, writes + 1);
  }
}
