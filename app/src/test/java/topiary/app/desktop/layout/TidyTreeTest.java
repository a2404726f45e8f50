package topiary.app.desktop.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;

class TidyTreeTest {

  private static Topology random(long seed) {
    var random = new Random(seed);
    int size = 1 + random.nextInt(60);
    var servers = new ArrayList<Instance>(List.of(Samples.primary("h000")));
    for (int i = 1; i < size; i++) {
      servers.add(
          Samples.replica(String.format("h%03d", i), String.format("h%03d", random.nextInt(i))));
    }
    return Samples.topology(1, servers.toArray(Instance[]::new));
  }

  private static List<Box> below(Layout layout, InstanceKey source, Topology topology) {
    return topology.replicasOf(source).stream().map(layout.boxes()::get).toList();
  }

  @RepeatedTest(60)
  void anyTreeIsTidy(RepetitionInfo run) {
    Topology topology = random(run.getCurrentRepetition());
    Tree tree = topology.trees().getFirst();
    Layout layout = TidyTree.of(tree);
    assertEquals(layout, TidyTree.of(tree), "the same tree, the same picture");
    assertEquals(List.copyOf(layout.boxes().keySet()), tree.members());
    List<Box> boxes = List.copyOf(layout.boxes().values());
    for (int i = 0; i < boxes.size(); i++) {
      Box box = boxes.get(i);
      assertTrue(box.y() >= -1e-6 && box.bottom() <= layout.height() + 1e-6, "within: " + box);
      assertTrue(box.x() >= 0 && box.right() <= layout.width(), "within: " + box);
      for (Box other : boxes.subList(i + 1, boxes.size())) {
        assertFalse(box.overlaps(other), box + " / " + other);
      }
    }
    for (InstanceKey key : tree.members()) {
      List<Box> replicas = below(layout, key, topology);
      if (!replicas.isEmpty()) {
        Box own = layout.boxes().get(key);
        assertEquals(
            own.middle(), (replicas.getFirst().middle() + replicas.getLast().middle()) / 2, 1e-6);
        for (int i = 0; i < replicas.size(); i++) {
          assertTrue(replicas.get(i).x() >= own.right(), "beside");
          assertTrue(i == 0 || replicas.get(i - 1).bottom() < replicas.get(i).y(), "in order");
        }
      }
    }
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
