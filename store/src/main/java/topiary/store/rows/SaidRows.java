package topiary.store.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.said.Downtime;
import topiary.engine.said.Freeze;
import topiary.engine.said.Maintenance;
import topiary.engine.said.Pool;
import topiary.engine.said.Promotion;
import topiary.engine.said.Rule;
import topiary.engine.said.RuleKey;
import topiary.engine.said.Said;
import topiary.engine.said.TagKey;
import topiary.engine.state.ManagerState;

/** What people say of servers and clusters, as rows. */
final class SaidRows {

  private final Table<InstanceKey, Promotion> promotions =
      ofServers(
          "promotion",
          "rule, since, ends",
          3,
          Said::promotions,
          (s, at, promotion) -> {
            s.setString(at, promotion.rule().name());
            times(s, at + 1, promotion.since(), promotion.until());
          },
          (r, at) ->
              new Promotion(Rule.valueOf(r.getString(at)), time(r, at + 1), time(r, at + 2)));

  private final Table<InstanceKey, Downtime> downtimes =
      ofServers(
          "downtime",
          "owner, reason, since, ends",
          4,
          Said::downtimes,
          (s, at, downtime) -> {
            s.setString(at, downtime.owner());
            s.setString(at + 1, downtime.reason());
            times(s, at + 2, downtime.since(), downtime.until());
          },
          (r, at) ->
              new Downtime(r.getString(at), r.getString(at + 1), time(r, at + 2), time(r, at + 3)));

  private final Table<InstanceKey, Maintenance> maintenance =
      ofServers(
          "maintenance",
          "id, owner, reason, since, ends",
          5,
          Said::maintenance,
          (s, at, one) -> {
            s.setLong(at, one.id());
            s.setString(at + 1, one.owner());
            s.setString(at + 2, one.reason());
            times(s, at + 3, one.since(), one.until());
          },
          (r, at) ->
              new Maintenance(
                  r.getLong(at),
                  r.getString(at + 1),
                  r.getString(at + 2),
                  time(r, at + 3),
                  time(r, at + 4)));

  private final Table<TagKey, String> tags =
      new Table<>(
          "SELECT host, port, name, value FROM tag ORDER BY host, port, name",
          "REPLACE INTO tag VALUES (?, ?, ?, ?)",
          "DELETE FROM tag WHERE host = ? AND port = ? AND name = ?",
          state -> state.said().tags(),
          (s, tag) -> {
            int next = Table.bind(s, tag.server());
            s.setString(next, tag.name());
            return next + 1;
          },
          (s, at, value) -> s.setString(at, value),
          r -> new TagKey(Table.instanceKey(r), r.getString(3)),
          (r, at) -> r.getString(at));

  private final Table<String, Pool> pools =
      new Table<>(
          "SELECT name, servers, since, ends FROM pool ORDER BY name",
          "REPLACE INTO pool VALUES (?, ?, ?, ?)",
          "DELETE FROM pool WHERE name = ?",
          state -> state.said().pools(),
          (s, name) -> {
            s.setString(1, name);
            return 2;
          },
          (s, at, pool) -> {
            s.setString(
                at,
                pool.servers().stream()
                    .map(InstanceKey::toString)
                    .collect(Collectors.joining(" ")));
            times(s, at + 1, pool.since(), pool.until());
          },
          r -> r.getString(1),
          (r, at) ->
              new Pool(
                  Arrays.stream(r.getString(at).split(" "))
                      .map(InstanceKey::parse)
                      .collect(Collectors.toCollection(TreeSet::new)),
                  time(r, at + 1),
                  time(r, at + 2)));

  private final Table<ClusterId, String> aliases =
      ofClusters("cluster_alias", "alias", Said::aliases);

  private final Table<ClusterId, String> domains =
      ofClusters("cluster_domain", "domain", Said::domains);

  private final Table<ClusterId, Freeze> freezes =
      new Table<>(
          "SELECT cluster, owner, reason, since, ends FROM cluster_freeze ORDER BY cluster",
          "REPLACE INTO cluster_freeze VALUES (?, ?, ?, ?, ?)",
          "DELETE FROM cluster_freeze WHERE cluster = ?",
          state -> state.said().freezes(),
          (s, cluster) -> {
            s.setString(1, cluster.text());
            return 2;
          },
          (s, at, freeze) -> {
            s.setString(at, freeze.owner());
            s.setString(at + 1, freeze.reason());
            times(s, at + 2, freeze.since(), freeze.until());
          },
          r -> new ClusterId(r.getString(1)),
          (r, at) ->
              new Freeze(r.getString(at), r.getString(at + 1), time(r, at + 2), time(r, at + 3)));

  private final Table<RuleKey, String> rules =
      new Table<>(
          "SELECT cluster, name, value FROM judgement_rule ORDER BY cluster, name",
          "REPLACE INTO judgement_rule VALUES (?, ?, ?)",
          "DELETE FROM judgement_rule WHERE cluster = ? AND name = ?",
          state -> state.said().rules(),
          (s, rule) -> {
            s.setString(1, rule.text());
            s.setString(2, rule.name());
            return 3;
          },
          (s, at, value) -> s.setString(at, value),
          r ->
              new RuleKey(
                  Optional.of(r.getString(1)).filter(id -> !id.isEmpty()).map(ClusterId::new),
                  r.getString(2)),
          (r, at) -> r.getString(at));

  /** A map of one entry, so that it is a table like the others. */
  private final Table<Integer, Long> count =
      new Table<>(
          "SELECT one, latest FROM maintenance_count",
          "REPLACE INTO maintenance_count VALUES (?, ?)",
          "DELETE FROM maintenance_count WHERE one = ?",
          state -> new TreeMap<>(Map.of(1, state.said().lastMaintenance())),
          (s, one) -> {
            s.setInt(1, one);
            return 2;
          },
          (s, at, latest) -> s.setLong(at, latest),
          r -> r.getInt(1),
          (r, at) -> r.getLong(at));

  private static <V> Table<InstanceKey, V> ofServers(
      String table,
      String columns,
      int values,
      Function<Said, SortedMap<InstanceKey, V>> map,
      Table.BindValue<V> bind,
      Table.ReadValue<V> read) {
    return new Table<>(
        "SELECT host, port, " + columns + " FROM " + table + " ORDER BY host, port",
        "REPLACE INTO " + table + " VALUES (?, ?" + ", ?".repeat(values) + ")",
        "DELETE FROM " + table + " WHERE host = ? AND port = ?",
        state -> map.apply(state.said()),
        Table::bind,
        bind,
        Table::instanceKey,
        read);
  }

  private static Table<ClusterId, String> ofClusters(
      String table, String column, Function<Said, SortedMap<ClusterId, String>> map) {
    return new Table<>(
        "SELECT cluster, " + column + " FROM " + table + " ORDER BY cluster",
        "REPLACE INTO " + table + " VALUES (?, ?)",
        "DELETE FROM " + table + " WHERE cluster = ?",
        (ManagerState state) -> map.apply(state.said()),
        (s, cluster) -> {
          s.setString(1, cluster.text());
          return 2;
        },
        (s, at, name) -> s.setString(at, name),
        r -> new ClusterId(r.getString(1)),
        (r, at) -> r.getString(at));
  }

  private static void times(PreparedStatement statement, int at, Instant since, Instant ends)
      throws SQLException {
    statement.setString(at, Times.text(since));
    statement.setString(at + 1, Times.text(ends));
  }

  private static Instant time(ResultSet row, int at) throws SQLException {
    return Times.instant(row.getString(at));
  }

  /** What the rows are. */
  Said read(Connection connection) throws SQLException {
    return new Said(
        promotions.read(connection),
        downtimes.read(connection),
        maintenance.read(connection),
        tags.read(connection),
        pools.read(connection),
        aliases.read(connection),
        domains.read(connection),
        freezes.read(connection),
        rules.read(connection),
        count.read(connection).getOrDefault(1, 0L));
  }

  /** The tables, in the order in which they are written. */
  Stream<Table<?, ?>> tables() {
    return Stream.of(
        promotions, downtimes, maintenance, tags, pools, aliases, domains, freezes, rules, count);
  }
}
