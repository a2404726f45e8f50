package topiary.app.v1;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import topiary.app.json.InstanceJson;
import topiary.app.json.PlanJson;
import topiary.app.text.Ink;
import topiary.app.text.PlanText;
import topiary.app.text.TreeText;
import topiary.engine.analysis.Errant;
import topiary.engine.catalogue.Arguments;
import topiary.engine.catalogue.BadArgument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.RequestRefused;
import topiary.engine.manager.Run;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.port.PlanJournal;

/** Each operation of the catalogue that is no intent, bound to what answers it, exactly once. */
final class Operations {

  private final Manager manager;
  private final NodeInfo node;
  private final InstantSource clock;
  private final Map<Operation, Bound> bound = new HashMap<>();

  /** Answers one operation. */
  private interface Bound {
    Answer answer(Arguments with, By by) throws BadArgument, RequestRefused;
  }

  Operations(Manager manager, NodeInfo node, InstantSource clock) {
    this.manager = manager;
    this.node = node;
    this.clock = clock;
    bound.put(Catalogue.CLUSTERS, (with, by) -> clusters());
    bound.put(Catalogue.TOPOLOGY, (with, by) -> topology(with.text("cluster")));
    bound.put(Catalogue.SERVER, (with, by) -> instance(with.instance("instance")));
    bound.put(Catalogue.DISCOVER, (with, by) -> discover(with.instance("instance"), by));
    bound.put(Catalogue.FORGET, (with, by) -> forget(with.instance("instance"), by));
    bound.put(Catalogue.APPLY, (with, by) -> apply(with.text("plan").orElseThrow(), by));
    bound.put(Catalogue.CANCEL, (with, by) -> cancel(with.plan("plan").orElseThrow()));
    bound.put(Catalogue.RUN, (with, by) -> run(with.plan("plan").orElseThrow()));
    bound.put(Catalogue.RUNS, (with, by) -> runs(with.number("limit", 20, 1000)));
    bound.put(Catalogue.HEALTH, (with, by) -> health());
  }

  /** The operations that are answered here. */
  Set<Operation> names() {
    return Set.copyOf(bound.keySet());
  }

  Answer answer(Operation operation, Arguments with, By by) throws BadArgument, RequestRefused {
    return bound.get(operation).answer(with, by);
  }

  private Answer clusters() {
    Topology topology = manager.topology();
    var json = new ArrayList<Object>();
    for (Tree tree : topology.trees()) {
      json.add(summary(tree, topology));
    }
    return Answer.ok(
        json,
        ink ->
            topology.trees().isEmpty()
                ? nothing()
                : topology.trees().stream()
                    .map(tree -> line(tree, topology))
                    .collect(Collectors.joining()));
  }

  private String line(Tree tree, Topology topology) {
    int members = tree.places().size();
    long troubled = new TreeText(topology, Ink.PLAIN, clock.instant()).troubled(tree);
    return id(tree)
        + "  "
        + tree.head()
        + "  "
        + members
        + (members == 1 ? " server, " : " servers, ")
        + (troubled == 0 ? "all well" : troubled + " in trouble")
        + "\n";
  }

  private Map<String, Object> summary(Tree tree, Topology topology) {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("id", id(tree));
    summary.put("head", tree.head().toString());
    summary.put("instances", tree.places().size());
    summary.put("troubled", new TreeText(topology, Ink.PLAIN, clock.instant()).troubled(tree));
    return summary;
  }

  private String id(Tree tree) {
    ClusterId id = manager.state().instances().get(tree.head());
    return id == null ? "" : id.text();
  }

  private static String nothing() {
    return "No servers are known yet. Name one: topiary discover HOST:PORT\n";
  }

  private Answer topology(Optional<String> cluster) throws RequestRefused {
    Topology topology = manager.topology();
    List<Tree> trees =
        cluster.isPresent() ? List.of(find(cluster.get(), topology)) : topology.trees();
    var json = new LinkedHashMap<String, Object>();
    json.put("epoch", node.epoch());
    json.put("revision", topology.revision());
    json.put("clusters", trees.stream().map(tree -> whole(tree, topology)).toList());
    Instant now = clock.instant();
    return Answer.ok(
        json,
        ink ->
            trees.isEmpty()
                ? nothing()
                : trees.stream()
                    .map(tree -> new TreeText(topology, ink, now).of(tree))
                    .collect(Collectors.joining("\n")));
  }

  private Map<String, Object> whole(Tree tree, Topology topology) {
    Map<String, Object> json = summary(tree, topology);
    json.put(
        "instances",
        tree.places().stream()
            .map(
                place -> {
                  Map<String, Object> i =
                      json(topology.instance(place.key()).orElseThrow(), topology);
                  i.put("depth", place.depth());
                  return i;
                })
            .toList());
    return json;
  }

  private Tree find(String hint, Topology topology) throws RequestRefused {
    for (Tree tree : topology.trees()) {
      if (hint.equals(id(tree))) {
        return tree;
      }
    }
    try {
      return topology
          .treeOf(manager.real(InstanceKey.parse(hint)))
          .orElseThrow(() -> unknown("no cluster or server is called " + hint));
    } catch (IllegalArgumentException e) {
      throw new RequestRefused(
          RequestRefused.Kind.UNKNOWN, "no cluster or server is called that: " + e.getMessage(), e);
    }
  }

  private static RequestRefused unknown(String sentence) {
    return new RequestRefused(RequestRefused.Kind.UNKNOWN, sentence);
  }

  private Answer instance(InstanceKey key) throws RequestRefused {
    Instance instance =
        manager
            .topology()
            .instance(manager.real(key))
            .orElseThrow(() -> unknown(key + " is not known"));
    return instance(instance);
  }

  private Answer instance(Instance instance) {
    Map<String, Object> json = json(instance, manager.topology());
    return Answer.ok(json, ink -> Lines.of(json));
  }

  /** A server, with what only its tree tells of it. */
  private Map<String, Object> json(Instance instance, Topology topology) {
    Map<String, Object> json =
        InstanceJson.of(instance, manager.state().instances().get(instance.key()));
    Errant.of(topology, instance.key()).ifPresent(gtids -> json.put("errantGtid", gtids));
    json.put(
        "otherNames",
        manager.state().names().of(instance.key()).stream().map(InstanceKey::toString).toList());
    return json;
  }

  private Answer discover(InstanceKey key, By by) throws RequestRefused {
    Instance found = manager.discover(key, by);
    Map<String, Object> json = json(found, manager.topology());
    return Answer.ok(
        json, ink -> "Looking after " + found.key() + " and every server it leads to.\n");
  }

  private Answer forget(InstanceKey key, By by) throws RequestRefused {
    manager.forget(key, by);
    return Answer.ok(
        Map.of("instance", key.toString()),
        ink ->
            key
                + " is forgotten. It comes back if another server that is looked after still names"
                + " it.\n");
  }

  private Answer apply(String fingerprint, By by) throws RequestRefused {
    return started(manager.apply(fingerprint, by));
  }

  private static Answer started(Run run) {
    return new Answer(
        202,
        PlanJson.run(run),
        ink -> "Plan " + run.id() + " is under way.\n",
        Map.of(V1Api.RUN_HEADER, run.id().text()));
  }

  /** The plan for an intent, as something to look at. */
  Answer show(Intent intent) throws RequestRefused {
    return switch (manager.plan(intent)) {
      case PlanResult.Planned(Plan plan) -> {
        Topology topology = manager.topology();
        yield new Answer(
            200,
            PlanJson.plan(plan, topology),
            ink -> new PlanText(ink).plan(plan, topology),
            Map.of(V1Api.PLAN_HEADER, plan.fingerprint()));
      }
      case PlanResult.Refused(String reason) ->
          throw new RequestRefused(RequestRefused.Kind.REFUSED, reason);
    };
  }

  /** Plans and runs an intent. */
  Answer doNow(Intent intent, By by) throws RequestRefused {
    return started(manager.applyNow(intent, by));
  }

  /** What a call of undo without a plan is about. */
  PlanId undoable() throws RequestRefused {
    return manager
        .undoable()
        .orElseThrow(() -> unknown("no plan was carried out that could be undone"));
  }

  private Answer cancel(PlanId id) throws RequestRefused {
    Run run = manager.run(id).orElseThrow(() -> unknown("plan " + id + " is not under way"));
    run.cancel();
    return Answer.ok(
        PlanJson.run(run), ink -> "Plan " + id + " will stop at its next safe border.\n");
  }

  private Answer run(PlanId id) throws RequestRefused {
    PlanJournal.PlanRecord record =
        manager.journal().plan(id).orElseThrow(() -> unknown("no plan is called " + id));
    return Answer.ok(PlanJson.record(record), ink -> new PlanText(ink).record(record));
  }

  private Answer runs(int limit) {
    List<PlanJournal.PlanRecord> latest = manager.journal().latest(limit);
    return Answer.ok(
        latest.stream().map(PlanJson::record).toList(),
        ink ->
            latest.isEmpty()
                ? "No plan was run yet.\n"
                : latest.stream().map(new PlanText(ink)::line).collect(Collectors.joining()));
  }

  private Answer health() {
    Map<Condition, Long> conditions =
        manager.topology().instances().values().stream()
            .collect(Collectors.groupingBy(Instance::condition, Collectors.counting()));
    Optional<String> trouble = node.trouble().get();
    var json = new LinkedHashMap<String, Object>();
    json.put("healthy", trouble.isEmpty());
    json.put("trouble", trouble.orElse(null));
    json.put("version", node.version());
    json.put("epoch", node.epoch());
    json.put("started", manager.started().toString());
    json.put("dataFolder", node.dataFolder().toString());
    json.put("instances", manager.topology().instances().size());
    var counts = new LinkedHashMap<String, Long>();
    for (Condition c : Condition.values()) {
      counts.put(c.name(), conditions.getOrDefault(c, 0L));
    }
    json.put("conditions", counts);
    json.put("plansUnderWay", manager.state().plans().size());
    json.put("waitingFor", new TreeMap<>(node.waiting()));
    Function<Ink, String> text =
        ink ->
            (trouble.isEmpty() ? "healthy" : "in trouble: " + trouble.get())
                + ", "
                + manager.topology().instances().size()
                + " servers known, "
                + counts.get(Condition.SEEN.name())
                + " seen\n"
                + node.waiting().entrySet().stream()
                    .map(e -> "not seen yet: " + e.getKey() + ": " + e.getValue() + "\n")
                    .collect(Collectors.joining());
    return new Answer(trouble.isEmpty() ? 200 : 503, json, text, Map.of());
  }
}
