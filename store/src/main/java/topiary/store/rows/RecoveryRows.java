package topiary.store.rows;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.HookList;
import topiary.engine.state.AutoRecovery;
import topiary.engine.state.EndedRecovery;
import topiary.engine.state.HookDuty;
import topiary.engine.state.HookKey;
import topiary.engine.state.ManagerState;
import topiary.engine.state.OpenRecovery;
import topiary.engine.state.Recoveries;
import topiary.engine.state.ToldPrimary;
import topiary.store.json.JsonCodec;

/** Recoveries, and whether they may begin, as rows. */
final class RecoveryRows {

  /** Of clusters of which nothing is said. */
  private static final String EVERYWHERE = "*";

  /** A row for each cluster of which something is said, and one for all others. */
  private final Table<String, AutoRecovery> automatic =
      new Table<>(
          "SELECT cluster, of_primary, of_intermediate FROM recovery_switch ORDER BY cluster",
          "REPLACE INTO recovery_switch VALUES (?, ?, ?)",
          "DELETE FROM recovery_switch WHERE cluster = ?",
          RecoveryRows::switches,
          (s, cluster) -> {
            s.setString(1, cluster);
            return 2;
          },
          (s, at, which) -> {
            s.setInt(at, which.primary() ? 1 : 0);
            s.setInt(at + 1, which.intermediate() ? 1 : 0);
          },
          r -> r.getString(1),
          (r, at) -> new AutoRecovery(r.getInt(at) != 0, r.getInt(at + 1) != 0));

  /** A map of one entry, so that it is a table like the others. */
  private final Table<Integer, Integer> halted =
      new Table<>(
          "SELECT one, halted FROM recovery_halt",
          "REPLACE INTO recovery_halt VALUES (?, ?)",
          "DELETE FROM recovery_halt WHERE one = ?",
          state -> new TreeMap<>(Map.of(1, state.recoveries().halted() ? 1 : 0)),
          (s, one) -> {
            s.setInt(1, one);
            return 2;
          },
          (s, at, value) -> s.setInt(at, value),
          r -> r.getInt(1),
          (r, at) -> r.getInt(at));

  private final Table<RecoveryId, OpenRecovery> open =
      new Table<>(
          "SELECT id, cluster, failed, kind, code, forced, wanted, successor, since"
              + " FROM open_recovery ORDER BY id",
          "REPLACE INTO open_recovery VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          "DELETE FROM open_recovery WHERE id = ?",
          state -> state.recoveries().open(),
          (s, id) -> {
            s.setString(1, id.text());
            return 2;
          },
          (s, at, r) -> {
            s.setString(at, r.cluster().text());
            s.setString(at + 1, r.failed().toString());
            s.setString(at + 2, r.kind().name());
            s.setString(at + 3, r.code());
            s.setInt(at + 4, r.forced() ? 1 : 0);
            s.setString(at + 5, text(r.wanted()));
            s.setString(at + 6, text(r.successor()));
            s.setString(at + 7, Times.text(r.since()));
          },
          r -> new RecoveryId(r.getString(1)),
          (r, at) ->
              new OpenRecovery(
                  new ClusterId(r.getString(at)),
                  InstanceKey.parse(r.getString(at + 1)),
                  RecoveryKind.valueOf(r.getString(at + 2)),
                  r.getString(at + 3),
                  r.getInt(at + 4) != 0,
                  server(r.getString(at + 5)),
                  server(r.getString(at + 6)),
                  Times.instant(r.getString(at + 7))));

  private final Table<ClusterId, EndedRecovery> ended =
      new Table<>(
          "SELECT cluster, id, failed, successor, ended FROM ended_recovery ORDER BY cluster",
          "REPLACE INTO ended_recovery VALUES (?, ?, ?, ?, ?)",
          "DELETE FROM ended_recovery WHERE cluster = ?",
          state -> state.recoveries().ended(),
          (s, cluster) -> {
            s.setString(1, cluster.text());
            return 2;
          },
          (s, at, r) -> {
            s.setString(at, r.id().text());
            s.setString(at + 1, r.failed().toString());
            s.setString(at + 2, text(r.successor()));
            s.setString(at + 3, Times.text(r.at()));
          },
          r -> new ClusterId(r.getString(1)),
          (r, at) ->
              new EndedRecovery(
                  new RecoveryId(r.getString(at)),
                  InstanceKey.parse(r.getString(at + 1)),
                  server(r.getString(at + 2)),
                  Times.instant(r.getString(at + 3))));

  private final Table<HookKey, HookDuty> hooks;

  private final Table<ClusterId, ToldPrimary> told =
      new Table<>(
          "SELECT cluster, alias, server, ipv4, ipv6 FROM told_primary ORDER BY cluster",
          "REPLACE INTO told_primary VALUES (?, ?, ?, ?, ?)",
          "DELETE FROM told_primary WHERE cluster = ?",
          state -> state.recoveries().told(),
          (s, cluster) -> {
            s.setString(1, cluster.text());
            return 2;
          },
          (s, at, t) -> {
            s.setString(at, t.alias());
            s.setString(at + 1, t.primary().toString());
            s.setString(at + 2, t.ipv4());
            s.setString(at + 3, t.ipv6());
          },
          r -> new ClusterId(r.getString(1)),
          (r, at) ->
              new ToldPrimary(
                  r.getString(at),
                  InstanceKey.parse(r.getString(at + 1)),
                  r.getString(at + 2),
                  r.getString(at + 3)));

  RecoveryRows(JsonCodec codec) {
    hooks =
        new Table<>(
            "SELECT of_recovery, list, facts, ended, attempt, failed, failure, settled"
                + " FROM hook_duty ORDER BY of_recovery, list",
            "REPLACE INTO hook_duty VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            "DELETE FROM hook_duty WHERE of_recovery = ? AND list = ?",
            state -> state.recoveries().hooks(),
            (s, key) -> {
              s.setString(1, key.of().text());
              // By its place, so that rows stand in the order of the lists.
              s.setInt(2, key.list().ordinal());
              return 3;
            },
            (s, at, duty) -> {
              s.setString(at, codec.text(duty.facts()));
              s.setInt(at + 1, duty.ended());
              s.setInt(at + 2, duty.attempt());
              s.setInt(at + 3, duty.failure().isPresent() ? 1 : 0);
              s.setString(at + 4, duty.failure().orElse(""));
              s.setInt(at + 5, duty.settled() ? 1 : 0);
            },
            r -> new HookKey(new RecoveryId(r.getString(1)), HookList.values()[r.getInt(2)]),
            (r, at) ->
                new HookDuty(
                    codec.names(r.getString(at)),
                    r.getInt(at + 1),
                    r.getInt(at + 2),
                    r.getInt(at + 3) == 0 ? Optional.empty() : Optional.of(r.getString(at + 4)),
                    r.getInt(at + 5) != 0));
  }

  private static SortedMap<String, AutoRecovery> switches(ManagerState state) {
    var all = new TreeMap<String, AutoRecovery>();
    state.recoveries().automatic().forEach((id, which) -> all.put(id.text(), which));
    all.put(EVERYWHERE, state.recoveries().everywhere());
    return all;
  }

  private static String text(Optional<InstanceKey> server) {
    return server.map(InstanceKey::toString).orElse("");
  }

  private static Optional<InstanceKey> server(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(InstanceKey.parse(text));
  }

  /** What the rows are. */
  Recoveries read(Connection connection) throws SQLException {
    SortedMap<String, AutoRecovery> all = automatic.read(connection);
    AutoRecovery everywhere = all.getOrDefault(EVERYWHERE, AutoRecovery.NONE);
    var clusters = new TreeMap<ClusterId, AutoRecovery>();
    all.forEach(
        (cluster, which) -> {
          if (!cluster.equals(EVERYWHERE)) {
            clusters.put(new ClusterId(cluster), which);
          }
        });
    return new Recoveries(
        halted.read(connection).getOrDefault(1, 0) != 0,
        everywhere,
        clusters,
        open.read(connection),
        ended.read(connection),
        hooks.read(connection),
        told.read(connection));
  }

  /** The tables, in the order in which they are written. */
  Stream<Table<?, ?>> tables() {
    return Stream.of(automatic, halted, open, ended, hooks, told);
  }
}
