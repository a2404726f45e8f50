package topiary.store.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.engine.said.Attribute;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;

/** What is said of hosts, as rows. */
final class AttributeRows {

  private static final String SELECT = "SELECT host, name, value, since FROM host_attribute ";

  private AttributeRows() {}

  /** Writes what an accepted command tells. */
  static void tell(Connection connection, Entry entry) throws SQLException {
    if (!(entry.command() instanceof Command.SetAttribute c)) {
      return;
    }
    if (c.value().isEmpty()) {
      try (PreparedStatement statement =
          connection.prepareStatement("DELETE FROM host_attribute WHERE host = ? AND name = ?")) {
        statement.setString(1, c.host());
        statement.setString(2, c.name());
        statement.executeUpdate();
      }
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement("REPLACE INTO host_attribute VALUES (?, ?, ?, ?)")) {
      statement.setString(1, c.host());
      statement.setString(2, c.name());
      statement.setString(3, c.value());
      statement.setString(4, Times.text(entry.header().at()));
      statement.executeUpdate();
    }
  }

  /** Those of a name, in order of their hosts; all of them when there is none. */
  static List<Attribute> read(Connection connection, Optional<String> name) throws SQLException {
    String order = "ORDER BY host, name";
    var attributes = new ArrayList<Attribute>();
    try (PreparedStatement statement =
        connection.prepareStatement(SELECT + (name.isPresent() ? "WHERE name = ? " : "") + order)) {
      if (name.isPresent()) {
        statement.setString(1, name.get());
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          attributes.add(
              new Attribute(
                  rows.getString(1),
                  rows.getString(2),
                  rows.getString(3),
                  Times.instant(rows.getString(4))));
        }
      }
    }
    // An earlier version took what is not said any more for an empty value.
    attributes.removeIf(a -> a.value().isEmpty());
    return attributes;
  }
}
