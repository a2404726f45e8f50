package topiary.engine.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.port.ServerTrouble;

/**
 * The operations that are used most, on seven real servers that are written to, broken off after
 * each of their steps and asked for again: the same end is reached, and nothing is lost on the way.
 * Every moment of each step: {@code -Dtopiary.chaos.moments=all}; otherwise one of every third
 * operation, others with each {@code -Dtopiary.chaos.seed}. Some operations alone, by a pattern of
 * their names: {@code -Dtopiary.chaos.only='detach|regroup'}.
 */
@Execution(ExecutionMode.SAME_THREAD)
class InterruptedIT {

  private static final boolean ALL = "all".equals(System.getProperty("topiary.chaos.moments"));

  /** One in so many operations is broken off unless all are; by another seed, others. */
  private static final int SHARE = 3;

  /** These alone, by a part of their names; all when it is not given. */
  private static final Pattern ONLY = Pattern.compile(System.getProperty("topiary.chaos.only", ""));

  private static final long SEED = Long.getLong("topiary.chaos.seed", 1);
  private static final Interrupted.Moment[] MOMENTS = Interrupted.Moment.values();

  private final List<String> wrong = new ArrayList<>();
  private final Map<String, Integer> counts = new TreeMap<>();

  @ParameterizedTest
  @MethodSource("topiary.engine.chaos.RealTree#flavors")
  void whateverIsBrokenOffIsBroughtToTheSameEnd(String flavor) throws Exception {
    try (var tree = new RealTree("interrupted", flavor);
        var field = new RealField(tree)) {
      int turn = 0;
      for (Cases.Case what : new Cases(field::key).mostUsed()) {
        if (!ONLY.matcher(what.name()).find()) {
          // Somebody looks at others.
        } else if (ALL) {
          every(what, field);
        } else if (turn % SHARE == SEED % SHARE) {
          long draw = SEED * 31 + turn * 7L;
          interrupt(
              what,
              field,
              steps -> (int) (draw % (steps + 1)),
              MOMENTS[(int) ((SEED + turn) % MOMENTS.length)]);
        }
        turn++;
      }
      tree.level();
      wrong.addAll(tree.missing());
    }
    System.out.println(flavor + ": broken off: " + counts);
    assertEquals(List.of(), wrong);
  }

  private void every(Cases.Case what, RealField field) throws Exception {
    int steps;
    try {
      steps = new Interrupted(what, field).steps();
    } catch (AssertionError | ServerTrouble e) {
      wrong.add(what + ", by nobody broken off: " + e);
      field.forget();
      return;
    }
    for (int step = 0; step <= steps; step++) {
      for (Interrupted.Moment moment : MOMENTS) {
        int at = step;
        interrupt(what, field, all -> at, moment);
      }
    }
  }

  private void interrupt(
      Cases.Case what, RealField field, IntUnaryOperator step, Interrupted.Moment moment)
      throws Exception {
    var at = new AtomicInteger();
    List<String> here;
    try {
      here =
          new Interrupted(what, field)
              .run(
                  steps -> {
                    at.set(step.applyAsInt(steps));
                    return at.get();
                  },
                  moment);
    } catch (AssertionError | ServerTrouble e) {
      here = List.of(e.toString());
    }
    counts.merge(what.name(), 1, Integer::sum);
    if (!here.isEmpty()) {
      here.forEach(sentence -> wrong.add(what + ", " + moment + " " + at + ": " + sentence));
      field.forget();
    }
  }
}
