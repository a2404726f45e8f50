package topiary.store.orchestrator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import topiary.store.rows.Jdbc;

/** A file as orchestrator leaves it, for tests. */
final class BackendFile implements AutoCloseable {

  private final Connection connection;

  private BackendFile(Connection connection) {
    this.connection = connection;
  }

  /** A new one, with its tables, and nothing in them. */
  static BackendFile make(Path file) {
    BackendFile made = empty(file);
    try (var in = BackendFile.class.getResourceAsStream("backend.sql")) {
      String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List.of(sql.replaceAll("(?m)^--.*$", "").split(";")).stream()
          .filter(one -> !one.isBlank())
          .forEach(made::run);
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One without a table. */
  static BackendFile empty(Path file) {
    try {
      return new BackendFile(DriverManager.getConnection("jdbc:sqlite:" + file.toUri()));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  void run(String sql) {
    try {
      Jdbc.execute(connection, sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** Puts a row into a table; columns that are not named have their defaults. */
  void add(String table, Map<String, Object> row) {
    var columns = List.copyOf(row.keySet());
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
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
