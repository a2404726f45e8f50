package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.engine.fake.Seeds;
import topiary.engine.manager.RecoverySchedule.Weather;
import topiary.lab.sim.Kind;

/**
 * Simulated servers die, come back and hang, and nodes lose their lead, while dead servers are
 * recovered by the real manager; see {@link RecoverySchedule}. So many schedules of each kind of
 * server: {@code -Dtopiary.recovery.schedules=1000}; one again, or so many from it on: {@code
 * -Dtopiary.recovery.seed=17}.
 */
class RecoverySimulationTest {

  private static final Integer WANTED = Integer.getInteger("topiary.recovery.schedules");
  private static final Long FROM = Long.getLong("topiary.recovery.seed");

  /** Of one that is named, that one only, unless it is said how many. */
  private static final int SCHEDULES = WANTED != null ? WANTED : FROM != null ? 1 : 250;

  private static final long SEED = FROM != null ? FROM : 1;

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
    var refused = new AtomicInteger();
    List<String> wrong =
        Seeds.wrong(
            (takeOver ? "takings over, " : "recoveries, ") + kind,
            SEED,
            SCHEDULES,
            seed -> {
              try (var schedule = new RecoverySchedule(kind, seed, takeOver, Weather.ROUGH)) {
                List<String> its = schedule.run();
                refused.addAndGet(schedule.refused());
                return its;
              }
            });
    assertEquals(List.of(), wrong);
    assertTrue(refused.get() < SCHEDULES || SCHEDULES == 1, "nobody takes over");
  }

  /**
   * What once went wrong. Leaders changed between a replica's being pointed elsewhere and its being
   * started, and while one applied what it had received and no more: both were left standing still.
   * A primary that died in a taking over came back while its replicas were started again, and was
   * left refusing writes. Another came back below its successor, with a transaction nobody was told
   * of. A leader that had just changed told applications of a primary that had been taken over
   * from. Replicas were moved below one that had less, and what they had more was lost when the
   * primary died then; what children of a replica with errant transactions had was taken for lost.
   * Who was moved to get what another had more was no candidate any more, and nobody was promoted.
   * A leader that had not seen a successor since that took its place held it for a replica of the
   * dead one. Replicas that could not be moved received from a primary that woke, and that was let
   * take writes as long as it was tried. Replicas went below one with errant transactions. One that
   * had forgotten its source already was held for unfit. A node that went on with a recovery knew
   * nothing of the replicas a taking over had moved. Two recoveries of one server were under way,
   * as it was of another cluster by then.
   */
  @ParameterizedTest
  @CsvSource({
    "MARIADB, 385, true, PLAIN",
    "MYSQL, 440, true, PLAIN",
    "MYSQL, 511, false, PLAIN",
    "MYSQL, 515, false, PLAIN",
    "MARIADB, 828, true, PLAIN",
    "MYSQL, 4, true, ROUGH",
    "MARIADB, 4, true, ROUGH",
    "MYSQL, 22, true, ROUGH",
    "MARIADB, 121, true, ROUGH",
    "MYSQL, 139, true, ROUGH",
    "MYSQL, 35, false, ROUGH",
    "MYSQL, 51, false, ROUGH",
    "MYSQL, 648, false, ROUGH",
    "MYSQL, 6150, false, ROUGH",
    "MYSQL, 6156, false, ROUGH",
    "MYSQL, 6300, false, ROUGH",
    "MARIADB, 2178, false, ROUGH",
    "MARIADB, 5053, false, ROUGH",
    "MARIADB, 11783, false, ROUGH",
    "MYSQL, 3313, true, ROUGH",
    "MYSQL, 6942, true, ROUGH"
  })
  void whatOnceWentWrongEndsWell(Kind kind, long seed, boolean takeOver, Weather weather)
      throws Exception {
    try (var schedule = new RecoverySchedule(kind, seed, takeOver, weather)) {
      assertEquals(List.of(), schedule.run());
    }
  }

  /** The same seed is the same course, to the last statement. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void aScheduleIsTheSameAgain(Kind kind) throws Exception {
    long seed = 1 + new Random().nextInt(1000);
    try (var one = new RecoverySchedule(kind, seed, seed % 2 == 0, Weather.ROUGH);
        var two = new RecoverySchedule(kind, seed, seed % 2 == 0, Weather.ROUGH)) {
      assertEquals(one.run(), two.run(), () -> "seed " + seed);
      assertEquals(one.told(), two.told(), () -> "seed " + seed);
      assertEquals(one.took(), two.took(), () -> "seed " + seed);
    }
  }

  static Duration seconds(Random random, int from, int to) {
    return Duration.ofMillis(from * 1000L + random.nextInt((to - from) * 1000));
  }
}
