package topiary.app.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.app.Samples;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.json.Json;
import topiary.engine.catalogue.Argument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;
import topiary.engine.intent.PlanId;
import topiary.engine.manager.Manager;
import topiary.engine.manager.Policies;
import topiary.engine.manager.Ports;
import topiary.engine.model.Condition;
import topiary.engine.port.Clock;
import topiary.engine.port.CommandLog;
import topiary.engine.port.PlanJournal;
import topiary.engine.port.Scheduler;
import topiary.engine.port.ServerTrouble;
import topiary.engine.state.Entry;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;

/** The API on a manager that knows no server. */
class V1ApiTest {

  private final EventHub hub = new EventHub("7", Map::of);
  private Optional<String> trouble = Optional.empty();

  // Making it is a test of its own: it fails when an operation has no handler, or one too many.
  private final V1Api api =
      new V1Api(
          manager(),
          new NodeInfo("1.2.3", "7", Path.of("/data"), () -> trouble, new TreeMap<>()),
          hub,
          InstantSource.fixed(Samples.NOW));

  static Stream<Operation> operations() {
    return Catalogue.all().stream();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationAnswersItsMethodAndNoOther(Operation o) throws Exception {
    boolean reads = o.kind() == Operation.Kind.QUERY && !o.equals(Catalogue.PLAN_FOR);
    for (String method : List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")) {
      Reply.Whole reply = call(method, o.name(), samples(o));
      if (method.equals(reads ? "GET" : "POST")) {
        assertFalse(reply.status() == 405 || reply.status() >= 500 && reply.status() != 502);
        assertTrue(reply.status() != 404 || !error(reply).contains("there is no /api"));
      } else {
        assertEquals(405, reply.status(), method);
        assertEquals(o.name() + " is asked with " + (reads ? "GET" : "POST"), error(reply));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyRequiredArgumentIsAskedFor(Operation o) throws Exception {
    for (Argument a : o.arguments()) {
      if (a.required() && !o.equals(Catalogue.PLAN_FOR)) {
        Map<String, Object> with = samples(o);
        with.remove(a.name());
        Reply.Whole reply = call(method(o), o.name(), with);
        assertEquals(400, reply.status());
        assertEquals(o.name() + " needs \"" + a.name() + "\": " + a.help(), error(reply));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void anArgumentThatIsNotDeclaredIsRefused(Operation o) throws Exception {
    Map<String, Object> with = samples(o);
    with.put("shoeSize", "44");
    Reply.Whole reply = call(method(o), o.name(), with);
    assertEquals(400, reply.status());
    assertTrue(error(reply).endsWith(" takes no argument \"shoeSize\""), error(reply));
  }

  @Test
  void theIndexNamesEveryOperationWithItsArguments() throws Exception {
    Map<String, Object> index = json(get(""));
    assertEquals(operations().map(Operation::name).toList(), List.copyOf(index.keySet()));
    assertTrue(index.get("relocate").toString().contains("its new source"));
  }

  @ParameterizedTest
  @CsvSource({
    "nothing, there is no /api/v1/nothing",
    "topology/x, there is no /api/v1/topology/x",
    "events/x, there is no /api/v1/events/x",
    "runs/p0123456789ab/x, there is no /api/v1/runs/p0123456789ab/x"
  })
  void anUnknownPathIsNamed(String path, String sentence) throws Exception {
    Reply.Whole reply = get(path);
    assertEquals(404, reply.status());
    assertEquals(sentence, error(reply));
  }

  @ParameterizedTest
  @CsvSource({"POST, ''", "DELETE, ''", "POST, events", "PUT, events", "POST, runs/p0123456789ab"})
  void whatIsOnlyReadIsNotAskedWithAnotherMethod(String method, String path) throws Exception {
    Reply.Whole reply = whole(request(method, path, Map.of(), Map.of(), ""));
    assertEquals(405, reply.status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text/plain|{}|the body must be JSON, with content type application/json",
        "``|{}|the body must be JSON, with content type application/json",
        "application/json|{\"instance\":[1]}|\"instance\" must be a plain value",
        "application/json|{\"instance\":{}}|\"instance\" must be a plain value",
        "application/json|{\"instance\":null}|discover needs \"instance\": any server of the tree",
        "application/json|{\"instance\":\"a:b:c:%$\"}|instance: not a host name: \"a:b:c:%$\"",
        "application/json|{\"instance\":\"a:99999\"}|instance: not a port (1 to 65535): 99999",
      })
  void aBodyThatCannotBeUsedIsToldInASentence(String type, String body, String sentence)
      throws Exception {
    Reply.Whole reply =
        whole(request("POST", "discover", Map.of(), Map.of("content-type", type), body));
    assertEquals(400, reply.status());
    assertEquals(sentence, error(reply));
  }

  @Test
  void aBodyThatIsNoObjectIsToldInASentenceWithoutOurInsides() throws Exception {
    for (String body : List.of("[1]", "{", "{} {}", "nonsense", "{\"a\":1,\"a\":2}")) {
      Reply.Whole reply = whole(json("POST", "discover", body));
      assertEquals(400, reply.status());
      assertTrue(
          error(reply).startsWith("the body is not the JSON object it should be: "), error(reply));
      assertFalse(error(reply).contains("java."), error(reply));
    }
  }

  @Test
  void dryRunIsTrueOrFalse() throws Exception {
    String call = "{\"replica\":\"a:1\",\"below\":\"b:1\",\"dryRun\":%s}";
    assertEquals("dryRun is true or false", error(post("relocate", call.formatted("\"maybe\""))));
    assertEquals("dryRun is true or false", error(post("relocate", call.formatted("1"))));
    assertEquals(422, post("relocate", call.formatted("true")).status());
  }

  @Test
  void planNamesWhatCanBePlanned() throws Exception {
    String all =
        "\"operation\" names what to plan: one of [relocate, start-replication,"
            + " stop-replication, set-read-only, set-writeable, undo]";
    assertEquals(all, error(post("plan", "{}")));
    assertEquals(all, error(post("plan", "{\"operation\":\"topology\"}")));
    assertEquals(
        "a:1 is not known; discover it first",
        error(post("plan", "{\"operation\":\"stop-replication\",\"instance\":\"a:1\"}")));
  }

  @ParameterizedTest
  @CsvSource({
    "runs/p0123456789ab, 404",
    "runs/nonsense, 400",
    "run?plan=p0123456789ab, 404",
    "run?plan=nonsense, 400",
    "runs?limit=1001, 400",
    "runs?limit=-1, 400",
    "runs?limit=x, 400",
    "runs?limit=0, 200",
    "instance?instance=a:1, 404",
    "topology?cluster=c0123456789ab, 404",
    "topology?cluster=%00, 404"
  })
  void whatDoesNotExistOrIsNoNumberIsRefused(String path, int status) throws Exception {
    int mark = path.indexOf('?');
    Map<String, String> query =
        mark < 0
            ? Map.of()
            : Map.of(
                path.substring(mark + 1, path.indexOf('=')), path.substring(path.indexOf('=') + 1));
    Reply.Whole reply =
        whole(request("GET", mark < 0 ? path : path.substring(0, mark), query, Map.of(), ""));
    assertEquals(status, reply.status());
  }

  @Test
  void whoWantsTextGetsTextAlsoInErrors() throws Exception {
    var text = Map.of("accept", "text/plain");
    Reply.Whole trees = whole(request("GET", "topology", Map.of(), text, ""));
    assertEquals("text/plain; charset=UTF-8", trees.type());
    assertEquals("No servers are known yet. Name one: topiary discover HOST:PORT\n", body(trees));
    Reply.Whole wrong = whole(request("GET", "nothing", Map.of(), text, ""));
    assertEquals("there is no /api/v1/nothing\n", body(wrong));
  }

  @Test
  void healthTellsTrouble() throws Exception {
    Map<String, Object> well = json(get("health"));
    assertEquals(true, well.get("healthy"));
    assertEquals("1.2.3", well.get("version"));
    assertEquals(0, well.get("instances"));
    trouble = Optional.of("the disk is full");
    Reply.Whole ill = get("health");
    assertEquals(503, ill.status());
    assertEquals("the disk is full", json(ill).get("trouble"));
  }

  private static String method(Operation o) {
    boolean reads = o.kind() == Operation.Kind.QUERY && !o.equals(Catalogue.PLAN_FOR);
    return reads ? "GET" : "POST";
  }

  private static Map<String, Object> samples(Operation o) {
    var values = new LinkedHashMap<String, Object>();
    for (Argument a : o.arguments()) {
      values.put(
          a.name(),
          switch (a.type()) {
            case INSTANCE, CLUSTER -> "db1:3306";
            case PLAN -> "p0123456789ab";
            case FINGERPRINT -> "00ff";
            case NAME -> "undo";
            case NUMBER -> "3";
          });
    }
    return values;
  }

  private Reply.Whole call(String method, String path, Map<String, Object> values) {
    if (method.equals("POST")) {
      return whole(json(method, path, Json.text(values)));
    }
    var query = new LinkedHashMap<String, String>();
    values.forEach((name, value) -> query.put(name, value.toString()));
    return whole(request(method, path, query, Map.of(), ""));
  }

  private Reply.Whole get(String path) {
    return whole(request("GET", path, Map.of(), Map.of(), ""));
  }

  private Reply.Whole post(String path, String body) {
    return whole(json("POST", path, body));
  }

  private static Request json(String method, String path, String body) {
    return request(
        method, path, Map.of(), Map.of("content-type", "application/json; charset=utf-8"), body);
  }

  private static Request request(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      String body) {
    List<String> segments = path.isEmpty() ? List.of() : List.of(path.split("/"));
    return new Request(method, segments, query, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private Reply.Whole whole(Request request) {
    return (Reply.Whole) api.handle(request);
  }

  private static String body(Reply.Whole reply) {
    return new String(reply.bytes(), StandardCharsets.UTF_8);
  }

  private static Map<String, Object> json(Reply.Whole reply) throws Json.BadJson {
    return Json.object(reply.bytes());
  }

  private static String error(Reply.Whole reply) throws Json.BadJson {
    return (String) ((Map<?, ?>) json(reply).get("error")).get("message");
  }

  private static Manager manager() {
    var log =
        new CommandLog() {
          @Override
          public CompletableFuture<Verdict> submit(Entry entry) {
            return CompletableFuture.completedFuture(Verdict.ACCEPTED);
          }

          @Override
          public ManagerState state() {
            return ManagerState.EMPTY;
          }
        };
    var journal =
        new PlanJournal() {
          @Override
          public Optional<PlanRecord> plan(PlanId id) {
            return Optional.empty();
          }

          @Override
          public List<PlanRecord> latest(int limit) {
            return List.of();
          }
        };
    var clock =
        new Clock() {
          @Override
          public Instant now() {
            return Samples.NOW;
          }

          @Override
          public long nanos() {
            return 0;
          }

          @Override
          public void pause(Duration duration) {}
        };
    var scheduler =
        new Scheduler() {
          @Override
          public boolean start(String name, Runnable task) {
            task.run();
            return true;
          }

          @Override
          public Runnable after(Duration delay, Runnable task) {

            return () -> {};
          }

          @Override
          public void every(Duration interval, String name, Runnable task) {}
        };
    return new Manager(
        new Ports(
            (key, deadline) -> {
              throw new ServerTrouble(Condition.UNREACHABLE, 0, "no host is called so", null);
            },
            log,
            journal,
            clock,
            scheduler,
            topology -> {},
            UUID::randomUUID),
        Policies.DEFAULT);
  }
}
