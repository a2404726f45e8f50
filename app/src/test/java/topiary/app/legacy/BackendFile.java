package topiary.app.legacy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A file as orchestrator leaves it, for tests. */
final class BackendFile implements AutoCloseable {

  /** The store's own: what orchestrator makes when it starts. */
  private static final Path TABLES =
      Path.of("../store/src/test/resources/topiary/store/orchestrator/backend.sql");

  private final Connection connection;

  private BackendFile(Connection connection) {
    this.connection = connection;
  }

  /** A new one, with its tables, and nothing in them. */
  static BackendFile make(Path file) throws Exception {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toUri());
    // One transaction: what is written last is on the disk when it is closed, not before.
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      for (String one : Files.readString(TABLES).replaceAll("(?m)^--.*$", "").split(";")) {
        if (!one.isBlank()) {
          statement.execute(one);
        }
      }
    }
    return new BackendFile(connection);
  }

  /** Puts a row into a table; columns that are not named have their defaults. */
  void add(String table, Map<String, Object> row) throws SQLException {
    List<String> columns = List.copyOf(row.keySet());
    String sql =
        "insert into "
            + table
            + " ("
            + String.join(", ", columns)
            + ") values ("
            + String.join(", ", Collections.nCopies(columns.size(), "?"))
            + ")";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (int i = 0; i < columns.size(); i++) {
        insert.setObject(i + 1, row.get(columns.get(i)));
      }
      insert.executeUpdate();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.commit();
    connection.close();
  }
}
