package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DifferenceTest {

  @Test
  void whatIsInOneOnlyIsFoundAsByLookingEachUp() {
    var random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      var former = some(random);
      var latter = some(random);
      Difference<Integer> found = Difference.of(former, latter);
      assertEquals(former.stream().filter(n -> !latter.contains(n)).toList(), found.gone());
      assertEquals(latter.stream().filter(n -> !former.contains(n)).toList(), found.come());
    }
    assertEquals(
        new Difference<Integer>(List.of(), List.of()),
        Difference.of(new TreeSet<Integer>(), new TreeSet<Integer>()));
  }

  private static TreeSet<Integer> some(Random random) {
    var some = new TreeSet<Integer>();
    random.ints(random.nextInt(12), 0, 15).forEach(some::add);
    return some;
  }
}
