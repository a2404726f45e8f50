package topiary.engine.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random operations on small trees of simulated servers, each tree drawn from a seed. More of them:
 * {@code -Dtopiary.chaos.trees=250}; one again, and what was done: {@code -Dtopiary.chaos.seed=17}.
 */
class RandomOperationsTest {

  private static final int OPERATIONS = 40;
  private static final int TREES = Integer.getInteger("topiary.chaos.trees", 6);
  private static final Long SEED = Long.getLong("topiary.chaos.seed");
  private static final long FIRST = Long.getLong("topiary.chaos.first", 1);

  @Test
  void whateverIsAskedForNobodyComesToHarm() throws Exception {
    if (SEED != null) {
      RandomRun.Result again = new RandomRun(SEED, OPERATIONS, Set.of()).run();
      again.log().forEach(System.out::println);
      assertEquals(List.of(), again.wrongs());
      return;
    }
    var ends = new TreeMap<String, Integer>();
    for (long seed = FIRST; seed < FIRST + TREES; seed++) {
      RandomRun.Result result = new RandomRun(seed, OPERATIONS, Set.of()).run();
      result.ends().forEach((end, count) -> ends.merge(end, count, Integer::sum));
      if (!result.wrongs().isEmpty()) {
        throw new AssertionError(failure(seed, result));
      }
    }
    System.out.println(TREES + " trees: " + ends);
    // Most of what is drawn can be done; where nothing ever is, nothing was tested.
    int all = ends.values().stream().mapToInt(i -> i).sum();
    assertTrue(ends.getOrDefault("DONE", 0) * 3 > all, () -> "too little was done: " + ends);
  }

  /** What went wrong, with as few operations as it takes, and how to see it again. */
  private static String failure(long seed, RandomRun.Result whole) throws Exception {
    Set<Integer> left = new HashSet<>();
    List<String> log = whole.log();
    for (int i = OPERATIONS - 1; i >= 0; i--) {
      left.add(i);
      RandomRun.Result less = new RandomRun(seed, OPERATIONS, left).run();
      if (less.wrongs().isEmpty()) {
        left.remove(i);
      } else {
        log = less.log();
      }
    }
    return "seed %d: %s%nmvn -o -pl engine -am test -DskipFormat=true -Dtest=RandomOperationsTest -Dsurefire.failIfNoSpecifiedTests=false -Dtopiary.chaos.seed=%d%nat the least:%n%s"
        .formatted(seed, String.join("\n", whole.wrongs()), seed, String.join("\n", log));
  }

  @Test
  void theSameSeedDoesTheSame() throws Exception {
    Map<Long, List<String>> first = new TreeMap<>();
    for (long seed : List.of(3L, 4L)) {
      first.put(seed, new RandomRun(seed, 10, Set.of()).run().log());
      assertEquals(first.get(seed), new RandomRun(seed, 10, Set.of()).run().log());
    }
  }
}
