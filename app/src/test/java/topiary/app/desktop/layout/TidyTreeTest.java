package topiary.app.desktop.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;

class TidyTreeTest {

  private static Topology random(long seed, int most) {
    var random = new Random(seed);
    int size = 1 + random.nextInt(most);
    // Some are bushy, some are stars, some are chains.
    int reach = 1 + random.nextInt(size);
    var servers = new ArrayList<Instance>(List.of(Samples.primary("h000")));
    for (int i = 1; i < size; i++) {
      int source = seed % 2 == 0 ? random.nextInt(Math.min(i, reach)) : random.nextInt(i);
      servers.add(Samples.replica(String.format("h%03d", i), String.format("h%03d", source)));
    }
    return Samples.topology(1, servers.toArray(Instance[]::new));
  }

  private static List<Box> below(Layout layout, InstanceKey source, Topology topology) {
    return topology.replicasOf(source).stream().map(layout.boxes()::get).toList();
  }

  /** Whatever its form: every card in its picture, none on another, each right of its source. */
  private static void tidy(Tree tree, Layout layout) {
    List<Map.Entry<InstanceKey, Box>> boxes = List.copyOf(layout.boxes().entrySet());
    for (int i = 0; i < boxes.size(); i++) {
      InstanceKey key = boxes.get(i).getKey();
      Box box = boxes.get(i).getValue();
      assertTrue(box.y() >= -1e-6 && box.bottom() <= layout.height() + 1e-6, "within: " + box);
      assertTrue(box.x() >= 0 && box.right() <= layout.width(), "within: " + box);
      assertEquals(Optional.of(key), layout.at(box.centre(), box.middle()));
      for (Map.Entry<InstanceKey, Box> other : boxes.subList(i + 1, boxes.size())) {
        assertFalse(box.overlaps(other.getValue()), key + " / " + other.getKey());
      }
      InstanceKey source = layout.sources().get(key);
      if (source != null) {
        Box from = layout.boxes().get(source);
        assertTrue(box.x() > from.right(), key + " is right of its source");
        clear(boxes, from, box, layout.routes().get(key));
      }
    }
    assertEquals(boxes.size() - 1, layout.routes().size(), "an edge to each but the head");
    assertTrue(tree.members().containsAll(layout.boxes().keySet()));
  }

  /** An edge runs through no card. */
  private static void clear(
      List<Map.Entry<InstanceKey, Box>> boxes, Box from, Box to, Route route) {
    List<Box> lines =
        List.of(
            line(from.right() + 1, from.middle(), route.spine(), from.middle()),
            line(route.spine(), from.middle(), route.spine(), route.bus()),
            line(route.spine(), route.bus(), route.gutter(), route.bus()),
            line(route.gutter(), route.bus(), route.gutter(), to.middle()),
            line(route.gutter(), to.middle(), to.x() - 1, to.middle()));
    for (Map.Entry<InstanceKey, Box> other : boxes) {
      for (Box line : lines) {
        assertFalse(line.overlaps(other.getValue()), line + " through " + other);
      }
    }
  }

  private static Box line(double ax, double ay, double bx, double by) {
    return new Box(
        Math.min(ax, bx), Math.min(ay, by), Math.abs(ax - bx) + 1e-3, Math.abs(ay - by) + 1e-3);
  }

  @RepeatedTest(60)
  void anyTreeIsTidy(RepetitionInfo run) {
    Topology topology = random(run.getCurrentRepetition(), 12);
    Tree tree = topology.trees().getFirst();
    Layout layout = TidyTree.of(tree);
    assertEquals(layout.boxes(), TidyTree.of(tree).boxes(), "the same tree, the same picture");
    assertEquals(List.copyOf(layout.boxes().keySet()), tree.members());
    tidy(tree, layout);
    if (layout.boxes().values().stream().anyMatch(Box::chip)) {
      return;
    }
    for (InstanceKey key : tree.members()) {
      List<Box> replicas = below(layout, key, topology);
      if (!replicas.isEmpty()) {
        Box own = layout.boxes().get(key);
        assertEquals(
            own.middle(), (replicas.getFirst().middle() + replicas.getLast().middle()) / 2, 1e-6);
        for (int i = 1; i < replicas.size(); i++) {
          assertTrue(replicas.get(i - 1).bottom() < replicas.get(i).y(), "in order");
        }
      }
    }
  }

  @RepeatedTest(40)
  void aLargeTreeIsTidyToo(RepetitionInfo run) {
    Tree tree = random(run.getCurrentRepetition(), 200).trees().getFirst();
    Layout layout = TidyTree.of(tree);
    assertEquals(tree.members().size(), layout.boxes().size());
    tidy(tree, layout);
  }

  @RepeatedTest(30)
  void whatIsFoldedIsLeftOut(RepetitionInfo run) {
    Topology topology = random(run.getCurrentRepetition(), 120);
    Tree tree = topology.trees().getFirst();
    InstanceKey folded = tree.members().get(tree.members().size() / 3);
    Layout layout = TidyTree.of(tree, Set.of(folded));
    tidy(tree, layout);
    for (InstanceKey key : tree.members()) {
      assertEquals(!topology.isBelow(key, folded), layout.boxes().containsKey(key), key.toString());
    }
    Box own = layout.boxes().get(folded);
    assertTrue(topology.replicasOf(folded).isEmpty() || !own.chip(), "it says what it hides");
  }

  /** A hundred replicas of one source fit the middle of a window of 1400 by 900, to be read. */
  @Test
  void aHundredReplicasAreReadable() {
    var servers = new ArrayList<Instance>(List.of(Samples.primary("h000")));
    for (int i = 1; i <= 100; i++) {
      servers.add(Samples.replica(String.format("h%03d", i), "h000"));
    }
    Tree tree = Samples.topology(1, servers.toArray(Instance[]::new)).trees().getFirst();
    Layout layout = TidyTree.of(tree);
    tidy(tree, layout);
    double scale = Math.min(800 / layout.width(), 750 / layout.height());
    assertTrue(scale > 0.72, "letters of 14 are painted with " + 14 * scale);
  }

  @Test
  void arrowsWalkTheTree() {
    Topology topology =
        Samples.topology(
            1,
            Samples.primary("a"),
            Samples.replica("b", "a"),
            Samples.replica("c", "a"),
            Samples.replica("d", "c"));
    Layout layout = TidyTree.of(topology.trees().getFirst());
    assertEquals(
        Optional.of(Samples.key("b")), layout.next(Samples.key("a"), Layout.Direction.RIGHT));
    assertEquals(
        Optional.of(Samples.key("c")), layout.next(Samples.key("b"), Layout.Direction.DOWN));
    assertEquals(Optional.of(Samples.key("b")), layout.next(Samples.key("c"), Layout.Direction.UP));
    assertEquals(
        Optional.of(Samples.key("c")), layout.next(Samples.key("d"), Layout.Direction.LEFT));
    assertEquals(Optional.empty(), layout.next(Samples.key("d"), Layout.Direction.RIGHT));
    Box d = layout.boxes().get(Samples.key("d"));
    assertEquals(Optional.of(Samples.key("d")), layout.at(d.centre(), d.middle()));
    assertEquals(Optional.empty(), layout.at(-5, -5));
  }

  @Test
  void aLongChainIsLaidOut() {
    var servers = new ArrayList<Instance>(List.of(Samples.primary("h0000")));
    for (int i = 1; i < 1500; i++) {
      servers.add(Samples.replica(String.format("h%04d", i), String.format("h%04d", i - 1)));
    }
    Topology topology = Samples.topology(1, servers.toArray(Instance[]::new));
    assertEquals(1500, TidyTree.of(topology.trees().getFirst()).boxes().size());
  }
}
