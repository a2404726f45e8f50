package topiary.app.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.json.InstanceJson;
import topiary.app.json.Json;
import topiary.app.text.Ink;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Audit;
import topiary.engine.port.History;

/** What is told of what was. */
class PastTest {

  private static final ClusterId TREE = new ClusterId("c00000000000a");
  private Optional<History.Moment> moment = Optional.empty();
  private Audit.Verification verification;

  private final HistoryOperations history =
      new HistoryOperations(
          Optional.of(
              new History() {
                @Override
                public Optional<Moment> at(Instant at) {
                  return moment;
                }

                @Override
                public List<Event> changes(Asked asked) {
                  return List.of(
                      new Event(
                          Samples.NOW,
                          Samples.key("r"),
                          Kind.CHANGED,
                          new TreeMap<>(
                              Map.of(
                                  "condition", new Different("SEEN", "HUNG"),
                                  "sentence", new Different(null, "r says nothing"),
                                  "lastSeen", new Different("a", "b")))));
                }

                @Override
                public List<Count> counts(Asked asked, int parts) {
                  return List.of(new Count(Samples.NOW, parts));
                }

                @Override
                public Extent extent() {
                  return new Extent(Optional.of(Samples.NOW), Optional.of(Samples.NOW), 1);
                }
              }));

  @Test
  void theFleetOfThenIsMadeOfItsDocuments() throws Exception {
    assertEquals(
        "this node knows nothing of 2026-11-22T11:59:00Z; its history begins at"
            + " 2026-11-22T12:00:00Z",
        assertThrows(
                RequestRefused.class, () -> history.at(Samples.NOW.minus(Duration.ofMinutes(1))))
            .getMessage());
    var servers = new TreeMap<InstanceKey, Map<String, Object>>();
    servers.put(Samples.key("p"), InstanceJson.of(Samples.primary("p"), TREE));
    servers.put(Samples.key("r"), InstanceJson.of(Samples.broken("r", "p"), TREE));
    moment = Optional.of(new History.Moment(Samples.NOW, false, servers));
    HistoryOperations.Then then = history.at(Samples.NOW.plusSeconds(3600));
    assertEquals(
        Samples.topology(0, Samples.primary("p"), Samples.broken("r", "p")),
        then.sight().topology());
    assertEquals(TREE, then.sight().clusters().get(Samples.key("r")));
    assertEquals(List.of("at", "recorded", "running"), List.copyOf(then.json().keySet()));
    assertTrue(then.words().startsWith("This node was not running at "), then.words());
    servers.put(Samples.key("r"), Map.of("instance", 7));
    assertEquals(
        RequestRefused.Kind.BROKEN,
        assertThrows(RequestRefused.class, () -> history.at(Samples.NOW)).kind());
  }

  @Test
  void changesAreToldWithoutTimes() throws Exception {
    var asked = new History.Asked(Samples.NOW, Samples.NOW, Optional.empty(), 9);
    Answer answer = history.changes(asked);
    assertEquals(
        "2026-11-22T12:00:00Z  r:3306  condition SEEN → HUNG, sentence nothing → r says nothing\n",
        answer.text().apply(Ink.PLAIN));
    assertTrue(
        Json.text(answer.json())
            .contains("\"condition\":{\"before\":\"SEEN\",\"after\":\"HUNG\"}"));
  }

  @Test
  void whenSomethingChangedIsToldWithSinceWhenThereIsAHistory() throws Exception {
    var asked = new History.Asked(Samples.NOW, Samples.NOW, Optional.empty(), 9);
    Answer answer = history.counts(asked, 7);
    assertEquals(
        "{\"from\":\"2026-11-22T12:00:00Z\",\"to\":\"2026-11-22T12:00:00Z\",\"kept\":{\"from\":"
            + "\"2026-11-22T12:00:00Z\",\"to\":\"2026-11-22T12:00:00Z\",\"bytes\":1},\"counts\":[{\"at\":"
            + "\"2026-11-22T12:00:00Z\",\"changes\":7}]}",
        Json.text(answer.json()));
    assertEquals(
        "This node has a history since 2026-11-22T12:00:00Z.\n2026-11-22T12:00:00Z  7\n",
        answer.text().apply(Ink.PLAIN));
    assertThrows(
        RequestRefused.class, () -> new HistoryOperations(Optional.empty()).counts(asked, 7));
  }

  private final class Verified implements Audit {

    @Override
    public List<Row> rows(Asked asked) {
      return List.of();
    }

    @Override
    public Optional<Instant> oldest() {
      return Optional.empty();
    }

    @Override
    public Head head() {
      return new Head(7, "ab");
    }

    @Override
    public Verification verify(Optional<String> noted) {
      return verification;
    }
  }

  private Answer verify(long cut, Optional<Audit.Broken> broken, Optional<Boolean> noted)
      throws RequestRefused {
    verification =
        new Audit.Verification(
            new Audit.Head(cut, "cc"), 2, new Audit.Head(7, "ab"), broken, noted);
    return new AuditOperations(Optional.of(new Verified())).verify(Optional.empty());
  }

  @Test
  void aChainIsToldWithItsEnds() throws Exception {
    Answer whole = verify(0, Optional.empty(), Optional.empty());
    assertEquals(200, whole.status());
    assertEquals(
        "The whole audit holds: 2 rows, up to entry 7 with ab.\n", whole.text().apply(Ink.PLAIN));
    Answer broken =
        verify(4, Optional.of(new Audit.Broken(8, "it was changed")), Optional.of(true));
    assertEquals(422, broken.status());
    assertEquals(
        "Everything up to entry 4 was cut off on purpose; the chain goes on from cc.\n"
            + "The audit does not hold. 2 rows hold, up to entry 7 with ab.\n"
            + "The first that does not is entry 8: it was changed.\n"
            + "The hash that was noted is in it.\n",
        broken.text().apply(Ink.PLAIN));
    assertEquals(
        "{\"holds\":false,\"rows\":2,\"upTo\":{\"index\":7,\"hash\":\"ab\"},\"cut\":{\"index\":4,\"hash\":\"cc\"},\"broken\":{\"index\":8,\"why\":\"it"
            + " was changed\"},\"noted\":true,\"error\":{\"code\":\"refused\",\"message\":\"Everything"
            + " up to entry 4 was cut off on purpose; the chain goes on from cc. The audit does not"
            + " hold. 2 rows hold, up to entry 7 with ab. The first that does not is entry 8: it"
            + " was changed. The hash that was noted is in it.\"}}",
        Json.text(broken.json()));
    assertEquals(422, verify(0, Optional.empty(), Optional.of(false)).status());
    assertEquals(
        List.of(),
        new AuditOperations(Optional.of(new Verified()))
            .rows(Set.of(), Optional.empty(), 0, 1)
            .json());
    var none = new AuditOperations(Optional.empty());
    assertEquals(null, none.head());
    assertThrows(RequestRefused.class, () -> none.verify(Optional.empty()));
  }
}
