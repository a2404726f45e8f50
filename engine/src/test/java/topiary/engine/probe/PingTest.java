package topiary.engine.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.OneThread;
import topiary.engine.fake.SimulatedServers;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Observation;
import topiary.engine.policy.ProbePolicy;
import topiary.lab.sim.Kind;

/** One ping, and the connection it goes over. */
class PingTest {

  private final OneThread world = new OneThread(1);
  private final SimulatedServers servers = new SimulatedServers(world, Kind.MARIADB, 1);
  private final InstanceKey head = servers.head(1);
  private final List<InstanceKey> stirred = new ArrayList<>();
  private final Prober prober = new Prober(servers, world, ProbePolicy.DEFAULT, stirred::add);

  @BeforeEach
  void begin() throws Exception {
    assertFalse(run(() -> prober.hail(head, 1)), "there is no connection to ask over");
    assertEquals(Condition.SEEN, look().condition());
  }

  @AfterEach
  void end() {
    world.close();
    assertEquals(List.of(), world.deaths());
  }

  private <T> T run(Callable<T> work) throws Exception {
    return world.run(work);
  }

  private Observation look() throws Exception {
    return run(() -> prober.look(head));
  }

  @Test
  void itIsAnsweredOverTheConnectionThatIsKept() throws Exception {
    assertTrue(run(() -> prober.hail(head, 1)));
    assertFalse(run(() -> prober.owes(head, 1)));
    assertFalse(run(() -> prober.silent(head, 1)));
    assertTrue(run(() -> prober.hail(head, 2)), "the connection is kept");
    assertEquals(2, servers.pings(head));
  }

  @Test
  void nobodyIsPingedWhileLookedAt() throws Exception {
    assertFalse(
        run(
            () -> {
              world.start("look", () -> prober.look(head));
              world.pause(Duration.ofNanos(50_000));
              return prober.hail(head, 1);
            }));
    assertEquals(0, servers.pings(head));
  }

  @Test
  void thereAreNeverTwoAtATime() throws Exception {
    servers.server(head).hang(world.micros());
    assertTrue(run(() -> prober.hail(head, 1)));
    assertFalse(run(() -> prober.hail(head, 2)));
    assertTrue(run(() -> prober.owes(head, 1)));
    assertFalse(run(() -> prober.owes(head, 2)));
    assertEquals(1, servers.pings(head));
  }

  @Test
  void whoDoesNotAnswerIsSaidToHangByTheNextLookInItsOwnTime() throws Exception {
    servers.server(head).hang(world.micros());
    assertTrue(run(() -> prober.hail(head, 1)));
    assertTrue(run(() -> prober.silent(head, 1)));
    assertFalse(run(() -> prober.silent(head, 1)), "its connection is closed");
    Duration brief = Duration.ofMillis(700);
    Observation seen = run(() -> prober.look(head, brief));
    assertEquals(Condition.HUNG, seen.condition());
    assertTrue(seen.took().minus(brief).toMillis() < 5, seen::toString);
    assertFalse(run(() -> prober.hail(head, 2)), "there is no connection to ask over");
    servers.server(head).revive(world.micros());
    assertEquals(Condition.SEEN, look().condition());
    assertTrue(run(() -> prober.hail(head, 3)));
  }

  @Test
  void aLookThatComesBeforeTheAnswerTellsByItself() throws Exception {
    servers.server(head).hang(world.micros());
    assertTrue(run(() -> prober.hail(head, 1)));
    Duration brief = Duration.ofMillis(700);
    Observation seen = run(() -> prober.look(head, brief));
    assertEquals(Condition.HUNG, seen.condition());
    assertTrue(seen.took().minus(brief).toMillis() < 5, seen::toString);
    assertFalse(run(() -> prober.silent(head, 1)));
  }

  @Test
  void itsEndIsHeardAfterAPingToo() throws Exception {
    assertTrue(run(() -> prober.hail(head, 1)));
    servers.server(head).kill(world.micros());
    run(
        () -> {
          world.pause(Duration.ofMillis(100));
          return null;
        });
    assertEquals(List.of(head), stirred);
  }
}
