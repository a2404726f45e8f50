package topiary.lab.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import topiary.lab.base.Await;
import topiary.lab.base.LabException;

/** The proxy between plain sockets. Clients are named by the local port that they bind. */
@Timeout(60)
class LinkProxyTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int QUIET_MILLIS = 200;

  private final Map<Integer, String> names = new ConcurrentHashMap<>();
  private final LinkProxy proxy =
      new LinkProxy(
          "test", Echo.HOST, (client, port) -> names.getOrDefault(client.getPort(), Link.OTHERS));
  private final ProxyControl control = new ProxyControl(Echo.HOST, proxy.address());
  private final List<Socket> sockets = new ArrayList<>();
  private Echo server;
  private int port;

  @BeforeEach
  void serve() throws IOException {
    server = new Echo();
    port = freePort();
    control.serve("p", port, server.port());
  }

  @AfterEach
  void end() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    proxy.close();
    server.close();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(Echo.HOST, 0));
      return socket.getLocalPort();
    }
  }

  private Socket connect(String name) throws IOException {
    var socket = new Socket();
    sockets.add(socket);
    socket.bind(new InetSocketAddress(Echo.HOST, 0));
    names.put(socket.getLocalPort(), name);
    socket.connect(new InetSocketAddress(Echo.HOST, port), (int) LIMIT.toMillis());
    socket.setSoTimeout((int) LIMIT.toMillis());
    return socket;
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes());
  }

  private static String hear(Socket socket, int count) throws IOException {
    return new String(socket.getInputStream().readNBytes(count));
  }

  private static void echoes(Socket socket, String text) throws IOException {
    say(socket, text);
    assertEquals(text, hear(socket, text.length()));
  }

  private static void hearsNothing(Socket socket) throws IOException {
    socket.setSoTimeout(QUIET_MILLIS);
    assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
    socket.setSoTimeout((int) LIMIT.toMillis());
  }

  private static void isReset(Socket socket) {
    var e = assertThrows(SocketException.class, () -> socket.getInputStream().read());
    assertTrue(e.getMessage().contains("reset"), e.getMessage());
  }

  @Test
  void withoutRulesItIsNotThere() throws IOException {
    echoes(connect("r1"), "hello");
    assertEquals(List.of(), control.standing());
  }

  @Test
  void aCutResetsWhatIsThereAndWhatComesAndSparesOthers() throws IOException {
    Socket r1 = connect("r1");
    Socket r2 = connect("r2");
    echoes(r1, "a");
    echoes(r2, "a");
    Standing cut = control.add(List.of(Link.from("r1").to("p")), Rule.cut());
    assertEquals("the link from r1 to p is cut", cut.sentence());
    isReset(r1);
    // Whether it hears of it in connecting or in the first read is a matter of microseconds.
    var e = assertThrows(SocketException.class, () -> connect("r1").getInputStream().read());
    assertTrue(e.getMessage().contains("reset"), e.getMessage());
    echoes(r2, "b");
    assertTrue(Await.holds(LIMIT, () -> server.connections() == 1), "the server is reset too");
    control.remove(Set.of(cut.id()));
    echoes(connect("r1"), "c");
  }

  @Test
  void everybodyCutOffIsRefusedAsByADeadServer() throws IOException {
    Standing cut = control.add(List.of(Link.to("p")), Rule.cut());
    for (int i = 0; i < 20; i++) {
      assertThrows(ConnectException.class, () -> connect("others"));
    }
    control.remove(Set.of(cut.id()));
    echoes(connect("others"), "x");
  }

  @Test
  void aDeadServerRefusesAndABackOneIsServedAgain() throws IOException {
    Socket there = connect("r1");
    echoes(there, "x");
    int target = server.port();
    server.close();
    control.look("p");
    assertThrows(ConnectException.class, () -> connect("others"));
    assertEquals(-1, there.getInputStream().read());
    server = new Echo(target);
    control.look("p");
    echoes(connect("others"), "x");
    // Noticed without being told, too.
    Socket witness = connect("r1");
    echoes(witness, "x");
    server.close();
    assertTrue(Await.holds(LIMIT, () -> seen().equals("refused")), "a dead server is noticed");
    server = new Echo(target);
    assertTrue(Await.holds(LIMIT, () -> seen().equals("served")), "its return is noticed");
  }

  /** What a new client sees; a port that is just being closed may reset it. */
  private String seen() {
    try {
      echoes(connect("others"), "x");
      return "served";
    } catch (ConnectException e) {
      return "refused";
    } catch (IOException | AssertionError e) {
      return "broken off";
    }
  }

  @Test
  void aBlackHoleHoldsEverythingAndClosesNothing() throws IOException {
    Socket there = connect("others");
    echoes(there, "a");
    Standing hole = control.add(List.of(Link.from("others").to("p")), Rule.blackHole());
    say(there, "held");
    Socket fresh = connect("others");
    say(fresh, "fresh");
    server.sayToAll("news");
    hearsNothing(there);
    hearsNothing(fresh);
    assertEquals(1, server.connections(), "a new client does not get through to the server");
    echoes(connect("r1"), "r1 is not disturbed");
    // A client that gave up is not seen by the server either.
    Socket impatient = connect("others");
    say(impatient, "x");
    impatient.close();
    control.remove(Set.of(hole.id()));
    assertEquals("news", hear(there, 4));
    assertEquals("held", hear(there, 4));
    assertEquals("fresh", hear(fresh, 5));
  }

  @Test
  void whatEndsInABlackHoleEndsForTheOtherSideAfterIt() throws IOException {
    Socket there = connect("others");
    echoes(there, "a");
    Standing hole = control.add(List.of(Link.from("others").to("p")), Rule.blackHole());
    there.close();
    assertFalse(
        Await.holds(Duration.ofMillis(QUIET_MILLIS), () -> server.connections() == 0),
        "the server is told nothing");
    control.remove(Set.of(hole.id()));
    assertTrue(Await.holds(LIMIT, () -> server.connections() == 0));
  }

  @Test
  void oneWayPassesOneWay() throws IOException {
    Socket client = connect("r1");
    echoes(client, "a");
    Link link = Link.from("r1").to("p");
    Standing rule = control.add(List.of(link), Rule.oneWay(Direction.TO_SERVER));
    say(client, "to");
    assertTrue(Await.holds(LIMIT, () -> server.heard("to")));
    hearsNothing(client);
    control.remove(Set.of(rule.id()));
    assertEquals("to", hear(client, 2));

    rule = control.add(List.of(link), Rule.oneWay(Direction.TO_CLIENT));
    server.sayToAll("news");
    assertEquals("news", hear(client, 4));
    say(client, "lost");
    hearsNothing(client);
    assertFalse(server.heard("lost"));
    control.remove(Set.of(rule.id()));
    assertEquals("lost", hear(client, 4));
  }

  @Test
  void twoOneWaysMakeABlackHole() throws IOException {
    Socket client = connect("r1");
    echoes(client, "a");
    control.add(List.of(Link.to("p")), Rule.oneWay(Direction.TO_SERVER));
    control.add(List.of(Link.from("r1").toAnybody()), Rule.oneWay(Direction.TO_CLIENT));
    say(client, "x");
    server.sayToAll("y");
    hearsNothing(client);
    assertFalse(server.heard("x"));
  }

  @Test
  void aDelayHoldsEachWay() throws IOException {
    Socket client = connect("r1");
    echoes(client, "a");
    Standing slow = control.add(List.of(Link.to("p")), Rule.slow(Duration.ofMillis(150), 0));
    long before = System.nanoTime();
    echoes(client, "b");
    long took = (System.nanoTime() - before) / 1_000_000;
    assertTrue(took >= 300, took + " ms");
    control.remove(Set.of(slow.id()));
    // Many pieces, each as late as the first: the delay is no limit to what is under way.
    control.add(List.of(Link.to("p")), Rule.slow(Duration.ofMillis(150), 0));
    before = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      say(client, "0123456789");
    }
    assertEquals("0123456789".repeat(50), hear(client, 500));
    took = (System.nanoTime() - before) / 1_000_000;
    assertTrue(took >= 300 && took < 3000, took + " ms");
  }

  @Test
  void aRateLimitsBytes() throws IOException {
    Socket client = connect("r1");
    control.add(List.of(Link.to("p")), Rule.slow(Duration.ZERO, 20_000));
    long before = System.nanoTime();
    say(client, "x".repeat(10_000));
    assertEquals(10_000, hear(client, 10_000).length());
    long took = (System.nanoTime() - before) / 1_000_000;
    // One twentieth of a second's bytes goes at once.
    assertTrue(took >= 450, took + " ms");
  }

  @Test
  void slowHandshakesDelayTheFirstAnswerOnly() throws IOException {
    Socket there = connect("others");
    echoes(there, "a");
    control.add(List.of(Link.to("p")), Rule.slowHandshake(Duration.ofMillis(300)));
    echoes(there, "b");
    long before = System.nanoTime();
    Socket fresh = connect("others");
    echoes(fresh, "c");
    long first = (System.nanoTime() - before) / 1_000_000;
    assertTrue(first >= 250, first + " ms");
    fresh.setSoTimeout(250);
    echoes(fresh, "d");
  }

  @Test
  void anEndOfOneSidePassesAndTheOtherGoesOn() throws IOException {
    Socket client = connect("r1");
    say(client, "last words");
    client.shutdownOutput();
    assertEquals("last words", new String(client.getInputStream().readAllBytes()));
    assertTrue(Await.holds(LIMIT, () -> server.connections() == 0));
    assertTrue(Await.holds(LIMIT, () -> proxy.connections("p") == 0));
  }

  @Test
  void aResetPasses() throws IOException {
    Socket client = connect("r1");
    echoes(client, "a");
    client.setSoLinger(true, 0);
    client.close();
    assertTrue(Await.holds(LIMIT, () -> server.connections() == 0));
    assertTrue(server.wasReset(), "the server saw a reset and no orderly end");
  }

  @Test
  void muchPassesWholeBothWaysEvenToASlowReader() throws Exception {
    Socket client = connect("r1");
    byte[] much = new byte[20 << 20];
    new Random(1).nextBytes(much);
    var writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    client.getOutputStream().write(much);
                    client.shutdownOutput();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
    // The echo comes back only as fast as it is read: the proxy has to wait, not to swell.
    hearsNothingReadForAWhile();
    byte[] back = client.getInputStream().readAllBytes();
    writer.join();
    assertArrayEquals(much, back);
  }

  /** Long enough for every buffer on the way to be full. */
  private void hearsNothingReadForAWhile() {
    long[] last = {-1};
    assertTrue(
        Await.holds(
            LIMIT,
            () -> {
              long now = server.bytes();
              boolean still = now == last[0] && now > 0;
              last[0] = now;
              return still;
            }));
  }

  @Test
  void rulesChangedUnderFullLoadAreInForceOnReturn() throws IOException {
    Socket client = connect("r1");
    var talker =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    byte[] chunk = new byte[8192];
                    while (true) {
                      client.getOutputStream().write(chunk);
                    }
                  } catch (IOException e) {
                    // Closed at the end of the test.
                  }
                });
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                client.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
              } catch (IOException e) {
                // Closed at the end of the test.
              }
            });
    assertTrue(Await.holds(LIMIT, () -> server.bytes() > 1 << 20));
    for (int i = 0; i < 5; i++) {
      Standing hole = control.add(List.of(Link.to("p")), Rule.blackHole());
      // What the proxy had passed on may still be on its way to the server.
      long[] last = {-1};
      assertTrue(
          Await.holds(LIMIT, () -> server.bytes() == last[0] || (last[0] = server.bytes()) < 0));
      long settled = server.bytes();
      assertFalse(Await.holds(Duration.ofMillis(100), () -> server.bytes() != settled));
      control.remove(Set.of(hole.id()));
      assertTrue(Await.holds(LIMIT, () -> server.bytes() > settled));
    }
    assertTrue(talker.isAlive());
  }

  @Test
  void manyAtOnceAndNothingIsLeft() throws Exception {
    echoes(connect("warm-up"), "x");
    sockets.getLast().close();
    assertTrue(Await.holds(LIMIT, () -> proxy.connections("p") == 0));
    long before = descriptors();
    for (int i = 0; i < 200; i++) {
      connect("r" + i);
    }
    for (Socket socket : sockets.subList(1, sockets.size())) {
      say(socket, "hello");
    }
    for (Socket socket : sockets.subList(1, sockets.size())) {
      assertEquals("hello", hear(socket, 5));
    }
    assertEquals(200, proxy.connections("p"));
    for (Socket socket : sockets) {
      socket.close();
    }
    assertTrue(Await.holds(LIMIT, () -> proxy.connections("p") == 0));
    assertTrue(
        Await.holds(LIMIT, () -> descriptors() <= before), () -> before + " " + descriptors());
    connect("open to the end");
    proxy.close();
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(t -> t.getName().equals("lab-proxy-test")));
    assertThrows(ConnectException.class, () -> connect("others"));
    var e = assertThrows(LabException.class, control::standing);
    // Nobody is there any more; or who took the call heard so before it could answer.
    assertTrue(
        e.getMessage().contains("does not answer at its control port")
            || e.getMessage().contains("the proxy of this lab has ended"),
        e.getMessage());
  }

  private static long descriptors() {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void itRestsWhenNothingMoves() throws IOException {
    Socket there = connect("r1");
    echoes(there, "x");
    control.add(List.of(Link.to("p")), Rule.blackHole());
    say(there, "x".repeat(100_000));
    Socket gone = connect("others");
    say(gone, "x");
    gone.close();
    long thread =
        Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t.getName().equals("lab-proxy-test"))
            .findFirst()
            .orElseThrow()
            .threadId();
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    long before = threads.getThreadCpuTime(thread);
    assertFalse(Await.holds(Duration.ofMillis(500), () -> there.isClosed()));
    long used = (threads.getThreadCpuTime(thread) - before) / 1_000_000;
    assertTrue(used < 100, used + " ms of 500");
  }

  @Test
  void strangersMayNotGiveOrders() {
    var stranger = new ProxyControl(Echo.HOST, new ControlAddress(proxy.address().port(), "guess"));
    var e = assertThrows(LabException.class, stranger::standing);
    assertEquals("the token is wrong", e.getMessage());
    assertFalse(proxy.address().toString().contains(proxy.address().token()));
  }

  @Test
  void aTakenPortIsSaid() throws IOException {
    try (var thief = new ServerSocket()) {
      thief.bind(new InetSocketAddress(Echo.HOST, 0));
      var e =
          assertThrows(
              LabException.class, () -> control.serve("q", thief.getLocalPort(), server.port()));
      assertTrue(e.getMessage().contains("Address already in use"), e.getMessage());
    }
  }
}
