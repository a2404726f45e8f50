package topiary.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import topiary.engine.state.Header;
import topiary.engine.state.Verdict;
import topiary.store.Numbered;
import topiary.store.json.JsonCodec;

/** The log as rows, during one transaction. */
final class CommandRows implements AutoCloseable {

  private final JsonCodec codec;
  private final PreparedStatement find;
  private final PreparedStatement insert;

  CommandRows(JsonCodec codec, Connection connection) throws SQLException {
    this.codec = codec;
    find = connection.prepareStatement("SELECT verdict, reason FROM command WHERE id = ?");
    try {
      insert = connection.prepareStatement("INSERT INTO command VALUES (?,?,?,?,?,?,?,?,?,?,?)");
    } catch (SQLException e) {
      find.close();
      throw e;
    }
  }

  /** What came of a command, when it was applied before. */
  Optional<Verdict> verdict(UUID id) throws SQLException {
    find.setString(1, id.toString());
    try (ResultSet rows = find.executeQuery()) {
      if (!rows.next()) {
        return Optional.empty();
      }
      return Optional.of(
          rows.getString(1).equals("accepted")
              ? Verdict.ACCEPTED
              : new Verdict.Rejected(rows.getString(2)));
    }
  }

  void add(Numbered numbered, Verdict verdict) throws SQLException {
    Header header = numbered.entry().header();
    insert.setLong(1, numbered.position().index());
    insert.setLong(2, numbered.position().term());
    insert.setString(3, header.id().toString());
    insert.setString(4, header.actor());
    insert.setString(5, header.cause());
    insert.setString(6, Times.text(header.at()));
    insert.setInt(7, header.level());
    insert.setString(8, codec.typeOf(numbered.entry().command()));
    insert.setString(9, codec.text(numbered.entry().command()));
    switch (verdict) {
      case Verdict.Accepted v -> {
        insert.setString(10, "accepted");
        insert.setString(11, null);
      }
      case Verdict.Rejected v -> {
        insert.setString(10, "rejected");
        insert.setString(11, v.reason());
      }
    }
    insert.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    try (find;
        insert) {
      // Both, and the second also when the first fails.
    }
  }
}
