package topiary.store.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import topiary.engine.intent.PlanId;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Audit.Head;
import topiary.engine.state.Command;
import topiary.engine.state.Deeds;
import topiary.store.json.JsonCodec;

/** The end of the audit's chain that grows, during one transaction. */
final class AuditChain implements AutoCloseable {

  /** Rows of the log that are chained at once when there was no chain yet. */
  private static final int PAGE = 500;

  private final Connection connection;
  private final PreparedStatement insert;
  private final PreparedStatement insertAbout;
  private Head cut;
  private Head last;

  AuditChain(Connection connection) throws SQLException {
    this.connection = connection;
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT cut_index, cut_hash, last_index, last_hash FROM audit_chain")) {
      row.next();
      cut = new Head(row.getLong(1), row.getString(2));
      last = new Head(row.getLong(3), row.getString(4));
    }
    insert = connection.prepareStatement("INSERT INTO audit VALUES (?, ?)");
    insertAbout = connection.prepareStatement("INSERT INTO audit_about VALUES (?, ?)");
  }

  /**
   * Adds a row; it stands in the tables after {@link #write}.
   *
   * @param row the values of {@link Link#COLUMNS}
   * @param about whom it is about
   */
  void add(long index, List<String> row, SortedSet<String> about) throws SQLException {
    last = new Head(index, Link.hash(last.hash(), row));
    insert.setLong(1, index);
    insert.setString(2, last.hash());
    insert.addBatch();
    for (String subject : about) {
      insertAbout.setString(1, subject);
      insertAbout.setLong(2, index);
      insertAbout.addBatch();
    }
  }

  /** The last row that was added. */
  Head last() {
    return last;
  }

  void write() throws SQLException {
    insert.executeBatch();
    insertAbout.executeBatch();
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE audit_chain SET cut_index = ?, cut_hash = ?, last_index = ?, last_hash = ?")) {
      update.setLong(1, cut.index());
      update.setString(2, cut.hash());
      update.setLong(3, last.index());
      update.setString(4, last.hash());
      update.executeUpdate();
    }
  }

  /**
   * Cuts off the rows before the first that was stamped at a moment or later. What was added is to
   * be written before, that of the log too.
   */
  void cut(Instant before) throws SQLException {
    long kept =
        number(
            "SELECT log_index FROM command WHERE at >= ? ORDER BY log_index LIMIT 1",
            Times.text(before));
    try (PreparedStatement find =
        connection.prepareStatement(
            "SELECT log_index, hash FROM audit WHERE log_index < ? ORDER BY log_index DESC"
                + " LIMIT 1")) {
      find.setLong(1, kept);
      try (ResultSet row = find.executeQuery()) {
        if (row.next()) {
          cut = new Head(row.getLong(1), row.getString(2));
        }
      }
    }
    for (String table : List.of("command", "audit", "audit_about")) {
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM " + table + " WHERE log_index < ?")) {
        delete.setLong(1, kept);
        delete.executeUpdate();
      }
    }
  }

  private long number(String sql, String parameter) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    try (insert) {
      insertAbout.close();
    }
  }

  /** Chains a log that has no chain yet; does no harm when it was begun before. */
  static void make(Connection connection) throws SQLException {
    for (String table : List.of("audit", "audit_about", "audit_chain")) {
      Jdbc.execute(connection, "DELETE FROM " + table);
    }
    Jdbc.execute(
        connection,
        "INSERT INTO audit_chain VALUES (1, 0, '" + Link.START + "', 0, '" + Link.START + "')");
    var codec = new JsonCodec();
    var open = new HashMap<PlanId, Set<InstanceKey>>();
    try (var chain = new AuditChain(connection)) {
      List<List<String>> page = page(connection, 0);
      while (!page.isEmpty()) {
        for (List<String> row : page) {
          Command command = codec.command(row.get(8));
          var about = Deeds.about(command, plan -> open.getOrDefault(plan, Set.of()));
          follow(open, command, row.get(9).equals("accepted"));
          chain.add(Long.parseLong(row.getFirst()), row, about);
        }
        chain.write();
        page = page(connection, Long.parseLong(page.getLast().getFirst()));
      }
    }
  }

  private static void follow(
      Map<PlanId, Set<InstanceKey>> open, Command command, boolean accepted) {
    if (accepted && command instanceof Command.OpenPlan c) {
      open.put(c.id(), c.plan().targets());
    } else if (accepted && command instanceof Command.ClosePlan c) {
      open.remove(c.id());
    }
  }

  private static List<List<String>> page(Connection connection, long after) throws SQLException {
    var page = new ArrayList<List<String>>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT "
                + Link.COLUMNS
                + " FROM command WHERE log_index > ? ORDER BY log_index LIMIT "
                + PAGE)) {
      select.setLong(1, after);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          page.add(row(rows));
        }
      }
    }
    return page;
  }

  /** The values of {@link Link#COLUMNS}, which a query gives first. */
  static List<String> row(ResultSet from) throws SQLException {
    var row = new String[Link.WIDTH];
    for (int i = 0; i < row.length; i++) {
      row[i] = from.getString(i + 1);
    }
    return Arrays.asList(row);
  }
}
