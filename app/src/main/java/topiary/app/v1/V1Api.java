package topiary.app.v1;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiary.app.cluster.Cluster;
import topiary.app.face.Answerer;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.face.Role;
import topiary.app.json.Json;
import topiary.app.json.PlanJson;
import topiary.app.kept.Kept;
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

/**
 * Everything below {@code /api/v1}. Queries are GET, the rest is POST with a JSON object; an intent
 * with {@code "dryRun": true} is planned and shown only.
 */
public final class V1Api implements Handler {

  /** Carries a plan's fingerprint, whatever the body is. */
  public static final String PLAN_HEADER = "Topiary-Plan";

  /** Carries a run's id, whatever the body is. */
  public static final String RUN_HEADER = "Topiary-Run";

  /** Carries a run's version, whatever the body is. */
  public static final String VERSION_HEADER = "Topiary-Version";

  /** Carries how many steps of a run have been told, whatever the body is. */
  public static final String STEPS_HEADER = "Topiary-Steps";

  /** Carries how a run ended, whatever the body is. */
  public static final String END_HEADER = "Topiary-End";

  /** On a refusal: nothing was begun, and another node of the cluster may be able to: true. */
  public static final String ELSEWHERE_HEADER = "Topiary-Elsewhere";

  /** On a request that is to be answered by the node that is asked, or not at all: true. */
  public static final String LOCAL_HEADER = "Topiary-Local";

  /** What the desktop calls itself, for the journal. */
  public static final String DESKTOP_AGENT = "topiary/desktop";

  private static final String DRY_RUN = "dryRun";
  private static final String COLOUR = "colour";
  private static final String FRESH = "fresh";
  private static final String BETWEEN = "cluster";
  private static final String ID = "id";
  private static final String JOIN = "join";
  private static final List<String> WRITES_BETWEEN = List.of(JOIN, "announce");

  /** Queries that have a path of their own besides, below what they belong to. */
  private static final Map<String, Operation> DEEPER =
      Map.of(
          "audit/verify",
          Catalogue.AUDIT_VERIFY,
          "history/topology",
          Catalogue.TOPOLOGY,
          "history/changes",
          Catalogue.HISTORY_CHANGES,
          "history/counts",
          Catalogue.HISTORY_COUNTS);

  private static final long LONGEST_WAIT_MILLIS = 30_000;

  private final Manager manager;
  private final Operations operations;
  private final ClusterOperations cluster;
  private final EventHub events;

  /** The API of a node that is alone. */
  public V1Api(Manager manager, NodeInfo node, EventHub events, InstantSource clock) {
    this(manager, node, events, clock, Optional.empty());
  }

  /** The API of a node that knows nothing of what was. */
  V1Api(
      Manager manager,
      NodeInfo node,
      EventHub events,
      InstantSource clock,
      Optional<Cluster> cluster) {
    this(manager, node, events, clock, cluster, Past.NONE);
  }

  /**
   * The API of a node.
   *
   * @param cluster the cluster it is a member of; empty when it is alone
   * @param past what it knows of what was
   */
  public V1Api(
      Manager manager,
      NodeInfo node,
      EventHub events,
      InstantSource clock,
      Optional<Cluster> cluster,
      Past past) {
    this(manager, node, events, clock, cluster, past, new Kept());
  }

  /**
   * The API of a node.
   *
   * @param cluster the cluster it is a member of; empty when it is alone
   * @param past what it knows of what was
   * @param kept what answers are made of
   */
  public V1Api(
      Manager manager,
      NodeInfo node,
      EventHub events,
      InstantSource clock,
      Optional<Cluster> cluster,
      Past past,
      Kept kept) {
    this.manager = manager;
    this.events = events;
    this.cluster = new ClusterOperations(cluster, past.auditDays());
    operations = new Operations(manager, node, clock, this.cluster, past, new Keep(kept));
    Set<Operation> expected = new HashSet<>(Catalogue.all());
    expected.removeIf(o -> o.kind() == Operation.Kind.INTENT || o.equals(Catalogue.PLAN_FOR));
    if (!expected.equals(operations.names())) {
      throw new IllegalStateException(
          "catalogue and handlers differ: " + expected + " / " + operations.names());
    }
  }

  @Override
  public Reply handle(Request request) {
    List<String> path = request.segments();
    if (path.isEmpty()) {
      return read(request, "the index", r -> Reply.json(200, Json.bytes(index())));
    }
    String name = path.getFirst();
    if (name.equals("events") && path.size() == 1) {
      return read(request, name, events::subscribe);
    }
    if (name.equals("runs") && path.size() == 2) {
      return read(request, "a run", this::watch);
    }
    if (name.equals(BETWEEN) && path.size() == 2) {
      return betweenNodes(request, path.get(1));
    }
    if (DEEPER.containsKey(String.join("/", path))) {
      return call(request, DEEPER.get(String.join("/", path)));
    }
    Optional<Operation> operation = Catalogue.named(name);
    if (operation.isEmpty() || path.size() > 1) {
      return Failure.of(request, 404, "unknown", "there is no /api/v1/" + String.join("/", path));
    }
    return call(request, operation.get());
  }

  /** What nodes ask of each other, and nobody else. */
  private Reply betweenNodes(Request request, String what) {
    boolean id = what.equals(ID);
    if (!id && !WRITES_BETWEEN.contains(what)) {
      return Failure.of(request, 404, "unknown", "there is no /api/v1/" + BETWEEN + "/" + what);
    }
    String method = id ? "GET" : "POST";
    if (!request.method().equals(method)) {
      return Failure.of(request, 405, "method", BETWEEN + "/" + what + " is asked with " + method);
    }
    try {
      return reply(
          request,
          switch (what) {
            case ID -> cluster.id();
            case JOIN -> cluster.join(object(request));
            default -> cluster.announce(object(request));
          });
    } catch (BadArgument e) {
      return Failure.of(request, 400, "argument", e.getMessage());
    } catch (RequestRefused e) {
      return Failure.of(request, e);
    }
  }

  /** Which node of a cluster answers a request below {@code /api/v1}. */
  public static Answerer answerer(Request request) {
    List<String> path = request.segments();
    boolean post = request.method().equals("POST");
    if (path.size() == 2) {
      if (path.getFirst().equals("runs")) {
        return Answerer.ASKED_ELSE_LEADER;
      }
      boolean ofNodes = path.getFirst().equals(BETWEEN) && WRITES_BETWEEN.contains(path.get(1));
      return post && ofNodes ? Answerer.LEADER : Answerer.ASKED;
    }
    boolean leads =
        post
            && path.size() == 1
            && Catalogue.named(path.getFirst())
                .filter(o -> o.kind().writes() || o.equals(Catalogue.PLAN_FOR))
                .filter(o -> !o.equals(Catalogue.CLUSTER_SNAPSHOT))
                .isPresent();
    return leads ? Answerer.LEADER : Answerer.ASKED;
  }

  /** What one must be to have a request below {@code /api/v1} answered. */
  public static Role role(Request request) {
    List<String> path = request.segments();
    if (path.size() == 2 && path.getFirst().equals(BETWEEN)) {
      return Role.NODE;
    }
    return writes(request) ? Role.OPERATOR : Role.READER;
  }

  /**
   * Whether a request below {@code /api/v1} changes something: all but queries, and but intents
   * that are only to be planned.
   */
  public static boolean writes(Request request) {
    List<String> path = request.segments();
    if (path.size() == 2) {
      return path.getFirst().equals(BETWEEN) && WRITES_BETWEEN.contains(path.get(1));
    }
    Optional<Operation> operation =
        path.size() == 1 ? Catalogue.named(path.getFirst()) : Optional.empty();
    if (operation.filter(o -> o.kind().writes()).isEmpty()) {
      return false;
    }
    try {
      return operation.get().kind() != Operation.Kind.INTENT || !flag(body(request).get(DRY_RUN));
    } catch (BadArgument e) {
      // It will be refused for that; until then it counts as what it may have been meant to be.
      return true;
    }
  }

  private static Reply read(Request request, String what, Handler handler) {
    return request.method().equals("GET")
        ? handler.handle(request)
        : Failure.of(request, 405, "method", what + " is asked with GET");
  }

  private Reply call(Request request, Operation operation) {
    boolean reads = operation.kind() == Operation.Kind.QUERY && operation != Catalogue.PLAN_FOR;
    String method = reads ? "GET" : "POST";
    if (!request.method().equals(method)) {
      return Failure.of(request, 405, "method", operation.name() + " is asked with " + method);
    }
    try {
      Map<String, String> values = reads ? new LinkedHashMap<>(request.query()) : body(request);
      values.remove(COLOUR);
      if (reads) {
        // Whoever passes it on has seen to it; a node that is alone is as fresh as can be.
        values.remove(FRESH);
      }
      Answer answer =
          operation.equals(Catalogue.PLAN_FOR)
              ? planFor(values, by(request))
              : perform(operation, values, by(request));
      return reply(request, answer);
    } catch (BadArgument e) {
      return Failure.of(request, 400, "argument", e.getMessage());
    } catch (RequestRefused e) {
      return Failure.of(request, e);
    }
  }

  private Answer perform(Operation operation, Map<String, String> values, By by)
      throws BadArgument, RequestRefused {
    if (operation.kind() != Operation.Kind.INTENT) {
      return operations.answer(operation, Arguments.of(operation, values), by);
    }
    boolean dryRun = flag(values.remove(DRY_RUN));
    Intent intent = intent(operation, values);
    return dryRun ? operations.show(intent, by) : operations.doNow(intent, by);
  }

  private Answer planFor(Map<String, String> values, By by) throws BadArgument, RequestRefused {
    String name = values.remove("operation");
    Operation wanted =
        Catalogue.named(name == null ? "" : name)
            .filter(o -> o.kind() == Operation.Kind.INTENT)
            .orElseThrow(
                () ->
                    new BadArgument(
                        "\"operation\" names what to plan: one of "
                            + Catalogue.all().stream()
                                .filter(o -> o.kind() == Operation.Kind.INTENT)
                                .map(Operation::name)
                                .toList()));
    return operations.show(intent(wanted, values), by);
  }

  private Intent intent(Operation operation, Map<String, String> values)
      throws BadArgument, RequestRefused {
    Optional<Intent> intent = Catalogue.intent(operation, Arguments.of(operation, values));
    return intent.isPresent() ? intent.get() : new Intent.Undo(operations.undoable());
  }

  private static boolean flag(String value) throws BadArgument {
    if (value == null || value.equals("false")) {
      return false;
    }
    if (value.equals("true")) {
      return true;
    }
    throw new BadArgument(DRY_RUN + " is true or false");
  }

  private static Map<String, String> body(Request request) throws BadArgument {
    var values = new LinkedHashMap<String, String>();
    for (var field : object(request).entrySet()) {
      if (field.getValue() instanceof Map || field.getValue() instanceof List) {
        throw new BadArgument("\"" + field.getKey() + "\" must be a plain value");
      }
      if (field.getValue() != null) {
        values.put(field.getKey(), field.getValue().toString());
      }
    }
    return values;
  }

  private static Map<String, Object> object(Request request) throws BadArgument {
    String type = request.header("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (request.body().length == 0) {
      return new LinkedHashMap<>();
    }
    if (!type.startsWith("application/json")) {
      throw new BadArgument("the body must be JSON, with content type application/json");
    }
    try {
      return Json.object(request.body());
    } catch (Json.BadJson e) {
      throw new BadArgument("the body is not the JSON object it should be: " + e.getMessage());
    }
  }

  /** Waits for news of a run: {@code runs/ID?after=VERSION&steps=TOLD&wait=MILLISECONDS}. */
  private Reply watch(Request request) {
    try {
      Run run =
          manager
              .run(new PlanId(request.segments().get(1)))
              .orElseThrow(
                  () ->
                      new RequestRefused(
                          RequestRefused.Kind.UNKNOWN,
                          "plan " + request.segments().get(1) + " is not under way; see run"));
      int after = Integer.parseInt(request.query().getOrDefault("after", "-1"));
      int told = Integer.parseInt(request.query().getOrDefault("steps", "0"));
      long wait = Long.parseLong(request.query().getOrDefault("wait", "0"));
      Run.Snapshot now = run.after(after, Math.clamp(wait, 0, LONGEST_WAIT_MILLIS));
      var headers = new LinkedHashMap<String, String>();
      headers.put(VERSION_HEADER, Integer.toString(now.version()));
      long ended = now.steps().stream().filter(s -> s.phase() != Run.Phase.BEGUN).count();
      headers.put(STEPS_HEADER, Long.toString(ended));
      now.outcome().ifPresent(o -> headers.put(END_HEADER, o.end().name()));
      return reply(
          request,
          new Answer(
              200, PlanJson.run(run), ink -> new PlanText(ink).progress(run, now, told), headers));
    } catch (IllegalArgumentException e) {
      return Failure.of(request, 400, "argument", "not a number or a plan: " + e.getMessage());
    } catch (RequestRefused e) {
      return Failure.of(request, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Failure.of(request, 503, "broken", "this node is being stopped");
    }
  }

  private static Reply reply(Request request, Answer answer) {
    Ink ink = "yes".equals(request.query().get(COLOUR)) ? Ink.COLOUR : Ink.PLAIN;
    var body =
        (Reply.Whole)
            (request.wantsText()
                ? Reply.text(answer.status(), answer.text().apply(ink))
                : Reply.json(answer.status(), Bodies.of(answer.json())));
    return new Reply.Whole(body.status(), body.type(), body.body(), answer.headers());
  }

  private static By by(Request request) {
    String agent = request.header("user-agent").orElse("");
    String door =
        agent.startsWith(DESKTOP_AGENT)
            ? "desktop"
            : agent.startsWith("topiary/") ? "command line" : "http";
    return new By(request.sender().name(), door);
  }

  private static Map<String, Object> index() {
    var index = new LinkedHashMap<String, Object>();
    for (Operation o : Catalogue.all()) {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("kind", o.kind().name());
      entry.put("summary", o.summary());
      entry.put(
          "arguments",
          o.arguments().stream()
              .map(a -> Map.of("name", a.name(), "required", a.required(), "help", a.help()))
              .toList());
      index.put(o.name(), entry);
    }
    return index;
  }
}
