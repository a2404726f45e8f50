package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.gateway.FakeGateway;
import topiary.engine.model.Condition;
import topiary.engine.model.Instance;
import topiary.engine.model.ThreadState;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** Streams that are no edges of the tree, as lines of text. */
class LinkTest {

  private final FakeGateway node = new FakeGateway();
  private final WindowModel model =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));

  @BeforeEach
  void live() {
    model.start();
  }

  private List<String> links(Instance... servers) {
    node.tell(Samples.topology(1, servers), Samples.NOW);
    return lines();
  }

  private List<String> lines() {
    return model.picture().get().links().links().stream()
        .map(
            l ->
                l.replica().host()
                    + l.from().map(from -> " <- " + from.host()).orElse(" <| " + l.source())
                    + " ["
                    + l.words()
                    + "] "
                    + l.mood())
        .toList();
  }

  @Test
  void aTreeHasNone() {
    assertEquals(List.of(), links(Samples.primary("a"), Samples.replica("b", "a")));
    assertEquals(Map.of(), model.picture().get().links().places());
  }

  @Test
  void eachFurtherChannelIsOne() {
    assertEquals(
        List.of(
            "r <- b [b] WELL", "r <- a [late, 42 s] LATE", "r <| elsewhere [out, stopped] HALTED"),
        links(
            Samples.primary("a"),
            Samples.replica("b", "a"),
            Samples.replica(
                "r",
                Samples.channel("main", "a", ThreadState.RUNNING, 0),
                Samples.channel("b", "b", ThreadState.RUNNING, 0),
                Samples.channel("late", "a", ThreadState.RUNNING, 42),
                Samples.channel("out", "elsewhere", ThreadState.STOPPED, 0))));
    assertEquals(
        "main",
        model.picture().get().links().places().get(Samples.key("r")).words(),
        "the tree's edge tells of the channel it is, and of no other");
    ServerCard card = model.picture().get().cards().get(Samples.key("r"));
    assertEquals(Mood.HALTED, card.mood(), "that of the channel that is worst");
    assertEquals("half stopped, channel out", card.state());
  }

  @Test
  void coMastersReplicateFromEachOther() {
    assertEquals(
        List.of("a <- b [] WELL"),
        links(Samples.replica("a", "b"), Samples.replica("b", "a"), Samples.replica("c", "b")));
    Map<String, String> roles = new TreeMap<>();
    model.picture().get().cards().forEach((key, card) -> roles.put(key.host(), card.role()));
    assertEquals(Map.of("a", "co-primary", "b", "co-primary", "c", "replica"), roles);
  }

  @Test
  void aSourceThatIsNotKnownIsOutside() {
    assertEquals(
        List.of("a <| nowhere [] GONE"),
        links(
            Samples.lost(Samples.replica("a", "nowhere"), Condition.UNREACHABLE, "refused"),
            Samples.replica("b", "a")));
  }

  @Test
  void whatIsFoldedAwayHasItsFoldAsSource() {
    links(
        Samples.primary("a"),
        Samples.replica("b", "a"),
        Samples.replica("c", "b"),
        Samples.replica(
            "r",
            Samples.channel("", "a", ThreadState.RUNNING, 0),
            Samples.channel("c", "c", ThreadState.RUNNING, 0)));
    assertEquals(List.of("r <- c [c] WELL"), lines());
    model.fold(Samples.key("b"));
    assertEquals(List.of("r <- b [c] WELL"), lines());
    model.fold(Samples.key("a"));
    assertEquals(List.of(), lines(), "both ends are folded away");
  }
}
