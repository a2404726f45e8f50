package topiary.engine.said;

import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;

/**
 * All that is said, of servers that are looked after and of others. A server goes by the name it is
 * known by.
 *
 * @param promotions how much each is wanted as a primary
 * @param downtimes whose trouble is known
 * @param maintenance who works on which
 * @param tags the value of each tag, empty for one without
 * @param pools by name
 * @param aliases what people call clusters; no two are called the same
 * @param domains the names by which applications find the primary of a cluster
 * @param freezes the clusters of which nothing is recovered by itself
 * @param rules by what servers are judged and recovered, where that is not as shipped
 * @param lastMaintenance the id of the latest maintenance, 0 before the first
 */
public record Said(
    SortedMap<InstanceKey, Promotion> promotions,
    SortedMap<InstanceKey, Downtime> downtimes,
    SortedMap<InstanceKey, Maintenance> maintenance,
    SortedMap<TagKey, String> tags,
    SortedMap<String, Pool> pools,
    SortedMap<ClusterId, String> aliases,
    SortedMap<ClusterId, String> domains,
    SortedMap<ClusterId, Freeze> freezes,
    SortedMap<RuleKey, String> rules,
    long lastMaintenance) {

  /** Nothing. */
  public static final Said NOTHING =
      new Said(
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          0);

  public Said {
    promotions = frozen(promotions);
    downtimes = frozen(downtimes);
    maintenance = frozen(maintenance);
    tags = frozen(tags);
    pools = frozen(pools);
    aliases = frozen(aliases);
    domains = frozen(domains);
    freezes = frozen(freezes);
    rules = frozen(rules);
  }

  private static <K, V> SortedMap<K, V> frozen(SortedMap<K, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /** The tags of a server, by name. */
  public SortedMap<String, String> tags(InstanceKey server) {
    var of = new TreeMap<String, String>();
    // From the first there could be to the first of another server.
    for (Map.Entry<TagKey, String> tag : tags.tailMap(new TagKey(server, "")).entrySet()) {
      if (!tag.getKey().server().equals(server)) {
        break;
      }
      of.put(tag.getKey().name(), tag.getValue());
    }
    return of;
  }

  /** The servers of which all of this is so, of those that have a tag at all. */
  public List<InstanceKey> tagged(List<TagQuery> queries) {
    var servers = new TreeSet<InstanceKey>();
    tags.keySet().forEach(key -> servers.add(key.server()));
    servers.removeIf(
        server -> {
          SortedMap<String, String> its = tags(server);
          return !queries.stream().allMatch(query -> query.fits(its));
        });
    return List.copyOf(servers);
  }

  /** Whose trouble is known now. */
  public Optional<Downtime> downtime(InstanceKey server, Instant now) {
    return Optional.ofNullable(downtimes.get(server)).filter(d -> d.holds(now));
  }

  /** Who works on a server now. */
  public Optional<Maintenance> maintenance(InstanceKey server, Instant now) {
    return Optional.ofNullable(maintenance.get(server)).filter(m -> m.holds(now));
  }

  /** How much a server is wanted as a primary now. */
  public Optional<Promotion> promotion(InstanceKey server, Instant now) {
    return Optional.ofNullable(promotions.get(server)).filter(p -> p.holds(now));
  }

  /** The cluster that people call this. */
  public Optional<ClusterId> cluster(String alias) {
    return aliases.entrySet().stream()
        .filter(e -> e.getValue().equals(alias))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** When the next of all this ends by itself; empty when nothing does. */
  public Optional<Instant> nextEnd() {
    return List.of(promotions, downtimes, maintenance, pools, freezes).stream()
        .flatMap(map -> map.values().stream())
        .map(Bounded::until)
        .min(Instant::compareTo);
  }

  /** All that is said of each of these servers; of whom nothing is said is left out. */
  public Map<InstanceKey, OfServer> of(Map<InstanceKey, ClusterId> servers) {
    var named = new TreeSet<InstanceKey>();
    List.of(promotions.keySet(), downtimes.keySet(), maintenance.keySet()).forEach(named::addAll);
    tags.keySet().forEach(tag -> named.add(tag.server()));
    pools.values().forEach(pool -> named.addAll(pool.servers()));
    if (!aliases.isEmpty()) {
      servers.forEach(
          (server, cluster) -> {
            if (aliases.containsKey(cluster)) {
              named.add(server);
            }
          });
    }
    var all = new HashMap<InstanceKey, OfServer>();
    for (InstanceKey server : named) {
      if (servers.containsKey(server)) {
        all.put(server, of(server, servers.get(server)));
      }
    }
    return all;
  }

  /** All that is said of one server of this cluster. */
  public OfServer of(InstanceKey server, ClusterId cluster) {
    var in = new TreeSet<String>();
    pools.forEach(
        (name, pool) -> {
          if (pool.servers().contains(server)) {
            in.add(name);
          }
        });
    return new OfServer(
        cluster == null ? "" : aliases.getOrDefault(cluster, ""),
        Optional.ofNullable(promotions.get(server)),
        Optional.ofNullable(downtimes.get(server)),
        Optional.ofNullable(maintenance.get(server)),
        tags(server),
        in);
  }

  /** The same, with how much servers are wanted as a primary as given. */
  public Said promoting(SortedMap<InstanceKey, Promotion> now) {
    return new Said(
        now,
        downtimes,
        maintenance,
        tags,
        pools,
        aliases,
        domains,
        freezes,
        rules,
        lastMaintenance);
  }

  /** The same with these downtimes. */
  public Said downtimed(SortedMap<InstanceKey, Downtime> now) {
    return new Said(
        promotions,
        now,
        maintenance,
        tags,
        pools,
        aliases,
        domains,
        freezes,
        rules,
        lastMaintenance);
  }

  /** The same with these tags. */
  public Said tagging(SortedMap<TagKey, String> now) {
    return new Said(
        promotions,
        downtimes,
        maintenance,
        now,
        pools,
        aliases,
        domains,
        freezes,
        rules,
        lastMaintenance);
  }

  /** The same with these pools. */
  public Said pooling(SortedMap<String, Pool> now) {
    return new Said(
        promotions,
        downtimes,
        maintenance,
        tags,
        now,
        aliases,
        domains,
        freezes,
        rules,
        lastMaintenance);
  }

  /** The same with clusters called and found like this. */
  public Said calling(SortedMap<ClusterId, String> now, SortedMap<ClusterId, String> found) {
    return new Said(
        promotions,
        downtimes,
        maintenance,
        tags,
        pools,
        now,
        found,
        freezes,
        rules,
        lastMaintenance);
  }

  /** The same with this maintenance, of which the latest has this id. */
  public Said maintaining(SortedMap<InstanceKey, Maintenance> now, long last) {
    return new Said(
        promotions, downtimes, now, tags, pools, aliases, domains, freezes, rules, last);
  }

  /** The same with these clusters frozen. */
  public Said freezing(SortedMap<ClusterId, Freeze> now) {
    return new Said(
        promotions,
        downtimes,
        maintenance,
        tags,
        pools,
        aliases,
        domains,
        now,
        rules,
        lastMaintenance);
  }

  /** The same with servers judged by these rules. */
  public Said ruling(SortedMap<RuleKey, String> now) {
    return new Said(
        promotions,
        downtimes,
        maintenance,
        tags,
        pools,
        aliases,
        domains,
        freezes,
        now,
        lastMaintenance);
  }

  /** The freeze of a cluster now; empty for one that is not known. */
  public Optional<Freeze> freeze(ClusterId cluster, Instant now) {
    return Optional.ofNullable(cluster).map(freezes::get).filter(f -> f.on(now));
  }

  /** Without what is said of clusters that are not any more. */
  public Said only(Set<ClusterId> clusters) {
    if (clusters.containsAll(aliases.keySet())
        && clusters.containsAll(domains.keySet())
        && clusters.containsAll(freezes.keySet())
        && rules.keySet().stream().allMatch(rule -> of(rule, clusters))) {
      return this;
    }
    var called = new TreeMap<>(aliases);
    var found = new TreeMap<>(domains);
    called.keySet().retainAll(clusters);
    found.keySet().retainAll(clusters);
    var frozen = new TreeMap<>(freezes);
    frozen.keySet().retainAll(clusters);
    var ruled = new TreeMap<>(rules);
    ruled.keySet().removeIf(rule -> !of(rule, clusters));
    return calling(called, found).freezing(frozen).ruling(ruled);
  }

  private static boolean of(RuleKey rule, Set<ClusterId> clusters) {
    return rule.cluster().isEmpty() || clusters.contains(rule.cluster().get());
  }

  /** Without what has ended at a moment. */
  public Said after(Instant moment) {
    return new Said(
        holding(promotions, moment),
        holding(downtimes, moment),
        holding(maintenance, moment),
        tags,
        holding(pools, moment),
        aliases,
        domains,
        holding(freezes, moment),
        rules,
        lastMaintenance);
  }

  private static <K, V extends Bounded> SortedMap<K, V> holding(
      SortedMap<K, V> all, Instant moment) {
    var left = new TreeMap<>(all);
    left.values().removeIf(one -> !one.holds(moment));
    return left;
  }

  /** With what was said of a server by another name said of it by its own; its own comes first. */
  public Said renamed(InstanceKey from, InstanceKey to) {
    var its = new TreeMap<TagKey, String>();
    tags.forEach(
        (tag, value) ->
            its.put(tag.server().equals(from) ? new TagKey(to, tag.name()) : tag, value));
    tags(to).forEach((name, value) -> its.put(new TagKey(to, name), value));
    var members = new TreeMap<>(pools);
    members.replaceAll(
        (name, pool) -> {
          if (!pool.servers().contains(from)) {
            return pool;
          }
          var servers = new TreeSet<>(pool.servers());
          servers.remove(from);
          servers.add(to);
          return new Pool(servers, pool.since(), pool.until());
        });
    return new Said(
        renamed(promotions, from, to),
        renamed(downtimes, from, to),
        renamed(maintenance, from, to),
        its,
        members,
        aliases,
        domains,
        freezes,
        rules,
        lastMaintenance);
  }

  private static <V> SortedMap<InstanceKey, V> renamed(
      SortedMap<InstanceKey, V> all, InstanceKey from, InstanceKey to) {
    var next = new TreeMap<>(all);
    V moved = next.remove(from);
    if (moved != null) {
      next.putIfAbsent(to, moved);
    }
    return next;
  }
}
