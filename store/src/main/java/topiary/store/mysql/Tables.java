package topiary.store.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import topiary.store.rows.Jdbc;

/**
 * All tables of a snapshot, copied row by row from one database to another. Which there are is read
 * from the snapshot, so that a new table needs nothing here.
 */
final class Tables {

  /** The driver's word for one row after the other instead of all at once. */
  static final int STREAMING = Integer.MIN_VALUE;

  /** The table that only grows. */
  private static final String LOG = "command";

  /** That, and what follows from each of its rows. */
  private static final Set<String> BY_ROW = Set.of(LOG, "audit", "audit_about");

  /** As many rows as go to a server at once. */
  private static final int BATCH = 500;

  private final List<Table> tables = new ArrayList<>();

  private record Column(String name, boolean number) {}

  private record Table(String name, List<Column> columns) {

    String select() {
      return "SELECT " + names() + " FROM " + name;
    }

    String insert() {
      String marks = String.join(",", Collections.nCopies(columns.size(), "?"));
      return "INSERT INTO " + name + " (" + names() + ") VALUES (" + marks + ")";
    }

    private String names() {
      return String.join(",", columns.stream().map(Column::name).toList());
    }
  }

  /** The tables that a snapshot has, in an order in which they can be filled. */
  Tables(Connection snapshot) throws SQLException {
    try (Statement statement = snapshot.createStatement();
        ResultSet rows =
            statement.executeQuery(
                // As they were made, and so behind those they refer to.
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migration'"
                    + " AND name NOT LIKE 'sqlite%' ORDER BY rowid")) {
      while (rows.next()) {
        tables.add(new Table(rows.getString(1), columns(snapshot, rows.getString(1))));
      }
    }
  }

  private static List<Column> columns(Connection snapshot, String table) throws SQLException {
    var columns = new ArrayList<Column>();
    try (Statement statement = snapshot.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
      while (rows.next()) {
        columns.add(new Column(rows.getString("name"), rows.getString("type").equals("INTEGER")));
      }
    }
    return List.copyOf(columns);
  }

  /**
   * Copies every row into tables that hold nothing but what they were made with.
   *
   * @param fetch how many rows the source is to give at once, as its driver understands it
   */
  void copy(Connection from, int fetch, Connection to) throws SQLException {
    for (Table table : tables) {
      Jdbc.execute(to, "DELETE FROM " + table.name());
      copy(from, fetch, to, table, table.select());
    }
  }

  /** Puts a snapshot's rows in the place of whatever rows there are. */
  void replace(Connection snapshot, Connection to) throws SQLException {
    // A log grows at its end. What both have of it stays, as that may be nearly all there is.
    Optional<Table> log = tables.stream().filter(t -> t.name().equals(LOG)).findFirst();
    String rest = log.isPresent() ? " WHERE log_index >= " + parting(snapshot, to, log.get()) : "";
    for (Table table : tables.reversed()) {
      // TRUNCATE would commit.
      Jdbc.execute(to, "DELETE FROM " + table.name() + (BY_ROW.contains(table.name()) ? rest : ""));
    }
    for (Table table : tables) {
      String select = table.select() + (BY_ROW.contains(table.name()) ? rest : "");
      copy(snapshot, 0, to, table, select);
    }
  }

  /** The first place at which two logs are not the same, in whatever column. */
  private static long parting(Connection snapshot, Connection to, Table log) throws SQLException {
    String inOrder = log.select() + " ORDER BY log_index";
    try (Statement here = to.createStatement();
        Statement there = snapshot.createStatement()) {
      here.setFetchSize(STREAMING);
      try (ResultSet ours = here.executeQuery(inOrder);
          ResultSet theirs = there.executeQuery(inOrder)) {
        long same = 0;
        while (ours.next() && theirs.next()) {
          for (int i = 1; i <= log.columns().size(); i++) {
            if (!Objects.equals(ours.getString(i), theirs.getString(i))) {
              return same + 1;
            }
          }
          same = ours.getLong(1);
        }
        return same + 1;
      }
    }
  }

  private static void copy(Connection from, int fetch, Connection to, Table table, String query)
      throws SQLException {
    try (Statement select = from.createStatement();
        PreparedStatement insert = to.prepareStatement(table.insert())) {
      select.setFetchSize(fetch);
      int waiting = 0;
      try (ResultSet rows = select.executeQuery(query)) {
        while (rows.next()) {
          bind(rows, insert, table.columns());
          insert.addBatch();
          waiting++;
          if (waiting == BATCH) {
            insert.executeBatch();
            waiting = 0;
          }
        }
      }
      if (waiting > 0) {
        insert.executeBatch();
      }
    }
  }

  private static void bind(ResultSet row, PreparedStatement insert, List<Column> columns)
      throws SQLException {
    for (int i = 1; i <= columns.size(); i++) {
      if (!columns.get(i - 1).number()) {
        insert.setString(i, row.getString(i));
        continue;
      }
      long number = row.getLong(i);
      if (row.wasNull()) {
        insert.setNull(i, Types.BIGINT);
      } else {
        insert.setLong(i, number);
      }
    }
  }
}
