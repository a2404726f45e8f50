package topiary.store.orchestrator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.store.rows.Jdbc;

/** A file as orchestrator leaves it, for tests. */
final class BackendFile implements AutoCloseable {

  /** When the newest of its rows were written. */
  static final Instant NOW = Instant.parse("2026-11-28T03:00:00Z");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

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

  /** A time so many seconds before, as it writes it. */
  static String ago(long seconds) {
    return TIME.format(NOW.minusSeconds(seconds));
  }

  /** A server that is well, below another or nobody. */
  static Map<String, Object> server(String host, int id, Optional<String> source) {
    var row = new LinkedHashMap<String, Object>();
    row.put("hostname", host);
    row.put("port", 3306);
    row.put("last_checked", ago(0));
    row.put("last_attempted_check", ago(0));
    row.put("last_seen", ago(0));
    row.put("server_id", id);
    row.put("version", "11.4.5-MariaDB-log");
    row.put("read_only", source.isPresent() ? 1 : 0);
    row.put("log_bin", 1);
    row.put("log_slave_updates", 1);
    row.put("binlog_format", "ROW");
    row.put("binlog_row_image", "FULL");
    row.put("binary_log_file", "bin.000001");
    row.put("binary_log_pos", 100);
    row.put("cluster_name", "p:3306");
    source.ifPresent(
        at -> {
          row.put("master_host", at);
          row.put("master_port", 3306);
          row.put("mariadb_gtid", 1);
          for (String thread : List.of("io", "sql")) {
            row.put("slave_" + thread + "_running", 1);
            row.put("replication_" + thread + "_thread_state", 1);
          }
          row.put("seconds_behind_master", 0);
          row.put("slave_lag_seconds", 0);
        });
    return row;
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
