package topiary.engine.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.RealClock;
import topiary.engine.model.Background;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;
import topiary.lab.base.Await;

/** How many connections are made at a time. */
class ProberTest {

  private static final int SERVERS = 40;
  private static final int DOORS = 32;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final CountDownLatch opened = new CountDownLatch(1);

  /** Servers that say nothing until they are all told to refuse. */
  private Fleet.Session silent(InstanceKey key, Deadline deadline) throws ServerTrouble {
    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
    try {
      opened.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      inside.decrementAndGet();
    }
    throw new ServerTrouble(Condition.UNREACHABLE, 0, "nobody listens", null);
  }

  private List<Thread> lookAtAll(Prober prober) {
    return lookAtAll(prober, SERVERS);
  }

  private List<Thread> lookAtAll(Prober prober, int servers) {
    var threads = new ArrayList<Thread>();
    for (int i = 1; i <= servers; i++) {
      var key = new InstanceKey("db" + i, 3306);
      threads.add(Thread.ofVirtual().start(() -> prober.look(key)));
    }
    return threads;
  }

  private static void end(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      assertTrue(thread.join(PATIENCE), thread + " does not end");
    }
  }

  @Test
  void newcomersAreNotAllConnectedToAtOnce() throws InterruptedException {
    try (var prober = new Prober(this::silent, new RealClock(), policy(PATIENCE))) {
      List<Thread> threads = lookAtAll(prober);
      assertTrue(
          Await.holds(
              PATIENCE,
              () ->
                  inside.get() == DOORS
                      && threads.stream()
                              .filter(t -> t.getState() == Thread.State.TIMED_WAITING)
                              .count()
                          == SERVERS - DOORS));
      opened.countDown();
      end(threads);
      assertEquals(DOORS, most.get());
    }
  }

  @Test
  void thoseThatWereSilentStandInNobodysWay() throws InterruptedException {
    Fleet refusing =
        (key, deadline) -> {
          throw new ServerTrouble(Condition.UNREACHABLE, 0, "nobody listens", null);
        };
    var once = new AtomicInteger();
    Fleet first =
        (key, deadline) ->
            once.incrementAndGet() <= SERVERS
                ? refusing.open(key, deadline)
                : silent(key, deadline);
    try (var prober = new Prober(first, new RealClock(), policy(PATIENCE))) {
      end(lookAtAll(prober));
      List<Thread> threads = lookAtAll(prober);
      assertTrue(Await.holds(PATIENCE, () -> inside.get() == SERVERS));
      opened.countDown();
      end(threads);
    }
  }

  @Test
  void whoHasWaitedLongEnoughGoesInAnyway() throws InterruptedException {
    try (var prober = new Prober(this::silent, new RealClock(), policy(Duration.ofMillis(200)))) {
      List<Thread> threads = lookAtAll(prober);
      assertTrue(Await.holds(PATIENCE, () -> inside.get() == SERVERS));
      opened.countDown();
      end(threads);
    }
  }

  /**
   * What plans do not rest on is not asked while others wait to be looked at for the first time.
   */
  @Test
  void whoComesInACrowdIsAskedTheRestWhenItIsLookedAtNext() throws Exception {
    Fleet recorded =
        Recording.read(Path.of("src/test/resources/topiary/engine/probe/mariadb-11.4-source.txt"))
            .replay();
    Map<InstanceKey, List<String>> asked = new ConcurrentHashMap<>();
    Fleet gated =
        (key, deadline) -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          try {
            opened.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          var questions = new CopyOnWriteArrayList<String>();
          asked.put(key, questions);
          return Recording.listening(recorded, questions).open(key, deadline);
        };
    try (var prober = new Prober(gated, new RealClock(), policy(PATIENCE))) {
      List<Thread> threads = lookAtAll(prober);
      assertTrue(Await.holds(PATIENCE, () -> inside.get() == DOORS));
      assertTrue(
          Await.holds(
              PATIENCE,
              () ->
                  threads.stream()
                      .anyMatch(
                          t ->
                              t.getState() == Thread.State.TIMED_WAITING
                                  && List.of(t.getStackTrace()).toString().contains("Doors"))));
      opened.countDown();
      end(threads);
      List<InstanceKey> hurried =
          asked.entrySet().stream()
              .filter(e -> !processList(e.getValue()))
              .map(Map.Entry::getKey)
              .toList();
      assertFalse(hurried.isEmpty());
      assertTrue(hurried.size() < SERVERS, "the last of all kept nobody waiting");
      InstanceKey one = hurried.getFirst();
      assertEquals(Background.NONE, prober.look(one).facts().orElseThrow().background());
      assertTrue(processList(asked.get(one)));
      long before = asked.get(one).stream().filter(sql -> sql.contains("PROCESSLIST")).count();
      prober.look(one);
      assertEquals(
          before, asked.get(one).stream().filter(sql -> sql.contains("PROCESSLIST")).count());
    }
  }

  private static boolean processList(List<String> questions) {
    return questions.stream().anyMatch(sql -> sql.contains("PROCESSLIST"));
  }

  private static ProbePolicy policy(Duration opening) {
    return new ProbePolicy(PATIENCE, Duration.ofMillis(200), opening);
  }
}
