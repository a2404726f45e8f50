package topiary.store.rows;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import topiary.engine.model.InstanceKey;
import topiary.engine.state.ManagerState;

/**
 * One map of the state as a table, each row one entry.
 *
 * @param select all rows, their key's columns first, in the map's order
 * @param put one row in the place of whatever has its key
 * @param remove one row, by its key's columns and no others
 * @param map of which state
 */
record Table<K extends Comparable<K>, V>(
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
    if (before == after) {
      // A command leaves every map as it is that it does not change.
      return;
    }
    var gone = new ArrayList<K>();
    var other = new ArrayList<Map.Entry<K, V>>();
    // Both in the same order, side by side: with many servers, looking each up costs more than the
    // transaction.
    Iterator<Map.Entry<K, V>> rest = before.entrySet().iterator();
    Map.Entry<K, V> old = next(rest);
    for (Map.Entry<K, V> entry : after.entrySet()) {
      while (old != null && old.getKey().compareTo(entry.getKey()) < 0) {
        gone.add(old.getKey());
        old = next(rest);
      }
      boolean known = old != null && old.getKey().equals(entry.getKey());
      if (!known || !old.getValue().equals(entry.getValue())) {
        other.add(entry);
      }
      if (known) {
        old = next(rest);
      }
    }
    while (old != null) {
      gone.add(old.getKey());
      old = next(rest);
    }
    // No key is in both, so their order does not matter.
    remove(connection, gone);
    put(connection, other);
  }

  private static <T> T next(Iterator<T> rest) {
    return rest.hasNext() ? rest.next() : null;
  }

  private void remove(Connection connection, List<K> keys) throws SQLException {
    if (keys.isEmpty()) {
      return;
    }
    try (PreparedStatement removing = connection.prepareStatement(remove)) {
      for (K key : keys) {
        bindKey.bind(removing, key);
        removing.addBatch();
      }
      removing.executeBatch();
    }
  }

  private void put(Connection connection, List<Map.Entry<K, V>> entries) throws SQLException {
    if (entries.isEmpty()) {
      return;
    }
    try (PreparedStatement putting = connection.prepareStatement(put)) {
      for (Map.Entry<K, V> entry : entries) {
        int value = bindKey.bind(putting, entry.getKey());
        bindValue.bind(putting, value, entry.getValue());
        putting.addBatch();
      }
      putting.executeBatch();
    }
  }

  void dump(Connection connection, MessageDigest digest) throws SQLException {
    dump(connection, digest, select);
  }

  static void dump(Connection connection, MessageDigest digest, String select) throws SQLException {
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

  /** Binds a key from the first parameter on, and tells which parameter is next. */
  interface BindKey<K> {
    int bind(PreparedStatement statement, K key) throws SQLException;
  }

  interface BindValue<V> {
    void bind(PreparedStatement statement, int at, V value) throws SQLException;
  }

  interface ReadKey<K> {
    K read(ResultSet row) throws SQLException;
  }

  interface ReadValue<V> {
    V read(ResultSet row, int at) throws SQLException;
  }

  /** Binds a server as a key. */
  static int bind(PreparedStatement statement, InstanceKey key) throws SQLException {
    statement.setString(1, key.host());
    statement.setInt(2, key.port());
    return 3;
  }

  /** Reads a server that is a key. */
  static InstanceKey instanceKey(ResultSet row) throws SQLException {
    return new InstanceKey(row.getString(1), row.getInt(2));
  }
}
