package topiary.app.legacy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import topiary.engine.manager.Registry;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.InstanceKey;
import topiary.engine.said.Pool;
import topiary.engine.said.Rule;
import topiary.engine.said.Span;
import topiary.engine.said.TagQuery;

/** What is said of servers and clusters, and asked about that. */
final class SaidAnswers {

  private final Fleetview fleet;
  private final Supplier<Picture> now;

  SaidAnswers(Fleetview fleet, Supplier<Picture> now) {
    this.fleet = fleet;
    this.now = now;
  }

  private Registry registry() {
    return fleet.registry();
  }

  /** The server a path names; it need not be known. */
  private InstanceKey server(Call call) throws Trouble {
    return Hints.server(now.get(), call.path("host"), call.path("port"));
  }

  private static <T> T read(String text, Function<String, T> how) throws Trouble {
    try {
      return how.apply(text);
    } catch (IllegalArgumentException e) {
      throw new Trouble(e.getMessage(), e);
    }
  }

  Answer beginDowntime(Call call) throws Trouble, RequestRefused {
    InstanceKey key = server(call);
    String given = call.path("duration");
    // orchestrator before Percona's took none for one that has ended already, and wrote nothing.
    Optional<Duration> span =
        given.isEmpty() ? Optional.empty() : Optional.of(read(given, Span::parse));
    registry().beginDowntime(key, call.path("owner"), call.path("reason"), span, call.by());
    return Answer.ok("Downtime begun: " + Text.of(key), Json.key(key));
  }

  Answer endDowntime(Call call) throws Trouble, RequestRefused {
    InstanceKey key = server(call);
    registry().endDowntime(key, call.by());
    return Answer.ok("Downtime ended: " + Text.of(key), Json.key(key));
  }

  Answer downtimed(Call call) throws Trouble {
    Picture picture = now.get();
    String hint = call.path("clusterHint");
    List<LegacyInstance> all =
        hint.isEmpty() ? picture.all() : picture.members(Hints.cluster(picture, hint));
    return Answer.raw(picture.json(all.stream().filter(i -> i.downtime().isPresent()).toList()));
  }

  Answer beginMaintenance(Call call) throws Trouble, RequestRefused {
    InstanceKey key = server(call);
    try {
      registry()
          .beginMaintenance(
              key, call.path("owner"), call.path("reason"), Optional.empty(), call.by());
    } catch (RequestRefused e) {
      if (e.kind() == RequestRefused.Kind.REFUSED) {
        return Answer.error(e.getMessage(), 0);
      }
      throw e;
    }
    return Answer.ok("Maintenance begun: " + Text.of(key), Json.key(key));
  }

  Answer endMaintenance(Call call) throws Trouble, RequestRefused {
    InstanceKey key = server(call);
    registry().endMaintenance(key, call.by());
    return Answer.ok("Maintenance ended: " + Text.of(key), Json.key(key));
  }

  Answer endMaintenanceByKey(Call call) throws Trouble, RequestRefused {
    long id = read(call.path("maintenanceKey"), Long::parseLong);
    registry().endMaintenance(id, call.by());
    return Answer.ok("Maintenance ended: " + id, id);
  }

  Answer inMaintenance(Call call) throws Trouble {
    InstanceKey key = server(call);
    boolean is = registry().said().maintenance(key, registry().now()).isPresent();
    return Answer.ok(Boolean.toString(is), is ? Text.of(key) : "");
  }

  Answer maintenance(Call call) {
    Instant at = registry().now();
    var rows = new ArrayList<Object>();
    registry()
        .said()
        .maintenance()
        .forEach(
            (key, m) -> {
              if (m.holds(at)) {
                rows.add(
                    new Json()
                        .with("MaintenanceId", m.id())
                        .with("Key", Json.key(key))
                        .with("BeginTimestamp", Text.stamp(m.since()))
                        .with(
                            "SecondsElapsed",
                            Math.max(0, Duration.between(m.since(), at).toSeconds()))
                        .with("IsActive", true)
                        .with("Owner", m.owner())
                        .with("Reason", m.reason())
                        .map());
              }
            });
    return Answer.raw(rows);
  }

  Answer registerCandidate(Call call) throws Trouble, RequestRefused {
    InstanceKey key = server(call);
    Rule rule = read(call.path("promotionRule"), Rule::parse);
    registry().promote(key, rule, Optional.empty(), call.by());
    return Answer.ok("Registered candidate", Json.key(key));
  }

  Answer promotionRules(Call call) {
    Instant at = registry().now();
    var rows = new ArrayList<Object>();
    registry()
        .said()
        .promotions()
        .forEach(
            (key, p) -> {
              if (p.holds(at)) {
                rows.add(
                    new Json()
                        .with("Hostname", key.host())
                        .with("Port", key.port())
                        .with("PromotionRule", p.rule().word())
                        .with("LastSuggestedString", Text.stamp(p.since()))
                        .with("PromotionRuleExpiry", Text.stamp(p.until()))
                        .map());
              }
            });
    // orchestrator says null, not [], when there is none.
    return Answer.raw(rows.isEmpty() ? null : rows);
  }

  Answer tags(Call call) throws Trouble {
    return Answer.raw(
        registry().said().tags(server(call)).entrySet().stream()
            .map(t -> t.getKey() + "=" + t.getValue())
            .toList());
  }

  Answer tagValue(Call call) throws Trouble {
    InstanceKey key = server(call);
    String name = tag(call, "").name();
    String value = registry().said().tags(key).get(name);
    if (value == null) {
      throw new Trouble("tag " + name + " not found for " + Text.of(key));
    }
    return Answer.raw(value);
  }

  Answer tag(Call call) throws Trouble, RequestRefused {
    InstanceKey key = server(call);
    TagQuery tag = tag(call, call.path("tagValue"));
    registry().tag(key, tag, call.by());
    return Answer.ok(Text.of(key) + " tagged with " + tag, Json.key(key));
  }

  Answer untag(Call call) throws Trouble, RequestRefused {
    TagQuery tag = tag(call, "");
    return untagged(tag, registry().untag(server(call), tag, call.by()));
  }

  Answer untagAll(Call call) throws Trouble, RequestRefused {
    TagQuery tag = tag(call, call.path("tagValue"));
    return untagged(tag, registry().untagAll(tag, call.by()));
  }

  private static Answer untagged(TagQuery tag, List<InstanceKey> from) {
    return Answer.ok(tag.name() + " removed from " + from.size() + " instances", Json.keys(from));
  }

  /** The tag that is named, in the path or behind it. */
  private static TagQuery tag(Call call, String value) throws Trouble {
    String name = call.path("tagName");
    String text =
        name.isEmpty()
            ? call.query().getOrDefault("tag", "")
            : value.isEmpty() ? name : name + "=" + value;
    return read(text, TagQuery::plain);
  }

  Answer tagged(Call call) throws Trouble {
    List<TagQuery> queries = read(call.query().getOrDefault("tag", ""), TagQuery::all);
    return Answer.raw(Json.keys(registry().said().tagged(queries)));
  }

  Answer submitPool(Call call) throws Trouble, RequestRefused {
    String pool = call.path("pool");
    Picture picture = now.get();
    var servers = new ArrayList<InstanceKey>();
    for (String one : call.query().getOrDefault("instances", "").split(",")) {
      if (!one.isBlank()) {
        InstanceKey key = fleet.real(read(one, InstanceKey::parse));
        servers.add(Hints.server(picture, key.host(), Integer.toString(key.port())));
      }
    }
    registry().submitPool(pool, servers, Optional.empty(), call.by());
    return Answer.ok("Applied " + pool + " pool instances", pool);
  }

  Answer pools(Call call) {
    Picture picture = now.get();
    String name = call.path("clusterName");
    // A name that is none is no error of orchestrator's.
    List<InstanceKey> members =
        picture.clusters().getOrDefault(picture.named(name).orElse(name), List.of());
    var map = new LinkedHashMap<String, Object>();
    held(call)
        .forEach(
            (pool, of) -> {
              List<InstanceKey> in = of.servers().stream().filter(members::contains).toList();
              if (!in.isEmpty()) {
                map.put(pool, Json.keys(in));
              }
            });
    return Answer.ok("Read pool instances for cluster " + name, map);
  }

  /** The pools there are; only the one that the path names, when it does. */
  private SortedMap<String, Pool> held(Call call) {
    Instant at = registry().now();
    var held = new TreeMap<>(registry().said().pools());
    held.values().removeIf(pool -> !pool.holds(at));
    if (!call.path("pool").isEmpty()) {
      held.keySet().retainAll(List.of(call.path("pool")));
    }
    return held;
  }

  Answer poolInstances(Call call) throws Trouble {
    Picture picture = now.get();
    String cluster = Hints.cluster(picture, call.path("clusterName"));
    return Answer.ok(
        "Heuristic pool instances for cluster " + cluster,
        picture.json(heuristic(picture, cluster, call)));
  }

  Answer poolLag(Call call) throws Trouble {
    Picture picture = now.get();
    String cluster = Hints.cluster(picture, call.path("clusterName"));
    List<LegacyInstance> in = heuristic(picture, cluster, call);
    if (in.isEmpty()) {
      throw new Trouble("No instances found for cluster " + cluster + " in a pool");
    }
    long lag =
        in.stream()
            .flatMap(i -> i.secondsBehind().stream())
            .mapToLong(Long::longValue)
            .max()
            .orElse(0);
    return Answer.ok("Heuristic pool lag for cluster " + cluster, lag);
  }

  private List<LegacyInstance> heuristic(Picture picture, String cluster, Call call) {
    SortedMap<String, Pool> pools = held(call);
    return picture.members(cluster).stream()
        .filter(LegacyInstance::lastCheckValid)
        .filter(i -> pools.values().stream().anyMatch(pool -> pool.servers().contains(i.key())))
        .toList();
  }

  Answer setAlias(Call call) throws RequestRefused {
    String name = call.path("clusterName");
    String alias = call.query().getOrDefault("alias", "").strip();
    registry()
        .call(
            registry().cluster(name),
            alias.isEmpty() ? Optional.empty() : Optional.of(alias),
            call.by());
    return Answer.ok("Cluster " + name + " now has alias '" + alias + "'", null);
  }

  Answer setAttribute(Call call) throws RequestRefused {
    registry()
        .attribute(call.path("host"), call.path("attrVame"), call.path("attrValue"), call.by());
    return Answer.raw(true);
  }

  Answer attributes(Call call) throws Trouble {
    Pattern match = pattern(call.query().getOrDefault("valueMatch", ""));
    List<Map<String, Object>> rows =
        registry().attributes(Optional.of(call.path("attr"))).stream()
            .filter(a -> match.matcher(a.value()).find())
            .map(
                a ->
                    new Json()
                        .with("Hostname", a.host())
                        .with("AttributeName", a.name())
                        .with("AttributeValue", a.value())
                        .with("SubmitTimestamp", Text.stamp(a.since()))
                        // They do not end by themselves.
                        .with("ExpireTimestamp", "")
                        .map())
            .toList();
    return Answer.raw(rows);
  }

  private static Pattern pattern(String regex) throws Trouble {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new Trouble("not a pattern: " + Text.printable(regex), e);
    }
  }
}
