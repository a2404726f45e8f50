package topiary.store.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import topiary.store.rows.Jdbc;
import topiary.store.rows.Migrations;

/**
 * Tables on a server of one flavour. They commit by themselves, so a text that was cut short is run
 * again.
 */
final class MySqlKit implements Migrations.Kit {

  private final String table;

  /**
   * A kit.
   *
   * @param collation by which texts are equal when their bytes are, trailing spaces included
   */
  MySqlKit(String collation) {
    table = "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE " + collation;
  }

  @Override
  public Class<?> beside() {
    return MySqlKit.class;
  }

  @Override
  public String isThere() {
    return "SELECT count(*) FROM information_schema.tables"
        + " WHERE table_schema = DATABASE() AND table_name = 'migration'";
  }

  @Override
  public String create() {
    return "CREATE TABLE IF NOT EXISTS migration (number INT PRIMARY KEY, name VARCHAR(255) NOT"
        + " NULL, sha256 VARCHAR(64) NOT NULL) "
        + table;
  }

  @Override
  public String filled(String statement) {
    return statement.replace("${table}", table);
  }

  @Override
  public <T> T writing(Connection connection, Jdbc.Work<T> work) throws SQLException {
    return work.run();
  }
}
