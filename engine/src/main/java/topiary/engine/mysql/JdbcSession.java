package topiary.engine.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.Scheduler;
import topiary.engine.port.ServerTrouble;

/** One connection. After any trouble but a plain refusal it is closed at once. */
final class JdbcSession implements Fleet.Session {

  private final InstanceKey key;
  private final Connection connection;
  private final Scheduler scheduler;
  private final String version;
  private volatile boolean usable = true;

  JdbcSession(InstanceKey key, Connection connection, Scheduler scheduler) throws SQLException {
    this.key = key;
    this.scheduler = scheduler;
    this.connection = connection;
    this.version = connection.getMetaData().getDatabaseProductVersion();
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Fleet.Rows ask(String sql, Deadline deadline) throws ServerTrouble {
    return run(
        sql,
        deadline,
        statement -> {
          try (ResultSet result = statement.executeQuery(sql)) {
            return rows(result);
          }
        });
  }

  @Override
  public void tell(String sql, Deadline deadline) throws ServerTrouble {
    run(sql, deadline, statement -> statement.execute(sql));
  }

  private <T> T run(String sql, Deadline deadline, Work<T> work) throws ServerTrouble {
    if (!usable) {
      throw new ServerTrouble(
          Condition.UNREACHABLE, 0, "the connection to " + key + " has ended", null);
    }
    int left = Math.toIntExact(deadline.left().toMillis());
    if (left <= 0) {
      throw new ServerTrouble(
          Condition.HUNG, 0, key + " used up the time limit before: " + sql, null);
    }
    try (var dog = new Watchdog(scheduler, deadline)) {
      try {
        connection.setNetworkTimeout(Runnable::run, left);
        try (Statement statement = connection.createStatement()) {
          return work.on(statement);
        }
      } catch (SQLException e) {
        ServerTrouble trouble =
            dog.bitten() && !Diagnosis.gaveUp(e)
                ? Diagnosis.ofDripping(key, e)
                : Diagnosis.ofAsking(key, sql, e);
        if (trouble.condition() != Condition.SEEN) {
          close();
        }
        throw trouble;
      }
    }
  }

  private static Fleet.Rows rows(ResultSet result) throws SQLException {
    ResultSetMetaData meta = result.getMetaData();
    var rows = new ArrayList<Map<String, String>>();
    while (result.next()) {
      var row = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
      for (int column = 1; column <= meta.getColumnCount(); column++) {
        String value = result.getString(column);
        if (value != null) {
          row.put(meta.getColumnLabel(column), value);
        }
      }
      rows.add(row);
    }
    return new Fleet.Rows(rows);
  }

  @Override
  public boolean usable() {
    return usable;
  }

  @Override
  public void close() {
    usable = false;
    try {
      // Not close(): that says goodbye, and a hung server would not hear it.
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      System.getLogger(JdbcSession.class.getName())
          .log(System.Logger.Level.DEBUG, "closing the connection to " + key, e);
    }
  }

  /** Something done with a statement. */
  private interface Work<T> {
    T on(Statement statement) throws SQLException;
  }
}
