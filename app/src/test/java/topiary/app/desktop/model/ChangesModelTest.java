package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.gateway.Changed;
import topiary.app.gateway.FakeGateway;

/** What changed, page by page, and when. */
class ChangesModelTest {

  private final FakeGateway node = new FakeGateway();
  private final List<Runnable> waiting = new ArrayList<>();
  private final ChangesModel model = new ChangesModel(node, new Tasks(waiting::add, Runnable::run));

  private static Changed event(int number, Instant at) {
    return new Changed(
        at,
        Samples.key("r" + number),
        Changed.Kind.CHANGED,
        new TreeMap<>(Map.of("number", new Changed.Values(number, number + 1))));
  }

  private void answer() {
    List<Runnable> now = List.copyOf(waiting);
    waiting.clear();
    now.forEach(Runnable::run);
  }

  private ChangesModel.State state() {
    return model.state().get();
  }

  @Test
  void pagesAreTheWholeAlsoWhereThousandsChangeAtOnce() {
    node.since = Optional.of(Samples.NOW.minus(Duration.ofDays(20)));
    // Three at each second, then a thousand within one millisecond.
    node.changed =
        IntStream.range(0, 2_500)
            .mapToObj(
                i -> event(i, Samples.NOW.minusSeconds(i < 1_000 ? i / 3 : i < 2_000 ? 400 : i)))
            .toList();
    model.open("c1", Samples.NOW);
    assertTrue(state().busy());
    int pages = 0;
    for (answer(); state().more(); answer()) {
      pages++;
      model.more();
      model.more();
      assertTrue(state().busy());
      assertEquals(1, waiting.size(), "it is asked once");
    }
    assertEquals(12, pages);
    assertEquals(
        node.changed.stream().map(Changed::server).toList(),
        state().lines().stream().map(ChangesModel.Line::server).toList());
    assertFalse(state().busy());
  }

  @Test
  void theTimeIsThatOfTheSpanOrAllThereIs() {
    node.since = Optional.of(Samples.NOW.minus(Duration.ofDays(20)));
    node.changed = List.of(event(1, Samples.NOW.minusSeconds(7_200)));
    model.open("c1", Samples.NOW);
    answer();
    assertEquals(Samples.NOW.minus(Duration.ofDays(1)), state().from());
    assertEquals(1, state().lines().size());
    assertEquals("number: 1 → 2", state().lines().getFirst().words());
    model.span(ChangesModel.Span.HOUR, Samples.NOW);
    answer();
    assertEquals(List.of(), state().lines());
    assertEquals(List.of(), state().counts());
    model.span(ChangesModel.Span.ALL, Samples.NOW);
    answer();
    assertEquals(node.since.get(), state().from());
    assertEquals(1, state().lines().size());
    assertEquals(1, state().counts().size());
  }

  @Test
  void aMomentBeforeAndAfterEachMarkIsFound() {
    node.since = Optional.of(Samples.NOW.minus(Duration.ofDays(20)));
    Instant late = Samples.NOW.minusSeconds(3_000);
    Instant early = Samples.NOW.minusSeconds(50_000);
    node.changed = List.of(event(1, late), event(2, early));
    model.open("c1", Samples.NOW);
    answer();
    Instant one = state().before(Samples.NOW).orElseThrow();
    assertTrue(one.isBefore(late) && one.isAfter(early), one.toString());
    Instant two = state().before(one).orElseThrow();
    assertTrue(two.isBefore(early), two.toString());
    assertEquals(Optional.empty(), state().before(two));
    Instant back = state().after(two).orElseThrow();
    assertTrue(!back.isBefore(early) && back.isBefore(late), back.toString());
    Instant last = state().after(one).orElseThrow();
    assertTrue(!last.isBefore(late) && !last.isAfter(Samples.NOW), last.toString());
    assertEquals(Optional.empty(), state().after(Samples.NOW));
    assertEquals(0, state().place(state().from()));
    assertEquals(1, state().place(Samples.NOW.plusSeconds(9)));
    assertEquals(state().from().plus(Duration.ofHours(12)), state().at(0.5));
  }

  @Test
  void aLateAnswerAndANodeWithoutAHistory() {
    node.since = Optional.of(Samples.NOW.minus(Duration.ofDays(20)));
    node.changed = List.of(event(1, Samples.NOW.minusSeconds(60)));
    model.open("c1", Samples.NOW);
    model.cluster("c2");
    assertEquals(4, waiting.size());
    waiting.subList(2, 4).clear();
    answer();
    assertEquals(List.of(), state().lines(), "they are of the other cluster");
    assertEquals("c2", state().cluster());
    model.close();
    model.cluster("c3");
    assertFalse(state().open());
    assertEquals(List.of(), waiting);
    node.since = Optional.empty();
    model.open("c1", Samples.NOW);
    answer();
    assertEquals("This node keeps no history.", state().sentence());
    assertFalse(state().busy());
    model.more();
    assertEquals(List.of(), waiting);
  }
}
