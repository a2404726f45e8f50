package topiary.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.app.face.Reply;
import topiary.app.face.Request;

class GateTest {

  private static final String HOST = "127.0.0.1:3000";

  private static final Hosts OURS =
      new Hosts(InetAddress.getLoopbackAddress(), List::of, List.of());

  private final Gate gate =
      new Gate(request -> Reply.text(200, "inside"), r -> r.segments().contains("forget"), OURS);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:3000",
        "127.0.0.1",
        "127.0.0.1:3000",
        "127.0.0.2:80",
        "[::1]",
        "[::1]:3000"
      })
  void thisMachinesOwnNamesAreLetIn(String host) {
    assertEquals(200, ask("GET", "topology", Map.of("host", host)).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "evil.example",
        "evil.example:3000",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "127.0.0.1.evil.example:3000",
        "evil.example#127.0.0.1",
        "evil.example/127.0.0.1",
        "user@127.0.0.1",
        "1127.0.0.1",
        "128.0.0.1",
        "10.0.0.1",
        "0.0.0.0",
        "[::]",
        "[::2]:3000",
        "::1",
        "localhost:",
        "localhost:123456",
        "localhost:x",
        "localhost, evil.example",
        "localhost\n",
        "\uD83C\uDF33.example",
        "\uD83C\uDF33\uD83C\uDF33\uD83C\uDF33"
      })
  void anyOtherNameIsRefusedEvenForReading(String host) {
    assertEquals(421, ask("GET", "topology", Map.of("host", host)).status());
  }

  @Test
  void aRequestWithoutAHostIsRefused() {
    assertEquals(421, ask("GET", "topology", Map.of()).status());
  }

  @Test
  void theRefusedHostIsNamedShortAndPrintable() {
    String host = "e\u0007\u00e9" + "x".repeat(500);
    String body = body(ask("GET", "topology", Map.of("host", host)));
    String expected = "the host \\\"e??" + "x".repeat(77) + "\\\"; it";
    assertTrue(body.contains(expected), body);
    assertTrue(
        body.contains("{\"code\":\"host\",\"message\":\"this node does not answer to"), body);
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:3000, 200",
    "http://evil.example, 403",
    "http://127.0.0.1:3001, 403",
    "http://127.0.0.1, 403",
    "http://localhost:3000, 403",
    "null, 403",
    "'', 403",
    "%%%, 403",
    "file://, 403"
  })
  void aWriteFromAnotherOriginIsRefused(String origin, int status) {
    assertEquals(status, ask("POST", "discover", Map.of("host", HOST, "origin", origin)).status());
    assertEquals(status, ask("GET", "forget", Map.of("host", HOST, "origin", origin)).status());
  }

  @ParameterizedTest
  @CsvSource({
    "same-origin, 200",
    "none, 200",
    "same-site, 403",
    "cross-site, 403",
    "anything, 403"
  })
  void aWriteThatABrowserCallsForeignIsRefused(String site, int status) {
    var headers = Map.of("host", HOST, "sec-fetch-site", site);
    assertEquals(status, ask("POST", "discover", headers).status());
    assertEquals(status, ask("DELETE", "discover", headers).status());
    assertEquals(status, ask("GET", "forget", headers).status());
    assertEquals(status, ask("HEAD", "forget", headers).status());
  }

  @Test
  void aForeignSiteMaySendReadsWhoseAnswersItCannotSee() {
    var headers =
        Map.of("host", HOST, "sec-fetch-site", "cross-site", "origin", "http://e.example");
    assertEquals(200, ask("GET", "topology", headers).status());
    assertEquals(200, ask("HEAD", "topology", headers).status());
  }

  @Test
  void aFriendlyLabelDoesNotMakeUpForAForeignOrigin() {
    var headers =
        Map.of("host", HOST, "sec-fetch-site", "same-origin", "origin", "http://evil.example");
    assertEquals(403, ask("POST", "discover", headers).status());
  }

  @Test
  void programsThatSendNoSuchHeadersMayWrite() {
    assertEquals(200, ask("POST", "discover", Map.of("host", HOST)).status());
  }

  @Test
  void whatIsRefusedDoesNotReachTheInside() {
    var reached = new boolean[1];
    var watched =
        new Gate(
            request -> {
              reached[0] = true;
              return Reply.text(200, "");
            },
            request -> false,
            OURS);
    watched.handle(request("POST", "x", Map.of("host", "evil.example")));
    watched.handle(request("POST", "x", Map.of("host", HOST, "origin", "http://evil.example")));
    assertFalse(reached[0]);
  }

  private Reply.Whole ask(String method, String path, Map<String, String> headers) {
    return (Reply.Whole) gate.handle(request(method, path, headers));
  }

  private static Request request(String method, String path, Map<String, String> headers) {
    return new Request(method, List.of(path), Map.of(), new HashMap<>(headers), new byte[0]);
  }

  private static String body(Reply.Whole reply) {
    return new String(reply.bytes(), StandardCharsets.UTF_8);
  }
}
