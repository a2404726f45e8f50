package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.cert.Expired;
import topiary.app.cli.Exit;
import topiary.app.cli.RemoteCommand;
import topiary.app.config.Access;
import topiary.app.config.BadConfig;
import topiary.app.config.CredentialRule;
import topiary.app.config.NodeConfig;
import topiary.app.config.NodeUser;
import topiary.app.face.Reply;
import topiary.app.face.Role;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.HttpGateway;
import topiary.app.gateway.Seen;
import topiary.app.gateway.place.Place;
import topiary.app.http.WebFace;
import topiary.app.security.NodeLogin;
import topiary.app.security.Pem;
import topiary.app.security.ReloadingKeys;
import topiary.app.security.WhyNot;
import topiary.app.wire.Node;
import topiary.app.wire.OwnPlaces;
import topiary.lab.base.Disk;

/** Real nodes that ask who comes: by certificates, by passwords, or nobody. */
final class SecurityIT {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Path folder = Rig.folder("security");
  private final Certs certs = Certs.in(folder);
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void persons() {
    certs.make("person", "ann");
    certs.make("person", "bob", "--read-only");
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    Disk.delete(folder);
  }

  // ---- what is asked of whom

  private Path password(String name, String word) throws IOException {
    Path file = folder.resolve(name + ".password");
    Files.writeString(file, word + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private NodeUser user(String name, Role role) throws IOException {
    return new NodeUser(
        name, new CredentialRule.Source.InFile(password(name, name + "'s word")), role);
  }

  private Node node(Access access) throws BadConfig {
    return node("127.0.0.1", access);
  }

  private Node node(String host, Access access) throws BadConfig {
    var node =
        new Node(
            new NodeConfig(
                    host, 0, Rig.folder("data"), List.of(), List.of(), NodeConfig.polling(Rig.POLL))
                .with(access),
            fault -> {},
            UnaryOperator.identity());
    open.add(node);
    node.start();
    return node;
  }

  /** With certificates, and with carl, an operator, and rita, a reader, by their passwords. */
  private Node https() throws BadConfig, IOException {
    return node(
        new Access(
            Optional.of(certs.files("n1")),
            List.of(user("carl", Role.OPERATOR), user("rita", Role.READER)),
            false,
            List.of()));
  }

  private NodeLogin person(String name) throws BadConfig {
    return NodeLogin.of(by(name), Map.of());
  }

  private Map<String, String> by(String name) {
    return Map.of(
        "ca", certs.authority().toString(),
        "cert", certs.certificate(name).toString(),
        "key", certs.key(name).toString());
  }

  private NodeLogin word(String name) throws BadConfig {
    return NodeLogin.of(
        Map.of(
            "ca", certs.authority().toString(),
            "user", name,
            "password-file", folder.resolve(name + ".password").toString()),
        Map.of());
  }

  private NodeLogin nobody() throws BadConfig {
    return NodeLogin.of(Map.of("ca", certs.authority().toString()), Map.of());
  }

  private static HttpResponse<String> ask(String address, NodeLogin as, String path, String body)
      throws IOException, InterruptedException {
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT);
    as.context().ifPresent(client::sslContext);
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path)).timeout(LIMIT);
    as.authorization().ifPresent(word -> request.header("Authorization", word));
    if (!body.isEmpty()) {
      request
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(body));
    }
    try (HttpClient one = client.build()) {
      return one.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }
  }

  private static void answers(
      int status, String words, String address, NodeLogin as, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> got = ask(address, as, path, body);
    assertEquals(status, got.statusCode(), path + " " + got.body());
    assertTrue(got.body().contains(words), path + " " + got.body());
  }

  private static final String FORGET = "{\"instance\": \"none:1\"}";

  @Test
  void readersReadAndOperatorsWrite() throws Exception {
    String at = https().address();
    assertTrue(at.startsWith("https://127.0.0.1:"), at);
    for (NodeLogin reader : List.of(person("bob"), word("rita"))) {
      answers(200, "\"healthy\":true", at, reader, "/api/v1/health", "");
      answers(200, "null", at, reader, "/api/clusters", "");
      answers(403, "is a reader; this takes an operator", at, reader, "/api/v1/forget", FORGET);
      answers(
          403, "\"role\"", at, reader, "/api/v1/relocate", "{\"replica\":\"a\",\"below\":\"b\"}");
      answers(403, "\"role\"", at, reader, "/api/v1/relocate", "{\"dryRun\":\"perhaps\"}");
      // What only plans may be asked: it is refused for what it says, not for who says it.
      answers(
          422,
          "a:3306 is not known",
          at,
          reader,
          "/api/v1/relocate",
          "{\"replica\":\"a\",\"below\":\"b\",\"dryRun\":true}");
      answers(500, "\"Message\":\"Unauthorized\"", at, reader, "/api/forget/none/1", "");
    }
    for (NodeLogin operator : List.of(person("ann"), word("carl"), person("n1"))) {
      answers(404, "none:1", at, operator, "/api/v1/forget", FORGET);
      answers(200, "\"warnings\":[]", at, operator, "/api/v1/health", "");
      HttpResponse<String> old = ask(at, operator, "/api/forget/none/1", "");
      assertFalse(old.body().contains("Unauthorized"), old.body());
    }
  }

  @Test
  void whoSaysNothingLearnsNothing() throws Exception {
    String at = https().address();
    for (String path :
        List.of(
            "/",
            "/favicon.ico",
            "/api/v1",
            "/api/v1/topology",
            "/api/v1/events",
            "/api/clusters",
            "/api/nothing",
            "/nothing",
            "/api/v1/health/x",
            "/api/health/x")) {
      HttpResponse<String> got = ask(at, nobody(), path, "");
      assertEquals(401, got.statusCode(), path);
      assertTrue(got.body().contains("this node asks who you are"), got.body());
      assertEquals(
          "Basic realm=\"Topiary\", charset=\"UTF-8\"",
          got.headers().firstValue("www-authenticate").orElse(""));
    }
    assertEquals(401, ask(at, nobody(), "/api/v1/forget", FORGET).statusCode());
    // Load balancers learn how it is.
    assertEquals(
        "{\"healthy\":true,\"message\":\"this node is healthy\"}",
        ask(at, nobody(), "/api/v1/health", "").body());
    for (String path : List.of("/api/health", "/api/status")) {
      assertEquals(
          "{\"Code\":\"OK\",\"Message\":\"Application node is healthy\",\"Details\":null}",
          ask(at, nobody(), path, "").body());
    }
    assertEquals("\"OK\"", ask(at, nobody(), "/api/lb-check", "").body());
    assertEquals(200, ask(at, nobody(), "/api/leader-check", "").statusCode());
  }

  @Test
  void aWrongPasswordIsNoPassword() throws Exception {
    String at = https().address();
    NodeLogin right = word("rita");
    password("rita", "rita's wodr");
    NodeLogin wrong = word("rita");
    password("rita", "rita's word");
    answers(401, "does not know this user with this password", at, wrong, "/api/clusters", "");
    answers(200, "null", at, right, "/api/clusters", "");
    // A health that says who asks is believed as little.
    for (int i = 0; i < 5; i++) {
      answers(401, "does not know", at, wrong, "/api/v1/health", "");
    }
    HttpResponse<String> slow = ask(at, right, "/api/clusters", "");
    assertEquals(429, slow.statusCode(), slow.body());
    assertTrue(slow.body().contains("too many wrong passwords"), slow.body());
    // Certificates are not slowed down, and the time passes.
    answers(200, "null", at, person("bob"), "/api/clusters", "");
    Until.holds("the wait is over", () -> ask(at, right, "/api/clusters", "").statusCode() == 200);
  }

  @Test
  void certificatesThatDoNotHoldAreRefusedAtOnce() throws Exception {
    String at = https().address();
    Certs others = Certs.in(folder.resolve("others"));
    others.make("person", "eve");
    NodeLogin eve =
        NodeLogin.of(
            Map.of(
                "ca", certs.authority().toString(),
                "cert", others.certificate("eve").toString(),
                "key", others.key("eve").toString()),
            Map.of());
    // Java shows a server only certificates of authorities that it names.
    answers(401, "asks who you are", at, eve, "/api/clusters", "");
    KeyManager[] foreign = {
      new ReloadingKeys(others.files("n1"), InstantSource.system()).keyManager()
    };
    notShakenHandsWith(at, foreign);
    Expired.make(folder, "old", Role.OPERATOR);
    notShakenHandsWith(at, keys(certs, "old"));
    var refused = assertThrows(BadConfig.class, () -> person("old"));
    assertTrue(refused.getMessage().contains("has expired on"), refused.getMessage());
  }

  /** Whoever shows these, come what may. */
  private void notShakenHandsWith(String at, KeyManager[] shown) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager ours = new ReloadingKeys(certs.files("n1"), InstantSource.system()).trustManager();
    context.init(shown, new TrustManager[] {ours}, null);
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(at + "/api/v1/health")).timeout(LIMIT).build();
      var no =
          assertThrows(
              IOException.class, () -> client.send(request, HttpResponse.BodyHandlers.ofString()));
      assertEquals(
          Optional.of(
              "the node at " + at + " does not accept the certificate that was shown to it"),
          WhyNot.words(URI.create(at), no));
    }
  }

  // ---- while it runs

  @Test
  void filesAreReadAgainWhileItRuns() throws Exception {
    String at = https().address();
    NodeLogin rita = word("rita");
    answers(200, "null", at, rita, "/api/clusters", "");
    password("rita", "another word");
    NodeLogin again = word("rita");
    Until.holds(
        "the new password counts", () -> ask(at, again, "/api/clusters", "").statusCode() == 200);
    assertEquals(401, ask(at, rita, "/api/clusters", "").statusCode());

    Files.writeString(certs.certificate("n1"), "nonsense");
    Until.holds(
        "the broken file is told",
        () ->
            ask(at, person("bob"), "/api/v1/health", "")
                .body()
                .contains("the certificate of before is still used"));
    answers(200, "\"healthy\":true", at, person("bob"), "/api/v1/health", "");

    // Another authority altogether: whoever the old one has signed is out.
    NodeLogin old = person("bob");
    certs.make("authority", "--replace");
    certs.node("n1", "127.0.0.1");
    certs.make("person", "bob", "--read-only", "--replace");
    NodeLogin fresh = person("bob");
    Until.holds(
        "the new authority counts",
        () -> ask(at, fresh, "/api/v1/health", "").body().contains("\"warnings\":[]"));
    assertThrows(IOException.class, () -> ask(at, old, "/api/clusters", ""));
  }

  // ---- beyond loopback

  @Test
  void passwordsAloneDoOnLoopback() throws Exception {
    String at =
        node(new Access(Optional.empty(), List.of(user("carl", Role.OPERATOR)), false, List.of()))
            .address();
    assertTrue(at.startsWith("http://"), at);
    answers(401, "give user and password", at, NodeLogin.NONE, "/api/clusters", "");
    answers(404, "none:1", at, word("carl"), "/api/v1/forget", FORGET);
  }

  @Test
  void openIsSaidLoudly() throws Exception {
    Node node = node("0.0.0.0", new Access(Optional.empty(), List.of(), true, List.of("front")));
    String at = node.address().replace("0.0.0.0", "127.0.0.1");
    answers(
        200,
        "this node is open: anybody who reaches it over the network can reshape its clusters",
        at,
        NodeLogin.NONE,
        "/api/v1/health",
        "");
    answers(404, "none:1", at, NodeLogin.NONE, "/api/v1/forget", FORGET);
    assertEquals(
        Exit.OK, run(at, Map.of(), "health").exit(), () -> run(at, Map.of(), "health").toString());
    assertTrue(run(at, Map.of(), "health").out().contains("warning: this node is open"));
  }

  @Test
  void theFileSaysWhoMayListenWhere() throws Exception {
    Path config = folder.resolve("node.json");
    Files.writeString(config, "{\"listen\": \"0.0.0.0:3999\"}");
    Program.Ended refused = Program.run("node", "--config", config.toString());
    assertEquals(Exit.CONFIG.code(), refused.status());
    assertTrue(refused.err().contains("is reached from other machines"), refused.err());
  }

  // ---- the command line, and the window's way

  private record Ran(Exit exit, String out, String err) {}

  private static Ran run(String api, Map<String, String> environment, String... words) {
    var with = new HashMap<>(environment);
    with.put("TOPIARY_API", api);
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    Exit exit =
        new RemoteCommand(
                with,
                false,
                new StringReader(""),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .run(List.of(words));
    return new Ran(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static void says(Exit exit, String words, Ran ran) {
    assertEquals(exit, ran.exit(), ran.toString());
    assertTrue((ran.out() + ran.err()).contains(words), ran.toString());
  }

  @Test
  void theCommandLineSaysWhoItIs() throws Exception {
    String at = https().address();
    String ca = certs.authority().toString();
    String word = folder.resolve("carl.password").toString();
    says(
        Exit.OK,
        "healthy",
        run(at, Map.of(), "health", "--ca", ca, "--user", "carl", "--password-file", word));
    says(
        Exit.OK,
        "0 servers known",
        run(
            at,
            Map.of("TOPIARY_CA", ca, "TOPIARY_USER", "carl", "TOPIARY_PASSWORD_FILE", word),
            "health"));
    says(
        Exit.OK,
        "0 servers known",
        run(
            at,
            Map.of(
                "TOPIARY_CA", ca,
                "ORCHESTRATOR_AUTH_USER", "carl",
                "ORCHESTRATOR_AUTH_PASSWORD", "carl's word"),
            "health"));
    Map<String, String> bob =
        Map.of(
            "TOPIARY_CA", ca,
            "TOPIARY_CERT", certs.certificate("bob").toString(),
            "TOPIARY_KEY", certs.key("bob").toString());
    says(Exit.OK, "0 servers known", run(at, bob, "health"));
    says(Exit.FAILED, "bob is a reader", run(at, bob, "forget", "none:1"));
    says(Exit.FAILED, "this node asks who you are", run(at, Map.of("TOPIARY_CA", ca), "runs"));
    says(Exit.CONFIG, "go together", run(at, Map.of(), "runs", "--cert", "x"));
    says(Exit.CONFIG, "a user goes with a password", run(at, Map.of(), "runs", "--user", "carl"));
  }

  @Test
  void whatIsInTheWayIsSaid() throws Exception {
    String at = https().address();
    Map<String, String> ca = Map.of("TOPIARY_CA", certs.authority().toString());
    says(
        Exit.UNREACHABLE,
        "is signed by an authority that is not known here; name the file of its authority with"
            + " --ca",
        run(at, Map.of(), "health"));
    says(
        Exit.UNREACHABLE,
        "speaks HTTPS; its address begins with https://",
        run(at.replace("https", "http"), Map.of(), "health"));
    certs.node("elsewhere", "db2.example");
    says(Exit.UNREACHABLE, "is not made out to 127.0.0.1", run(serving("elsewhere"), ca, "health"));
    Expired.make(folder, "old", Role.NODE);
    says(Exit.UNREACHABLE, "has expired on", run(serving("old"), ca, "health"));
    String plain = node(Access.LOCAL).address();
    says(
        Exit.UNREACHABLE,
        "does not speak HTTPS",
        run(plain.replace("http", "https"), ca, "health"));
    says(
        Exit.CONFIG,
        "a password is not sent over plain HTTP to another machine",
        run(
            "http://192.0.2.1:3000",
            Map.of(
                "TOPIARY_USER",
                "carl",
                "TOPIARY_PASSWORD_FILE",
                folder.resolve("carl.password").toString()),
            "health"));
  }

  private static KeyManager[] keys(Certs of, String name) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own",
        Pem.key(of.key(name), "EC"),
        new char[0],
        Pem.certificates(of.certificate(name)).toArray(Certificate[]::new));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    return keys.getKeyManagers();
  }

  /** What no node of ours does: it serves with this certificate, whatever is wrong with it. */
  private String serving(String name) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys(certs, name), null, null);
    var web =
        WebFace.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            request -> Reply.text(200, "served"),
            Optional.of(context));
    open.add(web);
    return "https://127.0.0.1:" + web.port();
  }

  @Test
  void theWindowSaysWhoItIs() throws Exception {
    URI at = URI.create(https().address());
    try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
      try (var gateway =
          new HttpGateway(at, word("rita"), background, InstantSource.system(), LIMIT)) {
        gateway.check();
        BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
        gateway.listen(seen::add);
        assertEquals(Seen.Link.LIVE, seen.poll(20, TimeUnit.SECONDS).link());
        var no = assertThrows(GatewayException.class, () -> gateway.apply("x"));
        assertEquals("rita is a reader; this takes an operator", no.getMessage());
      }
      try (var gateway = new HttpGateway(at, nobody(), background, InstantSource.system(), LIMIT)) {
        var no = assertThrows(GatewayException.class, gateway::check);
        assertTrue(no.getMessage().startsWith("this node asks who you are"), no.getMessage());
        BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
        gateway.listen(seen::add);
        assertEquals(
            "the node at " + at + " asks who you are, and does not know it from you",
            seen.poll(20, TimeUnit.SECONDS).trouble());
      }
      try (var places = new OwnPlaces(folder, folder.resolve("own"), background)) {
        Place.There there = new Place.There(at).as("rita", certs.authority().toString());
        var no = assertThrows(GatewayException.class, () -> places.open(there, "wrong"));
        assertEquals("this node does not know this user with this password", no.getMessage());
        assertEquals("", places.open(there, "rita's word").gateway().warnings());
        assertEquals(Optional.of(there), places.past().last());
        URI loud =
            URI.create(
                node("0.0.0.0", new Access(Optional.empty(), List.of(), true, List.of()))
                    .address()
                    .replace("0.0.0.0", "127.0.0.1"));
        assertTrue(
            places
                .open(new Place.There(loud), "")
                .gateway()
                .warnings()
                .startsWith("The node warns: this node is open: anybody"));
      }
      try (var gateway = new HttpGateway(at, background, InstantSource.system(), LIMIT)) {
        var no = assertThrows(GatewayException.class, gateway::check);
        assertTrue(no.getMessage().contains("an authority that is not known here"));
      }
    }
  }
}
