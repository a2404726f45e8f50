package topiary.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.app.Certs;
import topiary.app.cluster.FakeCluster;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.face.Role;
import topiary.app.face.Sender;
import topiary.app.legacy.LegacyApi;
import topiary.app.legacy.LegacyHandler;
import topiary.app.legacy.LegacyNode;
import topiary.app.security.ReloadingKeys;
import topiary.app.security.Users;
import topiary.app.v1.V1Api;

/** A follower asks a leader over TLS, on behalf of persons that the leader has never seen. */
class ForwardingBehalfTest {

  private static final LegacyHandler LEGACY =
      new LegacyHandler(
          new LegacyApi(
              null,
              new LegacyNode("h", "t", "1", "sqlite", Instant.EPOCH, Optional::empty),
              InstantSource.system(),
              Runnable::run));

  @TempDir Path temp;
  private final AtomicReference<Sender> inside = new AtomicReference<>();
  private final FakeCluster following = FakeCluster.follower();
  private WebFace leader;
  private HttpLeaderLink link;
  private Forwarder follower;

  @BeforeEach
  void up() throws Exception {
    Certs certs = Certs.in(temp);
    certs.node("n2", "127.0.0.1");
    var own = new ReloadingKeys(certs.files("n1"), InstantSource.system());
    var others = new ReloadingKeys(certs.files("n2"), InstantSource.system());
    Forwarder forwarder =
        Forwarder.of(
            request -> {
              inside.set(request.sender());
              return Reply.text(200, "done");
            },
            FakeCluster.leader(),
            LEGACY,
            new HttpLeaderLink(Optional.of(own.nodeContext())));
    var guard =
        new Guard(
            forwarder,
            Optional.of(own),
            new Users(List.of()),
            request -> V1Api.role(request.below(2)),
            InstantSource.system());
    leader =
        WebFace.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            guard,
            Optional.of(own.context()));
    following.http.put("n1", URI.create("https://127.0.0.1:" + leader.port()));
    link = new HttpLeaderLink(Optional.of(others.nodeContext()));
    follower =
        Forwarder.of(
            request -> {
              throw new AssertionError("answered by the follower");
            },
            following,
            LEGACY,
            link);
  }

  @AfterEach
  void down() {
    link.close();
    leader.close();
  }

  private Reply.Whole ask(String path, String name, Role role) {
    return (Reply.Whole)
        follower.handle(
            new Request(
                "POST",
                List.of(path.split("/")),
                Map.of(),
                Map.of("content-type", "application/json"),
                "{}".getBytes(StandardCharsets.UTF_8),
                new Sender("10.0.0.1", List.of(), name, role)));
  }

  @Test
  void theLeaderKnowsWhoAskedTheFollower() {
    assertEquals(200, ask("api/v1/discover", "Zoë Müller", Role.OPERATOR).status());
    assertEquals("Zoë Müller", inside.get().name());
    assertEquals(Role.OPERATOR, inside.get().role());
    assertEquals(200, ask("api/v1/plan", "rita", Role.READER).status());
    assertEquals(Role.READER, inside.get().role());
    assertEquals(200, ask("api/v1/cluster/join", "n3", Role.NODE).status());
    assertEquals(Role.NODE, inside.get().role());
  }

  @Test
  void whoMayNotWriteMayNotByWayOfAFollowerEither() {
    Reply.Whole no = ask("api/v1/discover", "rita", Role.READER);
    assertEquals(403, no.status());
    String said = new String(no.bytes(), StandardCharsets.UTF_8);
    assertTrue(said.contains("rita is a reader"), said);
    assertEquals(403, ask("api/v1/cluster/join", "ann", Role.OPERATOR).status());
    assertNull(inside.get());
  }

  @Test
  void aLeaderOfAnotherAuthorityIsNotAsked() throws Exception {
    var strange =
        new ReloadingKeys(Certs.in(temp.resolve("other")).files("n1"), InstantSource.system());
    try (var other = new HttpLeaderLink(Optional.of(strange.nodeContext()))) {
      Forwarder lost = Forwarder.of(r -> Reply.text(200, ""), following, LEGACY, other);
      var reply =
          (Reply.Whole)
              lost.handle(
                  new Request(
                      "POST", List.of("api", "v1", "discover"), Map.of(), Map.of(), new byte[0]));
      assertEquals(503, reply.status());
      String said = new String(reply.bytes(), StandardCharsets.UTF_8);
      assertTrue(said.contains("nothing was begun"), said);
      assertNull(inside.get());
    }
  }
}
