package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.app.wire.Node;

/** Whatever one sends: a status, a code and a sentence, and the node goes on. */
class BadInputIT {

  private static final Map<String, String> TREE = Map.of("p", "", "r1", "p", "r2", "r1");
  private static final int REQUESTS = 2_000;

  private static Rig rig;
  private static Caller http;

  @BeforeAll
  static void up() throws Exception {
    rig = Rig.of("bad", "p(r1(r2))");
    rig.startNode();
    http = rig.http();
    assertEquals(200, http.post("discover", Map.of("instance", rig.address("r2"))).status());
    rig.awaitTree(TREE);
  }

  @AfterAll
  static void down() {
    if (rig != null) {
      rig.close();
    }
  }

  // ---- servers that are none

  @Test
  void anUnknownHostIsNamed() throws Exception {
    Caller.Got got = http.post("discover", Map.of("instance", "no-such-host.invalid:3306"));
    assertEquals(502, got.status());
    assertEquals("unreachable: no host is called no-such-host.invalid", got.error());
    assertEquals(404, http.get("instance?instance=no-such-host.invalid:3306").status());
  }

  @Test
  void aPortWhereNothingListensIsTold() throws Exception {
    Caller.Got got = http.post("discover", Map.of("instance", "127.0.0.1:1"));
    assertEquals(502, got.status());
    assertEquals(
        "unreachable: 127.0.0.1:1 refuses connections: nothing listens there", got.error());
  }

  @Test
  void aForeignServiceIsRecognised() throws Exception {
    try (var alien = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> greet(alien));
      Caller.Got got =
          http.post("discover", Map.of("instance", "127.0.0.1:" + alien.getLocalPort()));
      assertEquals(502, got.status());
      assertEquals(
          "unreachable: 127.0.0.1:"
              + alien.getLocalPort()
              + " is no database server: it greets with \"SSH-2…\"",
          got.error());
    }
  }

  @Test
  void aPortThatTakesConnectionsAndSaysNothingIsNotWaitedForForEver() throws Exception {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Caller.Got got =
          http.post("discover", Map.of("instance", "127.0.0.1:" + silent.getLocalPort()));
      assertEquals(502, got.status());
      assertTrue(
          got.error().contains(" takes the connection and says nothing in time"), got.body());
    }
  }

  @Test
  void aWrongPasswordIsToldAndTheRightOneIsTakenWithoutARestart() throws Exception {
    Path password = Rig.folder("password");
    Files.writeString(password, "wrong");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    try (Node other = Rig.node(rig.config(Rig.folder("data"), 0, password))) {
      var its = new Caller(other.address());
      Caller.Got got = its.post("discover", Map.of("instance", rig.address("p")));
      assertEquals(422, got.status());
      assertEquals(
          "refused: " + rig.address("p") + " refuses user \"topiary\" or its password (error 1045)",
          got.error());
      Files.writeString(password, rig.lab.credentials().password());
      assertEquals(200, its.post("discover", Map.of("instance", rig.address("p"))).status());
    }
  }

  @Test
  void aServerThatHangsIsToldAndNotUsed() throws Exception {
    String r2 = rig.address("r2");
    rig.lab.hang("r2");
    try {
      Caller.Got got = http.post("discover", Map.of("instance", r2));
      assertEquals(502, got.status());
      assertTrue(got.error().startsWith("unreachable: " + r2 + " "), got.error());
      for (boolean dryRun : new boolean[] {true, false}) {
        Caller.Got move =
            http.post(
                "relocate", Map.of("replica", r2, "below", rig.address("p"), "dryRun", dryRun));
        assertEquals(422, move.status());
        assertTrue(move.error().startsWith("refused: " + r2 + " is hung: "), move.error());
      }
      Caller.Got one = http.get("instance?instance=" + r2);
      assertEquals("HUNG", one.json().get("condition"));
    } finally {
      rig.lab.resume("r2");
    }
    rig.awaitTree(TREE);
  }

  // ---- moves that make no sense

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "r1|r1|{r1} cannot replicate from itself",
        "r1|r2|{r2} is below {r1}: the move would cut the tree into a ring",
        "p|r1|{p} is not a replica: it has no source to change",
        "r1|p|{r1} is below {p} already",
        "127.0.0.1:1|p|127.0.0.1:1 is not known; discover it first",
        "r1|127.0.0.1:1|127.0.0.1:1 is not known; discover it first"
      })
  void aMoveThatMakesNoSenseIsRefusedWithTheReason(String replica, String below, String sentence)
      throws Exception {
    for (boolean dryRun : new boolean[] {true, false}) {
      Caller.Got got =
          http.post(
              "relocate",
              Map.of("replica", address(replica), "below", address(below), "dryRun", dryRun));
      assertEquals(422, got.status());
      assertEquals("refused: " + addresses(sentence), got.error());
    }
    assertEquals(0, http.get("runs").list().size());
  }

  // ---- requests that are none

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST|/api/v1/discover|application/json|{\"instance\":|400",
        "POST|/api/v1/discover|application/json|[\"a:1\"]|400",
        "POST|/api/v1/discover|application/json|{\"instance\":\"a\",\"instance\":\"b\"}|400",
        "POST|/api/v1/discover|application/json|{\"instance\":{\"host\":\"a\"}}|400",
        "POST|/api/v1/discover|application/json|{}|400",
        "POST|/api/v1/discover|application/json|``|400",
        "POST|/api/v1/discover|text/plain|{\"instance\":\"a:1\"}|400",
        "POST|/api/v1/discover|application/x-www-form-urlencoded|instance=a%3A1|400",
        "POST|/api/v1/discover|``|{\"instance\":\"a:1\"}|400",
        "POST|/api/v1/relocate|application/json|{\"replica\":\"a:1\"}|400",
        "POST|/api/v1/relocate|application/json|{\"replica\":\"a:1\",\"below\":\"b:0\"}|400",
        "POST|/api/v1/undo|application/json|{}|404",
        "POST|/api/v1/undo|application/json|{\"plan\":\"nonsense\"}|400",
        "POST|/api/v1/apply|application/json|{\"plan\":\"nonsense\"}|404",
        "POST|/api/v1/cancel|application/json|{\"plan\":\"p000000000000\"}|404",
        "GET|/api/v1/nothing|``|``|404",
        "GET|/api/v1/topology/below|``|``|404",
        "GET|/api/nothing|``|``|404",
        "GET|/api|``|``|404",
        "GET|/nothing|``|``|404",
        "GET|/../../etc/passwd|``|``|404",
        "GET|//api//v1//nothing|``|``|404",
        "GET|/api/v1/runs/p000000000000|``|``|404",
        "GET|/api/v1/runs/%00|``|``|400",
        "GET|/api/v1/runs?limit=99999999999|``|``|400",
        "GET|/api/v1/run|``|``|400",
        "GET|/api/v1/instance|``|``|400",
        "GET|/api/v1/instance?instance=%E2%82%ACuro|``|``|400",
        "GET|/api/v1/topology?colour=yes&cluster=%0d%0aX:%20y|``|``|404",
        "GET|/api/v1/topology?what=x|``|``|400",
        "GET|/api/v1/discover?instance=a:1|``|``|405",
        "POST|/api/v1/topology|application/json|{}|405",
        "DELETE|/api/v1/instance?instance=a:1|``|``|405",
        "PUT|/api/v1/relocate|application/json|{}|405",
        "PATCH|/api/v1/health|``|``|405",
        "POST|/api/v1/events|``|``|405",
        "DELETE|/api/v1|``|``|405",
        "DELETE|/|``|``|405",
        "POST|/icon.svg|``|``|405"
      })
  void aRequestThatCannotBeMeantIsAnErrorWithASentence(
      String method, String path, String type, String body, int status) throws Exception {
    HttpRequest.Builder request =
        http.request(path)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    Caller.Got got = http.send(request);
    assertEquals(status, got.status(), got.body());
    sentence(got);
  }

  @Test
  void aHugeBodyIsRefusedAndNotRead() throws Exception {
    var huge = BodyPublishers.ofByteArray(new byte[(1 << 20) + 1]);
    Caller.Got known =
        http.send(http.request("discover").header("Content-Type", "application/json").POST(huge));
    assertEquals(413, known.status(), known.body());
    sentence(known);
    String endless =
        "POST /api/v1/discover HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + ("10000\r\n" + " ".repeat(0x10000) + "\r\n").repeat(17)
            + "0\r\n\r\n";
    String answer = raw(endless);
    assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
    assertTrue(answer.contains("{\"error\":{\"code\":"), answer);
    assertEquals(200, http.get("health").status());
  }

  @Test
  void aBodyJustWithinTheLimitIsRead() throws Exception {
    String padded = "{\"instance\":\"127.0.0.1:1\"" + " ".repeat((1 << 20) - 26) + "}";
    Caller.Got got =
        http.send(
            http.request("discover")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(padded)));
    assertEquals(502, got.status(), got.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/%e HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/instance?instance=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/instance?instance=100% HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/instance?%=% HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/instance?&&==&= HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/health HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "GET /api/v1/health HTTP/1.1\r\nHost: caf\u00e9\r\n\r\n",
        "GET /api/v1/health HTTP/1.1\r\nHost:\r\n\r\n",
        "GET /api/v1/health HTTP/1.1\r\n\r\n",
        "GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "GET http://evil.example/api/v1/health HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "GET /api/v1/he<al>th HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/health\u0001 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "BREW /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "G\u00cbT /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nAccept: text",
        "GET /api/v1/health HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "GET\r\n\r\n",
        "GET /api/v1/health HTTP/1.1\r\nHost localhost\r\n\r\n",
        "POST /api/v1/discover HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        "POST /api/v1/discover HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /api/v1/discover HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "zz\r\n\r\n",
        "nonsense\r\n\r\n"
      })
  void bytesThatAreNoProperRequestGetAnErrorOfOurs(String request) throws Exception {
    String answer = raw(request);
    assertTrue(answer.matches("(?s)HTTP/1\\.1 4\\d\\d .*"), answer);
    assertTrue(
        answer.matches("(?s).*\\{\"error\":\\{\"code\":\"[a-z-]+\",\"message\":\"[^\"].*"), answer);
    assertFalse(answer.contains("\tat ") || answer.contains("Exception"), answer);
  }

  @Test
  void anAnswerToHeadHasNoBodySoThatTheNextOneIsUnderstood() throws Exception {
    for (String path : List.of("/", "/nothing", "/api/health", "/api/nothing", "/api/v1/health")) {
      String head = "HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      String answers = raw(head + head.replace("HEAD", "GET"));
      String[] parts = answers.split("HTTP/1\\.1 ", -1);
      assertEquals(3, parts.length, answers);
      assertTrue(parts[1].endsWith("\r\n\r\n"), answers);
      assertFalse(parts[2].endsWith("\r\n\r\n"), answers);
      String length = "(?s).*(content-length: [1-9]\\d*).*";
      assertTrue(parts[1].toLowerCase(Locale.ROOT).matches(length), answers);
    }
  }

  @Test
  void endlessHeadersAreRefused() throws Exception {
    String answer =
        raw(
            "GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nX: "
                + "x".repeat(100_000)
                + "\r\n\r\n");
    assertTrue(answer.isEmpty() || answer.matches("(?s)HTTP/1\\.1 4\\d\\d .*"), answer);
    String line = raw("GET /" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertTrue(line.isEmpty() || line.matches("(?s)HTTP/1\\.1 4\\d\\d .*"), line);
    assertEquals(200, http.get("health").status());
  }

  @Test
  void aClientThatGoesAwayInTheMiddleHarmsNobody() throws Exception {
    for (int i = 0; i < 50; i++) {
      try (var socket = connect()) {
        socket
            .getOutputStream()
            .write(
                "POST /api/v1/discover HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
                    .getBytes(StandardCharsets.US_ASCII));
      }
    }
    assertEquals(200, http.get("health").status());
  }

  // ---- anything

  @Test
  void twoThousandRandomRequestsAreNoFaultAndLeaveNothingBehind() throws Exception {
    long seed = Long.getLong("topiary.seed", System.nanoTime());
    System.out.println("BadInputIT: again with -Dtopiary.seed=" + seed);
    var random = new Random(seed);
    String runs = http.get("runs?limit=1000").body();
    int threads = Thread.getAllStackTraces().size();
    for (int i = 0; i < REQUESTS; i++) {
      HttpRequest request = random(random).build();
      String what = "seed " + seed + ", request " + i + ": " + request;
      var response = Caller.client().send(request, BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        assertNotEquals(500, response.statusCode(), what);
        boolean stream =
            response.headers().firstValue("content-type").orElse("").startsWith("text/event");
        String text = stream ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
        assertFalse(text.contains("\tat "), what + "\n" + text);
        boolean json =
            response.headers().firstValue("content-type").orElse("").startsWith("application/json");
        if (response.statusCode() >= 400 && json) {
          sentence(new Caller.Got(response.statusCode(), "application/json", text, response));
        }
      }
    }
    Caller.Got health = http.get("health");
    assertEquals(200, health.status(), health.body());
    assertEquals(0, health.json().get("plansUnderWay"));
    assertEquals(3, health.json().get("instances"), "nothing was taken in");
    assertEquals(runs, http.get("runs?limit=1000").body(), "nothing was run");
    rig.awaitTree(TREE);
    Until.holds(
        "the threads end, seed " + seed, () -> Thread.getAllStackTraces().size() <= threads + 10);
  }

  private static HttpRequest.Builder random(Random random) {
    String path =
        switch (random.nextInt(8)) {
          case 0 -> "/" + encoded(letters(random, 12));
          case 1 -> "/api/" + encoded(letters(random, 12)) + "/" + encoded(letters(random, 5));
          case 2 -> "/api/v1/runs/" + encoded(letters(random, 13));
          case 3 -> "/api/v1/runs/p" + random.nextInt(100_000_000, 999_999_999) + "abc";
          default -> "/api/v1/" + pick(random, OPERATIONS);
        };
    String query =
        IntStream.range(0, random.nextInt(4))
            .mapToObj(i -> encoded(name(random)) + "=" + encoded(value(random)))
            .collect(Collectors.joining("&"));
    HttpRequest.Builder request =
        http.request(random.nextBoolean() || query.isEmpty() ? path : path + "?" + query);
    String method = pick(random, List.of("GET", "GET", "POST", "POST", "POST", "PUT", "DELETE"));
    String body =
        switch (random.nextInt(4)) {
          case 0 -> "";
          case 1 -> letters(random, 40);
          default ->
              IntStream.range(0, random.nextInt(4))
                  .mapToObj(i -> "\"" + name(random) + "\":" + literal(random))
                  // Nothing of this is to be carried out.
                  .collect(Collectors.joining(",", "{\"dryRun\":true,", "}"))
                  .replace(",}", "}");
        };
    request.method(
        method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (random.nextInt(5) > 0) {
      request.header("Content-Type", "application/json");
    }
    if (random.nextInt(4) == 0) {
      request.header("Accept", pick(random, List.of("text/plain", "application/json", "x/y")));
    }
    if (random.nextInt(10) == 0) {
      request.header("Last-Event-ID", random.nextInt(3) + ":" + random.nextInt(999));
    }
    if (random.nextInt(10) == 0) {
      request.header("Sec-Fetch-Site", pick(random, List.of("none", "cross-site", "?")));
    }
    return request;
  }

  private static final List<String> OPERATIONS =
      List.of(
          "",
          "clusters",
          "topology",
          "instance",
          "relocate",
          "start-replication",
          "stop-replication",
          "set-read-only",
          "set-writeable",
          "plan",
          "apply",
          "cancel",
          "run",
          "runs",
          "health",
          "events");

  private static String name(Random random) {
    return pick(
        random,
        List.of(
            "instance",
            "replica",
            "below",
            "plan",
            "operation",
            "limit",
            "cluster",
            "colour",
            "after",
            "steps",
            "wait",
            letters(random, 4)));
  }

  private static String value(Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> rig.address("p");
      case 1 -> rig.address("r1");
      case 2 -> rig.address("r2");
      case 3 -> "127.0.0.1:1";
      case 4 -> pick(random, OPERATIONS);
      case 5 -> Integer.toString(random.nextInt(200));
      case 6 -> "-" + random.nextLong();
      case 7 -> "p0123456789ab";
      default -> letters(random, 20);
    };
  }

  private static String literal(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> "null";
      case 1 -> "[]";
      case 2 -> Double.toString(random.nextGaussian());
      case 3 -> "1e999999";
      default -> "\"" + value(random).replaceAll("[\\\\\"\\p{Cntrl}]", "") + "\"";
    };
  }

  private static String letters(Random random, int most) {
    return random
        .ints(random.nextInt(most + 1), 0, 6)
        .mapToObj(
            i ->
                switch (i) {
                  case 0 -> Character.toString(random.nextInt(0x20, 0x7f));
                  case 1 -> Character.toString(random.nextInt(0xa1, 0xd800));
                  default -> Character.toString(random.nextInt('a', 'z' + 1));
                })
        .collect(Collectors.joining());
  }

  private static String encoded(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  // ---- helpers

  /** An error of ours: its sentence is for people. */
  private static void sentence(Caller.Got got) {
    assertTrue(got.type().startsWith("application/json"), got.type());
    String error = got.error();
    assertTrue(error.matches("(?s)[a-z-]+: .{3,}"), error);
    assertFalse(error.contains("Exception") || error.contains("java."), error);
  }

  private static String address(String member) {
    return member.contains(":") ? member : rig.address(member);
  }

  private static String addresses(String sentence) {
    String text = sentence;
    for (String member : TREE.keySet()) {
      text = text.replace("{" + member + "}", rig.address(member));
    }
    return text;
  }

  private static void greet(ServerSocket alien) {
    try {
      while (true) {
        try (Socket socket = alien.accept()) {
          socket
              .getOutputStream()
              .write("SSH-2.0-OpenSSH_9.9\r\n".getBytes(StandardCharsets.UTF_8));
          socket.getInputStream().read();
        }
      }
    } catch (IOException e) {
      // The test has ended, and with it the service.
      return;
    }
  }

  private static Socket connect() throws IOException {
    String address = rig.node().address();
    var socket =
        new Socket(
            InetAddress.getLoopbackAddress(),
            Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
    socket.setSoTimeout(10_000);
    return socket;
  }

  /** Sends bytes as they are; all that comes back until the other side ends, or is silent. */
  private static String raw(String request) throws IOException {
    try (var socket = connect()) {
      var out = socket.getOutputStream();
      try {
        out.write(request.getBytes(StandardCharsets.UTF_8));
        out.flush();
        socket.shutdownOutput();
      } catch (IOException e) {
        // It may well end the connection before it has read everything; what it said counts.
        assertFalse(request.length() < 10_000, e::toString);
      }
      var answer = new StringBuilder();
      try {
        byte[] bytes = new byte[8192];
        InputStream in = socket.getInputStream();
        for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
          answer.append(new String(bytes, 0, n, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        assertFalse(request.length() < 10_000, e::toString);
      }
      return answer.toString();
    }
  }
}
