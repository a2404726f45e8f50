package topiary.store.sqlite;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.state.ManagerState;
import topiary.engine.state.OpenPlan;
import topiary.store.json.JsonCodec;

/** The state as rows: one table for each of its maps, each row one entry of the map. */
final class StateRows {

  private final Table<InstanceKey, ClusterId> instances;
  private final Table<ClusterId, InstanceKey> heads;
  private final Table<PlanId, OpenPlan> plans;
  private final Table<InstanceKey, PlanId> held;
  private final Table<InstanceKey, InstanceKey> aliases;

  StateRows(JsonCodec codec) {
    instances =
        new Table<>(
            "SELECT host, port, cluster FROM instance ORDER BY host, port",
            "INSERT OR REPLACE INTO instance VALUES (?, ?, ?)",
            "DELETE FROM instance WHERE host = ? AND port = ?",
            ManagerState::instances,
            StateRows::bind,
            (s, at, cluster) -> s.setString(at, cluster.text()),
            StateRows::instanceKey,
            (r, at) -> new ClusterId(r.getString(at)));
    heads =
        new Table<>(
            "SELECT cluster, host, port FROM cluster_head ORDER BY cluster",
            "INSERT OR REPLACE INTO cluster_head VALUES (?, ?, ?)",
            "DELETE FROM cluster_head WHERE cluster = ?",
            ManagerState::heads,
            (s, cluster) -> {
              s.setString(1, cluster.text());
              return 2;
            },
            (s, at, head) -> {
              s.setString(at, head.host());
              s.setInt(at + 1, head.port());
            },
            r -> new ClusterId(r.getString(1)),
            (r, at) -> new InstanceKey(r.getString(at), r.getInt(at + 1)));
    plans =
        new Table<>(
            "SELECT id, plan, actor, since, begun, ended FROM open_plan ORDER BY id",
            "INSERT OR REPLACE INTO open_plan VALUES (?, ?, ?, ?, ?, ?)",
            "DELETE FROM open_plan WHERE id = ?",
            ManagerState::plans,
            (s, id) -> {
              s.setString(1, id.text());
              return 2;
            },
            (s, at, open) -> {
              s.setString(at, codec.text(open.plan()));
              s.setString(at + 1, open.actor());
              s.setString(at + 2, Times.text(open.since()));
              s.setInt(at + 3, open.begun());
              s.setInt(at + 4, open.ended());
            },
            r -> new PlanId(r.getString(1)),
            (r, at) ->
                new OpenPlan(
                    codec.plan(r.getString(at)),
                    r.getString(at + 1),
                    Times.instant(r.getString(at + 2)),
                    r.getInt(at + 3),
                    r.getInt(at + 4)));
    held =
        new Table<>(
            "SELECT host, port, plan FROM held ORDER BY host, port",
            "INSERT OR REPLACE INTO held VALUES (?, ?, ?)",
            "DELETE FROM held WHERE host = ? AND port = ?",
            ManagerState::held,
            StateRows::bind,
            (s, at, plan) -> s.setString(at, plan.text()),
            StateRows::instanceKey,
            (r, at) -> new PlanId(r.getString(at)));
    aliases =
        new Table<>(
            "SELECT host, port, server_host, server_port FROM alias ORDER BY host, port",
            "INSERT OR REPLACE INTO alias VALUES (?, ?, ?, ?)",
            "DELETE FROM alias WHERE host = ? AND port = ?",
            ManagerState::aliases,
            StateRows::bind,
            (s, at, server) -> {
              s.setString(at, server.host());
              s.setInt(at + 1, server.port());
            },
            StateRows::instanceKey,
            (r, at) -> new InstanceKey(r.getString(at), r.getInt(at + 1)));
  }

  /** The state that the rows are. */
  ManagerState read(Connection connection) throws SQLException {
    return new ManagerState(
        instances.read(connection),
        heads.read(connection),
        plans.read(connection),
        held.read(connection),
        aliases.read(connection));
  }

  /** Writes where one state differs from another. */
  void writeDifference(Connection connection, ManagerState from, ManagerState to)
      throws SQLException {
    for (Table<?, ?> table : tables()) {
      table.writeDifference(connection, from, to);
    }
  }

  /** SHA-256 over all rows in their order, in hexadecimal digits; equal for equal states. */
  String hash(Connection connection) throws SQLException {
    MessageDigest digest = sha256();
    for (Table<?, ?> table : tables()) {
      table.dump(connection, digest);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private List<Table<?, ?>> tables() {
    return List.of(instances, heads, plans, held, aliases);
  }

  private static int bind(PreparedStatement statement, InstanceKey key) throws SQLException {
    statement.setString(1, key.host());
    statement.setInt(2, key.port());
    return 3;
  }

  private static InstanceKey instanceKey(ResultSet row) throws SQLException {
    return new InstanceKey(row.getString(1), row.getInt(2));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Binds a key from the first parameter on, and tells which parameter is next. */
  private interface BindKey<K> {
    int bind(PreparedStatement statement, K key) throws SQLException;
  }

  private interface BindValue<V> {
    void bind(PreparedStatement statement, int at, V value) throws SQLException;
  }

  private interface ReadKey<K> {
    K read(ResultSet row) throws SQLException;
  }

  private interface ReadValue<V> {
    V read(ResultSet row, int at) throws SQLException;
  }

  private record Table<K extends Comparable<K>, V>(
      String select,
      String put,
      String remove,
      Function<ManagerState, SortedMap<K, V>> map,
      BindKey<K> bindKey,
      BindValue<V> bindValue,
      ReadKey<K> readKey,
      ReadValue<V> readValue) {

    SortedMap<K, V> read(Connection connection) throws SQLException {
      // The remove statement has the key's columns and no others; values follow them.
      int value = 1 + (int) remove.chars().filter(c -> c == '?').count();
      var entries = new TreeMap<K, V>();
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(select)) {
        while (rows.next()) {
          entries.put(readKey.read(rows), readValue.read(rows, value));
        }
      }
      return entries;
    }

    void writeDifference(Connection connection, ManagerState from, ManagerState to)
        throws SQLException {
      SortedMap<K, V> before = map.apply(from);
      SortedMap<K, V> after = map.apply(to);
      try (PreparedStatement removing = connection.prepareStatement(remove);
          PreparedStatement putting = connection.prepareStatement(put)) {
        // Both in the same order, side by side: with many servers, looking each up costs more than
        // the transaction.
        Iterator<Map.Entry<K, V>> rest = before.entrySet().iterator();
        Map.Entry<K, V> old = next(rest);
        for (Map.Entry<K, V> entry : after.entrySet()) {
          while (old != null && old.getKey().compareTo(entry.getKey()) < 0) {
            remove(removing, old.getKey());
            old = next(rest);
          }
          boolean known = old != null && old.getKey().equals(entry.getKey());
          if (!known || !old.getValue().equals(entry.getValue())) {
            put(putting, entry);
          }
          if (known) {
            old = next(rest);
          }
        }
        while (old != null) {
          remove(removing, old.getKey());
          old = next(rest);
        }
      }
    }

    private static <T> T next(Iterator<T> rest) {
      return rest.hasNext() ? rest.next() : null;
    }

    private void remove(PreparedStatement statement, K key) throws SQLException {
      bindKey.bind(statement, key);
      statement.executeUpdate();
    }

    private void put(PreparedStatement statement, Map.Entry<K, V> entry) throws SQLException {
      int value = bindKey.bind(statement, entry.getKey());
      bindValue.bind(statement, value, entry.getValue());
      statement.executeUpdate();
    }

    void dump(Connection connection, MessageDigest digest) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(select)) {
        // The query names table and columns; lengths keep neighbouring values apart.
        add(digest, select);
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          for (int i = 1; i <= columns; i++) {
            add(digest, rows.getString(i));
          }
        }
      }
    }

    private static void add(MessageDigest digest, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(bytes);
    }
  }
}
