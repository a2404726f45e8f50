package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.fake.RealClock;
import topiary.engine.fake.Threads;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.mysql.JdbcFleet;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.lab.Fault;
import topiary.lab.flavor.Flavor;

/** Real servers, which are looked at in turn so seldom that every look here is out of turn. */
class WatchIT {

  private static final Policies SELDOM =
      new Policies(
          new ProbePolicy(Duration.ofHours(1), Duration.ofSeconds(10), Duration.ofSeconds(20)),
          PlanPolicy.DEFAULT);

  private final Map<InstanceKey, AtomicLong> looks = new ConcurrentHashMap<>();
  private Ground ground;
  private Manager manager;

  private static List<Flavor> flavors() {
    return Ground.oneFlavor();
  }

  private long looks(String member) {
    return looks.getOrDefault(ground.key(member), new AtomicLong()).get();
  }

  private Condition condition(String member) {
    return manager.topology().instance(ground.key(member)).orElseThrow().condition();
  }

  private void await(String... members) {
    for (String member : members) {
      Ground.await(() -> looks(member) > 0, member + " is not looked at: " + looks);
    }
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void whatHappensToAServerIsSeenAtOnce(Flavor flavor) throws Exception {
    try (Ground up = Ground.up("watch", "p(r1,r2(r3))", flavor);
        var threads = new Threads()) {
      ground = up;
      var log = new MemoryLog();
      manager =
          new Manager(
              new Ports(
                  new JdbcFleet(ground.passwords(), threads),
                  log,
                  log,
                  new RealClock(),
                  threads,
                  (topology, touched) ->
                      touched.forEach(
                          key ->
                              looks.computeIfAbsent(key, k -> new AtomicLong()).incrementAndGet()),
                  UUID::randomUUID),
              SELDOM);
      try (var topiary = new Ground.Topiary(manager, threads)) {
        topiary.discover(ground.key("p"), 4);
        Ground.await(
            () -> manager.topology().replicasOf(ground.key("p")).size() == 2, "no tree is seen");
        aKilledConnection();
        aReplicaThatIsStartedAgain();
        aHungPrimary();
        aDeadPrimary();
        assertEquals(List.of(), threads.deaths());
      }
    }
  }

  private void aKilledConnection() {
    quiet();
    String id =
        ground
            .ask(
                "p",
                "SELECT MIN(ID) AS id FROM information_schema.processlist WHERE COMMAND = 'Sleep'"
                    + " AND USER = '"
                    + ground.lab().credentials().user()
                    + "'")
            .get("id");
    ground.tell("p", "KILL " + id);
    await("p", "r1", "r2");
    assertEquals(Condition.SEEN, condition("p"));
    assertEquals(0, looks("r3"), looks::toString);
  }

  private void aReplicaThatIsStartedAgain() {
    quiet();
    Fault fault = ground.lab().faults().kill("r1");
    await("r1");
    Ground.await(() -> !condition("r1").answering(), "r1 is still seen");
    assertEquals(0, looks("p"), looks::toString);
    fault.heal();
    Ground.await(() -> seenAgain("r1"), "r1 is " + condition("r1"));
  }

  /** One that has no replicas is looked at in turn again, or when somebody asks. */
  private boolean seenAgain(String member) {
    try {
      return manager.refresh(ground.key(member)).seen();
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
  }

  private void aHungPrimary() {
    quiet();
    try (var _ = ground.lab().faults().hang("p")) {
      await("r1", "r2");
      Ground.await(() -> condition("p") == Condition.HUNG, "p is " + condition("p"));
    }
    // While that is new it is looked at again by itself.
    Ground.await(() -> condition("p") == Condition.SEEN, "p is " + condition("p"));
    assertEquals(0, looks("r3"), looks::toString);
  }

  private void aDeadPrimary() {
    quiet();
    ground.lab().faults().kill("p");
    await("p", "r1", "r2");
    Ground.await(() -> !condition("p").answering(), "p is still seen");
    assertTrue(condition("p") != Condition.HUNG, "p is " + condition("p"));
    assertEquals(0, looks("r3"), looks::toString);
  }

  /** Whatever is under way has been folded when nobody is looked at any more. */
  private void quiet() {
    long[] before = {-1};
    Ground.await(
        () -> {
          long now = manager.looks();
          boolean same = now == before[0];
          before[0] = now;
          new RealClock().pause(Duration.ofMillis(1_500));
          return same;
        },
        "it goes on looking");
    looks.clear();
  }
}
