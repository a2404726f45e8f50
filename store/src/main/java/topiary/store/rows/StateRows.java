package topiary.store.rows;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.NodeId;
import topiary.engine.state.Header;
import topiary.engine.state.Held;
import topiary.engine.state.ManagerState;
import topiary.engine.state.NodeInfo;
import topiary.engine.state.OpenPlan;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.json.JsonCodec;

/**
 * The state as rows: one table for each of its maps, each row one entry of the map. The SQL is of
 * the kind that SQLite and MySQL both take.
 */
public final class StateRows {

  private final Table<InstanceKey, ClusterId> instances;
  private final Table<ClusterId, InstanceKey> heads;
  private final Table<PlanId, OpenPlan> plans;
  private final Table<InstanceKey, Held> held;
  private final Table<InstanceKey, InstanceKey> aliases;
  private final Table<NodeId, NodeInfo> nodes;

  /** A map of one entry, so that it is a table like the others. */
  private final Table<Integer, Integer> level;

  private final SaidRows said = new SaidRows();
  private final RecoveryRows recoveries;

  public StateRows(JsonCodec codec) {
    recoveries = new RecoveryRows(codec);
    instances =
        new Table<>(
            "SELECT host, port, cluster FROM instance ORDER BY host, port",
            "REPLACE INTO instance VALUES (?, ?, ?)",
            "DELETE FROM instance WHERE host = ? AND port = ?",
            ManagerState::instances,
            Table::bind,
            (s, at, cluster) -> s.setString(at, cluster.text()),
            Table::instanceKey,
            (r, at) -> new ClusterId(r.getString(at)));
    heads =
        new Table<>(
            "SELECT cluster, host, port FROM cluster_head ORDER BY cluster",
            "REPLACE INTO cluster_head VALUES (?, ?, ?)",
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
            "REPLACE INTO open_plan VALUES (?, ?, ?, ?, ?, ?)",
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
            "SELECT host, port, io_plan, sql_plan FROM held_threads ORDER BY host, port",
            "REPLACE INTO held_threads VALUES (?, ?, ?, ?)",
            "DELETE FROM held_threads WHERE host = ? AND port = ?",
            ManagerState::held,
            Table::bind,
            (s, at, h) -> {
              s.setString(at, h.io().map(PlanId::text).orElse(""));
              s.setString(at + 1, h.sql().map(PlanId::text).orElse(""));
            },
            Table::instanceKey,
            (r, at) -> new Held(holder(r.getString(at)), holder(r.getString(at + 1))));
    aliases =
        new Table<>(
            "SELECT host, port, server_host, server_port FROM alias ORDER BY host, port",
            "REPLACE INTO alias VALUES (?, ?, ?, ?)",
            "DELETE FROM alias WHERE host = ? AND port = ?",
            ManagerState::aliases,
            Table::bind,
            (s, at, server) -> {
              s.setString(at, server.host());
              s.setInt(at + 1, server.port());
            },
            Table::instanceKey,
            (r, at) -> new InstanceKey(r.getString(at), r.getInt(at + 1)));
    nodes =
        new Table<>(
            "SELECT id, name, http, level, version FROM node ORDER BY id",
            "REPLACE INTO node VALUES (?, ?, ?, ?, ?)",
            "DELETE FROM node WHERE id = ?",
            ManagerState::nodes,
            (s, id) -> {
              s.setString(1, id.text());
              return 2;
            },
            (s, at, node) -> {
              s.setString(at, node.name());
              s.setString(at + 1, node.http().toString());
              s.setInt(at + 2, node.level());
              s.setString(at + 3, node.version());
            },
            r -> new NodeId(r.getString(1)),
            (r, at) ->
                new NodeInfo(
                    r.getString(at),
                    URI.create(r.getString(at + 1)),
                    r.getInt(at + 2),
                    r.getString(at + 3)));
    level =
        new Table<>(
            "SELECT one, level FROM feature_level",
            "REPLACE INTO feature_level VALUES (?, ?)",
            "DELETE FROM feature_level WHERE one = ?",
            state -> new TreeMap<>(Map.of(1, state.level())),
            (s, one) -> {
              s.setInt(1, one);
              return 2;
            },
            (s, at, value) -> s.setInt(at, value),
            r -> r.getInt(1),
            (r, at) -> r.getInt(at));
  }

  private static Optional<PlanId> holder(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(new PlanId(text));
  }

  /**
   * The state that the rows are.
   *
   * @throws StoreException of kind NEWER when its feature level is none that this version has
   */
  public ManagerState read(Connection connection) throws SQLException {
    int committed = level.read(connection).getOrDefault(1, 0);
    if (committed > Header.LEVEL) {
      throw new StoreException(
          Kind.NEWER,
          "the cluster is at feature level "
              + committed
              + ", this version has "
              + Header.LEVEL
              + "; update this node");
    }
    return new ManagerState(
        instances.read(connection),
        heads.read(connection),
        plans.read(connection),
        held.read(connection),
        aliases.read(connection),
        nodes.read(connection),
        committed,
        said.read(connection),
        recoveries.read(connection));
  }

  /** Writes where one state differs from another. */
  public void writeDifference(Connection connection, ManagerState from, ManagerState to)
      throws SQLException {
    for (Table<?, ?> table : tables()) {
      table.writeDifference(connection, from, to);
    }
  }

  /** SHA-256 over all rows in their order, in hexadecimal digits; equal for equal states. */
  public String hash(Connection connection) throws SQLException {
    MessageDigest digest = sha256();
    for (Table<?, ?> table : tables()) {
      table.dump(connection, digest);
    }
    // Equal heads are equal logs, every row of them, or equal rests and a cut at the same place.
    Table.dump(
        connection,
        digest,
        "SELECT cut_index, cut_hash, last_index, last_hash FROM audit_chain ORDER BY one");
    return HexFormat.of().formatHex(digest.digest());
  }

  private List<Table<?, ?>> tables() {
    return Stream.of(
            Stream.of(instances, heads, plans, held, aliases, nodes, level),
            said.tables(),
            recoveries.tables())
        .<Table<?, ?>>flatMap(all -> all)
        .toList();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
