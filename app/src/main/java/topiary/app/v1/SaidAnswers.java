package topiary.app.v1;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import topiary.app.json.SaidJson;
import topiary.engine.catalogue.Arguments;
import topiary.engine.catalogue.BadArgument;
import topiary.engine.catalogue.Operation;
import topiary.engine.catalogue.Saying;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.Registry;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.said.Attribute;
import topiary.engine.said.Bounded;
import topiary.engine.said.Maintenance;
import topiary.engine.said.Pool;
import topiary.engine.said.Rule;
import topiary.engine.said.TagQuery;

/** What is said of servers and clusters, and asked about that. */
final class SaidAnswers {

  private final Manager manager;
  private final Registry registry;
  private final InstantSource clock;

  SaidAnswers(Manager manager, InstantSource clock) {
    this.manager = manager;
    registry = manager.registry();
    this.clock = clock;
  }

  /** What answers each of its operations. */
  Map<Operation, Operations.Bound> bound() {
    var bound = new LinkedHashMap<Operation, Operations.Bound>();
    bound.put(Saying.BEGIN_DOWNTIME, this::beginDowntime);
    bound.put(Saying.END_DOWNTIME, this::endDowntime);
    bound.put(Saying.DOWNTIMED, this::downtimed);
    bound.put(Saying.BEGIN_MAINTENANCE, this::beginMaintenance);
    bound.put(Saying.END_MAINTENANCE, this::endMaintenance);
    bound.put(Saying.MAINTENANCE, this::maintenance);
    bound.put(Saying.REGISTER_CANDIDATE, this::registerCandidate);
    bound.put(Saying.PROMOTION_RULES, this::promotionRules);
    bound.put(Saying.TAG, this::tag);
    bound.put(Saying.UNTAG, this::untag);
    bound.put(Saying.UNTAG_ALL, this::untagAll);
    bound.put(Saying.TAGS, this::tags);
    bound.put(Saying.TAGGED, this::tagged);
    bound.put(Saying.SUBMIT_POOL, this::submitPool);
    bound.put(Saying.POOLS, this::pools);
    bound.put(Saying.POOL_INSTANCES, this::poolInstances);
    bound.put(Saying.SET_CLUSTER_ALIAS, this::setAlias);
    bound.put(Saying.SET_CLUSTER_DOMAIN, this::setDomain);
    bound.put(Saying.SET_HOST_ATTRIBUTE, this::setAttribute);
    bound.put(Saying.REMOVE_HOST_ATTRIBUTE, this::removeAttribute);
    bound.put(Saying.HOST_ATTRIBUTES, this::attributes);
    return bound;
  }

  /** The server that is meant, by the name it is known by. */
  private InstanceKey server(Arguments with) throws BadArgument {
    return manager.real(with.instance("instance"));
  }

  private static String words(Arguments with, String name) {
    return with.text(name).orElse("");
  }

  private static Answer done(InstanceKey server, String sentence) {
    return Answer.ok(Map.of("instance", server.toString()), ink -> sentence + "\n");
  }

  private Answer beginDowntime(Arguments with, By by) throws BadArgument, RequestRefused {
    InstanceKey server = server(with);
    registry.beginDowntime(
        server,
        with.text("owner").orElse(by.actor()),
        words(with, "reason"),
        with.span("duration"),
        by);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("instance", server.toString());
    registry.of(server).downtime().ifPresent(d -> json.putAll(SaidJson.of(d)));
    return Answer.ok(json, ink -> server + " is in downtime until " + json.get("until") + ".\n");
  }

  private Answer endDowntime(Arguments with, By by) throws BadArgument, RequestRefused {
    InstanceKey server = server(with);
    registry.endDowntime(server, by);
    return done(server, server + " is in downtime no more.");
  }

  private Answer downtimed(Arguments with, By by) throws RequestRefused {
    return list(
        registry.said().downtimes(),
        with.text("cluster"),
        (server, downtime) -> {
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("instance", server.toString());
          json.putAll(SaidJson.of(downtime));
          return json;
        },
        (server, d) -> server + "  until " + d.until() + "  " + d.owner() + "  " + d.reason(),
        "No server is in downtime.");
  }

  private Answer beginMaintenance(Arguments with, By by) throws BadArgument, RequestRefused {
    InstanceKey server = server(with);
    Maintenance begun =
        registry.beginMaintenance(
            server,
            with.text("owner").orElse(by.actor()),
            words(with, "reason"),
            with.span("duration"),
            by);
    return Answer.ok(
        json(server, begun),
        ink ->
            begun.words(server) + " until " + begun.until() + "; its id is " + begun.id() + ".\n");
  }

  private static Map<String, Object> json(InstanceKey server, Maintenance maintenance) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("instance", server.toString());
    json.putAll(SaidJson.of(maintenance));
    return json;
  }

  private Answer endMaintenance(Arguments with, By by) throws BadArgument, RequestRefused {
    if (with.text("instance").isPresent() == with.text("id").isPresent()) {
      throw new BadArgument("name either a server or the id of a maintenance");
    }
    if (with.text("instance").isPresent()) {
      InstanceKey server = server(with);
      registry.endMaintenance(server, by);
      return done(server, "Nobody works on " + server + " any more.");
    }
    int id = with.number("id", 0, Integer.MAX_VALUE);
    registry.endMaintenance(id, by);
    return Answer.ok(Map.of("id", id), ink -> "Maintenance " + id + " is over.\n");
  }

  private Answer maintenance(Arguments with, By by) throws RequestRefused {
    return list(
        registry.said().maintenance(),
        Optional.empty(),
        SaidAnswers::json,
        (server, m) ->
            server
                + "  id "
                + m.id()
                + "  until "
                + m.until()
                + "  "
                + m.owner()
                + "  "
                + m.reason(),
        "Nobody works on a server.");
  }

  private Answer registerCandidate(Arguments with, By by) throws BadArgument, RequestRefused {
    InstanceKey server = server(with);
    Rule rule = with.rule("rule", Rule.PREFER);
    registry.promote(server, rule, with.span("duration"), by);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("instance", server.toString());
    registry.of(server).promotion().ifPresent(p -> json.putAll(SaidJson.of(server, p)));
    return Answer.ok(
        json,
        ink -> server + ": " + rule.word() + " until " + json.get("until") + ", or said again.\n");
  }

  private Answer promotionRules(Arguments with, By by) throws RequestRefused {
    return list(
        registry.said().promotions(),
        Optional.empty(),
        SaidJson::of,
        (server, p) -> server + "  " + p.rule().word() + "  until " + p.until(),
        "No promotion rule was given.");
  }

  private Answer tag(Arguments with, By by) throws BadArgument, RequestRefused {
    InstanceKey server = server(with);
    TagQuery tag = with.tag("tag");
    registry.tag(server, tag, by);
    return Answer.ok(tagsOf(server), ink -> server + " has the tag " + shown(tag) + ".\n");
  }

  private static String shown(TagQuery tag) {
    return tag.value().filter(v -> !v.isEmpty()).map(v -> tag.name() + "=" + v).orElse(tag.name());
  }

  private Map<String, Object> tagsOf(InstanceKey server) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("instance", server.toString());
    json.put("tags", registry.said().tags(server));
    return json;
  }

  private Answer untag(Arguments with, By by) throws BadArgument, RequestRefused {
    InstanceKey server = server(with);
    TagQuery tag = with.tag("tag");
    List<InstanceKey> had = registry.untag(server, tag, by);
    return Answer.ok(
        tagsOf(server),
        ink ->
            server
                + (had.isEmpty() ? " had no tag " : " has no more the tag ")
                + shown(tag)
                + ".\n");
  }

  private Answer untagAll(Arguments with, By by) throws BadArgument, RequestRefused {
    return keys(registry.untagAll(with.tag("tag"), by), "No server had that tag.");
  }

  private static Answer keys(List<InstanceKey> servers, String nobody) {
    return Answer.ok(
        servers.stream().map(InstanceKey::toString).toList(),
        ink ->
            servers.isEmpty()
                ? nobody + "\n"
                : servers.stream().map(s -> s + "\n").collect(Collectors.joining()));
  }

  private Answer tags(Arguments with, By by) throws BadArgument {
    InstanceKey server = server(with);
    SortedMap<String, String> tags = registry.said().tags(server);
    return Answer.ok(
        tagsOf(server),
        ink ->
            tags.isEmpty()
                ? server + " has no tags.\n"
                : tags.entrySet().stream()
                    .map(t -> t.getKey() + "=" + t.getValue() + "\n")
                    .collect(Collectors.joining()));
  }

  private Answer tagged(Arguments with, By by) throws BadArgument {
    return keys(registry.said().tagged(with.tags("tag")), "No server is tagged so.");
  }

  private Answer submitPool(Arguments with, By by) throws BadArgument, RequestRefused {
    String pool = with.text("pool").orElseThrow();
    List<InstanceKey> servers = with.instances("instances");
    registry.submitPool(pool, servers, with.span("duration"), by);
    return Answer.ok(
        Map.of("pool", pool, "instances", servers.stream().map(InstanceKey::toString).toList()),
        ink ->
            servers.isEmpty()
                ? "There is no pool " + pool + " any more.\n"
                : "The pool " + pool + " has " + servers.size() + " servers.\n");
  }

  private Answer pools(Arguments with, By by) throws RequestRefused {
    Optional<ClusterId> cluster = cluster(with.text("cluster"));
    Instant now = clock.instant();
    var rows = new LinkedHashMap<String, Map<String, Object>>();
    registry
        .said()
        .pools()
        .forEach(
            (name, pool) -> {
              List<InstanceKey> servers =
                  pool.servers().stream().filter(s -> isOf(s, cluster)).toList();
              if (pool.holds(now) && !servers.isEmpty()) {
                rows.put(name, SaidJson.of(name, servers, pool));
              }
            });
    return Answer.ok(
        List.copyOf(rows.values()),
        ink ->
            rows.isEmpty()
                ? "There are no pools.\n"
                : rows.entrySet().stream()
                    .map(e -> e.getKey() + "  " + e.getValue().get("instances") + "\n")
                    .collect(Collectors.joining()));
  }

  private Answer poolInstances(Arguments with, By by) throws RequestRefused {
    Optional<ClusterId> cluster = cluster(with.text("cluster"));
    Optional<String> pool = with.text("pool");
    Instant now = clock.instant();
    List<Instance> servers =
        registry.said().pools().entrySet().stream()
            .filter(e -> e.getValue().holds(now))
            .filter(e -> pool.isEmpty() || pool.get().equals(e.getKey()))
            .map(Map.Entry::getValue)
            .map(Pool::servers)
            .flatMap(in -> in.stream())
            .distinct()
            .sorted()
            .filter(server -> isOf(server, cluster))
            .flatMap(server -> manager.topology().instance(server).stream())
            .filter(Instance::seen)
            .toList();
    long lag =
        servers.stream()
            .flatMap(i -> i.primaryChannel().stream())
            .map(Channel::progress)
            .flatMap(p -> p.secondsBehind().stream())
            .mapToLong(Long::longValue)
            .max()
            .orElse(0);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("instances", servers.stream().map(i -> i.key().toString()).toList());
    json.put("lagSeconds", servers.isEmpty() ? null : lag);
    return Answer.ok(
        json,
        ink ->
            servers.isEmpty()
                ? "No server of the cluster is in a pool and answers.\n"
                : servers.stream().map(i -> i.key() + "\n").collect(Collectors.joining()));
  }

  private Answer setAlias(Arguments with, By by) throws RequestRefused {
    ClusterId cluster = registry.cluster(with.text("cluster").orElseThrow());
    Optional<String> alias = with.text("alias");
    registry.call(cluster, alias, by);
    return named(
        cluster, "alias", alias, alias.map(a -> " is called " + a).orElse(" has no alias"));
  }

  private Answer setDomain(Arguments with, By by) throws RequestRefused {
    ClusterId cluster = registry.cluster(with.text("cluster").orElseThrow());
    Optional<String> domain = with.text("domain");
    registry.find(cluster, domain, by);
    return named(
        cluster, "domain", domain, domain.map(d -> " is found as " + d).orElse(" has no domain"));
  }

  private static Answer named(
      ClusterId cluster, String what, Optional<String> name, String sentence) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("cluster", cluster.text());
    json.put(what, name.orElse(null));
    return Answer.ok(json, ink -> "Cluster " + cluster + sentence + ".\n");
  }

  private Answer setAttribute(Arguments with, By by) throws RequestRefused {
    String host = words(with, "host");
    registry.attribute(host, words(with, "name"), words(with, "value"), by);
    return Answer.ok(
        Map.of("host", host, "name", words(with, "name"), "value", words(with, "value")),
        ink -> host + ": " + words(with, "name") + " is " + words(with, "value") + "\n");
  }

  private Answer removeAttribute(Arguments with, By by) throws RequestRefused {
    String host = words(with, "host");
    String name = words(with, "name");
    String was = registry.removeAttribute(host, name, by);
    return Answer.ok(
        Map.of("host", host, "name", name, "was", was),
        ink -> host + ": " + name + " is said no more; it was " + was + "\n");
  }

  private Answer attributes(Arguments with, By by) {
    Optional<String> host = with.text("host");
    return list(
        registry.attributes(with.text("name")).stream()
            .filter(a -> host.filter(h -> !h.equals(a.host())).isEmpty())
            .toList());
  }

  private static Answer list(List<Attribute> attributes) {
    return Answer.ok(
        attributes.stream().map(SaidJson::of).toList(),
        ink ->
            attributes.isEmpty()
                ? "Nothing is said of a host.\n"
                : attributes.stream()
                    .map(a -> a.host() + "  " + a.name() + "  " + a.value() + "\n")
                    .collect(Collectors.joining()));
  }

  private Optional<ClusterId> cluster(Optional<String> hint) throws RequestRefused {
    return hint.isPresent() ? Optional.of(registry.cluster(hint.get())) : Optional.empty();
  }

  private boolean isOf(InstanceKey server, Optional<ClusterId> cluster) {
    return cluster.isEmpty() || cluster.get().equals(manager.state().instances().get(server));
  }

  private <T extends Bounded> Answer list(
      SortedMap<InstanceKey, T> all,
      Optional<String> hint,
      BiFunction<InstanceKey, T, Map<String, Object>> json,
      BiFunction<InstanceKey, T, String> line,
      String nothing)
      throws RequestRefused {
    Optional<ClusterId> cluster = cluster(hint);
    Instant now = clock.instant();
    List<Map.Entry<InstanceKey, T>> rows =
        all.entrySet().stream()
            .filter(e -> e.getValue().holds(now) && isOf(e.getKey(), cluster))
            .toList();
    return Answer.ok(
        rows.stream().map(e -> json.apply(e.getKey(), e.getValue())).toList(),
        ink ->
            rows.isEmpty()
                ? nothing + "\n"
                : rows.stream()
                    .map(e -> line.apply(e.getKey(), e.getValue()) + "\n")
                    .collect(Collectors.joining()));
  }
}
