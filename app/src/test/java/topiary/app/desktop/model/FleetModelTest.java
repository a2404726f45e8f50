package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.gateway.FakeGateway;
import topiary.engine.model.Condition;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.said.Downtime;
import topiary.engine.said.OfServer;

/** All clusters as tiles. */
class FleetModelTest {

  private static final int CLUSTERS = 8;

  private final FakeGateway node = new FakeGateway();
  private final WindowModel model =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
  private final FleetModel fleet = model.fleet();

  @BeforeEach
  void live() {
    model.start();
  }

  /** Clusters of a head and two replicas: a, a1, a2; b, b1, b2; and so on. */
  private static List<Instance> clusters(int many) {
    var all = new ArrayList<Instance>();
    for (int c = 0; c < many; c++) {
      String head = String.valueOf((char) ('a' + c));
      all.add(Samples.primary(head));
      all.add(Samples.replica(head + 1, head));
      all.add(Samples.replica(head + 2, head));
    }
    return all;
  }

  private static Topology with(Instance... others) {
    var all = new ArrayList<>(clusters(CLUSTERS));
    for (Instance other : others) {
      all.removeIf(i -> i.key().equals(other.key()));
      all.add(other);
    }
    return Samples.topology(2, all.toArray(Instance[]::new));
  }

  private static Instance gone(Instance of) {
    return Samples.lost(of, Condition.UNREACHABLE, "connection refused");
  }

  private static Instance late(String host, String source, long seconds) {
    return Samples.replica(
        host,
        Samples.channel(
            source,
            ThreadState.RUNNING,
            ThreadState.RUNNING,
            seconds,
            ReplicationError.NONE,
            ReplicationError.NONE));
  }

  private static OfServer said(String alias, boolean downtime, String tag, String pool) {
    var tags = new TreeMap<String, String>();
    if (!tag.isEmpty()) {
      tags.put("role", tag);
    }
    return new OfServer(
        alias,
        Optional.empty(),
        downtime
            ? Optional.of(
                new Downtime("ann", "new disks", Samples.NOW, Samples.NOW.plusSeconds(60)))
            : Optional.empty(),
        Optional.empty(),
        tags,
        new TreeSet<>(pool.isEmpty() ? List.of() : List.of(pool)));
  }

  private List<String> heads() {
    return fleet.state().get().tiles().stream().map(t -> t.row().head().host()).toList();
  }

  private List<String> found(String typed) {
    fleet.text().set(typed);
    return heads();
  }

  @Test
  void oneClusterGoesStraightToItsTreeAndManyAreShownFirst() {
    node.tell(Samples.topology(1, clusters(1).toArray(Instance[]::new)), Samples.NOW);
    assertFalse(fleet.isOpen().get());
    fleet.open();
    assertFalse(fleet.isOpen().get(), "there is nothing to choose from");
    node.tell(with(), Samples.NOW);
    assertTrue(fleet.isOpen().get(), "nobody has chosen anything yet");
    assertEquals("8 clusters  ·  24 servers", fleet.state().get().title());
    fleet.choose(fleet.state().get().tiles().get(2).row().id());
    assertEquals(Optional.empty(), fleet.go());
    assertFalse(fleet.isOpen().get());
    assertEquals("c", model.shown().orElseThrow().head().host());
    node.tell(with(gone(Samples.replica("d1", "d"))), Samples.NOW);
    assertFalse(fleet.isOpen().get(), "who looks at a tree is left there");
    fleet.open();
    assertEquals("c", fleet.chosen().get().orElseThrow().row().head().host(), "where it was left");
    node.tell(Samples.topology(4, clusters(1).toArray(Instance[]::new)), Samples.NOW);
    assertFalse(fleet.isOpen().get(), "the others are gone");
  }

  @Test
  void fewClustersFitTheListBesideTheTree() {
    node.tell(Samples.topology(1, clusters(FleetModel.FEW).toArray(Instance[]::new)), Samples.NOW);
    assertFalse(fleet.isOpen().get());
    fleet.open();
    assertTrue(fleet.isOpen().get());
  }

  @Test
  void thoseInTroubleComeFirstAndALostHeadBeforeAll() {
    node.tell(
        with(
            gone(Samples.replica("e1", "e")),
            gone(Samples.primary("f")),
            Samples.broken("c1", "c"),
            gone(Samples.replica("d1", "d")),
            gone(Samples.replica("d2", "d"))),
        Samples.NOW);
    assertEquals(List.of("f", "d", "e", "c", "a", "b", "g", "h"), heads());
    assertEquals(
        "Unreachable: connection refused", fleet.state().get().tiles().getFirst().sentence());
    assertEquals("8 clusters  ·  24 servers  ·  5 in trouble", fleet.state().get().title());
    fleet.order().set(FleetModel.Order.NAME);
    assertEquals(List.of("a", "b", "c", "d", "e", "f", "g", "h"), heads());
  }

  @Test
  void troubleThatIsKnownCountsAndDoesNotComeFirst() {
    node.tell(
        with(gone(Samples.replica("c1", "c")), Samples.broken("h1", "h")),
        Map.of(Samples.key("c1"), said("", true, "", "")),
        Samples.NOW);
    assertEquals(List.of("h", "c", "a"), heads().subList(0, 3));
    FleetModel.Tile known = fleet.state().get().tiles().get(1);
    assertEquals("In trouble, which is known", known.sentence());
    assertEquals(List.of("1 gone", "1 in downtime"), known.row().health().words());
    assertEquals(Mood.WELL, known.row().health().mood());
    assertEquals(2, fleet.state().get().counts().get(FleetModel.Condition.TROUBLE));
    assertEquals(1, fleet.state().get().counts().get(FleetModel.Condition.DOWNTIME));
  }

  @Test
  void wordsFitClustersOrOneServerOfThem() {
    node.tell(
        with(late("b1", "b", 42), gone(Samples.replica("g2", "g"))),
        Map.of(
            Samples.key("a"), said("shop", false, "", ""),
            Samples.key("d2"), said("", false, "backup", ""),
            Samples.key("e1"), said("", false, "backup", "readers")),
        Samples.NOW);
    assertEquals(List.of("a"), found("sho"));
    assertEquals(List.of("b"), found("lag"));
    assertEquals(List.of("b"), found("42"));
    assertEquals(List.of("g"), found("trouble"));
    assertEquals(List.of("g"), found("unreach"));
    assertEquals(List.of("d", "e"), found("backup"));
    assertEquals(List.of("d", "e"), found("role=b"));
    assertEquals(List.of("e"), found("readers backup"));
    assertEquals(List.of(), found("readers 42"), "not one and the same server");
    assertEquals(
        "No cluster has “readers 42” in its name, or in the address, state, role, version, tags or"
            + " pools of a server.",
        fleet.state().get().message());
    assertEquals(8, found("11.4").size());
    assertEquals("Fits: c and 2 more", fleet.state().get().tiles().get(2).sentence());
    assertEquals(List.of("h"), found("h2"));
    assertEquals(Optional.of(Samples.key("h2")), fleet.go(), "the server that was found");
    assertEquals("h", model.shown().orElseThrow().head().host());
  }

  @Test
  void aConditionIsTakenIntoWhatIsTypedAndOutOfIt() {
    node.tell(with(late("b1", "b", 42)), Samples.NOW);
    fleet.text().set("b1");
    fleet.toggle(FleetModel.Condition.LAG);
    assertEquals("b1 lag", fleet.text().get());
    assertTrue(fleet.asks(FleetModel.Condition.LAG));
    assertEquals(List.of("b"), heads());
    fleet.toggle(FleetModel.Condition.LAG);
    assertEquals("b1", fleet.text().get());
  }

  @Test
  void theChosenOneStaysWhereverItStands() {
    node.tell(with(), Samples.NOW);
    fleet.step(0);
    fleet.step(3);
    assertEquals("d", fleet.chosen().get().orElseThrow().row().head().host());
    node.tell(with(gone(Samples.replica("g1", "g"))), Samples.NOW);
    assertEquals("d", fleet.chosen().get().orElseThrow().row().head().host());
    assertEquals(4, fleet.index());
    fleet.step(-100);
    assertEquals(0, fleet.index());
    fleet.step(100);
    assertEquals(7, fleet.index());
    found("a1");
    assertEquals(0, fleet.index(), "the first, when the chosen one does not fit");
  }

  @Test
  void aServerThatIsGoneToLeavesTheTiles() {
    node.tell(with(), Samples.NOW);
    InstanceKey server = Samples.key("e2");
    model.go(server);
    assertFalse(fleet.isOpen().get());
    assertEquals(Optional.of(server), model.selected().get());
    fleet.open();
    assertEquals(Optional.empty(), model.selected().get(), "nothing is done to what is not seen");
  }

  @Test
  void whatDidNotChangeIsTheSameValue() {
    node.tell(with(), Samples.NOW);
    List<ClusterRow> before = model.clusters().get();
    node.tell(with(gone(Samples.replica("b1", "b"))), Samples.NOW);
    List<ClusterRow> after = model.clusters().get();
    assertTrue(before.get(0) == after.get(0));
    assertFalse(before.get(1) == after.get(1));
  }
}
