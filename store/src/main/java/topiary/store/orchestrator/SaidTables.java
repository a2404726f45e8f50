package topiary.store.orchestrator;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.SaidPolicy;
import topiary.engine.said.Downtime;
import topiary.engine.said.Maintenance;
import topiary.engine.said.Pool;
import topiary.engine.said.Promotion;
import topiary.engine.said.Rule;
import topiary.engine.said.Said;
import topiary.engine.said.SaidText;
import topiary.engine.said.TagKey;

/** What people have said of servers and clusters, from the tables that keep it. */
final class SaidTables {

  private final Function<String, List<Row>> tables;
  private final Instant now;
  private final SaidPolicy spans;

  /**
   * Of a database.
   *
   * @param tables the rows of each; none of one that is missing
   * @param now the moment it is a picture of; what has ended by then is left out
   * @param spans how long what has no end of its own holds from then on: orchestrator has it taken
   *     away itself when it is over
   */
  SaidTables(Function<String, List<Row>> tables, Instant now, SaidPolicy spans) {
    this.tables = tables;
    this.now = now;
    this.spans = spans;
  }

  Said said(Map<String, ClusterId> clusters) {
    return maintaining(
            Said.NOTHING
                .promoting(promotions())
                .downtimed(downtimes())
                .tagging(tags())
                .pooling(pools())
                .calling(aliases(clusters), named("cluster_domain_name", "domain_name", clusters)))
        .after(now);
  }

  private static Optional<InstanceKey> key(Row row) {
    return row.key("hostname", "port");
  }

  private TreeMap<InstanceKey, Promotion> promotions() {
    var all = new TreeMap<InstanceKey, Promotion>();
    for (Row row : tables.apply("candidate_database_instance")) {
      key(row)
          .ifPresent(
              key -> {
                Row of = row.about(key);
                Instant since = of.time("last_suggested").orElse(now);
                rule(of)
                    .ifPresent(
                        rule ->
                            all.put(key, new Promotion(rule, since, now.plus(spans.promotion()))));
              });
    }
    return all;
  }

  private static Optional<Rule> rule(Row row) {
    String word = row.text("promotion_rule");
    if (word.isEmpty()) {
      return Optional.of(Rule.NEUTRAL);
    }
    try {
      return Optional.of(Rule.parse(word));
    } catch (IllegalArgumentException e) {
      row.tell("promotion_rule", word, "is no promotion rule here");
      return Optional.empty();
    }
  }

  private TreeMap<InstanceKey, Downtime> downtimes() {
    var all = new TreeMap<InstanceKey, Downtime>();
    for (Row row : tables.apply("database_instance_downtime")) {
      Optional<InstanceKey> key = key(row);
      if (key.isPresent() && row.is("downtime_active")) {
        Row of = row.about(key.get());
        of.time("end_timestamp")
            .ifPresent(
                end ->
                    all.put(
                        key.get(),
                        new Downtime(
                            value(of, "owner"),
                            value(of, "reason"),
                            of.time("begin_timestamp").orElse(now),
                            end)));
      }
    }
    return all;
  }

  private Said maintaining(Said said) {
    var all = new TreeMap<InstanceKey, Maintenance>();
    long last = 0;
    for (Row row : tables.apply("database_instance_maintenance")) {
      Optional<InstanceKey> key = key(row);
      if (key.isPresent() && row.is("maintenance_active")) {
        Row of = row.about(key.get());
        long id = of.number("database_instance_maintenance_id").orElse(0L);
        last = Math.max(last, id);
        // One without an end is bounded by the life of the node that began it.
        Instant begin = of.time("begin_timestamp").orElse(now);
        Instant end = of.time("end_timestamp").orElse(begin.plus(spans.maintenance()));
        all.put(
            key.get(), new Maintenance(id, value(of, "owner"), value(of, "reason"), begin, end));
      }
    }
    return said.maintaining(all, last);
  }

  private TreeMap<TagKey, String> tags() {
    var all = new TreeMap<TagKey, String>();
    for (Row row : tables.apply("database_instance_tags")) {
      key(row)
          .ifPresent(
              key -> {
                Row of = row.about(key);
                String name = value(of, "tag_name");
                if (!name.isEmpty()) {
                  all.put(new TagKey(key, name), value(of, "tag_value"));
                }
              });
    }
    return all;
  }

  private TreeMap<String, Pool> pools() {
    var members = new TreeMap<String, TreeSet<InstanceKey>>();
    var since = new HashMap<String, Instant>();
    for (Row row : tables.apply("database_instance_pool")) {
      Optional<InstanceKey> key = key(row);
      Row of = key.map(row::about).orElse(row);
      String pool = value(of, "pool");
      if (key.isPresent() && !pool.isEmpty()) {
        members.computeIfAbsent(pool, p -> new TreeSet<>()).add(key.get());
        Instant at = of.time("registered_at").orElse(now);
        since.merge(pool, at, (a, b) -> a.isAfter(b) ? a : b);
      }
    }
    var all = new TreeMap<String, Pool>();
    members.forEach(
        (pool, keys) -> all.put(pool, new Pool(keys, since.get(pool), now.plus(spans.pool()))));
    return all;
  }

  /** What somebody has said by hand goes before what was found out. */
  private TreeMap<ClusterId, String> aliases(Map<String, ClusterId> clusters) {
    TreeMap<ClusterId, String> all = named("cluster_alias", "alias", clusters);
    all.putAll(named("cluster_alias_override", "alias", clusters));
    var taken = new TreeSet<String>();
    // No two clusters are called the same here.
    all.values().removeIf(alias -> !taken.add(alias));
    return all;
  }

  private TreeMap<ClusterId, String> named(
      String table, String column, Map<String, ClusterId> clusters) {
    var all = new TreeMap<ClusterId, String>();
    for (Row row : tables.apply(table)) {
      String cluster = row.text("cluster_name");
      String name = value(row.about(cluster), column);
      // Its own name is what it goes by where nobody has given it another.
      if (clusters.containsKey(cluster) && !name.isEmpty() && !name.equals(cluster)) {
        all.put(clusters.get(cluster), name);
      }
    }
    return all;
  }

  /** A text as it may be said here; empty when it may not, which is told. */
  private static String value(Row row, String column) {
    String text = row.text(column);
    try {
      return SaidText.value(column, text);
    } catch (IllegalArgumentException e) {
      row.tell(column, text, "is left out: " + e.getMessage());
      return "";
    }
  }
}
