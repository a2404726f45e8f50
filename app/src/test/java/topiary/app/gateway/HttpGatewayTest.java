package topiary.app.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import topiary.app.json.PlanJson;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.Look;
import topiary.engine.model.Threads;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Undoing;
import topiary.engine.port.PlanJournal;
import topiary.engine.state.PlanEnd;

/** A node that behaves as badly as it is told. */
class HttpGatewayTest {

  private static final ClusterId CLUSTER = new ClusterId("c0123456789ab");
  private static final Duration SILENCE = Duration.ofMillis(700);

  private final List<String> lastIds = new CopyOnWriteArrayList<>();
  private final List<Seen> heard = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private ExecutorService threads;
  private HttpServer server;
  private HttpGateway gateway;

  private interface Answering {
    void answer(HttpExchange call) throws IOException, InterruptedException;
  }

  @BeforeEach
  void up() throws IOException {
    threads = Executors.newVirtualThreadPerTaskExecutor();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    gateway =
        new HttpGateway(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            threads,
            InstantSource.fixed(Samples.NOW),
            SILENCE);
  }

  @AfterEach
  void down() {
    over.countDown();
    gateway.close();
    server.stop(0);
    threads.close();
  }

  private void serve(String path, Answering how) {
    server.createContext(
        path,
        call -> {
          try (call) {
            how.answer(call);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void events(Answering how) {
    serve(
        "/api/v1/events",
        call -> {
          lastIds.add(String.valueOf(call.getRequestHeaders().getFirst("Last-Event-ID")));
          call.getResponseHeaders().add("Content-Type", "text/event-stream");
          call.sendResponseHeaders(200, 0);
          how.answer(call);
        });
  }

  private static void event(HttpExchange call, String name, long revision, Instance... instances)
      throws IOException {
    String data =
        Json.text(
            Map.of(
                "epoch",
                "e",
                "revision",
                revision,
                "instances",
                List.of(instances).stream().map(i -> InstanceJson.of(i, CLUSTER)).toList(),
                "removed",
                List.of()));
    call.getResponseBody()
        .write(
            ("id: e:" + revision + "\nevent: " + name + "\ndata: " + data + "\n\n")
                .getBytes(StandardCharsets.UTF_8));
    call.getResponseBody().flush();
  }

  @Test
  void aLookThatFoundNothingMovesTheTimesOnly() {
    Instance before = Samples.replica("b", "a");
    var later = Optional.of(Samples.NOW.plusSeconds(10));
    Instance after = before.looked(new Look(later, later, Duration.ofMillis(5), 70));
    events(
        call -> {
          event(call, "snapshot", 1, Samples.primary("a"), before);
          String data =
              Json.text(
                  Map.of(
                      "epoch", "e",
                      "revision", 2,
                      "instances", List.of(),
                      "looked", List.of(InstanceJson.look(after)),
                      "removed", List.of()));
          call.getResponseBody()
              .write(
                  ("id: e:2\nevent: delta\ndata: " + data + "\n\n")
                      .getBytes(StandardCharsets.UTF_8));
          call.getResponseBody().flush();
          over.await();
        });
    gateway.listen(heard::add);
    Until.holds("the second event", () -> last().topology().revision() == 2);
    assertEquals(Samples.topology(2, Samples.primary("a"), after), last().topology());
    assertEquals(CLUSTER, last().clusters().get(Samples.key("b")));
    // A machine under load may have been slow to take the connection, which is told as well.
    long live = heard.stream().filter(seen -> seen.link() == Seen.Link.LIVE).count();
    assertEquals(2, live, "an event is told once, however many lines it has");
  }

  /** A node of a later version knows codes and severities that this program does not. */
  @Test
  void whatIsFoundIsTakenInAndForgotten() {
    events(
        call -> {
          event(call, "snapshot", 1, Samples.primary("a"));
          for (String findings :
              List.of(
                  "{\"code\":\"Odd\",\"severity\":\"GRIM\",\"words\":\"odd\",\"evidence\":[]},"
                      + "{\"code\":\"DeadMaster\",\"severity\":\"FAILURE\",\"words\":\"dead\","
                      + "\"since\":\"2026-11-22T11:59:58Z\",\"certainAt\":null,\"evidence\":"
                      + "[{\"instance\":\"a:3306\",\"at\":null,\"words\":\"is silent\"}]}",
                  "")) {
            call.getResponseBody()
                .write(
                    ("id: e:2\n"
                            + "event: delta\n"
                            + "data: {\"epoch\":\"e\",\"revision\":2,\"instances\":[],"
                            + "\"looked\":[],\"removed\":[],\"findings\":[{\"instance\":\"a:3306\","
                            + "\"findings\":["
                            + findings
                            + "]}]}\n\n")
                        .getBytes(StandardCharsets.UTF_8));
            call.getResponseBody().flush();
          }
          over.await();
        });
    gateway.listen(heard::add);
    Until.holds("three events", () -> heard.stream().filter(Seen::live).count() == 3);
    List<Seen> live = heard.stream().filter(Seen::live).toList();
    assertEquals(Map.of(), live.getFirst().found());
    assertEquals(
        List.of("DeadMaster FAILURE", "Odd WARNING"),
        live.get(1).found(Samples.key("a")).stream()
            .map(f -> f.code() + " " + f.severity())
            .toList());
    assertEquals(
        "is silent", live.get(1).found(Samples.key("a")).getFirst().evidence().getFirst().words());
    assertEquals(Map.of(), live.getLast().found());
  }

  private Seen last() {
    return heard.isEmpty() ? Seen.NOTHING : heard.getLast();
  }

  @Test
  void aStreamThatEndsIsTakenUpWhereItEnded() {
    events(
        call -> {
          if (lastIds.size() == 1) {
            event(call, "snapshot", 1, Samples.primary("a"), Samples.replica("b", "a"));
          } else {
            event(call, "delta", 2, Samples.replica("c", "a"));
            over.await();
          }
        });
    gateway.listen(heard::add);
    Until.holds("the second event", () -> last().topology().revision() == 2);
    assertEquals(List.of("null", "e:1"), lastIds);
    assertEquals(
        Samples.topology(
            2, Samples.primary("a"), Samples.replica("b", "a"), Samples.replica("c", "a")),
        last().topology());
    assertEquals(CLUSTER, last().clusters().get(Samples.key("c")));
    assertTrue(last().live());
    Seen between = heard.stream().filter(s -> s.link() == Seen.Link.LOST).findFirst().orElseThrow();
    assertEquals(1, between.topology().revision(), "what was known is kept");
    assertEquals(Samples.NOW, between.heard().orElseThrow());
    assertTrue(between.trouble().endsWith("does not answer any more"), between.trouble());
  }

  @Test
  void aNodeThatFallsSilentIsGoneAndAskedAgain() {
    events(
        call -> {
          event(call, "snapshot", lastIds.size(), Samples.primary("a"));
          over.await();
        });
    gateway.listen(heard::add);
    Until.holds("it is asked again", () -> lastIds.size() >= 2);
    assertTrue(heard.stream().anyMatch(s -> s.link() == Seen.Link.LOST));
    Until.holds("it is back", () -> last().live());
  }

  @Test
  void signsOfLifeKeepItLive() {
    events(
        call -> {
          event(call, "snapshot", 1, Samples.primary("a"));
          for (int i = 0;
              !over.await(SILENCE.toMillis() / 3, java.util.concurrent.TimeUnit.MILLISECONDS);
              i++) {
            call.getResponseBody().write(": alive\n\n".getBytes(StandardCharsets.UTF_8));
            call.getResponseBody().flush();
          }
        });
    gateway.listen(heard::add);
    Until.holds("many signs", () -> heard.size() > 8);
    assertTrue(heard.stream().allMatch(Seen::live));
    assertEquals(1, lastIds.size());
  }

  @Test
  void nobodyThereIsSaid() {
    String address = gateway.address();
    server.stop(0);
    gateway.listen(heard::add);
    Until.holds("it is said", () -> last().link() == Seen.Link.LOST);
    assertEquals("no node answers at " + address, last().trouble());
    GatewayException e = assertThrows(GatewayException.class, () -> gateway.apply("f"));
    assertEquals(GatewayException.Kind.UNREACHABLE, e.kind());
    assertEquals("no node answers at " + address, e.getMessage());
  }

  @Test
  void theLatestPlanThatCanBeUndoneIsKnown() throws Exception {
    var move = new Intent.Relocate(Samples.key("b"), Samples.key("c"));
    var undoing = record("p000000000003", new Intent.Undo(new PlanId("p000000000002")), move);
    var failed = record("p000000000002", move, move, PlanEnd.FAILED);
    var done = record("p000000000001", new Intent.SetReadOnly(Samples.key("b"), false), move);
    List<Object> runs = new ArrayList<>();
    serve("/api/v1/runs", call -> say(call, Json.bytes(runs)));
    assertEquals(Optional.empty(), gateway.undoable());
    runs.add(PlanJson.record(undoing));
    runs.add(PlanJson.record(failed));
    assertEquals(Optional.empty(), gateway.undoable());
    runs.add(PlanJson.record(done));
    assertEquals(Optional.of(new Undoable(new PlanId("p000000000001"), move)), gateway.undoable());
    for (Intent back :
        List.of(
            new Intent.SetReadOnly(Samples.key("b"), true),
            new Intent.StartReplication(Samples.key("b"), Threads.BOTH),
            new Intent.StopReplication(Samples.key("b"), Threads.BOTH))) {
      runs.set(2, PlanJson.record(record("p000000000001", move, back)));
      assertEquals(back, gateway.undoable().orElseThrow().back());
    }
  }

  private static PlanJournal.PlanRecord record(String id, Intent intent, Intent back) {
    return record(id, intent, back, PlanEnd.DONE);
  }

  private static PlanJournal.PlanRecord record(String id, Intent intent, Intent back, PlanEnd end) {
    return new PlanJournal.PlanRecord(
        new PlanId(id),
        new Plan(intent, List.of(), List.of(), List.of(), List.of(), new Undoing(back, List.of())),
        "somebody",
        Samples.NOW,
        Optional.of(Samples.NOW),
        Optional.of(end),
        "",
        Optional.empty(),
        List.of());
  }

  private static void say(HttpExchange call, byte[] body) throws IOException {
    call.sendResponseHeaders(200, body.length);
    call.getResponseBody().write(body);
  }

  @Test
  void aNoIsTheNodesOwnSentence() throws IOException {
    serve("/api/v1/plan", call -> refuse(call, 422, "r2 does not log replica updates"));
    serve("/api/v1/apply", call -> refuse(call, 409, "the servers have changed"));
    var intent = new Intent.Relocate(Samples.key("a"), Samples.key("b"));
    GatewayException no = assertThrows(GatewayException.class, () -> gateway.plan(intent));
    assertEquals("r2 does not log replica updates", no.getMessage());
    assertEquals(GatewayException.Kind.REFUSED, no.kind());
    GatewayException changed = assertThrows(GatewayException.class, () -> gateway.apply("f"));
    assertEquals(GatewayException.Kind.CHANGED, changed.kind());
  }

  private static void refuse(HttpExchange call, int status, String sentence) throws IOException {
    byte[] body = Json.bytes(Map.of("error", Map.of("code", "x", "message", sentence)));
    call.sendResponseHeaders(status, body.length);
    call.getResponseBody().write(body);
  }
}
