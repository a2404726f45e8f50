package topiary.store.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import topiary.store.rows.Jdbc;
import topiary.store.rows.Migrations;

/** SQLite's tables, each text run in one transaction. */
final class SqliteKit implements Migrations.Kit {

  static final Migrations MIGRATIONS = new Migrations(new SqliteKit());

  private SqliteKit() {}

  @Override
  public Class<?> beside() {
    return SqliteKit.class;
  }

  @Override
  public String isThere() {
    return "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migration'";
  }

  @Override
  public String create() {
    return "CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
        + " sha256 TEXT NOT NULL) STRICT";
  }

  @Override
  public String filled(String statement) {
    return statement;
  }

  @Override
  public <T> T writing(Connection connection, Jdbc.Work<T> work) throws SQLException {
    return Connections.writing(connection, work);
  }
}
