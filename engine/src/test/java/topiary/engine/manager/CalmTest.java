package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.engine.fake.Seeds;
import topiary.engine.model.InstanceKey;
import topiary.lab.sim.Kind;

/**
 * A fleet that has a bad day and nobody who dies: replicas restart, lag and stop, answers take
 * twenty times as long, what is sent to a server or to all of them gets lost for a while, the
 * primary hangs for a moment. Nothing may be found that a recovery would be due for. So many hours
 * of a cluster, each of a seed of its own: {@code -Dtopiary.calm.hours=10000}.
 */
class CalmTest {

  private static final int HOURS = Integer.getInteger("topiary.calm.hours", 1);
  private static final long SEED = Long.getLong("topiary.calm.seed", 1);

  @ParameterizedTest
  @EnumSource(Kind.class)
  void nothingIsFoundThatIsNotSo(Kind kind) throws Exception {
    assertEquals(
        List.of(), Seeds.wrong("calm hours, " + kind, SEED, HOURS, seed -> hour(kind, seed)));
  }

  /** What went wrong in one hour. */
  private static List<String> hour(Kind kind, long seed) throws Exception {
    var wrong = new ArrayList<String>();
    try (var scene = new Scene(kind, seed)) {
      scene.run(
          () -> {
            badDay(scene, new Random(seed), Duration.ofHours(1));
            return null;
          });
      JudgeTest.actionable(scene).forEach(note -> wrong.add(note.toString()));
      scene.world.deaths().forEach(death -> wrong.add("a task died: " + death));
    }
    return wrong;
  }

  private static void badDay(Scene scene, Random random, Duration span) {
    long end = scene.world.nanos() + span.toNanos();
    List<InstanceKey> replicas = List.of(scene.b, scene.c, scene.d);
    while (scene.world.nanos() < end) {
      scene.world.pause(Duration.ofMillis(5_000 + random.nextInt(120_000)));
      trouble(scene, random, replicas.get(random.nextInt(replicas.size())));
    }
  }

  private static void trouble(Scene scene, Random random, InstanceKey replica) {
    var server = scene.servers.server(replica);
    Duration span = Duration.ofMillis(500 + random.nextInt(30_000));
    switch (random.nextInt(7)) {
      case 0 -> {
        server.kill(scene.world.micros());
        scene.world.pause(span);
        server.revive(scene.world.micros());
      }
      case 1 -> {
        server.lag(20 + random.nextInt(100), scene.world.micros());
        scene.world.pause(span);
        server.lag(0, scene.world.micros());
      }
      case 2 -> {
        server.threads(false, true, random.nextBoolean(), scene.world.micros());
        scene.world.pause(span);
        server.threads(true, true, true, scene.world.micros());
      }
      case 3 -> {
        scene.servers.slow(20);
        scene.world.pause(span);
        scene.servers.slow(1);
      }
      case 4 -> {
        InstanceKey one = scene.servers.keys().get(random.nextInt(scene.servers.keys().size()));
        scene.servers.lose(one, true);
        scene.world.pause(span);
        scene.servers.lose(one, false);
      }
      case 5 -> {
        scene.servers.keys().forEach(key -> scene.servers.lose(key, true));
        scene.world.pause(span);
        scene.servers.keys().forEach(key -> scene.servers.lose(key, false));
      }
      default -> {
        scene.servers.server(scene.p).hang(scene.world.micros());
        scene.world.pause(Duration.ofMillis(200 + random.nextInt(1_500)));
        scene.servers.server(scene.p).revive(scene.world.micros());
      }
    }
  }
}
