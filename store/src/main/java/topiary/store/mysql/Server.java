package topiary.store.mysql;

import com.mysql.cj.jdbc.Driver;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import topiary.engine.mysql.Encryption;
import topiary.store.StoreChoice.MySql;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.rows.Jdbc;

/** Opens connections that are all set up alike. Thread-safe. */
final class Server {

  /** Commands with large plans are longer than some servers take when nobody tells them. */
  private static final long PACKET = 16L << 20;

  // As long as MySQL takes on every system; a connection that the server ends for being idle would
  // let go of the lock.
  private static final int IDLE_SECONDS = 2_147_483;

  private final MySql at;
  private final Driver driver;
  private final Encryption encryption = new Encryption();

  Server(MySql at) {
    this.at = at;
    try {
      // Made here rather than found by DriverManager, which would load every driver there is.
      driver = new Driver();
    } catch (SQLException e) {
      throw new IllegalStateException("the database driver does not start", e);
    }
  }

  /**
   * A connection that uses the schema.
   *
   * @param answer how long connecting, and any answer, may take
   * @throws StoreException when there can be none
   */
  Connection open(Duration answer) {
    Connection connection = connect(answer);
    try {
      connection.setCatalog(at.schema());
      return connection;
    } catch (SQLException e) {
      abort(connection);
      throw Trouble.opening(at, e);
    }
  }

  /** A connection that uses no schema yet. */
  Connection connect(Duration answer) {
    try {
      Connection connection = driver.connect(url(), properties(answer));
      try {
        Jdbc.execute(connection, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        return connection;
      } catch (SQLException e) {
        abort(connection);
        throw e;
      }
    } catch (SQLException e) {
      throw Trouble.opening(at, e);
    }
  }

  /** The driver decodes what it is given: a host named {@code a%31} is not to become {@code a1}. */
  private String url() {
    return "jdbc:mysql://" + at.server().toString().replace("%", "%25") + "/";
  }

  private Properties properties(Duration answer) {
    var p = new Properties();
    p.setProperty("user", at.user());
    p.setProperty("password", at.password().read());
    // A connect time-out alone does not bound the greeting of a hung server.
    p.setProperty("connectTimeout", Long.toString(answer.toMillis()));
    p.setProperty("socketTimeout", Long.toString(answer.toMillis()));
    p.setProperty("characterEncoding", "UTF-8");
    p.setProperty("allowLoadLocalInfile", "false");
    p.setProperty("connectionAttributes", "program_name:topiary");
    p.setProperty("useServerPrepStmts", "false");
    p.setProperty("rewriteBatchedStatements", "true");
    // Said below, whatever the server's own settings are.
    p.setProperty("jdbcCompliantTruncation", "false");
    long lock = at.limits().lock().toSeconds();
    p.setProperty(
        "sessionVariables",
        "sql_mode='STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',autocommit=1,foreign_key_checks=1,"
            + "unique_checks=1,sql_safe_updates=0,innodb_lock_wait_timeout="
            + lock
            + ",lock_wait_timeout="
            + lock
            + ",wait_timeout="
            + IDLE_SECONDS);
    try {
      encryption.ask(at.tls(), p);
    } catch (IOException e) {
      throw new StoreException(
          Kind.UNWRITABLE, "no connection to " + at.server() + ": " + e.getMessage(), e);
    }
    return p;
  }

  /**
   * Which collation makes texts equal when their bytes are.
   *
   * @throws StoreException when the server cannot keep a store
   */
  String collation(Connection connection) throws SQLException {
    String version = Jdbc.one(connection, "SELECT VERSION()");
    boolean mariaDb = version.contains("MariaDB");
    int[] least = mariaDb ? new int[] {10, 5, 0} : new int[] {8, 0, 17};
    int[] numbers =
        Arrays.stream(version.split("[^0-9]+"))
            .filter(s -> !s.isEmpty())
            .limit(3)
            .mapToInt(Integer::parseInt)
            .toArray();
    if (Arrays.compare(numbers, least) < 0) {
      throw new StoreException(
          Kind.BROKEN,
          at.server()
              + " is version "
              + version
              + ", and a node's state needs MySQL 8.0.17 or MariaDB 10.5 or later: choose another"
              + " server");
    }
    if (Long.parseLong(Jdbc.one(connection, "SELECT @@max_allowed_packet")) < PACKET) {
      throw new StoreException(
          Kind.BROKEN,
          at.server()
              + " takes packets of less than 16 MB: let its max_allowed_packet be "
              + PACKET
              + " or more");
    }
    return mariaDb ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin";
  }

  /** Makes the schema when it is not there, if that is wanted, and uses it. */
  void useSchema(Connection connection, boolean make) throws SQLException {
    try (PreparedStatement find =
        connection.prepareStatement(
            "SELECT count(*) FROM information_schema.schemata WHERE schema_name = ?")) {
      find.setString(1, at.schema());
      try (ResultSet row = find.executeQuery()) {
        row.next();
        if (row.getInt(1) == 0) {
          if (!make) {
            throw nothing();
          }
          Jdbc.execute(
              connection, "CREATE DATABASE IF NOT EXISTS `" + at.schema().replace("`", "``") + "`");
        }
      }
    }
    connection.setCatalog(at.schema());
  }

  /** There is no state, and none is to be made. */
  StoreException nothing() {
    return new StoreException(
        Kind.BROKEN, "there is no state of a node in " + at.words() + ": name its own file");
  }

  /** Ends a connection without a word: a hung server would not hear it. */
  static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      System.getLogger(Server.class.getName())
          .log(System.Logger.Level.DEBUG, "ending a connection", e);
    }
  }
}
