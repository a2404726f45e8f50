package topiary.app.v1;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import topiary.app.cluster.ClusterView;
import topiary.app.cluster.Quorum;
import topiary.app.config.Version;
import topiary.app.json.ClusterJson;
import topiary.app.json.PlanJson;
import topiary.app.text.ClusterText;
import topiary.app.text.Ink;
import topiary.app.text.PlanText;
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
import topiary.engine.port.History;
import topiary.engine.port.PlanJournal;

/** Each operation of the catalogue that is no intent, bound to what answers it, exactly once. */
final class Operations {

  private final Manager manager;
  private final NodeInfo node;
  private final InstantSource clock;
  private final Keep keep;
  private final ClusterOperations cluster;
  private final AuditOperations audit;
  private final HistoryOperations history;
  private final Map<Operation, Bound> bound = new HashMap<>();

  /** Answers one operation. */
  interface Bound {
    Answer answer(Arguments with, By by) throws BadArgument, RequestRefused;
  }

  Operations(
      Manager manager,
      NodeInfo node,
      InstantSource clock,
      ClusterOperations cluster,
      Past past,
      Keep keep) {
    this.keep = keep;
    audit = new AuditOperations(past.audit());
    history = new HistoryOperations(past.history());
    this.cluster = cluster;
    this.manager = manager;
    this.node = node;
    this.clock = clock;
    bound.put(Catalogue.CLUSTERS, (with, by) -> clusters());
    bound.put(Catalogue.TOPOLOGY, (with, by) -> topology(with.text("cluster"), with.moment("at")));
    bound.put(Catalogue.SERVER, (with, by) -> instance(with.instance("instance")));
    bound.put(Catalogue.LONG_QUERIES, (with, by) -> longQueries(with));
    bound.put(Catalogue.DISCOVER, (with, by) -> discover(with.instance("instance"), by));
    bound.put(Catalogue.FORGET, (with, by) -> forget(with.instance("instance"), by));
    bound.put(Catalogue.APPLY, (with, by) -> apply(with.text("plan").orElseThrow(), by));
    bound.put(Catalogue.CANCEL, (with, by) -> cancel(with.plan("plan").orElseThrow()));
    bound.put(Catalogue.RUN, (with, by) -> run(with.plan("plan").orElseThrow()));
    bound.put(Catalogue.RUNS, (with, by) -> runs(with.number("limit", 20, 1000)));
    bound.put(Catalogue.HISTORY, (with, by) -> history.changes(asked(with, Map.of(), 0)));
    bound.put(
        Catalogue.AUDIT,
        (with, by) ->
            audit.rows(
                about(with),
                with.moment("since"),
                with.number("skip", 0, Integer.MAX_VALUE),
                with.number("limit", 50, 1000)));
    bound.put(Catalogue.AUDIT_VERIFY, (with, by) -> audit.verify(with.text("noted")));
    bound.put(Catalogue.HEALTH, (with, by) -> health());
    bound.put(Catalogue.CLUSTER_VIEW, (with, by) -> cluster.show());
    bound.put(
        Catalogue.CLUSTER_REMOVE, (with, by) -> cluster.remove(with.text("node").orElseThrow()));
    bound.put(
        Catalogue.CLUSTER_TRANSFER,
        (with, by) -> cluster.transfer(with.text("node").orElseThrow()));
    bound.put(Catalogue.CLUSTER_STEP_DOWN, (with, by) -> cluster.stepDown());
    bound.put(Catalogue.CLUSTER_SNAPSHOT, (with, by) -> cluster.snapshot());
    var said = new SaidAnswers(manager, clock);
    bound.putAll(said.bound());
    bound.put(
        Catalogue.HISTORY_CHANGES,
        (with, by) ->
            history.changes(asked(with, where(with), with.number("skip", 0, Integer.MAX_VALUE))));
    bound.put(Catalogue.HISTORY_COUNTS, (with, by) -> counts(with));
    bound.putAll(new AskingAnswers(manager).bound());
    bound.putAll(new JudgingAnswers(manager, this::now, this::find).bound());
    bound.putAll(new RecoveryAnswers(manager).bound());
  }

  /** The operations of the catalogue that are answered here. */
  Set<Operation> names() {
    return Set.copyOf(bound.keySet());
  }

  Answer answer(Operation operation, Arguments with, By by) throws BadArgument, RequestRefused {
    return bound.get(operation).answer(with, by);
  }

  /** The fleet as it is. */
  private Sight now() {
    return new Sight(
        manager.topology(),
        manager.state().instances(),
        manager.state().names(),
        manager.state().said(),
        clock.instant(),
        keep);
  }

  private Answer clusters() {
    Sight now = now();
    List<Tree> trees = now.topology().trees();
    return Answer.ok(
        trees.stream().map(now::summary).toList(),
        ink ->
            trees.isEmpty()
                ? nothing()
                : trees.stream().map(tree -> line(tree, now)).collect(Collectors.joining()));
  }

  private static String line(Tree tree, Sight now) {
    int members = tree.places().size();
    long troubled = now.troubled(tree);
    return now.id(tree)
        + "  "
        + tree.head()
        + now.called(tree).map(alias -> " (" + alias + ")").orElse("")
        + "  "
        + members
        + (members == 1 ? " server, " : " servers, ")
        + (troubled == 0 ? "all well" : troubled + " in trouble")
        + "\n";
  }

  private static String nothing() {
    return "No servers are known yet. Name one: topiary discover HOST:PORT\n";
  }

  private Answer topology(Optional<String> cluster, Optional<Instant> at) throws RequestRefused {
    if (at.isPresent()) {
      HistoryOperations.Then then = history.at(at.get());
      return topology(cluster, then.sight(), then.json(), ink -> then.words());
    }
    Sight now = now();
    var json = new LinkedHashMap<String, Object>();
    json.put("epoch", node.epoch());
    json.put("revision", now.topology().revision());
    return topology(cluster, now, json, ink -> "");
  }

  private Answer topology(
      Optional<String> cluster, Sight sight, Map<String, Object> first, Function<Ink, String> head)
      throws RequestRefused {
    List<Tree> trees =
        cluster.isPresent() ? List.of(find(cluster.get(), sight)) : sight.topology().trees();
    var json = new LinkedHashMap<>(first);
    json.put("clusters", trees.stream().map(sight::whole).toList());
    return Answer.ok(
        json,
        ink ->
            head.apply(ink)
                + (trees.isEmpty()
                    ? nothing()
                    : trees.stream()
                        .map(tree -> sight.text(tree, ink))
                        .collect(Collectors.joining("\n"))));
  }

  private Tree find(String hint, Sight sight) throws RequestRefused {
    for (Tree tree : sight.topology().trees()) {
      if (hint.equals(sight.id(tree)) || sight.called(tree).filter(hint::equals).isPresent()) {
        return tree;
      }
    }
    try {
      return sight
          .topology()
          .treeOf(manager.real(InstanceKey.parse(hint)))
          .orElseThrow(() -> unknown("no cluster or server is called " + hint));
    } catch (IllegalArgumentException e) {
      throw new RequestRefused(
          RequestRefused.Kind.UNKNOWN, "no cluster or server is called that: " + e.getMessage(), e);
    }
  }

  private History.Asked asked(Arguments with, Map<String, Object> where, int skip)
      throws BadArgument {
    Instant to = with.moment("to").orElse(clock.instant());
    Instant from = with.moment("from").orElse(to.minus(Duration.ofDays(1)));
    return new History.Asked(
        from, to, server(with), where, skip, with.number("limit", 100, 10_000));
  }

  private Answer counts(Arguments with) throws BadArgument, RequestRefused {
    Instant to = with.moment("to").orElse(clock.instant());
    Instant from = with.moment("from").or(history::since).orElse(to);
    return history.counts(
        new History.Asked(from, to, server(with), where(with), 0, 0),
        Math.max(1, with.number("parts", 24, 10_000)));
  }

  private Optional<InstanceKey> server(Arguments with) throws BadArgument {
    return with.text("instance").isPresent()
        ? Optional.of(manager.real(with.instance("instance")))
        : Optional.empty();
  }

  /** Of which cluster, which may be one that is no more when it is named by its id. */
  private Map<String, Object> where(Arguments with) throws RequestRefused {
    Optional<String> hint = with.text("cluster");
    if (hint.isEmpty()) {
      return Map.of();
    }
    boolean id = hint.filter(ClusterId::is).isPresent();
    Sight now = now();
    return HistoryOperations.of(id ? hint.get() : now.id(find(hint.get(), now)));
  }

  /** Whom the audit is asked about; nobody when it is asked about all. */
  private Set<String> about(Arguments with) throws BadArgument, RequestRefused {
    Optional<String> cluster = with.text("cluster");
    boolean server = with.text("instance").isPresent();
    if (cluster.isPresent() && server) {
      throw new BadArgument("\"instance\" and \"cluster\" do not go together");
    }
    var about = new TreeSet<String>();
    if (server) {
      InstanceKey key = with.instance("instance");
      about.add(key.toString());
      about.add(manager.real(key).toString());
    }
    if (cluster.isPresent()) {
      Sight now = now();
      Tree tree = find(cluster.get(), now);
      tree.members().forEach(key -> about.add(key.toString()));
      about.add(now.id(tree));
    }
    return about;
  }

  private Answer longQueries(Arguments with) throws BadArgument, RequestRefused {
    Optional<String> cluster = with.text("cluster");
    boolean server = with.text("instance").isPresent();
    if (cluster.isPresent() == server) {
      throw new BadArgument("long-queries needs \"instance\" or \"cluster\", and not both");
    }
    int seconds = with.number("seconds", LongQueries.SECONDS, Integer.MAX_VALUE);
    var queries = new LongQueries(manager::longQueries);
    if (server) {
      return queries.of(manager.real(with.instance("instance")), seconds);
    }
    Sight now = now();
    return queries.of(
        find(cluster.get(), now).members().stream()
            .flatMap(key -> now.topology().instance(key).stream())
            .toList(),
        seconds);
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
    Map<String, Object> json = now().json(instance);
    return Answer.ok(json, ink -> Lines.of(json));
  }

  private Answer discover(InstanceKey key, By by) throws RequestRefused {
    Instance found = manager.discover(key, by);
    Map<String, Object> json = now().json(found);
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
  Answer show(Intent intent, By by) throws RequestRefused {
    return switch (manager.plan(intent, by)) {
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
    return new Answer(
        200,
        PlanJson.record(record),
        ink -> new PlanText(ink).record(record),
        record.end().map(end -> Map.of(V1Api.END_HEADER, end.name())).orElse(Map.of()));
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
    Optional<ClusterView> view = cluster.view();
    Optional<String> trouble = node.trouble().get().or(() -> view.flatMap(Quorum::trouble));
    var json = new LinkedHashMap<String, Object>();
    json.put("healthy", trouble.isEmpty());
    json.put("trouble", trouble.orElse(null));
    List<String> warnings = node.warnings().get();
    json.put("warnings", warnings);
    json.put("version", node.version());
    json.put("build", Version.BUILD);
    json.put("epoch", node.epoch());
    json.put("started", manager.started().toString());
    json.put("dataFolder", node.dataFolder().toString());
    json.put("instances", manager.topology().instances().size());
    var counts = new LinkedHashMap<String, Long>();
    for (Condition c : Condition.values()) {
      counts.put(c.name(), conditions.getOrDefault(c, 0L));
    }
    json.put("conditions", counts);
    json.put("looks", manager.looks());
    json.put("plansUnderWay", manager.state().plans().size());
    json.put("cluster", view.map(ClusterJson::health).orElse(null));
    json.put("audit", audit.head());
    json.put("waitingFor", new TreeMap<>(node.waiting()));
    Function<Ink, String> text =
        ink ->
            (trouble.isEmpty() ? "healthy" : "in trouble: " + trouble.get())
                + ", "
                + manager.topology().instances().size()
                + " servers known, "
                + counts.get(Condition.SEEN.name())
                + " seen\n"
                + view.map(v -> new ClusterText(ink).line(v) + new ClusterText(ink).silent(v))
                    .orElse("")
                + warnings.stream().map(w -> "warning: " + w + "\n").collect(Collectors.joining())
                + node.waiting().entrySet().stream()
                    .map(e -> "not seen yet: " + e.getKey() + ": " + e.getValue() + "\n")
                    .collect(Collectors.joining());
    return new Answer(trouble.isEmpty() ? 200 : 503, json, text, Map.of());
  }
}
