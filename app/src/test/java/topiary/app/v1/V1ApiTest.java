package topiary.app.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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
import org.junit.jupiter.params.provider.ValueSource;
import topiary.app.Samples;
import topiary.app.Still;
import topiary.app.cluster.ClusterRefused;
import topiary.app.cluster.FakeCluster;
import topiary.app.face.Answerer;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.face.Role;
import topiary.app.json.Json;
import topiary.engine.catalogue.Argument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;
import topiary.engine.manager.Manager;
import topiary.engine.manager.Policies;
import topiary.engine.manager.Ports;
import topiary.engine.model.Condition;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;
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
        "\"operation\" names what to plan: one of "
            + Catalogue.all().stream()
                .filter(o -> o.kind() == Operation.Kind.INTENT)
                .map(Operation::name)
                .toList();
    assertTrue(all.contains("[relocate, ") && !all.contains("topology"), all);
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

  // ---- the cluster of nodes

  private static final String ALONE =
      "this node is alone; start it with --bootstrap to make a cluster of it";

  @ParameterizedTest
  @CsvSource({
    "GET, cluster, {}",
    "GET, cluster/id, {}",
    "POST, cluster-remove, '{\"node\":\"n3\"}'",
    "POST, cluster-transfer, '{\"node\":\"n3\"}'",
    "POST, cluster-step-down, {}",
    "POST, cluster-snapshot, {}",
    "POST, cluster/join, ",
    "POST, cluster/announce, "
  })
  void aNodeThatIsAloneSaysSo(String method, String path, String body) throws Exception {
    Reply.Whole reply = whole(json(method, path, body == null ? newcomer("c-1") : body));
    assertEquals(422, reply.status());
    assertEquals(ALONE, error(reply));
  }

  private V1Api of(FakeCluster cluster) {
    return new V1Api(
        manager(),
        new NodeInfo("1.2.3", "7", Path.of("/data"), () -> trouble, new TreeMap<>()),
        hub,
        InstantSource.fixed(Samples.NOW),
        Optional.of(cluster));
  }

  private static Reply.Whole ask(V1Api of, String method, String path, String body) {
    return (Reply.Whole) of.handle(json(method, path, body));
  }

  private static String text(V1Api of, String path) {
    return body(
        (Reply.Whole)
            of.handle(request("GET", path, Map.of(), Map.of("accept", "text/plain"), "")));
  }

  private static String newcomer(String cluster) {
    return "{\"cluster\":\""
        + cluster
        + "\",\"id\":\"n4\",\"name\":\"four\",\"address\":\"h4:10008\","
        + "\"http\":\"http://h4:3000\",\"level\":2,\"version\":\"9.9\"}";
  }

  @Test
  void theClusterIsShownToPeople() {
    FakeCluster cluster = FakeCluster.leader();
    cluster.heard.put("n3", Duration.ofSeconds(75));
    assertEquals(
        """
        Cluster c-1, term 7
           node          role    heard      log                    serves                  level  version
        *  node-n1 (n1)  leader  here       n1.raft.example:10008  http://n1.example:3000  1      1.2.3
           node-n2 (n2)  member  0.1 s ago  n2.raft.example:10008  http://n2.example:3000  1      1.2.3
           node-n3 (n3)  member  75 s ago   n3.raft.example:10008  http://n3.example:3000  1      1.2.3
        this node: leader, 2 entries behind at 40, snapshot 3 min old at 30, level 1
        """,
        text(of(cluster), "cluster"));
    FakeCluster lost = FakeCluster.lost();
    lost.http.remove("n3");
    assertEquals(
        """
        this node: candidate, nobody leads, 2 entries behind at 40, snapshot 3 min old at 30, level 1
        in trouble: no node leads the cluster now; reading goes on, changing waits until a majority answers, 2 of its 3 nodes
        """,
        text(of(lost), "cluster").replaceFirst("(?s).*\nthis", "this"));
    assertEquals("c-1\n", text(of(lost), "cluster/id"));
  }

  @Test
  void theClusterIsShownToMachines() throws Exception {
    Map<String, Object> json = json(ask(of(FakeCluster.leader()), "GET", "cluster", ""));
    assertEquals("c-1", json.get("id"));
    assertEquals("leader", json.get("role"));
    assertEquals(true, json.get("partOfQuorum"));
    assertEquals(2, json.get("lag"));
    assertEquals(180, json.get("snapshotAgeSeconds"));
    List<?> members = (List<?>) json.get("members");
    assertEquals(3, members.size());
    Map<?, ?> second = (Map<?, ?>) members.get(1);
    assertEquals("http://n2.example:3000", second.get("http"));
    assertEquals(120, second.get("heardMillis"));
    assertEquals(
        Map.of("cluster", "c-1", "auditDays", 0),
        json(ask(of(FakeCluster.leader()), "GET", "cluster/id", "")));
  }

  @Test
  void theClusterIsChanged() throws Exception {
    FakeCluster cluster = FakeCluster.leader();
    V1Api node = of(cluster);
    for (String call :
        List.of(
            "cluster-remove {\"node\":\"n3\"}",
            "cluster-transfer {\"node\":\"node-n2\"}",
            "cluster-step-down {}",
            "cluster-snapshot {}",
            "cluster/join " + newcomer("c-1"),
            "cluster/announce " + newcomer("c-1"))) {
      String[] words = call.split(" ", 2);
      assertEquals(200, ask(node, "POST", words[0], words[1]).status(), call);
      assertEquals(405, ask(node, "GET", words[0], "").status(), call);
    }
    String four =
        "Newcomer[cluster=c-1, id=n4, name=four, address=h4:10008, http=http://h4:3000, level=2,"
            + " version=9.9]";
    assertEquals(
        List.of(
            "remove n3",
            "transfer node-n2",
            "step down",
            "snapshot",
            "join " + four,
            "announce " + four),
        cluster.asked);
  }

  @ParameterizedTest
  @CsvSource({"UNKNOWN, 404", "REFUSED, 422", "NOT_LEADING, 503", "BROKEN, 503"})
  void aNoOfTheClusterIsToldWithItsSentence(ClusterRefused.Kind kind, int status) throws Exception {
    FakeCluster cluster = FakeCluster.leader();
    cluster.refuse(kind, "not now");
    Reply.Whole reply = ask(of(cluster), "POST", "cluster-remove", "{\"node\":\"n3\"}");
    assertEquals(status, reply.status());
    assertEquals("not now", error(reply));
    assertEquals(status, ask(of(cluster), "POST", "cluster/join", newcomer("c-1")).status());
  }

  @Test
  void aNewcomerThatMeansAnotherClusterIsNotTakenIn() throws Exception {
    FakeCluster cluster = FakeCluster.leader();
    Reply.Whole reply = ask(of(cluster), "POST", "cluster/join", newcomer("c-2"));
    assertEquals(409, reply.status());
    assertEquals("four means the cluster c-2, and this is c-1; nothing was done", error(reply));
    assertEquals(List.of(), cluster.asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"cluster\":\"c-1\"}",
        "{\"cluster\":\"c-1\",\"id\":\"a\",\"name\":\"a\",\"address\":\"a\",\"http\":\"::\","
            + "\"level\":1,\"version\":\"1\"}",
        "{\"cluster\":\"c-1\",\"id\":\"a\",\"name\":\"a\",\"address\":\"a\",\"http\":\"x\","
            + "\"level\":1,\"version\":\"1\"}",
        "{\"cluster\":\"c-1\",\"id\":\"a\",\"name\":\"a\",\"address\":\"a\",\"http\":\"http://x\","
            + "\"level\":\"1\",\"version\":\"1\"}",
      })
  void aNewcomerThatSaysTooLittleIsToldWhat(String body) throws Exception {
    FakeCluster cluster = FakeCluster.leader();
    Reply.Whole reply = ask(of(cluster), "POST", "cluster/join", body);
    assertEquals(400, reply.status(), () -> body(reply));
    assertTrue(error(reply).startsWith("\""), error(reply));
    assertEquals(List.of(), cluster.asked);
  }

  @Test
  void healthTellsOfTheCluster() throws Exception {
    FakeCluster cluster = FakeCluster.leader();
    cluster.heard.put("n3", Duration.ofSeconds(12));
    Reply.Whole well = ask(of(cluster), "GET", "health", "");
    assertEquals(200, well.status());
    Map<?, ?> part = (Map<?, ?>) json(well).get("cluster");
    assertEquals("leader", part.get("role"));
    assertEquals("n1", part.get("leader"));
    assertEquals(2, part.get("lag"));
    assertEquals(180, part.get("snapshotAgeSeconds"));
    assertEquals(List.of("n3"), part.get("silent"));
    assertEquals(1, part.get("level"));
    assertTrue(part.containsKey("trouble"));
    assertTrue(
        text(of(cluster), "health").contains("\nnot heard for 12 s: node-n3\n"),
        text(of(cluster), "health"));
    assertTrue(json(get("health")).containsKey("cluster"));
  }

  @Test
  void aNodeOutsideOfAMajorityIsNotHealthy() throws Exception {
    Reply.Whole lost = ask(of(FakeCluster.lost()), "GET", "health", "");
    assertEquals(503, lost.status());
    assertEquals(false, json(lost).get("healthy"));
    assertTrue(json(lost).get("trouble").toString().startsWith("no node leads"), body(lost));
    FakeCluster alone = FakeCluster.leader();
    alone.heard.replaceAll((id, ago) -> Duration.ofSeconds(4));
    Reply.Whole left = ask(of(alone), "GET", "health", "");
    assertEquals(503, left.status());
    assertEquals(
        "this node leads the cluster, but only 1 of its 3 nodes answer; changing waits until 2 do",
        json(left).get("trouble"));
    FakeCluster new1 = FakeCluster.follower();
    new1.role = "outside";
    assertEquals(503, ask(of(new1), "GET", "health", "").status());
    FakeCluster ill = FakeCluster.follower();
    assertEquals(200, ask(of(ill), "GET", "health", "").status());
    ill.trouble = Optional.of("its disk is full");
    assertEquals("its disk is full", json(ask(of(ill), "GET", "health", "")).get("trouble"));
  }

  @Test
  void whatIsFreshIsNoArgument() throws Exception {
    assertEquals(
        200, whole(request("GET", "topology", Map.of("fresh", "true"), Map.of(), "")).status());
    assertEquals(400, post("forget", "{\"instance\":\"a:1\",\"fresh\":\"true\"}").status());
  }

  @Test
  void someQueriesHaveADeeperPathToo() throws Exception {
    for (String name : List.of("history-changes", "history-counts", "audit-verify")) {
      Request flat = request("GET", name, Map.of(), Map.of(), "");
      Request deep = request("GET", name.replace('-', '/'), Map.of(), Map.of(), "");
      assertEquals(422, whole(flat).status(), name);
      assertEquals(error(whole(flat)), error(whole(deep)), name);
    }
  }

  @Test
  void nodesAskForWhatIsBetweenNodes() {
    for (String what : List.of("join", "announce", "id")) {
      assertEquals(Role.NODE, V1Api.role(json("POST", "cluster/" + what, "{}")));
    }
    assertEquals(Role.OPERATOR, V1Api.role(json("POST", "cluster-remove", "{}")));
    Request removes = json("POST", "remove-host-attribute", "{}");
    assertEquals(Role.OPERATOR, V1Api.role(removes));
    assertEquals(Answerer.LEADER, V1Api.answerer(removes));
    assertEquals(Role.READER, V1Api.role(json("GET", "history/counts", "")));
    assertEquals(Role.READER, V1Api.role(json("GET", "cluster", "")));
    assertEquals(Role.READER, V1Api.role(json("GET", "runs/p1", "")));
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
            case NODE -> "n2";
            case MOMENT -> "2026-11-27T03:12:00Z";
            case HASH -> "00";
            case TAG -> "role=backup";
            case RULE -> "prefer";
            case DURATION -> "30m";
            case WAY -> "gtid";
            case RECOVERY -> "r0123456789ab";
            case KIND -> "primary";
            case SWITCH -> "true";
            case MOVES -> "a:1=b:2";
            case INSTANCES -> "a:1,b:2";
            case TEXT -> "words";
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

          @Override
          public Leadership leadership() {
            return Leadership.ALONE;
          }

          @Override
          public CompletableFuture<Void> confirm(long term) {
            return CompletableFuture.completedFuture(null);
          }

          @Override
          public void follow(Follower follower) {
            // Its state never changes.
          }
        };
    return new Manager(
        new Ports(
            (key, deadline) -> {
              throw new ServerTrouble(Condition.UNREACHABLE, 0, "no host is called so", null);
            },
            log,
            Still.NO_PLANS,
            Still.clock(Samples.NOW),
            Still.AT_ONCE,
            (topology, touched) -> {},
            UUID::randomUUID),
        Policies.DEFAULT);
  }
}
