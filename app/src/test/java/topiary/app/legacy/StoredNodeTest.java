package topiary.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.app.Until;
import topiary.app.config.NodeConfig;
import topiary.app.gateway.FindingView;
import topiary.app.gateway.HttpGateway;
import topiary.app.gateway.Seen;
import topiary.app.security.NodeLogin;
import topiary.app.wire.StoredNode;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Leadership;
import topiary.store.orchestrator.Stored;

/** A node that shows what orchestrator has stored: over HTTP, and as the window sees it. */
class StoredNodeTest {

  private static final String SITUATION =
      """
      == a dead primary, a late replica, a server in downtime
      p(a,b)
      p absent
      a connecting lag 60
      b connecting
      = p DeadMaster
      """;

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private StoredNode node;

  @BeforeEach
  void shown() throws Exception {
    Stored stored =
        StoredSituation.all(SITUATION).getFirst().through(folder.resolve("orchestrator.db"));
    var door =
        new NodeConfig(
            "127.0.0.1",
            0,
            folder,
            List.of(),
            List.of(),
            NodeConfig.polling(Duration.ofSeconds(5)));
    node =
        new StoredNode(
            Optional.of(door),
            stored,
            fault -> {
              throw new AssertionError(fault);
            });
    assertEquals(List.of(), node.refused());
    node.start();
  }

  @AfterEach
  void gone() {
    node.close();
    client.close();
  }

  private String text(String method, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(node.address() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private void judged() {
    Until.holds(
        "it is judged", () -> text("GET", "/api/v1/replication-analysis").contains("DeadMaster"));
  }

  @Test
  void orchestratorsClientIsToldWhatIsFoundAtThatMoment() throws Exception {
    judged();
    assertTrue(text("GET", "/api/replication-analysis").contains("\"Analysis\":\"DeadMaster\""));
    String p = text("GET", "/api/instance/p/3306");
    assertTrue(p.contains("\"IsLastCheckValid\":false"), p);
    String a = text("GET", "/api/instance/a/3306");
    assertTrue(a.contains("\"SecondsSinceLastSeen\":{\"Int64\":0,\"Valid\":true}"), a);
  }

  @Test
  void itChangesNothingAndSaysWhy() throws Exception {
    judged();
    String before = text("GET", "/api/v1/topology");
    for (String path :
        List.of(
            "/api/refresh/a/3306",
            "/api/discover/x/3306",
            "/api/begin-downtime/a/3306/me/why",
            "/api/recover/p/3306",
            "/api/relocate/a/3306/b/3306",
            "/api/stop-replica/b/3306",
            "/api/forget/a/3306")) {
      String answer = text("GET", path);
      assertTrue(answer.contains(Leadership.SHOWN), path + ": " + answer);
    }
    assertEquals(before, text("GET", "/api/v1/topology"));
  }

  @Test
  void theWindowSeesTheSame() throws Exception {
    try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
      var heard = new CopyOnWriteArrayList<Seen>();
      try (var gateway =
          new HttpGateway(
              List.of(URI.create(node.address())),
              List.of(),
              members -> {},
              NodeLogin.NONE,
              background,
              InstantSource.system(),
              Duration.ofSeconds(20))) {
        gateway.listen(heard::add);
        var p = new InstanceKey("p", 3306);
        Until.holds(
            "it is found",
            () ->
                !heard.isEmpty()
                    && heard.getLast().found(p).stream()
                        .map(FindingView::code)
                        .anyMatch("DeadMaster"::equals));
        Seen seen = heard.getLast();
        assertEquals(3, seen.topology().instances().size());
        assertEquals(
            List.of(p, p),
            Stream.of("a", "b")
                .map(host -> seen.topology().instance(new InstanceKey(host, 3306)).get())
                .map(i -> i.source().get())
                .toList());
        assertEquals(2, gateway.whyNot("p:3306").obstacles().size());
        assertTrue(gateway.warnings().contains("what is shown was so at "), gateway.warnings());
        assertNotNull(gateway.whatIfDead(new InstanceKey("a", 3306)));
      }
    }
  }

  @Test
  void nothingIsLeftOfIt() {
    assertTrue(Files.exists(node.folder()));
    node.close();
    assertFalse(Files.exists(node.folder()));
    assertFalse(Files.exists(folder.resolve("topiary.db")), "the file's own folder is let alone");
  }
}
