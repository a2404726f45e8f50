package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.lab.sim.Kind;

/**
 * Simulated servers die, come back and hang, and nodes lose their lead, while dead servers are
 * recovered by the real manager; see {@link RecoverySchedule}. So many schedules of each kind of
 * server: {@code -Dtopiary.recovery.schedules=1000}; one again: {@code -Dtopiary.recovery.seed=17}.
 */
class RecoverySimulationTest {

  private static final int SCHEDULES = Integer.getInteger("topiary.recovery.schedules", 10);
  private static final long SEED = Long.getLong("topiary.recovery.seed", 0);

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whateverHappensTheTreeIsWholeAgainAndNothingIsLostUnsaid(Kind kind) throws Exception {
    all(kind, false);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whateverFallsIntoATakingOverOneTakesWritesInTheEnd(Kind kind) throws Exception {
    all(kind, true);
  }

  private static void all(Kind kind, boolean takeOver) throws Exception {
    var wrong = new ArrayList<String>();
    int refused = 0;
    long[] seeds = SEED > 0 ? new long[] {SEED} : LongStream.rangeClosed(1, SCHEDULES).toArray();
    for (long seed : seeds) {
      try (var schedule = new RecoverySchedule(kind, seed, takeOver)) {
        schedule.run().forEach(w -> wrong.add("seed " + schedule.seed() + ": " + w));
        refused += schedule.refused();
      }
    }
    assertTrue(refused < seeds.length || seeds.length == 1, "nobody takes over");
    assertEquals(List.of(), wrong);
  }

  /** The same seed is the same course, to the last statement. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void aScheduleIsTheSameAgain(Kind kind) throws Exception {
    long seed = 1 + new Random().nextInt(1000);
    try (var one = new RecoverySchedule(kind, seed, seed % 2 == 0);
        var two = new RecoverySchedule(kind, seed, seed % 2 == 0)) {
      assertEquals(one.run(), two.run(), () -> "seed " + seed);
      assertEquals(one.told(), two.told(), () -> "seed " + seed);
      assertEquals(one.took(), two.took(), () -> "seed " + seed);
    }
  }

  static Duration seconds(Random random, int from, int to) {
    return Duration.ofMillis(from * 1000L + random.nextInt((to - from) * 1000));
  }
}
