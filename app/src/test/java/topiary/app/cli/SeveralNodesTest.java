package topiary.app.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.http.Forwarder;
import topiary.app.http.WebFace;
import topiary.app.v1.V1Api;

/** Command lines against several nodes, played by real web servers. */
class SeveralNodesTest {

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<WebFace> open = new ArrayList<>();
  private String out = "";
  private String err = "";

  @AfterEach
  void close() {
    open.forEach(WebFace::close);
  }

  private String node(String name, Handler handler) {
    WebFace web =
        WebFace.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            request -> {
              asked.add(name + " " + request.method() + " " + path(request));
              return handler.handle(request);
            });
    open.add(web);
    return "http://127.0.0.1:" + web.port();
  }

  private static String path(Request request) {
    return String.join("/", request.segments().subList(2, request.segments().size()));
  }

  private static Reply text(int status, String text, Map<String, String> headers) {
    return new Reply.Whole(
        status, "text/plain", (text + "\n").getBytes(StandardCharsets.UTF_8), headers);
  }

  private static Reply elsewhere() {
    return text(503, "no node leads the cluster now", Map.of(Forwarder.ELSEWHERE_HEADER, "true"));
  }

  private static String down() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  private Exit run(String... args) {
    var bytes = new ByteArrayOutputStream();
    var errors = new ByteArrayOutputStream();
    Exit exit =
        new RemoteCommand(
                Map.of(),
                false,
                new StringReader(""),
                new PrintStream(bytes, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8))
            .run(List.of(args));
    out = bytes.toString(StandardCharsets.UTF_8);
    err = errors.toString(StandardCharsets.UTF_8);
    return exit;
  }

  @Test
  void theFirstThatAnswersIsAsked() throws Exception {
    String a = node("a", r -> text(200, "from a", Map.of()));
    String b = node("b", r -> text(200, "from b", Map.of()));
    assertEquals(Exit.OK, run("topology", "--api", down() + "," + a, "--api", b));
    assertEquals("from a\n", out);
    assertEquals(Exit.OK, run("discover", "x:1", "--api", down(), "--api", b));
    assertEquals("from b\n", out);
    assertEquals(List.of("a GET topology", "b POST discover"), asked);
  }

  @Test
  void whenNoneAnswersEachIsNamed() throws Exception {
    String a = down();
    String b = down();
    assertEquals(Exit.UNREACHABLE, run("topology", "--api", a + " " + b));
    assertTrue(err.startsWith("topiary: no node answers at " + a + " ("), err);
    assertTrue(err.contains("), nor at " + b + " ("), err);
  }

  @Test
  void aNodeWithoutALeaderSendsToTheNext() throws Exception {
    String a = node("a", r -> elsewhere());
    String b = node("b", r -> text(200, "done", Map.of()));
    assertEquals(Exit.OK, run("forget", "x:1", "--api", a, "--api", b));
    assertEquals(List.of("a POST forget", "b POST forget"), asked);
    assertEquals(Exit.FAILED, run("forget", "x:1", "--api", a, "--api", down()));
    assertEquals("no node leads the cluster now\n", err);
  }

  @Test
  void anyOtherNoIsTheAnswer() throws Exception {
    String a = node("a", r -> text(503, "the disk is full", Map.of()));
    String b = node("b", r -> text(200, "done", Map.of()));
    assertEquals(Exit.FAILED, run("forget", "x:1", "--api", a, "--api", b));
    assertEquals("the disk is full\n", err);
    assertEquals(List.of("a POST forget"), asked);
  }

  @Test
  void whatMayHaveBeenDoneIsNotSentAgain() throws Exception {
    String b = node("b", r -> text(200, "done", Map.of()));
    var connections = new AtomicInteger();
    try (var dying = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> readAndHangUp(dying, connections));
      String a = "http://127.0.0.1:" + dying.getLocalPort();
      assertEquals(Exit.UNREACHABLE, run("forget", "x:1", "--api", a, "--api", b));
      assertTrue(err.startsWith("topiary: the connection to the node at " + a + " was lost"), err);
      assertTrue(err.contains("it may have been done; see \"topiary runs\""), err);
      assertEquals(1, connections.get());
      assertEquals(List.of(), asked);
      // What only reads, or shows, is asked of the next.
      assertEquals(Exit.OK, run("topology", "--api", a, "--api", b));
      assertEquals(Exit.OK, run("undo", "--dry-run", "--api", a, "--api", b));
      assertEquals(List.of("b GET topology", "b POST undo"), asked);
    }
  }

  private static void readAndHangUp(ServerSocket server, AtomicInteger connections) {
    try {
      while (true) {
        try (Socket socket = server.accept()) {
          connections.incrementAndGet();
          byte[] some = new byte[4096];
          assertTrue(socket.getInputStream().read(some) > 0);
        }
      }
    } catch (IOException e) {
      // The test is over.
      return;
    }
  }

  @Test
  void whatAnotherNodeMayHaveDoneIsNotAFailure() {
    String a = node("a", r -> text(504, "it may have been done", Map.of()));
    assertEquals(Exit.UNREACHABLE, run("forget", "x:1", "--api", a));
    assertEquals("it may have been done\n", err);
  }

  @Test
  void onOneNodeIsSaidInAHeaderAndFreshInTheQuery() {
    var seen = Collections.synchronizedList(new ArrayList<Request>());
    String a =
        node(
            "a",
            r -> {
              seen.add(r);
              return text(200, "done", Map.of());
            });
    assertEquals(Exit.OK, run("topology", "--fresh", "--ignore-raft-setup", "--api", a));
    assertEquals("true", seen.getFirst().headers().get("topiary-local"));
    assertEquals("true", seen.getFirst().query().get("fresh"));
    assertEquals(Exit.OK, run("topology", "--api", a));
    assertEquals(Map.of(), seen.getLast().query());
    assertTrue(!seen.getLast().headers().containsKey("topiary-local"));
  }

  // ---- a run that is watched

  private static Reply started() {
    return text(202, "Plan p1 is under way.", Map.of(V1Api.RUN_HEADER, "p1"));
  }

  private static Reply news(String text, String version, Map<String, String> more) {
    var headers = new HashMap<>(more);
    headers.put(V1Api.VERSION_HEADER, version);
    headers.put(V1Api.STEPS_HEADER, version);
    return text(200, text, headers);
  }

  @Test
  void aRunIsWatchedThroughAnotherNodeWhenTheOneThatWasAskedDies() throws Exception {
    var told = Collections.synchronizedList(new ArrayList<Map<String, String>>());
    String b =
        node(
            "b",
            r -> {
              told.add(r.query());
              if (told.size() == 1) {
                // The leader may be looked for, for a moment.
                return elsewhere();
              }
              return news("step 2", "2", Map.of(V1Api.END_HEADER, "DONE"));
            });
    try (var mortal = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerTwiceAndDie(mortal));
      String a = "http://127.0.0.1:" + mortal.getLocalPort();
      assertEquals(Exit.OK, run("apply", "00ff", "--api", a, "--api", b), () -> err);
      assertEquals("Plan p1 is under way.\nstep 1\nstep 2\n", out);
      assertEquals("1", told.getLast().get("after"));
      assertEquals("1", told.getLast().get("steps"));
      assertTrue(mortal.isClosed());
    }
  }

  /** Starts the run, tells one step of it, and ends in the middle of the next answer. */
  private static void answerTwiceAndDie(ServerSocket server) {
    try {
      answer(server, "HTTP/1.1 202 Accepted\r\nTopiary-Run: p1\r\n", "Plan p1 is under way.\n");
      answer(server, "HTTP/1.1 200 OK\r\nTopiary-Version: 1\r\nTopiary-Steps: 1\r\n", "step 1\n");
      try (Socket socket = server.accept()) {
        server.close();
        read(socket);
        socket.getOutputStream().write("HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(ServerSocket server, String head, String body) throws IOException {
    try (Socket socket = server.accept()) {
      read(socket);
      String whole =
          head
              + "Server: Topiary\r\nConnection: close\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      socket.getOutputStream().write(whole.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** A request, and its body when it has one. */
  private static void read(Socket socket) throws IOException {
    var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    int length = 0;
    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      if (line.startsWith("Content-Length: ")) {
        length = Integer.parseInt(line.substring(16));
      }
    }
    for (int i = 0; i < length; i++) {
      assertTrue(in.read() >= 0);
    }
  }

  @Test
  void aRunThatNobodyRunsAnyMoreIsToldFromTheJournal() throws Exception {
    var reads = new AtomicInteger();
    String a =
        node(
            "a",
            r -> {
              if (r.method().equals("POST")) {
                return started();
              }
              if (path(r).startsWith("runs/")) {
                return text(404, "plan p1 is not under way; see run", Map.of());
              }
              return reads.incrementAndGet() < 3
                  ? text(200, "under way", Map.of())
                  : text(200, "interrupted", Map.of(V1Api.END_HEADER, "INTERRUPTED"));
            });
    assertEquals(Exit.FAILED, run("apply", "00ff", "--api", a));
    assertEquals("Plan p1 is under way.\ninterrupted\n", out);
    assertTrue(err.startsWith("topiary: the node that ran plan p1 does so no more"), err);
    assertEquals(3, reads.get());
  }
}
