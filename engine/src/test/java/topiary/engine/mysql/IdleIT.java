package topiary.engine.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.fake.Ground;
import topiary.engine.fake.RealClock;
import topiary.engine.fake.Threads;
import topiary.engine.model.Condition;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;
import topiary.lab.flavor.Flavor;

/** What is heard of connections at rest, of real servers: MySQL's are encrypted. */
class IdleIT {

  private static final int SESSIONS = 8;
  private static final int CYCLES = 125;

  private final RealClock clock = new RealClock();
  private final Semaphore heard = new Semaphore(0);

  private static List<Flavor> flavors() {
    return Ground.flavors();
  }

  private Deadline in(int seconds) {
    return Deadline.in(Duration.ofSeconds(seconds), clock);
  }

  private String id(Fleet.Session session) throws ServerTrouble {
    return session.ask("SELECT CONNECTION_ID() AS id", in(20)).first().orElseThrow().get("id");
  }

  private void awaitHeard() throws InterruptedException {
    assertTrue(heard.tryAcquire(20, TimeUnit.SECONDS), "nothing is heard");
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void whatEndsAConnectionIsHeardAndNothingElse(Flavor flavor) throws Exception {
    try (Ground ground = Ground.up("idle", "p", flavor);
        var threads = new Threads()) {
      var fleet = new JdbcFleet(ground.passwords(), threads);
      usedAndAtRestInTurns(ground, fleet);
      killed(ground, fleet);
      hanging(ground, fleet);
      dead(ground, fleet);
      assertEquals(List.of(), threads.deaths());
    }
  }

  /** A thousand times, side by side; then somebody ends all of them, and each is heard of. */
  private void usedAndAtRestInTurns(Ground ground, Fleet fleet) throws Exception {
    var sessions = new ArrayList<Fleet.Session>();
    try (var side = Executors.newVirtualThreadPerTaskExecutor()) {
      var ends = new ArrayList<Future<?>>();
      for (int i = 0; i < SESSIONS; i++) {
        Fleet.Session session = fleet.open(ground.key("p"), in(20));
        sessions.add(session);
        var random = new Random(i);
        ends.add(side.submit(() -> cycles(session, random)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    assertEquals(0, heard.availablePermits(), "heard of what has not happened");
    for (Fleet.Session session : sessions) {
      String id = id(session);
      session.rest(heard::release);
      ground.tell("p", "KILL " + id);
    }
    assertTrue(heard.tryAcquire(SESSIONS, 20, TimeUnit.SECONDS), heard + " were heard");
    sessions.forEach(Fleet.Session::close);
  }

  private Void cycles(Fleet.Session session, Random random) throws ServerTrouble {
    for (int i = 0; i < CYCLES; i++) {
      session.rest(heard::release);
      // Sometimes it is used before it is watched, sometimes after.
      clock.pause(Duration.ofMillis(random.nextInt(30)));
      if (i % 3 == 0) {
        session.hail(i);
      }
      if (i % 2 == 0) {
        session.foretell(List.of("SELECT 1", "SELECT 2"), in(20));
        session.ask("SELECT 1", in(20));
        session.ask("SELECT 2", in(20));
      }
    }
    session.rest(heard::release);
    return null;
  }

  private void killed(Ground ground, Fleet fleet) throws Exception {
    try (Fleet.Session session = fleet.open(ground.key("p"), in(20))) {
      String id = id(session);
      session.rest(heard::release);
      ground.tell("p", "KILL " + id);
      awaitHeard();
      var trouble = assertThrows(ServerTrouble.class, () -> session.ask("SELECT 1", in(20)));
      assertEquals(Condition.UNREACHABLE, trouble.condition(), trouble::getMessage);
      assertFalse(session.usable());
    }
  }

  /** Its connections stay, so nothing is heard; but it does not answer. */
  private void hanging(Ground ground, Fleet fleet) throws Exception {
    try (Fleet.Session session = fleet.open(ground.key("p"), in(20));
        Fleet.Session unused = fleet.open(ground.key("p"), in(20))) {
      session.rest(heard::release);
      assertFalse(session.hail(1), "before it was asked anything");
      id(session);
      id(unused);
      session.rest(heard::release);
      unused.rest(heard::release);
      answered(session);
      answered(unused);
      try (var _ = ground.lab().faults().hang("p")) {
        assertTrue(session.hail(7));
        assertTrue(unused.hail(7));
        assertFalse(session.hail(8), "never two at a time");
        clock.pause(Duration.ofMillis(100));
        assertTrue(session.owes(7));
        // Whoever asks meanwhile waits for the answer to that, and no longer than he may.
        var trouble = assertThrows(ServerTrouble.class, () -> session.ask("SELECT 1", in(1)));
        assertEquals(Condition.HUNG, trouble.condition(), trouble::getMessage);
        assertFalse(session.usable());
      }
      Ground.await(() -> !unused.owes(7), "it goes on and does not answer");
      assertEquals(0, heard.availablePermits());
      answered(unused);
      // And when it is asked before it has answered, the answers come in their order.
      assertTrue(unused.hail(9));
      assertEquals("5", unused.ask("SELECT 5 AS five", in(20)).first().orElseThrow().get("five"));
      assertFalse(unused.owes(9));
    }
  }

  /** It is at rest, is asked, and answers while it is at rest; again and again. */
  private static void answered(Fleet.Session session) {
    for (long i = 1_000; i < 1_005; i++) {
      long stamp = i;
      Ground.await(
          () -> {
            try {
              return session.hail(stamp);
            } catch (ServerTrouble e) {
              throw new AssertionError(e);
            }
          },
          "it cannot be asked");
      Ground.await(() -> !session.owes(stamp), "it does not answer");
    }
  }

  private void dead(Ground ground, Fleet fleet) throws Exception {
    try (Fleet.Session session = fleet.open(ground.key("p"), in(20))) {
      session.rest(heard::release);
      try (Fleet.Session closed = fleet.open(ground.key("p"), in(20))) {
        closed.rest(heard::release);
      }
      ground.lab().faults().kill("p");
      awaitHeard();
      var trouble = assertThrows(ServerTrouble.class, () -> session.ask("SELECT 1", in(20)));
      assertEquals(Condition.UNREACHABLE, trouble.condition(), trouble::getMessage);
      assertEquals(0, heard.availablePermits(), "heard of one that was closed");
    }
  }
}
