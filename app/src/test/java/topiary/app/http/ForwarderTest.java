package topiary.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import topiary.app.cluster.ClusterRefused;
import topiary.app.cluster.FakeCluster;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.face.Role;
import topiary.app.face.Sender;
import topiary.app.json.Json;
import topiary.app.legacy.LegacyApi;
import topiary.app.legacy.LegacyHandler;
import topiary.app.legacy.LegacyNode;
import topiary.app.v1.V1Api;

/** Two nodes with real web servers, n1 leads and n2 follows; what is inside them is noted. */
class ForwarderTest {

  /** Asked only who answers what, for which it needs no fleet. */
  private static final LegacyHandler LEGACY =
      new LegacyHandler(
          new LegacyApi(
              null,
              new LegacyNode("h", "t", "1", "sqlite", Instant.EPOCH, Optional::empty),
              InstantSource.system(),
              Runnable::run));

  private final FakeCluster leading = FakeCluster.leader();
  private final FakeCluster following = FakeCluster.follower();
  private final List<Request> atLeader = Collections.synchronizedList(new ArrayList<>());
  private final List<Request> atFollower = Collections.synchronizedList(new ArrayList<>());
  private final HttpLeaderLink link =
      new HttpLeaderLink(Optional.empty(), Duration.ofSeconds(2), Duration.ofSeconds(5));
  private final List<AutoCloseable> open = new ArrayList<>(List.of(link));
  private int leaderStatus = 200;
  private int followerStatus = 200;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private Forwarder leader() {
    return forwarder(noting(atLeader, () -> leaderStatus), leading, link);
  }

  private Forwarder follower() {
    return follower(link);
  }

  private Forwarder follower(LeaderLink with) {
    return forwarder(noting(atFollower, () -> followerStatus), following, with);
  }

  private static Forwarder forwarder(Handler inside, FakeCluster cluster, LeaderLink link) {
    return Forwarder.of(inside, cluster, LEGACY, link);
  }

  private static Handler noting(List<Request> into, java.util.function.IntSupplier status) {
    return request -> {
      into.add(request);
      return new Reply.Whole(
          status.getAsInt(),
          "text/plain; charset=UTF-8",
          ("done " + String.join("/", request.segments())).getBytes(StandardCharsets.UTF_8),
          Map.of(V1Api.RUN_HEADER, "p1"));
    };
  }

  private WebFace serve(Handler handler) {
    WebFace web =
        WebFace.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler);
    open.addFirst(web);
    return web;
  }

  private static URI at(WebFace web) {
    return URI.create("http://127.0.0.1:" + web.port());
  }

  /** Both serve, and the follower knows where the leader does; where the follower serves. */
  private URI both() {
    following.http.put("n1", at(serve(leader())));
    return at(serve(follower()));
  }

  private static HttpResponse<String> ask(URI node, String method, String path, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(node.resolve(path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                method.equals("POST")
                    ? HttpRequest.BodyPublishers.ofString("{\"instance\":\"ü:1\"}")
                    : HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  // ---- passed on

  @ParameterizedTest
  @CsvSource({
    "discover",
    "forget",
    "relocate",
    "undo",
    "plan",
    "apply",
    "cancel",
    "cluster-remove",
    "cluster-transfer",
    "cluster-step-down",
    "cluster/join",
    "cluster/announce"
  })
  void whatTheLeaderDoesIsPassedOn(String operation) throws Exception {
    HttpResponse<String> answer =
        ask(
            both(),
            "POST",
            "/api/v1/" + operation + "?colour=yes&x=a%2Fb%20c%2B%C3%BC",
            "Content-Type",
            "application/json",
            "Accept",
            "text/plain",
            "User-Agent",
            "topiary/cli",
            "Authorization",
            "Basic YTpi");
    assertEquals(200, answer.statusCode());
    assertEquals("done api/v1/" + operation, answer.body());
    assertEquals(
        "text/plain; charset=UTF-8", answer.headers().firstValue("Content-Type").orElse(""));
    assertEquals("p1", answer.headers().firstValue(V1Api.RUN_HEADER).orElse(""));
    assertEquals("n1", answer.headers().firstValue(Forwarder.NODE_HEADER).orElse(""));
    assertEquals(List.of(), atFollower);
    Request arrived = atLeader.getFirst();
    assertEquals("POST", arrived.method());
    assertEquals(Map.of("colour", "yes", "x", "a/b c+ü"), arrived.query());
    assertEquals("{\"instance\":\"ü:1\"}", new String(arrived.body(), StandardCharsets.UTF_8));
    assertEquals("topiary/cli", arrived.headers().get("user-agent"));
    assertEquals("text/plain", arrived.headers().get("accept"));
    assertEquals("application/json", arrived.headers().get("content-type"));
    assertEquals("Basic YTpi", arrived.headers().get("authorization"));
    assertEquals("n2", arrived.headers().get("topiary-forwarded"));
    assertNull(arrived.headers().get("topiary-for"));
  }

  @Test
  void theLeadersNoComesBackAsItIs() throws Exception {
    leaderStatus = 409;
    HttpResponse<String> answer = ask(both(), "POST", "/api/v1/apply");
    assertEquals(409, answer.statusCode());
    assertEquals("done api/v1/apply", answer.body());
  }

  @Test
  void aWriteThatIsAGetGoesAsAPostAndArrivesAsAGet() throws Exception {
    HttpResponse<String> answer = ask(both(), "GET", "/api/discover/db%201/3306");
    assertEquals(200, answer.statusCode());
    Request arrived = atLeader.getFirst();
    assertEquals("GET", arrived.method());
    assertEquals(List.of("api", "discover", "db 1", "3306"), arrived.segments());
  }

  @Test
  void aMethodIsNotChangedForSomebodyWhoIsNoNode() throws Exception {
    Reply.Whole reply =
        (Reply.Whole)
            leader()
                .handle(
                    request("POST", "api/discover/a/1", Map.of("x-http-method-override", "GET")));
    assertEquals(200, reply.status());
    assertEquals("POST", atLeader.getFirst().method());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/topology",
    "GET, /api/v1/run?plan=p1",
    "GET, /api/v1/cluster",
    "GET, /api/v1/cluster/id",
    "GET, /api/v1/discover",
    "POST, /api/v1/topology",
    "POST, /api/v1/cluster-snapshot",
    "GET, /api/clusters",
    "GET, /api/raft-snapshot",
    "GET, /api/leader-check",
    "POST, /api/discover/a/1",
    "GET, /api/v1",
    "GET, /api",
    "GET, /"
  })
  void everythingElseIsAnsweredWhereItIsAsked(String method, String path) throws Exception {
    HttpResponse<String> answer = ask(both(), method, path);
    assertEquals(200, answer.statusCode());
    assertEquals(List.of(), atLeader);
    assertEquals(1, atFollower.size());
    boolean api = path.startsWith("/api");
    assertEquals(api, answer.headers().firstValue(Forwarder.NODE_HEADER).equals(Optional.of("n2")));
    assertEquals(
        api, answer.headers().firstValue(Forwarder.LEADER_HEADER).equals(Optional.of("n1")));
    assertEquals(
        api, answer.headers().firstValue(Forwarder.APPLIED_HEADER).equals(Optional.of("40")));
  }

  @Test
  void aRunIsAskedOfTheLeaderWhenItIsNotHere() throws Exception {
    URI node = both();
    assertEquals(
        "n2", ask(node, "GET", "/api/v1/runs/p1").headers().map().get("topiary-node").getFirst());
    assertEquals(0, atLeader.size());
    followerStatus = 404;
    HttpResponse<String> answer = ask(node, "GET", "/api/v1/runs/p1?after=3&wait=10");
    assertEquals(200, answer.statusCode());
    assertEquals(Map.of("after", "3", "wait", "10"), atLeader.getFirst().query());
    assertEquals("GET", atLeader.getFirst().method());
    leaderStatus = 404;
    assertEquals(404, ask(node, "GET", "/api/v1/runs/p1").statusCode());
  }

  @Test
  void theLeaderAnswersWhatItIsAskedItself() throws Exception {
    HttpResponse<String> answer = ask(at(serve(leader())), "POST", "/api/v1/discover");
    assertEquals(200, answer.statusCode());
    assertEquals("n1", answer.headers().firstValue(Forwarder.LEADER_HEADER).orElse(""));
    assertFalse(atLeader.getFirst().headers().containsKey("topiary-forwarded"));
  }

  @Test
  void aStreamIsLeftAsItIs() {
    var stream = new Reply.Stream("text/event-stream", out -> {});
    assertEquals(
        stream,
        forwarder(r -> stream, following, link).handle(request("GET", "api/v1/events", Map.of())));
  }

  // ---- on whose behalf

  private static final class Told implements LeaderLink {
    private final Map<String, String> headers = new HashMap<>();

    @Override
    public boolean shown() {
      return true;
    }

    @Override
    public Reply.Whole ask(URI node, Request request, Map<String, String> with) {
      headers.putAll(with);
      return new Reply.Whole(200, "text/plain", new byte[0], Map.of());
    }
  }

  @Test
  void aNodeThatIsKnownSaysOnWhoseBehalfItAsksAndPassesNoPasswordOn() {
    var told = new Told();
    Request asked =
        request("POST", "api/v1/discover", Map.of("authorization", "Basic YTpi"))
            .from(new Sender("10.0.0.1", List.of(), "Ann Ü", Role.OPERATOR));
    follower(told).handle(asked);
    assertEquals(
        Map.of("Topiary-Forwarded", "n2", "Topiary-For", "operator Ann+%C3%9C"), told.headers);
  }

  // ---- fresh

  @Test
  void aFreshAnswerWaitsForWhatWasCommitted() throws Exception {
    following.onCatchUp = () -> following.applied = 42;
    HttpResponse<String> answer = ask(both(), "GET", "/api/v1/topology?fresh=true");
    assertEquals("42", answer.headers().firstValue(Forwarder.APPLIED_HEADER).orElse(""));
    assertEquals(List.of("catch up"), following.asked);
    ask(both(), "GET", "/api/clusters", Forwarder.FRESH_HEADER, "true");
    assertEquals(List.of("catch up", "catch up"), following.asked);
    ask(both(), "GET", "/api/v1/topology?fresh=false");
    assertEquals(2, following.asked.size());
  }

  @Test
  void withoutAMajorityNothingIsFresh() throws Exception {
    following.refuse(ClusterRefused.Kind.BROKEN, "no majority answers");
    HttpResponse<String> answer = ask(both(), "GET", "/api/v1/topology?fresh=true");
    assertEquals(503, answer.statusCode());
    assertEquals("not_leading: no majority answers", error(answer.body()));
    assertEquals(List.of(), atFollower);
  }

  // ---- this one node

  @Test
  void onOneNodeOnlyReadingIsPossible() throws Exception {
    URI node = both();
    for (String path : List.of("/api/v1/discover", "/api/v1/apply")) {
      HttpResponse<String> answer = ask(node, "POST", path, Forwarder.LOCAL_HEADER, "true");
      assertEquals(422, answer.statusCode());
      assertTrue(
          error(answer.body())
              .startsWith("refused: there is no such thing as writing on one node of a cluster"),
          answer.body());
    }
    HttpResponse<String> old =
        ask(node, "GET", "/api/discover/a/1", Forwarder.LOCAL_HEADER, "true");
    assertEquals(500, old.statusCode());
    assertTrue(
        old.body().startsWith("{\"Code\":\"ERROR\",\"Message\":\"there is no such"), old.body());
    for (String path : List.of("/api/v1/plan", "/api/v1/cluster-snapshot")) {
      assertEquals(200, ask(node, "POST", path, Forwarder.LOCAL_HEADER, "true").statusCode());
    }
    followerStatus = 404;
    assertEquals(
        404, ask(node, "GET", "/api/v1/runs/p1", Forwarder.LOCAL_HEADER, "true").statusCode());
    assertEquals(List.of(), atLeader);
  }

  @Test
  void evenTheLeaderDoesNotWriteOnOneNode() throws Exception {
    assertEquals(
        422,
        ask(at(serve(leader())), "POST", "/api/v1/discover", Forwarder.LOCAL_HEADER, "true")
            .statusCode());
    assertEquals(List.of(), atLeader);
  }

  // ---- nobody to pass it on to

  @Test
  void withoutALeaderNothingIsChanged() throws Exception {
    Forwarder lost = forwarder(noting(atFollower, () -> 200), FakeCluster.lost(), link);
    URI node = at(serve(lost));
    HttpResponse<String> answer = ask(node, "POST", "/api/v1/discover");
    assertEquals(503, answer.statusCode());
    assertEquals(
        "not_leading: no node leads the cluster now; reading goes on, changing waits until a"
            + " majority answers, 2 of its 3 nodes",
        error(answer.body()));
    assertEquals("true", answer.headers().firstValue(Forwarder.ELSEWHERE_HEADER).orElse(""));
    HttpResponse<String> old = ask(node, "GET", "/api/discover/a/1");
    assertEquals(500, old.statusCode());
    assertTrue(
        old.body().startsWith("{\"Code\":\"ERROR\",\"Message\":\"no node leads"), old.body());
    assertTrue(old.body().endsWith("\"Details\":null}"), old.body());
    assertEquals(200, ask(node, "GET", "/api/v1/topology").statusCode());
  }

  @Test
  void aLeaderThatHasNotSaidWhereItServesCannotBeAsked() throws Exception {
    following.http.remove("n1");
    HttpResponse<String> answer = ask(at(serve(follower())), "POST", "/api/v1/discover");
    assertEquals(503, answer.statusCode());
    assertTrue(
        error(answer.body())
            .startsWith("not_leading: node-n1 leads the cluster, and has not said"));
  }

  @Test
  void whatWasPassedOnIsNotPassedOnAgain() throws Exception {
    URI node = both();
    HttpResponse<String> answer =
        ask(node, "POST", "/api/v1/discover", Forwarder.FORWARDED_HEADER, "n3");
    assertEquals(503, answer.statusCode());
    assertTrue(error(answer.body()).startsWith("not_leading: this node was taken for the one"));
    followerStatus = 404;
    assertEquals(
        404, ask(node, "GET", "/api/v1/runs/p1", Forwarder.FORWARDED_HEADER, "n3").statusCode());
    assertEquals(List.of(), atLeader);
  }

  @Test
  void aLeaderThatHasJustBeenElectedFirstAppliesWhatCameBefore() throws Exception {
    leading.leading = false;
    leading.onCatchUp = () -> leading.leading = true;
    assertEquals(200, ask(both(), "POST", "/api/v1/discover").statusCode());
    assertEquals(List.of("catch up"), leading.asked);
    leading.leading = false;
    leading.refuse(ClusterRefused.Kind.BROKEN, "no majority");
    assertEquals(503, ask(both(), "POST", "/api/v1/discover").statusCode());
  }

  @Test
  void aLeaderThatIsDownIsNamed() throws Exception {
    URI down;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      down = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    following.http.put("n1", down);
    HttpResponse<String> answer = ask(at(serve(follower())), "POST", "/api/v1/discover");
    assertEquals(503, answer.statusCode());
    assertEquals(
        "not_leading: node-n1, which leads, at "
            + down
            + ", cannot be asked: nothing answers there; nothing was begun",
        error(answer.body()));
    assertEquals("true", answer.headers().firstValue(Forwarder.ELSEWHERE_HEADER).orElse(""));
  }

  @ParameterizedTest
  @CsvSource({"POST, /api/v1/discover, 504", "GET, /api/discover/a/1, 500"})
  void whatMayHaveBeenDoneIsSaidAndNotTriedAgain(String method, String path, int status)
      throws Exception {
    var connections = new AtomicInteger();
    try (var dying = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> readAndHangUp(dying, connections));
      following.http.put("n1", URI.create("http://127.0.0.1:" + dying.getLocalPort()));
      HttpResponse<String> answer = ask(at(serve(follower())), method, path);
      assertEquals(status, answer.statusCode());
      assertTrue(answer.body().contains("it may have been done; see runs"), answer.body());
      assertEquals(Optional.empty(), answer.headers().firstValue(Forwarder.ELSEWHERE_HEADER));
      assertEquals(1, connections.get());
    }
  }

  private static void readAndHangUp(ServerSocket server, AtomicInteger connections) {
    try {
      while (true) {
        try (Socket socket = server.accept()) {
          connections.incrementAndGet();
          assertTrue(socket.getInputStream().read() >= 0);
        }
      }
    } catch (IOException e) {
      // The test is over.
      return;
    }
  }

  private static Request request(String method, String path, Map<String, String> headers) {
    return new Request(method, List.of(path.split("/")), Map.of(), headers, new byte[0]);
  }

  private static String error(String body) throws Json.BadJson {
    Map<?, ?> error = (Map<?, ?>) Json.object(body.getBytes(StandardCharsets.UTF_8)).get("error");
    return error.get("code") + ": " + error.get("message");
  }
}
