package topiary.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.app.Certs;
import topiary.app.config.CredentialRule;
import topiary.app.config.NodeUser;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.face.Role;
import topiary.app.face.Sender;
import topiary.app.security.Pem;
import topiary.app.security.ReloadingKeys;
import topiary.app.security.Users;

/** Who is let in, without a network. */
final class GuardTest {

  @TempDir Path temp;
  private final AtomicReference<Optional<Sender>> inside = new AtomicReference<>(Optional.empty());
  private Certs certs;
  private Guard guard;
  private int status = 200;

  @BeforeEach
  void make() throws Exception {
    certs = Certs.in(temp.resolve("made"));
    certs.make("person", "ann");
    Path word = temp.resolve("word");
    Files.writeString(word, "sesam:öffne\n");
    Files.setPosixFilePermissions(word, PosixFilePermissions.fromString("rw-------"));
    guard =
        new Guard(
            request -> {
              inside.set(Optional.of(request.sender()));
              return Reply.text(status, "the host db1 and its secrets");
            },
            Optional.of(new ReloadingKeys(certs.files("n1"), InstantSource.system())),
            new Users(
                List.of(new NodeUser("rita", new CredentialRule.Source.InFile(word), Role.READER))),
            request -> request.method().equals("GET") ? Role.READER : Role.OPERATOR,
            InstantSource.fixed(Instant.EPOCH));
  }

  private Reply.Whole ask(String method, String path, Map<String, String> headers, Sender sender) {
    inside.set(Optional.empty());
    return (Reply.Whole)
        guard.handle(
            new Request(method, List.of(path.split("/")), Map.of(), headers, new byte[0], sender));
  }

  private Reply.Whole word(String method, String header) {
    return ask(
        method,
        "api/x",
        Map.of("authorization", header),
        new Sender("10.0.0.1", List.of(), "local user", Role.OPERATOR));
  }

  private Sender shown(String name) throws Exception {
    X509Certificate one = Pem.certificates(certs.certificate(name)).getFirst();
    return new Sender("10.0.0.1", List.of(one), "local user", Role.OPERATOR);
  }

  private static String basic(String both) {
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Reply.Whole reply) {
    return new String(reply.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void whoIsInsideIsKnownByNameAndRole() throws Exception {
    assertEquals(200, word("GET", basic("rita:sesam:öffne")).status());
    assertEquals("rita", inside.get().orElseThrow().name());
    assertEquals(Role.READER, inside.get().orElseThrow().role());
    assertEquals(200, ask("POST", "api/x", Map.of(), shown("ann")).status());
    assertEquals("ann", inside.get().orElseThrow().name());
    assertEquals(200, ask("POST", "api/x", Map.of(), shown("n1")).status());
    assertEquals(Role.NODE, inside.get().orElseThrow().role());
  }

  @Test
  void aNodeSaysOnWhoseBehalfItAsks() throws Exception {
    Map<String, String> behalf = Map.of("topiary-for", "operator Ann+%C3%9C");
    assertEquals(200, ask("POST", "api/x", behalf, shown("n1")).status());
    assertEquals("Ann Ü", inside.get().orElseThrow().name());
    assertEquals(Role.OPERATOR, inside.get().orElseThrow().role());
    Reply.Whole reader =
        ask("POST", "api/v1/forget", Map.of("topiary-for", "reader rita"), shown("n1"));
    assertEquals(403, reader.status());
    assertTrue(text(reader).contains("rita is a reader"), text(reader));
    // Nobody else is believed that.
    assertEquals(200, ask("POST", "api/x", behalf, shown("ann")).status());
    assertEquals("ann", inside.get().orElseThrow().name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "operator", "king ann", "operator %zz"})
  void aNodeThatSaysItBadlyIsRefused(String header) throws Exception {
    assertEquals(400, ask("POST", "api/x", Map.of("topiary-for", header), shown("n1")).status());
    assertEquals(Optional.empty(), inside.get());
  }

  @Test
  void whoMayNotIsNotInside() {
    assertEquals(500, word("POST", basic("rita:sesam:öffne")).status());
    assertEquals(Optional.empty(), inside.get());
    Reply.Whole v1 =
        ask(
            "POST",
            "api/v1/forget",
            Map.of("authorization", basic("rita:sesam:öffne")),
            Sender.LOCAL);
    assertEquals(403, v1.status());
    assertEquals(Optional.empty(), inside.get());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Basic",
        "Basic ",
        "basic !!!",
        "Basic cml0YQ==",
        "Basic ====",
        "Bearer cml0YTp4",
        "Basic /////w==",
        "Basic OnNlc2Ft"
      })
  void whatIsNoPasswordIsNone(String header) {
    assertEquals(401, word("GET", header).status());
    assertEquals(Optional.empty(), inside.get());
  }

  @Test
  void aWrongPasswordIsNotMadeGoodByACertificate() throws Exception {
    assertEquals(
        401, ask("GET", "api/x", Map.of("authorization", basic("rita:x")), shown("ann")).status());
  }

  @Test
  void aCertificateWithoutARoleIsNobodys() throws Exception {
    Reply.Whole reply = ask("GET", "api/x", Map.of(), shown("ca"));
    assertEquals(403, reply.status());
    assertEquals(Optional.empty(), inside.get());
  }

  @Test
  void loadBalancersLearnTheStatusAndNoMore() {
    for (int told : List.of(200, 500, 503)) {
      status = told;
      for (String path : List.of("api/health", "api/status", "api/v1/health")) {
        Reply.Whole reply = ask("GET", path, Map.of(), Sender.LOCAL);
        assertEquals(told, reply.status());
        assertTrue(!text(reply).contains("secrets"), text(reply));
      }
      Reply.Whole words = ask("GET", "api/v1/health", Map.of("accept", "text/plain"), Sender.LOCAL);
      assertTrue(
          text(words)
              .startsWith(told == 200 ? "this node is healthy\n" : "this node is in trouble"),
          text(words));
    }
  }
}
