package topiary.store.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import topiary.store.StoreChoice.MySql;
import topiary.store.StoreException;
import topiary.store.rows.Jdbc;

/** The connection that reads; opened when it is needed, and again when it was lost. One thread. */
final class Reader implements AutoCloseable {

  private final MySql at;
  private final Server server;
  private Connection connection;

  Reader(MySql at, Server server) {
    this.at = at;
    this.server = server;
  }

  /** Reads that all see one moment. */
  <T> T read(Writer.Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      if (connection == null) {
        connection = server.open(at.limits().answer());
      }
      try {
        return Jdbc.transaction(
            connection,
            "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
            () -> work.with(connection));
      } catch (SQLException e) {
        boolean lost = Trouble.lost(connection, e);
        StoreException trouble = Trouble.with(at, connection, e);
        close();
        if (!lost || attempt > 1) {
          throw trouble;
        }
      }
    }
  }

  @Override
  public void close() {
    if (connection != null) {
      Server.abort(connection);
      connection = null;
    }
  }
}
