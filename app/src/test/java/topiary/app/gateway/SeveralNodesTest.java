package topiary.app.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.Until;
import topiary.app.json.InstanceJson;
import topiary.app.json.Json;
import topiary.app.security.NodeLogin;
import topiary.engine.intent.Intent;
import topiary.engine.model.ClusterId;

/** Three nodes of one cluster that answer as they are told, and die. */
class SeveralNodesTest {

  private static final Duration SILENCE = Duration.ofSeconds(20);

  private final List<Node> nodes = new ArrayList<>();
  private final List<Seen> heard = new CopyOnWriteArrayList<>();
  private final List<List<URI>> learned = new CopyOnWriteArrayList<>();
  private ExecutorService threads;
  private HttpGateway gateway;

  /** One of them. */
  private final class Node {
    private final String id;
    private final HttpServer server;
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String role = "follower";
    private volatile Optional<String> leader = Optional.of("n1");

    /** Whether what changes something is answered, or the connection is just closed. */
    private volatile boolean answers = true;

    /** Whether it knows nobody to pass on to what changes something. */
    private volatile boolean leaderless;

    Node(String id) throws IOException {
      this.id = id;
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/api/v1/", this::answer);
      server.start();
    }

    URI address() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange call) throws IOException {
      String path = call.getRequestURI().getPath().substring("/api/v1/".length());
      asked.add(call.getRequestMethod() + " " + path);
      try (call) {
        switch (path) {
          case "events" -> events(call);
          case "cluster" -> say(call, cluster(this));
          case "forget", "cluster-transfer" -> {
            if (leaderless) {
              call.getResponseHeaders().add("Topiary-Elsewhere", "true");
              say(call, 503, Map.of("error", Map.of("message", "no node leads")));
            } else if (answers) {
              say(call, Map.of("instance", "a:3306"));
            }
          }
          default -> say(call, Map.of("discover", Map.of()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void events(HttpExchange call) throws IOException, InterruptedException {
      asked.add("last id " + call.getRequestHeaders().getFirst("Last-Event-ID"));
      call.sendResponseHeaders(200, 0);
      String data =
          Json.text(
              Map.of(
                  "epoch",
                  id,
                  "revision",
                  7,
                  "instances",
                  List.of(InstanceJson.of(Samples.primary(id), new ClusterId("c0123456789ab"))),
                  "removed",
                  List.of()));
      call.getResponseBody()
          .write(
              ("id: " + id + ":7\nevent: snapshot\ndata: " + data + "\n\n")
                  .getBytes(StandardCharsets.UTF_8));
      call.getResponseBody().flush();
      over.await();
    }

    void die() {
      over.countDown();
      server.stop(0);
    }
  }

  private Map<String, Object> cluster(Node of) {
    var view = new LinkedHashMap<String, Object>();
    view.put("cluster", "c1");
    view.put("self", of.id);
    view.put("role", of.role);
    of.leader.ifPresent(l -> view.put("leader", l));
    view.put("level", 1);
    view.put("committed", 40);
    view.put("applied", 40);
    view.put("members", nodes.stream().map(n -> member(n, of)).toList());
    return view;
  }

  private static Map<String, Object> member(Node node, Node as) {
    return Map.of(
        "id",
        node.id,
        "name",
        node.id,
        "address",
        node.id + ":10008",
        "http",
        node.address().toString(),
        "leads",
        as.leader.equals(Optional.of(node.id)),
        "self",
        node == as,
        "level",
        1,
        "version",
        "0.5.0");
  }

  private static void say(HttpExchange call, Map<String, Object> body) throws IOException {
    say(call, 200, body);
  }

  private static void say(HttpExchange call, int status, Map<String, Object> body)
      throws IOException {
    byte[] bytes = Json.bytes(body);
    call.sendResponseHeaders(status, bytes.length);
    call.getResponseBody().write(bytes);
  }

  @BeforeEach
  void up() throws IOException {
    threads = Executors.newVirtualThreadPerTaskExecutor();
    for (String id : List.of("n1", "n2", "n3")) {
      nodes.add(new Node(id));
    }
    nodes.getFirst().role = "leader";
  }

  @AfterEach
  void down() {
    gateway.close();
    nodes.forEach(Node::die);
    threads.close();
  }

  private void to(Node... given) {
    gateway =
        new HttpGateway(
            List.of(given).stream().map(Node::address).toList(),
            List.of(),
            learned::add,
            NodeLogin.NONE,
            threads,
            InstantSource.fixed(Samples.NOW),
            SILENCE);
  }

  private Node node(int number) {
    return nodes.get(number - 1);
  }

  private Seen last() {
    return heard.isEmpty() ? Seen.NOTHING : heard.getLast();
  }

  private boolean liveFrom(String id) {
    return last().live() && last().topology().instance(Samples.key(id)).isPresent();
  }

  private void listensTo(int number) {
    Until.holds("it listens to n" + number, () -> liveFrom("n" + number));
    assertEquals(node(number).address().toString(), gateway.address());
  }

  @Test
  void oneAddressIsEnoughToOutliveItsNode() throws Exception {
    to(node(2));
    gateway.listen(heard::add);
    listensTo(2);
    Until.holds("the others are learned", () -> !learned.isEmpty());
    assertEquals(
        nodes.stream().map(Node::address).sorted().toList(), learned.getFirst(), "all of them");
    node(2).die();
    Until.holds("another is listened to", () -> liveFrom("n1") || liveFrom("n3"));
    assertTrue(heard.stream().allMatch(Seen::live), "nobody noticed");
    gateway.forget(Samples.key("a"));
    Node next = liveFrom("n1") ? node(1) : node(3);
    assertTrue(
        next.asked.contains("last id null"), "what one node has counted says nothing to another");
    assertEquals(1, learned.size(), "what is known already is not told again");
  }

  @Test
  void theFirstThatIsAMemberAndKnowsWhoLeadsIsTaken() {
    node(1).die();
    node(2).role = "candidate";
    node(2).leader = Optional.empty();
    to(node(1), node(2), node(3));
    gateway.listen(heard::add);
    listensTo(3);
  }

  @Test
  void oneWithoutTheOthersIsBetterThanNone() {
    node(1).die();
    node(3).die();
    node(2).role = "candidate";
    node(2).leader = Optional.empty();
    to(node(1), node(2), node(3));
    gateway.listen(heard::add);
    listensTo(2);
  }

  @Test
  void oneThatLosesTheOthersIsLeftForOneThatHasThem() throws Exception {
    to(node(2));
    gateway.listen(heard::add);
    listensTo(2);
    node(2).role = "candidate";
    node(2).leader = Optional.empty();
    NodesSeen seen = gateway.nodes().orElseThrow();
    assertEquals("n2", seen.view().self());
    assertFalse(seen.view().well());
    assertTrue(seen.own().get("n3").well());
    Until.holds("another is listened to", () -> liveFrom("n1") || liveFrom("n3"));
  }

  @Test
  void whenNoneAnswersAllThatWereTriedAreNamedAndWhatWasSeenStays() {
    to(node(1), node(2));
    gateway.listen(heard::add);
    listensTo(1);
    Until.holds("the others are learned", () -> !learned.isEmpty());
    nodes.forEach(Node::die);
    Until.holds("it is said", () -> last().link() == Seen.Link.LOST);
    for (Node node : nodes) {
      assertTrue(last().trouble().contains(node.address().toString()), last().trouble());
    }
    assertTrue(last().trouble().startsWith("no node answers, neither at "), last().trouble());
    assertTrue(last().topology().instance(Samples.key("n1")).isPresent());
    GatewayException e =
        assertThrows(GatewayException.class, () -> gateway.forget(Samples.key("a")));
    assertEquals(GatewayException.Kind.UNREACHABLE, e.kind());
  }

  @Test
  void whatIsOnlyAskedGoesToTheNextNodeAndWhatChangesSomethingDoesNot() throws Exception {
    to(node(1), node(2));
    node(1).answers = false;
    GatewayException e =
        assertThrows(GatewayException.class, () -> gateway.forget(Samples.key("a")));
    assertEquals(GatewayException.Kind.UNKNOWN, e.kind());
    assertEquals(
        "the node at "
            + node(1).address()
            + " was gone before it answered, so it is not known whether this was done; it is not"
            + " asked a second time: see how things are before you do it again",
        e.getMessage());
    assertEquals(1, node(1).asked.stream().filter("POST forget"::equals).count());
    assertEquals(List.of(), node(2).asked);
    gateway.check();
    assertFalse(node(2).asked.isEmpty(), "the one that failed is asked last");
    node(2).die();
    node(1).answers = true;
    gateway.lead("n2");
    assertTrue(node(1).asked.contains("POST cluster-transfer"), "it was not reached at all");
  }

  @Test
  void whatOneNodeHasNotBegunAnotherIsAskedFor() throws Exception {
    to(node(1), node(2));
    node(1).leaderless = true;
    gateway.forget(Samples.key("a"));
    assertTrue(node(2).asked.contains("POST forget"));
    node(2).leaderless = true;
    GatewayException e =
        assertThrows(GatewayException.class, () -> gateway.forget(Samples.key("a")));
    assertEquals("no node leads", e.getMessage());
    assertEquals(GatewayException.Kind.REFUSED, e.kind());
  }

  @Test
  void aPlanIsAskedForAgainBecauseThatDoesNothing() throws Exception {
    to(node(1), node(2));
    node(1).die();
    var intent = new Intent.Relocate(Samples.key("a"), Samples.key("b"));
    // The node's answer is no plan; that it came from the second is what counts.
    assertThrows(GatewayException.class, () -> gateway.plan(intent));
    assertTrue(node(2).asked.contains("POST plan"));
  }
}
