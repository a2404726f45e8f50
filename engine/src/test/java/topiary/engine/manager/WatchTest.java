package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.OneThread;
import topiary.engine.fake.SharedLog;
import topiary.engine.fake.SimulatedServers;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;
import topiary.lab.sim.Kind;

/** What has a server and its replicas looked at out of turn, in the time of simulated servers. */
class WatchTest {

  /** So seldom that no look in turn comes in between. */
  private static final Duration HOUR = Duration.ofHours(1);

  private static final Policies SELDOM =
      new Policies(
          new ProbePolicy(HOUR, Duration.ofSeconds(2), Duration.ofSeconds(5)), PlanPolicy.DEFAULT);

  private final OneThread world = new OneThread(1);
  private final SimulatedServers servers = new SimulatedServers(world, Kind.MYSQL, 1);
  private final Random ids = new Random(1);
  private final Map<InstanceKey, List<Duration>> looks = new TreeMap<>();
  private final InstanceKey head = servers.head(10);
  private final InstanceKey r1 = servers.replica(head);
  private final InstanceKey r2 = servers.replica(head);
  private final InstanceKey leaf = servers.replica(r1);
  private Manager manager;
  private long began;

  @BeforeEach
  void begin() throws Exception {
    var log = new SharedLog();
    manager =
        new Manager(
            new Ports(
                servers,
                log.member("a"),
                log.log(),
                world,
                world,
                (topology, touched) -> touched.forEach(this::published),
                () -> new UUID(ids.nextLong(), ids.nextLong()),
                Set::of),
            SELDOM);
    log.elect("a");
    world.run(
        () -> {
          world.pause(Duration.ofSeconds(1));
          manager.start();
          for (InstanceKey key : servers.keys()) {
            manager.discover(key, new By("tester", "test"));
          }
          world.pause(Duration.ofSeconds(10));
          return null;
        });
    assertTrue(manager.topology().instances().values().stream().allMatch(i -> i.seen()));
    looks.clear();
    began = world.nanos();
  }

  @AfterEach
  void end() {
    world.close();
    manager.close();
    assertEquals(List.of(), world.deaths());
  }

  private void published(InstanceKey key) {
    looks.computeIfAbsent(key, k -> new ArrayList<>()).add(Duration.ofNanos(world.nanos() - began));
  }

  private void pass(Duration duration) throws Exception {
    world.run(
        () -> {
          world.pause(duration);
          return null;
        });
  }

  private void passMillis(long millis) throws Exception {
    pass(Duration.ofMillis(millis));
  }

  private int looks(InstanceKey key) {
    return looks.getOrDefault(key, List.of()).size();
  }

  private Condition condition(InstanceKey key) {
    return manager.topology().instance(key).orElseThrow().condition();
  }

  /** Somebody ends all connections of Topiary's to a server. */
  private void killSessions(InstanceKey key) throws Exception {
    world.run(
        () -> {
          Deadline soon = Deadline.in(Duration.ofSeconds(5), world);
          try (Fleet.Session session = servers.open(key, soon)) {
            String own =
                session.ask("SELECT CONNECTION_ID() AS id", soon).first().orElseThrow().get("id");
            for (Map<String, String> row : session.ask("SHOW PROCESSLIST", soon).rows()) {
              if (row.get("User").equals("topiary") && !row.get("Id").equals(own)) {
                kill(session, row.get("Id"), soon);
              }
            }
          }
          return null;
        });
  }

  private static void kill(Fleet.Session session, String id, Deadline soon) throws ServerTrouble {
    try {
      session.tell("KILL " + id, soon);
    } catch (ServerTrouble e) {
      // It had ended by itself.
      assertEquals(1094, e.code(), e::getMessage);
    }
  }

  @Test
  void aDeadServerAndItsReplicasAreLookedAtAtOnce() throws Exception {
    servers.server(head).kill(world.micros());
    passMillis(100);
    assertEquals(Condition.ABSENT, condition(head));
    assertEquals(Set.of(head, r1, r2), new TreeSet<>(looks.keySet()));
    assertEquals(1, looks(head));
    assertTrue(looks(r1) >= 1 && looks(r2) >= 1, looks::toString);
    assertTrue(looks.get(r1).getFirst().toMillis() < 50, looks::toString);
  }

  @Test
  void oneThatNobodyReplicatesFromIsLookedAtAlone() throws Exception {
    servers.server(leaf).kill(world.micros());
    passMillis(5_000);
    assertEquals(Condition.ABSENT, condition(leaf));
    assertEquals(Map.of(leaf, 1), Map.of(leaf, looks(leaf)));
    assertEquals(Set.of(leaf), looks.keySet());
  }

  @Test
  void aKilledSessionHasItLookedAtAndIsNoTrouble() throws Exception {
    killSessions(head);
    passMillis(5_000);
    assertEquals(Condition.SEEN, condition(head));
    assertEquals(1, looks(head), looks::toString);
    assertEquals(1, looks(r1), looks::toString);
    assertEquals(1, looks(r2), looks::toString);
    assertEquals(0, looks(leaf), looks::toString);
    // It is watched again.
    killSessions(head);
    passMillis(5_000);
    assertEquals(2, looks(head), looks::toString);
  }

  @Test
  void sessionsThatAreEndedOverAndOverMakeNoStorm() throws Exception {
    for (int i = 0; i < 500; i++) {
      killSessions(head);
      passMillis(10);
    }
    Duration passed = Duration.ofNanos(world.nanos() - began);
    long most = passed.toSeconds() + 2;
    // Now and then one ends while it is used, and the look with it: then there is one more.
    assertTrue(looks(head) > 2 && looks(head) <= 2 * most, passed + ": " + looks);
    assertTrue(looks(r1) > 2 && looks(r1) <= most, passed + ": " + looks);
    // What came last is looked after too.
    passMillis(1_100);
    servers.server(head).kill(world.micros());
    passMillis(1_100);
    assertEquals(Condition.ABSENT, condition(head));
  }

  @Test
  void onlyThoseWithReplicasArePinged() throws Exception {
    int before = servers.pings(head);
    int middle = servers.pings(r1);
    passMillis(10_000);
    assertTrue(Math.abs(servers.pings(head) - before - 20) <= 1, "" + servers.pings(head));
    assertTrue(Math.abs(servers.pings(r1) - middle - 20) <= 1, "" + servers.pings(r1));
    assertEquals(0, servers.pings(r2));
    assertEquals(0, servers.pings(leaf));
    assertEquals(Map.of(), looks);
  }

  @Test
  void oneThatHangsIsFoundByAPingAndLookedAtAgainSoonWhileThatIsNew() throws Exception {
    servers.server(head).hang(world.micros());
    passMillis(1_600);
    // Its replicas are asked before it has been waited for.
    assertTrue(looks(r1) >= 1 && looks(r2) >= 1, looks::toString);
    passMillis(1_100);
    assertEquals(Condition.HUNG, condition(head));
    passMillis(300);
    int pings = servers.pings(head);
    assertTrue(looks(head) >= 1, looks::toString);
    passMillis(9_000);
    int soon = looks(head);
    assertTrue(soon >= 9 && soon <= 12, looks::toString);
    assertTrue(looks(r1) >= 8 && looks(r1) <= 13, looks::toString);
    passMillis(5_000);
    int settled = looks(head);
    passMillis(60_000);
    assertEquals(settled, looks(head), "its turn comes in an hour");
    assertEquals(pings, servers.pings(head), "who does not answer is not pinged");
    servers.server(head).revive(world.micros());
    world.run(() -> manager.refresh(head));
    assertEquals(Condition.SEEN, condition(head));
    passMillis(2_000);
    assertTrue(servers.pings(head) > pings);
  }

  @Test
  void onePingThatIsLostIsNoTrouble() throws Exception {
    servers.server(head).hang(world.micros());
    passMillis(1_300);
    servers.server(head).revive(world.micros());
    passMillis(2_000);
    assertEquals(Condition.SEEN, condition(head));
    int after = looks(head);
    passMillis(60_000);
    assertEquals(after, looks(head), looks::toString);
  }
}
