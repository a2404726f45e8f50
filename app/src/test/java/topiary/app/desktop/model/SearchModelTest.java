package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.gateway.FakeGateway;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.ThreadState;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** Servers that are looked for. */
class SearchModelTest {

  private final FakeGateway node = new FakeGateway();
  private final WindowModel model =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
  private final SearchModel search = model.search();

  @BeforeEach
  void live() {
    model.start();
    node.tell(
        Samples.topology(
            1,
            Samples.primary("db1"),
            Samples.replica("db2", "db1"),
            Samples.replica(
                "db3",
                Samples.channel(
                    "db1",
                    ThreadState.RUNNING,
                    ThreadState.STOPPED,
                    0,
                    ReplicationError.NONE,
                    new ReplicationError(1062, "Duplicate entry"))),
            Samples.lost(
                Samples.replica("my-db2", "db1"), Condition.UNREACHABLE, "connection refused"),
            Samples.primary("shop")),
        Samples.NOW);
  }

  private List<String> found(String typed) {
    search.text().set(typed);
    return search.found().get().shown().stream().map(s -> s.key().host()).toList();
  }

  @Test
  void serversAreFoundByAddressStateRoleAndVersion() {
    assertEquals(List.of("db2", "my-db2"), found("db2"));
    assertEquals(List.of("db3"), found("error"));
    assertEquals(List.of("my-db2"), found("unreach"));
    assertEquals(List.of("db1", "shop"), found("primary"));
    assertEquals(List.of("db2"), found("ok replica DB"));
    assertEquals(5, found("11.4").size());
    assertEquals(List.of(), found("nobody"));
    assertEquals(
        "No server has “nobody” in its address, state, role, version, tags or pools.",
        search.found().get().message());
    assertEquals(List.of(), found(" "));
    assertEquals("", search.found().get().message());
  }

  @Test
  void enterGoesToTheFirstThenToTheNextAndRound() {
    found("db");
    assertEquals(Optional.of(Samples.key("db1")), search.next());
    assertEquals(Optional.of(Samples.key("db1")), model.selected().get());
    assertEquals(Optional.of(Samples.key("db2")), search.next());
    search.step(1);
    assertEquals(2, search.found().get().chosen());
    assertEquals(Optional.of(Samples.key("db3")), search.next(), "the chosen one");
    assertEquals(Optional.of(Samples.key("my-db2")), search.next());
    assertEquals(Optional.of(Samples.key("db1")), search.next());
    search.choose(1);
    assertEquals(Optional.of(Samples.key("db2")), search.next());
  }

  @Test
  void itLooksAtWhatIsSeenNow() {
    found("db");
    assertEquals(Optional.of(Samples.key("db1")), search.next());
    node.tell(
        Samples.topology(
            2, Samples.primary("db0"), Samples.primary("db1"), Samples.primary("shop")),
        Samples.NOW);
    assertEquals(Optional.of(Samples.key("db0")), search.next(), "round, after db1");
    node.tell(Samples.topology(3, Samples.primary("shop")), Samples.NOW);
    assertEquals(Optional.<InstanceKey>empty(), search.next());
  }

  @Test
  void fewAreShownAndAllAreGoneThrough() {
    node.tell(PaletteModelTest.many(40), Samples.NOW);
    assertEquals(SearchModel.SHOWN, found("host").size());
    assertEquals(39, search.found().get().total());
    assertEquals("and 29 more; F3 goes through all of them", search.found().get().message());
    for (int i = 0; i < 12; i++) {
      search.next();
    }
    assertEquals(-1, search.found().get().chosen());
    assertEquals(Optional.of(Samples.key("host-2")), model.selected().get());
  }
}
