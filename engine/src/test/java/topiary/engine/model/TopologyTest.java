package topiary.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;

class TopologyTest {

  @Test
  void treesStandInOrderOfTheirHeadsWithSourcesBeforeReplicas() {
    Topology topology = Trees.of("p(r1,r2(r3,r4)) a(b)").topology();
    List<Tree> trees = topology.trees();
    assertEquals(List.of(key("a"), key("p")), trees.stream().map(Tree::head).toList());
    assertEquals(keys("p", "r1", "r2", "r3", "r4"), trees.get(1).members());
    assertEquals(Optional.of(2), trees.get(1).depthOf(key("r4")));
    assertEquals(Optional.empty(), trees.get(1).depthOf(key("b")));
    assertEquals(keys("r1", "r2"), topology.replicasOf(key("p")));
    assertEquals(keys("r2", "p"), topology.sourcesOf(key("r4")));
    assertEquals(Optional.of(trees.get(1)), topology.treeOf(key("r4")));
    assertEquals(Optional.empty(), topology.treeOf(key("stranger")));
  }

  @Test
  void theOthersOfAGroupHangBelowItsPrimary() {
    var others = new ArrayList<InstanceKey>();
    var primary = new Group("g", true, "ONLINE", "PRIMARY", Optional.of(key("a")), keys("b", "c"));
    var secondary =
        new Group("g", true, "ONLINE", "SECONDARY", Optional.of(key("a")), keys("a", "c"));
    Topology topology =
        Trees.of("a b c(d)")
            .with("a", s -> s.group = Optional.of(primary))
            .with("b", s -> s.group = Optional.of(secondary))
            .with("c", s -> s.group = Optional.of(secondary))
            .topology();
    topology.trees().forEach(t -> others.addAll(t.members()));
    assertEquals(keys("a", "b", "c", "d"), others);
    assertEquals(1, topology.trees().size());
    assertEquals(keys("c", "a"), topology.sourcesOf(key("d")));
  }

  @Test
  void whoMovesComesAndGoesIsFollowedAsIfAllWereCounted() {
    Topology now = Trees.of("p(a,b,c(d,e),f) q(g,h)").topology();
    List<InstanceKey> all = List.copyOf(now.instances().keySet());
    var there = new Topology(0, now.instances());
    var random = new Random(4);
    for (int i = 0; i < 2_000; i++) {
      InstanceKey key = all.get(random.nextInt(all.size()));
      now =
          switch (random.nextInt(4)) {
            case 0 -> now.next(i, List.of(key), List.of());
            case 1 -> now.next(i, List.of(), List.of(there.instance(key).orElseThrow()));
            default -> now.moved(key, all.get(random.nextInt(all.size())));
          };
      // Not each time: several moves are followed together, or so many that all are counted.
      if (random.nextInt(i < 1_000 ? 3 : 90) == 0) {
        var counted = new Topology(i, now.instances());
        assertEquals(counted.sources(), now.sources());
        for (InstanceKey one : all) {
          assertEquals(counted.replicasOf(one), now.replicasOf(one), one + " after " + i);
        }
      }
    }
  }

  @Test
  void belowMeansAtAnyDepthAndNeverItself() {
    Topology topology = Trees.of("p(r1,r2(r3))").topology();
    assertTrue(topology.isBelow(key("r3"), key("p")));
    assertTrue(topology.isBelow(key("r3"), key("r2")));
    assertFalse(topology.isBelow(key("p"), key("r3")));
    assertFalse(topology.isBelow(key("r1"), key("r2")));
    assertFalse(topology.isBelow(key("p"), key("p")));
  }

  @Test
  void theWritableMemberOfARingIsItsHead() {
    Topology two =
        Trees.of("a b c")
            .below("a", "b")
            .below("b", "a")
            .below("c", "a")
            .with("b", s -> {})
            .topology();
    // Nobody refuses writes: the first by address.
    assertEquals(key("a"), two.trees().getFirst().head());
    Topology other =
        Trees.of("a b c d")
            .below("a", "c")
            .below("b", "a")
            .below("c", "b")
            .below("d", "b")
            .with("a", s -> s.readOnly = true)
            .with("b", s -> s.readOnly = true)
            .topology();
    assertEquals(1, other.trees().size());
    assertEquals(key("c"), other.trees().getFirst().head());
    assertEquals(keys("c", "a", "b", "d"), other.trees().getFirst().members());
    assertTrue(other.isBelow(key("a"), key("b")));
    assertTrue(other.isBelow(key("b"), key("a")));
    assertFalse(other.isBelow(key("a"), key("d")));
    assertEquals(key("c"), other.treeOf(key("d")).orElseThrow().head());
    assertTrue(other.inRing(key("a")));
    assertFalse(other.inRing(key("d")), "below a ring is not in it");
  }

  @Test
  void aServerThatReplicatesFromItselfIsATreeOfItsOwn() {
    Topology topology = Trees.of("a b").below("a", "a").topology();
    assertEquals(keys("a"), topology.trees().getFirst().members());
    assertEquals(keys("a"), topology.treeOf(key("a")).orElseThrow().members());
    assertEquals(List.of(), topology.sourcesOf(key("a")));
  }

  @Test
  void replicasOfAServerOutsideAreHeadsHere() {
    Topology topology = Trees.of("a b").below("a", "x").below("b", "x").topology();
    assertEquals(
        List.of(keys("a"), keys("b")), topology.trees().stream().map(Tree::members).toList());
    assertEquals(keys("x"), topology.sourcesOf(key("a")));
    assertTrue(topology.isBelow(key("a"), key("x")));
    assertEquals(key("b"), topology.treeOf(key("b")).orElseThrow().head());
  }

  @Test
  void everyServerOfAnyForestStandsInExactlyOneTreeAndFindsIt() {
    var random = new Random(11);
    int rings = 0;
    for (int i = 0; i < 2_000; i++) {
      Topology topology = Trees.random(random, 1 + random.nextInt(12)).topology();
      List<Tree> trees =
          assertTimeoutPreemptively(Duration.ofSeconds(5), topology::trees, topology::toString);
      var seen = new ArrayList<InstanceKey>();
      for (Tree tree : trees) {
        assertEquals(tree.head(), tree.members().getFirst());
        seen.addAll(tree.members());
        for (InstanceKey member : tree.members()) {
          assertEquals(
              Optional.of(tree), topology.treeOf(member), () -> member + " of " + topology);
        }
        rings += topology.isBelow(tree.head(), tree.members().getLast()) ? 1 : 0;
      }
      assertEquals(topology.instances().size(), seen.size());
      assertEquals(topology.instances().keySet(), new HashSet<>(seen));
    }
    assertTrue(rings > 100, "too few rings were tried: " + rings);
  }

  private static List<InstanceKey> keys(String... names) {
    return Stream.of(names).map(Trees::key).toList();
  }
}
