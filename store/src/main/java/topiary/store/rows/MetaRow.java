package topiary.store.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import topiary.store.Position;

/** What a database says of itself. */
public final class MetaRow {

  private MetaRow() {}

  public static int format(Connection connection) throws SQLException {
    return (int) number(connection, "format");
  }

  public static Position position(Connection connection) throws SQLException {
    return new Position(number(connection, "applied_term"), number(connection, "applied_index"));
  }

  public static void setPosition(Connection connection, Position position) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE meta SET applied_term = ?, applied_index = ?")) {
      update.setLong(1, position.term());
      update.setLong(2, position.index());
      update.executeUpdate();
    }
  }

  public static long epoch(Connection connection) throws SQLException {
    return number(connection, "node_epoch");
  }

  public static void setEpoch(Connection connection, long epoch) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement("UPDATE meta SET node_epoch = ?")) {
      update.setLong(1, epoch);
      update.executeUpdate();
    }
  }

  private static long number(Connection connection, String column) throws SQLException {
    return Long.parseLong(Jdbc.one(connection, "SELECT " + column + " FROM meta"));
  }
}
