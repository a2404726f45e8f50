package topiary.app.desktop.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.sample.SampleFleet;
import topiary.engine.model.Tree;

/** A tree as small as a stamp. */
class MiniatureTest {

  private static Tree tree(int... depths) {
    return new Tree(
        Samples.key("s0"),
        IntStream.range(0, depths.length)
            .mapToObj(i -> new Tree.Place(Samples.key("s" + i), depths[i]))
            .toList());
  }

  @Test
  void sourcesStandInTheMiddleOfWhatHangsBelowThem() {
    Miniature small = Miniature.of(tree(0, 1, 2, 2, 1), 10);
    assertEquals(3, small.columns());
    assertEquals(3, small.rows());
    assertTrue(small.lined());
    assertEquals(
        List.of(
            new Miniature.Dot(0, 1.25, -1),
            new Miniature.Dot(1, 0.5, 0),
            new Miniature.Dot(2, 0, 1),
            new Miniature.Dot(2, 1, 1),
            new Miniature.Dot(1, 2, 0)),
        small.dots());
  }

  @Test
  void aServerAloneIsOneDot() {
    assertEquals(
        new Miniature(1, 1, List.of(new Miniature.Dot(0, 0, -1)), true), Miniature.of(tree(0), 4));
  }

  @Test
  void whereThereAreTooManyTheyShareRows() {
    Tree large = SampleFleet.ofOneTree(1_000).at(Samples.NOW, 1, 0).trees().getFirst();
    Miniature small = Miniature.of(large, 12);
    assertFalse(small.lined());
    assertEquals(12, small.rows());
    assertEquals(1_000, small.dots().size());
    small.dots().forEach(d -> assertTrue(d.row() >= 0 && d.row() <= 11, d.toString()));
  }
}
