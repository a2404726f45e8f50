package topiary.engine.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import topiary.engine.dialect.Columns;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.Scheduler;
import topiary.engine.port.ServerTrouble;

/** One connection. After any trouble but a plain refusal it is closed at once. */
final class JdbcSession implements Fleet.Session {

  private static final Fleet.Rows NO_ROWS = new Fleet.Rows(List.of());

  private final InstanceKey key;
  private final Connection connection;
  private final Scheduler scheduler;
  private final String version;
  private final Answers answers;
  private volatile boolean usable = true;

  JdbcSession(InstanceKey key, Connection connection, Scheduler scheduler, Answers answers)
      throws SQLException {
    this.answers = answers;
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
        () -> {
          if (readsTheSame(sql)) {
            // The driver reads its text once for everybody, which is much of the work.
            try (PreparedStatement known = connection.prepareStatement(sql)) {
              return rows(sql, known, known.execute());
            }
          }
          try (Statement once = connection.createStatement()) {
            return rows(sql, once, once.execute(sql));
          }
        });
  }

  @Override
  public void tell(String sql, Deadline deadline) throws ServerTrouble {
    run(
        sql,
        deadline,
        () -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
          }
        });
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
        return work.done();
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

  /** Whether a text means the same to every server, and nothing in it could be a placeholder. */
  private static boolean readsTheSame(String sql) {
    return sql.indexOf('?') < 0 && sql.indexOf('\\') < 0;
  }

  private Fleet.Rows rows(String sql, Statement statement, boolean answered) throws SQLException {
    if (!answered) {
      throw new SQLException(sql + " is no question: it was answered without rows");
    }
    try (ResultSet result = statement.getResultSet()) {
      if (!result.next()) {
        return NO_ROWS;
      }
      Columns columns = columns(result.getMetaData());
      var rows = new ArrayList<Map<String, String>>();
      do {
        var values = new String[columns.labels().size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = result.getString(i + 1);
        }
        rows.add(columns.row(values));
      } while (result.next());
      return new Fleet.Rows(rows);
    }
  }

  private Columns columns(ResultSetMetaData meta) throws SQLException {
    var labels = new String[meta.getColumnCount()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = meta.getColumnLabel(i + 1);
    }
    return answers.columns(List.of(labels));
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

  /** Something done with the connection. */
  private interface Work<T> {
    T done() throws SQLException;
  }
}
