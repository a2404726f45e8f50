package topiary.app.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.app.Samples.NOW;
import static topiary.app.Samples.primary;
import static topiary.app.Samples.replica;
import static topiary.app.Samples.topology;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.app.Until;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.json.Json;
import topiary.engine.analysis.Found;
import topiary.engine.analysis.Judgement;
import topiary.engine.finding.Code;
import topiary.engine.finding.Evidence;
import topiary.engine.finding.Finding;
import topiary.engine.model.Change;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Look;
import topiary.engine.model.Topology;
import topiary.engine.said.Said;
import topiary.engine.said.TagKey;

class EventHubTest {

  private static final String EPOCH = "7";
  private static final ClusterId CLUSTER = new ClusterId("c0123456789ab");
  private static final Instance P = primary("p");
  private static final Instance A = replica("a", "p");
  private static final Instance B = replica("b", "p");

  private static final Map<InstanceKey, ClusterId> CLUSTERS = Map.of(P.key(), CLUSTER);

  private final AtomicReference<Said> said = new AtomicReference<>(Said.NOTHING);
  private final AtomicReference<Map<InstanceKey, Found>> found = new AtomicReference<>(Map.of());
  private final EventHub hub = new EventHub(EPOCH, () -> CLUSTERS, said::get, found::get);

  private Topology last = Topology.EMPTY;

  @AfterEach
  void close() {
    hub.close();
  }

  /** As a watch does that does not know what it touched. */
  private void publish(Topology next) {
    var touched = new HashSet<>(last.instances().keySet());
    touched.addAll(next.instances().keySet());
    last = next;
    hub.published(next, touched);
  }

  @Test
  void onlyWhoWasTouchedIsLookedAt() throws Exception {
    publish(topology(1, P, A, B));
    var listener = new Listener(Map.of(), Map.of());
    listener.event(0);
    hub.published(topology(2, P, replica("a", "b"), replica("b", "a")), List.of(A.key()));
    assertEquals(List.of("a:3306"), listener.event(1).instances());
  }

  @Test
  void aNewListenerGetsAllOfItFirst() throws Exception {
    publish(topology(5, P, A));
    Event event = new Listener(Map.of(), Map.of()).event(0);
    assertEquals("7:5", event.id());
    assertEquals("snapshot", event.name());
    assertEquals(List.of("a:3306", "p:3306"), event.instances());
    assertEquals(List.of(), event.data().get("removed"));
    assertEquals("7", event.data().get("epoch"));
    assertEquals(5, event.data().get("revision"));
    assertTrue(event.text().contains("\"cluster\":\"" + CLUSTER + "\""), event.text());
  }

  @Test
  void beforeAnythingIsKnownTheSnapshotIsEmpty() throws Exception {
    Event event = new Listener(Map.of(), Map.of()).event(0);
    assertEquals("snapshot", event.name());
    assertEquals(List.of(), event.instances());
  }

  @Test
  void thenItGetsOnlyWhatChanges() throws Exception {
    publish(topology(1, P, A, B));
    var listener = new Listener(Map.of(), Map.of());
    listener.event(0);
    publish(topology(2, P, replica("a", "b"), B));
    Event event = listener.event(1);
    assertEquals("delta", event.name());
    assertEquals("7:2", event.id());
    assertEquals(List.of("a:3306"), event.instances());
    publish(topology(3, P, B));
    assertEquals(List.of("a:3306"), listener.event(2).data().get("removed"));
    assertEquals(List.of(), listener.event(2).instances());
  }

  @Test
  void whoComesBackGetsWhatChangedMeanwhileOnce() throws Exception {
    publish(topology(1, P, A, B));
    publish(topology(2, P, replica("a", "b"), B));
    publish(topology(3, P, replica("a", "p"), B));
    publish(topology(4, P, replica("a", "p")));
    for (var listener :
        List.of(
            new Listener(Map.of("last-event-id", "7:1"), Map.of()),
            new Listener(Map.of(), Map.of("after", "7:1")))) {
      Event event = listener.event(0);
      assertEquals("delta", event.name());
      assertEquals("7:4", event.id());
      assertEquals(List.of("a:3306"), event.instances());
      assertEquals(List.of("b:3306"), event.data().get("removed"));
    }
  }

  @Test
  void whatWentAndCameBackIsNotCalledRemoved() throws Exception {
    publish(topology(1, P, A));
    publish(topology(2, P));
    publish(topology(3, P, replica("a", "p")));
    Event event = new Listener(Map.of("last-event-id", "7:1"), Map.of()).event(0);
    assertEquals(List.of("a:3306"), event.instances());
    assertEquals(List.of(), event.data().get("removed"));
  }

  @Test
  void whoHasSeenAllHearsNothingUntilThereIsNews() throws Exception {
    publish(topology(1, P));
    var listener = new Listener(Map.of("last-event-id", "7:1"), Map.of());
    listener.waiting();
    assertEquals(List.of(), listener.events);
    publish(topology(2, P, A));
    assertEquals(List.of("a:3306"), listener.event(0).instances());
  }

  @ParameterizedTest
  @ValueSource(strings = {"6:1", "77:1", "7", "7:", "7:x", "7:-3", "7:99999999999999999999", ""})
  void anIdThatWasNeverGivenStartsWithASnapshot(String id) throws Exception {
    publish(topology(1, P));
    publish(topology(2, P, A));
    Event event = new Listener(Map.of("last-event-id", id), Map.of()).event(0);
    assertEquals("snapshot", event.name());
    assertEquals(List.of("a:3306", "p:3306"), event.instances());
  }

  @Test
  void anIdOfTheFutureGetsOneSnapshotAndThenDeltas() throws Exception {
    publish(topology(2, P));
    var listener = new Listener(Map.of("last-event-id", "7:1000"), Map.of());
    assertEquals("snapshot", listener.event(0).name());
    listener.waiting();
    publish(topology(3, P, A));
    assertEquals("delta", listener.event(1).name());
    assertEquals(List.of("a:3306"), listener.event(1).instances());
  }

  @Test
  void whoWasAwayForLongerThanRemovalsAreKeptGetsASnapshot() throws Exception {
    long revision = 1;
    publish(topology(revision, P, A));
    for (int i = 0; i < 10_001; i++) {
      publish(topology(++revision, P));
      publish(topology(++revision, P, A));
    }
    assertEquals(
        "snapshot", new Listener(Map.of("last-event-id", "7:1"), Map.of()).event(0).name());
    assertEquals("delta", new Listener(Map.of("last-event-id", "7:2"), Map.of()).event(0).name());
  }

  @Test
  void aFloodOfChangesMakesFourDeltasASecondAndTheLastOneHasTheEnd() throws Exception {
    publish(topology(1, P));
    var listener = new Listener(Map.of(), Map.of());
    listener.event(0);
    long revision = 1;
    long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    while (System.nanoTime() - end < 0) {
      publish(topology(++revision, P, replica("a", revision % 2 == 0 ? "p" : "b")));
    }
    int reached = Math.toIntExact(revision);
    Until.holds(
        "the last change arrives",
        () -> listener.events.getLast().data().get("revision").equals(reached));
    assertTrue(revision > 100, "no flood: " + revision);
    List<Event> events = List.copyOf(listener.events);
    assertTrue(events.size() >= 3 && events.size() <= 7, events.size() + " events");
    for (int i = 1; i < events.size(); i++) {
      long gap = events.get(i).at() - events.get(i - 1).at();
      assertTrue(gap >= 249_000_000, "only " + gap + " ns between two events");
    }
  }

  @Test
  void aLookThatFoundNothingIsToldInShort() throws Exception {
    publish(topology(1, P, A));
    Instance looked =
        A.looked(
            new Look(Optional.of(NOW.plusSeconds(10)), Optional.of(NOW), Duration.ofMillis(5), 60));
    var listener = new Listener(Map.of("last-event-id", "7:1"), Map.of());
    listener.waiting();
    publish(topology(2, P, looked));
    Event event = listener.event(0);
    assertEquals("delta", event.name());
    assertEquals(List.of(), event.instances());
    assertEquals(
        List.of(
            Map.of(
                "instance",
                "a:3306",
                "lastAttempt",
                NOW.plusSeconds(10).toString(),
                "lastSeen",
                NOW.toString(),
                "latencyMillis",
                5.0,
                "uptimeSeconds",
                60)),
        event.data().get("looked"));
  }

  @Test
  void whatPeopleSayIsNewsOfAServer() throws Exception {
    publish(topology(1, P, A));
    var listener = new Listener(Map.of(), Map.of());
    assertTrue(listener.event(0).text().contains("\"tags\":{}"), listener.event(0).text());
    said.set(said.get().tagging(new TreeMap<>(Map.of(new TagKey(P.key(), "role"), "backup"))));
    publish(topology(2, P, A));
    assertEquals(List.of("p:3306"), listener.event(1).instances());
    assertTrue(listener.event(1).text().contains("\"tags\":{\"role\":\"backup\"}"));
    said.set(said.get().calling(new TreeMap<>(Map.of(CLUSTER, "main")), new TreeMap<>()));
    publish(topology(3, P, A));
    assertEquals(List.of("p:3306"), listener.event(2).instances());
    assertTrue(listener.event(2).text().contains("\"clusterAlias\":\"main\""));
    said.set(Said.NOTHING);
    publish(topology(4, P, A));
    assertEquals(List.of("p:3306"), listener.event(3).instances());
    assertTrue(listener.event(3).text().contains("\"clusterAlias\":null"));
  }

  /** A death that is found after it was seen; the topology's servers are the same. */
  @Test
  void whatIsFoundOfAServerIsToldAtOnceAndWhenItIsOver() throws Exception {
    publish(topology(1, P, A));
    var listener = new Listener(Map.of(), Map.of());
    assertEquals(List.of(), listener.event(0).data().get("findings"));
    found.set(Map.of(P.key(), found(NOW, "does not answer")));
    hub.published(topology(2, P, A), List.of());
    Event event = listener.event(1);
    assertEquals(List.of(), event.instances());
    String text = event.text();
    assertTrue(text.contains("\"code\":\"DeadMaster\",\"severity\":\"FAILURE\""), text);
    assertTrue(text.contains("\"since\":\"" + NOW + "\""), text);
    assertTrue(text.contains("\"words\":\"does not answer\""), text);
    assertTrue(
        new Listener(Map.of(), Map.of()).event(0).text().contains("DeadMaster"),
        "who comes later hears of it too");
    found.set(Map.of());
    hub.published(topology(3, P, A), List.of());
    assertEquals(
        List.of(Map.of("instance", "p:3306", "findings", List.of())),
        listener.event(2).data().get("findings"));
  }

  private static Found found(Instant at, String words) {
    var finding =
        new Finding(
            Code.DEAD_MASTER,
            P.key(),
            List.of(new Evidence(P.key(), Optional.of(at), words)),
            Optional.empty());
    return Found.now(
        new Judgement(P.key(), Optional.of(finding), List.of()), Optional.empty(), NOW);
  }

  /** Only a later time, then other words. */
  @Test
  void whatWitnessesSayLaterIsNoNews() {
    var changes = new Changes();
    changes.take(topology(1, P), List.of(P.key()), Map.of(), Map.of(), of(NOW, "is silent"));
    changes.take(
        topology(2, P), List.of(), Map.of(), Map.of(), of(NOW.plusSeconds(1), "is silent"));
    assertEquals(Change.LOOKED, changes.since(1));
    assertEquals(List.of(P.key()), changes.tell(1).judged());
    changes.take(topology(3, P), List.of(), Map.of(), Map.of(), of(NOW.plusSeconds(2), "is gone"));
    assertEquals(Change.MOVED, changes.since(2));
    changes.take(topology(4, P), List.of(), Map.of(), Map.of(), Map.of());
    assertEquals(Change.NEWS, changes.since(3));
  }

  private static Map<InstanceKey, Found> of(Instant at, String words) {
    return Map.of(P.key(), found(at, words));
  }

  @Test
  void whoListensInThisProcessHearsTheSame() throws Exception {
    publish(topology(1, P));
    var heard = new CopyOnWriteArrayList<Topology>();
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    hub.follow(
                        (topology, clusters, sayings, found) -> {
                          assertEquals(Map.of(), sayings);
                          heard.add(topology);
                          assertEquals(Map.of(P.key(), CLUSTER), clusters);
                          return heard.size() < 2;
                        });
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    Until.holds("the first", () -> heard.size() == 1);
    publish(topology(2, P, A));
    assertTrue(thread.join(Until.PATIENCE), "it had enough");
    assertEquals(List.of(topology(1, P), topology(2, P, A)), heard);
  }

  @Test
  void aSlowListenerHoldsUpNobody() throws Exception {
    publish(topology(1, P));
    var slow = new Listener(Map.of(), Map.of());
    synchronized (slow.gate) {
      var quick = new Listener(Map.of(), Map.of());
      quick.event(0);
      publish(topology(2, P, A));
      assertEquals("delta", quick.event(1).name());
    }
  }

  @Test
  void closingEndsTheStream() throws Exception {
    publish(topology(1, P));
    var listener = new Listener(Map.of(), Map.of());
    listener.event(0);
    hub.close();
    assertTrue(listener.thread.join(Until.PATIENCE), "the stream goes on");
    assertEquals("", listener.failure);
    var late = new Listener(Map.of(), Map.of());
    assertTrue(late.thread.join(Until.PATIENCE), "a stream begins on a closed hub");
    assertEquals(List.of(), late.events);
  }

  @Test
  void aListenerThatWentAwayEndsItsThread() throws Exception {
    publish(topology(1, P));
    var listener = new Listener(Map.of(), Map.of());
    listener.event(0);
    listener.gone = true;
    publish(topology(2, P, A));
    assertTrue(listener.thread.join(Until.PATIENCE), "the stream goes on");
    assertEquals("gone", listener.failure);
  }

  /** One event as it came. */
  private record Event(String id, String name, Map<String, Object> data, String text, long at) {

    static Event of(String text) {
      String[] lines = text.split("\n");
      try {
        return new Event(
            lines[0].substring("id: ".length()),
            lines[1].substring("event: ".length()),
            Json.object(lines[2].substring("data: ".length()).getBytes(StandardCharsets.UTF_8)),
            text,
            System.nanoTime());
      } catch (Json.BadJson e) {
        throw new AssertionError(text, e);
      }
    }

    List<String> instances() {
      return ((List<?>) data.get("instances"))
          .stream().map(i -> (String) ((Map<?, ?>) i).get("instance")).toList();
    }
  }

  /** Listens on a thread of its own. */
  private final class Listener extends OutputStream {
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final Object gate = new Object();
    private final Thread thread;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private volatile boolean gone;
    private volatile String failure = "";

    Listener(Map<String, String> headers, Map<String, String> query) {
      var reply =
          (Reply.Stream)
              hub.subscribe(new Request("GET", List.of("events"), query, headers, new byte[0]));
      assertEquals("text/event-stream; charset=UTF-8", reply.type());
      thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      reply.writer().write(this);
                    } catch (IOException e) {
                      failure = e.getMessage();
                    }
                  });
    }

    Event event(int index) {
      Until.holds("event " + index + " comes", () -> events.size() > index);
      return events.get(index);
    }

    /** Until it has nothing to tell. */
    void waiting() {
      Until.holds(
          "the stream waits for news",
          () ->
              thread.getState() == Thread.State.TIMED_WAITING
                  && List.of(thread.getStackTrace()).toString().contains("awaitNanos"));
    }

    @Override
    public void write(int b) {
      written.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (gone) {
        throw new IOException("gone");
      }
      synchronized (gate) {
        written.write(bytes, from, length);
      }
    }

    @Override
    public void flush() {
      events.add(Event.of(written.toString(StandardCharsets.UTF_8)));
      written.reset();
    }
  }
}
