package topiary.app.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.config.CredentialRule;
import topiary.app.config.MailConfig;
import topiary.app.json.Json;
import topiary.engine.analysis.Found;
import topiary.engine.analysis.Judgement;
import topiary.engine.finding.Code;
import topiary.engine.finding.Finding;
import topiary.engine.finding.Severity;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.planner.Readiness;

/** Who is told what, and when. */
class NotifierTest {

  private static final InstanceKey P = Samples.key("p");
  private static final InstanceKey Q = Samples.key("q");
  private static final ClusterId CLUSTER = new ClusterId("c000000000001");

  private Map<InstanceKey, Found> found = Map.of();
  private final Set<InstanceKey> known = new HashSet<>();
  private boolean leads = true;
  private Instant now = Samples.NOW;
  private Optional<String> refusal = Optional.empty();
  private final List<Map<String, Object>> messages = new ArrayList<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private final Notifier notifier =
      new Notifier(
          "webhook",
          json -> take(json),
          Severity.FAILURE,
          new Notifier.World(
              () -> found, key -> Optional.of(CLUSTER), known::contains, () -> leads),
          () -> now,
          waiting::add);

  private void take(byte[] json) throws IOException {
    if (refusal.isPresent()) {
      throw new IOException(refusal.get());
    }
    try {
      messages.add(Json.object(json));
    } catch (Json.BadJson e) {
      throw new AssertionError(e);
    }
  }

  private void find(InstanceKey key, Code... codes) {
    var next = new HashMap<>(found);
    if (codes.length == 0) {
      next.remove(key);
    } else {
      List<Finding> all =
          Stream.of(codes).map(c -> new Finding(c, key, List.of(), Optional.empty())).toList();
      next.put(
          key,
          Found.now(
              new Judgement(
                  key,
                  all.stream().filter(f -> f.code() != Code.NO_CANDIDATE).findFirst(),
                  all.stream().filter(f -> f.code() == Code.NO_CANDIDATE).toList()),
              Optional.ofNullable(found.get(key)),
              now));
    }
    found = next;
  }

  private void pass(Duration time) {
    now = now.plus(time);
    notifier.look();
    work();
  }

  private void work() {
    List<Runnable> tasks = List.copyOf(waiting);
    waiting.clear();
    tasks.forEach(Runnable::run);
  }

  private List<String> told() {
    return messages.stream()
        .flatMap(m -> ((List<?>) m.get("events")).stream())
        .map(e -> (Map<?, ?>) e)
        .map(e -> e.get("event") + " " + e.get("instance") + " " + e.get("code"))
        .toList();
  }

  @Test
  void aFailureIsToldAtOnceAndItsEndAndAWarningIsNot() {
    find(P, Code.DEAD_MASTER, Code.NO_CANDIDATE);
    notifier.look();
    work();
    assertEquals(List.of("begin p:3306 DeadMaster"), told());
    assertEquals(
        "p:3306: DeadMaster, the primary is dead, and none of its replicas is connected to it",
        messages.getFirst().get("text"));
    Map<?, ?> event = (Map<?, ?>) ((List<?>) messages.getFirst().get("events")).getFirst();
    assertEquals(CLUSTER.text(), event.get("cluster"));
    assertEquals("FAILURE", event.get("severity"));
    assertEquals(now.toString(), event.get("since"));
    find(P, Code.NO_CANDIDATE);
    pass(Notifier.PAUSE);
    assertEquals(List.of("begin p:3306 DeadMaster", "end p:3306 DeadMaster"), told());
  }

  @Test
  void whatComesSoonAfterGoesTogether() {
    find(P, Code.DEAD_MASTER);
    pass(Duration.ZERO);
    find(Q, Code.DEAD_MASTER);
    pass(Duration.ofSeconds(1));
    find(P);
    pass(Duration.ofMillis(999));
    assertEquals(1, messages.size(), "too soon");
    pass(Duration.ofMillis(1));
    assertEquals(2, messages.size());
    assertEquals(
        List.of("begin p:3306 DeadMaster", "begin q:3306 DeadMaster", "end p:3306 DeadMaster"),
        told());
  }

  @Test
  void aDeadReceiverHoldsNobodyUpAndIsTriedAgainEverLess() {
    refusal = Optional.of("hooks.example does not answer");
    find(P, Code.DEAD_MASTER);
    pass(Duration.ZERO);
    assertEquals(
        Optional.of("what is found cannot be told by webhook: hooks.example does not answer"),
        notifier.trouble());
    pass(Duration.ofMillis(1999));
    assertEquals(List.of(), waiting, "it is not tried again yet");
    pass(Duration.ofMillis(1));
    notifier.look();
    assertTrue(waiting.isEmpty(), "the pause has grown");
    for (int i = 0; i < 10; i++) {
      pass(Notifier.LONGEST);
    }
    refusal = Optional.empty();
    pass(Notifier.LONGEST.minusMillis(1));
    assertEquals(List.of(), told());
    pass(Duration.ofMillis(1));
    assertEquals(List.of("begin p:3306 DeadMaster"), told(), "and nothing of it is lost");
    assertEquals(Optional.empty(), notifier.trouble());
  }

  @Test
  void onlySoMuchWaitsAndTheRestIsCounted() {
    refusal = Optional.of("away");
    for (int i = 0; i < Notifier.KEPT + 10; i++) {
      find(Samples.key("h" + i), Code.DEAD_MASTER);
      notifier.look();
    }
    refusal = Optional.empty();
    pass(Duration.ZERO);
    assertEquals(Notifier.KEPT, told().size());
    assertEquals(10, messages.getFirst().get("omitted"));
    String text = (String) messages.getFirst().get("text");
    assertTrue(text.endsWith("\nand " + (Notifier.KEPT - 20 + 10) + " more"), text);
  }

  @Test
  void onlyTheNodeThatLeadsTellsAndOneThatBeginsToWhatIsFresh() {
    leads = false;
    find(Q, Code.DEAD_MASTER);
    pass(Duration.ZERO);
    now = now.plus(Notifier.FRESH);
    find(P, Code.DEAD_MASTER);
    pass(Duration.ofSeconds(1));
    assertEquals(List.of(), told());
    leads = true;
    pass(Duration.ofSeconds(1));
    assertEquals(List.of("begin p:3306 DeadMaster"), told(), "the other was told by who led");
    find(Q);
    pass(Notifier.PAUSE);
    assertEquals("end q:3306 DeadMaster", told().getLast());
  }

  @Test
  void whatIsKnownIsToldWhenItIsNotAnyMore() {
    known.add(P);
    find(P, Code.DEAD_MASTER);
    pass(Duration.ofMinutes(5));
    assertEquals(List.of(), told());
    known.clear();
    found = new HashMap<>(found);
    pass(Duration.ofSeconds(1));
    assertEquals(List.of("begin p:3306 DeadMaster"), told());
    known.add(Q);
    find(Q, Code.DEAD_MASTER);
    pass(Notifier.PAUSE);
    find(Q);
    pass(Notifier.PAUSE);
    assertEquals(List.of("begin p:3306 DeadMaster"), told());
  }

  @Test
  void aFallOfReadinessThatLastsIsToldOnce() {
    for (int score : List.of(70, 90, 71, 70, 90, 70, 60, 60, 60, 41, 60, 40, 40)) {
      ready(score);
      pass(Notifier.PAUSE);
    }
    assertEquals(
        List.of("90 60", "60 40"),
        messages.stream()
            .flatMap(m -> ((List<?>) m.get("events")).stream())
            .map(e -> (Map<?, ?>) e)
            .map(e -> e.get("from") + " " + e.get("to"))
            .toList());
    assertEquals(
        "p:3306: the cluster was ready for its death by 90 of 100, and is by 60; it lacks one",
        messages.getFirst().get("text"));
    leads = false;
    ready(0);
    ready(0);
    leads = true;
    ready(0);
    pass(Notifier.PAUSE);
    assertEquals(2, messages.size(), "who led then has told it");
  }

  private void ready(int score) {
    notifier.ready(
        Map.of(
            CLUSTER,
            new Readiness(P, score, List.of(new Readiness.Reason(100 - score, "it lacks one")))));
    work();
  }

  @Test
  void aWebhookIsPostedToAndItsAddressIsShownNowhere() throws Exception {
    var bodies = new ArrayList<String>();
    int[] status = {204};
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        call -> {
          bodies.add(
              call.getRequestHeaders().getFirst("Content-Type")
                  + " "
                  + new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          call.sendResponseHeaders(status[0], -1);
          call.close();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    try (var hook = new Webhook(told(url))) {
      hook.take("{}".getBytes(StandardCharsets.UTF_8));
      assertEquals(List.of("application/json {}"), bodies);
      status[0] = 500;
      assertEquals("127.0.0.1 answers 500", no(hook));
      server.stop(0);
      assertEquals("127.0.0.1 does not answer", no(hook));
    }
    for (String bad : List.of("token", "ftp://x/token", "http:// x/token", "")) {
      try (var hook = new Webhook(told(bad))) {
        assertFalse(no(hook).contains("token"), no(hook));
      }
    }
  }

  @Test
  void aFindingIsMailedAndAServerThatRefusesIsTriedAgain() throws Exception {
    var answers = new ConcurrentHashMap<>(Map.of("MAIL", "421 later"));
    try (var server = new SmtpServer(answers)) {
      var mail =
          new Mail(
              new MailConfig(
                  "127.0.0.1",
                  server.port(),
                  MailConfig.Encryption.NONE,
                  "topiary@db.example",
                  List.of("dba@db.example"),
                  Optional.empty(),
                  Optional.empty()));
      var mailing =
          new Notifier(
              "mail",
              mail,
              Severity.FAILURE,
              new Notifier.World(
                  () -> found, key -> Optional.of(CLUSTER), known::contains, () -> leads),
              () -> now,
              waiting::add);
      find(P, Code.DEAD_MASTER);
      mailing.look();
      work();
      assertEquals(
          Optional.of("what is found cannot be told by mail: 127.0.0.1 answers 421"),
          mailing.trouble());
      answers.remove("MAIL");
      now = now.plus(Notifier.PAUSE);
      mailing.look();
      work();
      assertEquals("Topiary: p:3306 DeadMaster", server.letter().header("Subject"));
      assertEquals(Optional.empty(), mailing.trouble());
    }
  }

  private static CredentialRule.Source told(String url) {
    return new CredentialRule.Source.InMemory(url);
  }

  private static String no(Webhook hook) {
    return assertThrows(IOException.class, () -> hook.take("{}".getBytes(StandardCharsets.UTF_8)))
        .getMessage();
  }
}
