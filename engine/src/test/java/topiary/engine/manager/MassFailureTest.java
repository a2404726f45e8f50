package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.engine.fake.OneThread;
import topiary.engine.fake.SharedLog;
import topiary.engine.fake.SimulatedServers;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.recovery.Obstacles;
import topiary.engine.recovery.Turns;
import topiary.engine.state.Command;
import topiary.engine.state.RecoveryEnd;
import topiary.lab.sim.Kind;

/** Many clusters lose a server in the same moment; three nodes look after them. */
class MassFailureTest {

  private static final By DBA = new By("dba", "test");
  private static final List<String> NODES = List.of("n1", "n2", "n3");
  private static final int MANY = 50;
  private static final int AT_ONCE = RecoveryPolicy.DEFAULT.atOnce();

  /** Nobody waits for longer than this, in the world's time. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Clusters, each with a primary and two replicas. */
  private static final class Fleet implements AutoCloseable {
    private final OneThread world;
    private final SimulatedServers servers;
    private final SharedLog log = new SharedLog();
    private final Map<String, Manager> managers = new LinkedHashMap<>();
    private final List<InstanceKey> primaries = new ArrayList<>();

    /** Of each further cluster a source below its primary, which has a replica. */
    private final List<InstanceKey> sources = new ArrayList<>();

    /** So many that began by themselves, not longer ago than counts, were under way at most. */
    private int most;

    Fleet(Kind kind, long seed, int clusters, int deeper) {
      world = new OneThread(seed);
      servers = new SimulatedServers(world, kind, seed);
      servers.replicationUser("repl");
      for (int i = 0; i < clusters; i++) {
        InstanceKey primary = servers.otherHead(5);
        primaries.add(primary);
        servers.replica(primary);
        servers.replica(primary);
      }
      for (int i = 0; i < deeper; i++) {
        InstanceKey primary = servers.otherHead(5);
        InstanceKey source = servers.replica(primary);
        servers.replica(source);
        sources.add(source);
      }
      var ids = new Random(seed);
      for (String node : NODES) {
        managers.put(
            node,
            new Manager(
                new Ports(
                    servers,
                    log.member(node),
                    log.log(),
                    world,
                    world,
                    (topology, touched) -> {},
                    () -> new UUID(ids.nextLong(), ids.nextLong()),
                    Set::of),
                new Policies(ProbePolicy.DEFAULT, PlanPolicy.DEFAULT)));
      }
    }

    <T> T run(Callable<T> work) throws Exception {
      T result =
          world.run(
              () -> {
                world.pause(Duration.ofSeconds(1));
                log.elect("n1");
                for (Manager manager : managers.values()) {
                  manager.start();
                }
                for (InstanceKey key : servers.keys()) {
                  leader().discover(key, DBA);
                }
                leader()
                    .request(
                        new Command.SwitchRecovery(Optional.empty(), Optional.empty(), true), DBA);
                world.pause(Duration.ofSeconds(20));
                log.log().after(command -> count());
                return work.call();
              });
      assertEquals(List.of(), world.deaths());
      return result;
    }

    private void count() {
      most =
          Math.max(
              most,
              (int)
                  log.log().state().recoveries().open().values().stream()
                      .filter(r -> !r.forced())
                      .filter(r -> r.since().plus(Turns.LONG).isAfter(world.now()))
                      .count());
    }

    Manager leader() {
      return managers.values().stream().filter(Manager::leads).findFirst().orElseThrow();
    }

    void kill(List<InstanceKey> keys) {
      keys.forEach(key -> servers.server(key).kill(world.micros()));
    }

    /** All replicas of a primary apply late. */
    void lag(InstanceKey primary, Duration late) {
      leader()
          .topology()
          .replicasOf(primary)
          .forEach(key -> servers.server(key).lag((int) late.toSeconds(), world.micros()));
    }

    List<Command.OpenRecovery> opened() {
      return log.log().accepted().stream()
          .filter(Command.OpenRecovery.class::isInstance)
          .map(Command.OpenRecovery.class::cast)
          .toList();
    }

    List<Command.CloseRecovery> ended() {
      return log.log().accepted().stream()
          .filter(Command.CloseRecovery.class::isInstance)
          .map(Command.CloseRecovery.class::cast)
          .toList();
    }

    /** Waits for something, and says how long that took. */
    Duration await(BooleanSupplier condition, String otherwise) {
      long began = world.nanos();
      while (!condition.getAsBoolean()) {
        if (world.nanos() - began > PATIENCE.toNanos()) {
          throw new AssertionError(otherwise + "; open: " + log.log().state().recoveries().open());
        }
        world.pause(Duration.ofMillis(10));
      }
      return Duration.ofNanos(world.nanos() - began);
    }

    Duration awaitEnds(int many) {
      return await(() -> ended().size() >= many, "not all were recovered");
    }

    void wellEnded() {
      for (Command.CloseRecovery end : ended()) {
        assertEquals(RecoveryEnd.DONE, end.end(), end::report);
      }
      var failed = new HashSet<InstanceKey>();
      opened().forEach(open -> assertTrue(failed.add(open.failed()), "twice: " + open));
      assertEquals(Map.of(), log.log().state().recoveries().open());
      assertEquals(Map.of(), log.log().state().held());
      assertEquals(Turns.NONE.waiting(), leader().turns().waiting());
    }

    @Override
    public void close() {
      world.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void allAreRecoveredAFewAtATimeWhoeverLeads(Kind kind) throws Exception {
    try (var fleet = new Fleet(kind, 1, MANY, 0)) {
      Duration took =
          fleet.run(
              () -> {
                long began = fleet.world.nanos();
                fleet.kill(fleet.primaries);
                fleet.await(() -> fleet.opened().size() >= MANY / 4, "none begins");
                fleet.log.elect("n2");
                fleet.await(() -> fleet.opened().size() >= MANY / 2, "none goes on");
                fleet.log.electUnnoticed("n3");
                fleet.world.pause(Duration.ofMillis(300));
                fleet.log.notice();
                fleet.awaitEnds(MANY);
                return Duration.ofNanos(fleet.world.nanos() - began);
              });
      fleet.wellEnded();
      assertEquals(AT_ONCE, fleet.most, "so many were under way at a time");
      assertTrue(took.compareTo(Duration.ofSeconds(3)) < 0, took::toString);
    }
  }

  /** Who waits for its replicas is passed by; whoever was found first among the others is first. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void thoseThatTakeLongKeepNobody(Kind kind) throws Exception {
    try (var fleet = new Fleet(kind, 2, MANY, 0)) {
      Duration late = Duration.ofMinutes(2);
      fleet.run(
          () -> {
            List<InstanceKey> stuck = fleet.primaries.subList(0, AT_ONCE);
            List<InstanceKey> others = fleet.primaries.subList(AT_ONCE, MANY);
            stuck.forEach(key -> fleet.lag(key, late));
            fleet.world.pause(Duration.ofSeconds(10));
            fleet.kill(stuck);
            fleet.await(() -> fleet.opened().size() == AT_ONCE, "the first do not begin");
            fleet.kill(others);
            fleet.world.pause(Turns.LONG.dividedBy(2));
            assertEquals(AT_ONCE, fleet.opened().size(), "all places are taken");
            assertEquals(others.size(), fleet.leader().turns().waiting().size());
            Duration more = fleet.awaitEnds(others.size());
            assertTrue(more.compareTo(Turns.LONG.multipliedBy(2)) < 0, more::toString);
            assertEquals(AT_ONCE, fleet.log.log().state().recoveries().open().size());
            assertEquals(AT_ONCE, fleet.most, "so many were under way at a time");
            return fleet.awaitEnds(MANY);
          });
      fleet.wellEnded();
    }
  }

  @Test
  void primariesComeFirstAndWhoWaitsIsTold() throws Exception {
    int deeper = 10;
    try (var fleet = new Fleet(Kind.MYSQL, 3, 2 * AT_ONCE, deeper)) {
      fleet.run(
          () -> {
            fleet.leader().request(new Command.HaltRecoveries(true), DBA);
            fleet.kill(fleet.sources);
            fleet.await(() -> found(fleet, fleet.sources), "they are not found");
            fleet.kill(fleet.primaries);
            fleet.await(() -> found(fleet, fleet.primaries), "they are not found");
            assertEquals(List.of(), fleet.opened());
            fleet.leader().request(new Command.HaltRecoveries(false), DBA);
            fleet.await(() -> !fleet.leader().turns().waiting().isEmpty(), "nobody waits");
            assertEquals(
                "it waits for its turn: 8 recoveries are under way, "
                    + (AT_ONCE + deeper - 1)
                    + " clusters before it",
                told(fleet, fleet.leader().turns().waiting().getLast().cluster()));
            return fleet.awaitEnds(2 * AT_ONCE + deeper);
          });
      fleet.wellEnded();
      List<RecoveryKind> kinds = fleet.opened().stream().map(o -> o.kind()).toList();
      assertFalse(kinds.subList(0, 2 * AT_ONCE).contains(RecoveryKind.INTERMEDIATE), "" + kinds);
      assertEquals(AT_ONCE, fleet.most, "so many were under way at a time");
    }
  }

  private static boolean found(Fleet fleet, List<InstanceKey> keys) {
    return keys.stream()
        .allMatch(
            key ->
                Optional.ofNullable(fleet.leader().found().get(key))
                    .flatMap(f -> f.judgement().failure())
                    .filter(f -> f.code().word().startsWith("Dead"))
                    .isPresent());
  }

  /** What stops a cluster's recovery before anything else. */
  private static String told(Fleet fleet, ClusterId cluster) {
    Manager leader = fleet.leader();
    InstanceKey head = leader.state().heads().get(cluster);
    return Obstacles.to(
            leader.world(),
            leader.state(),
            leader.policies().recovery(),
            leader.topology().treeOf(head).orElseThrow(),
            true,
            leader.turns())
        .getFirst();
  }

  /** Somebody who asks waits for nobody, nor does anybody wait for what was asked for. */
  @Test
  void whatIsAskedForBeginsAtOnceAndKeepsNobody() throws Exception {
    try (var fleet = new Fleet(Kind.MYSQL, 4, 3 * AT_ONCE, 0)) {
      fleet.run(
          () -> {
            List<InstanceKey> first = fleet.primaries.subList(0, AT_ONCE);
            List<InstanceKey> others = fleet.primaries.subList(AT_ONCE, 3 * AT_ONCE);
            fleet.primaries.forEach(key -> fleet.lag(key, Turns.LONG.multipliedBy(4)));
            fleet.world.pause(Duration.ofSeconds(30));
            fleet.leader().request(new Command.HaltRecoveries(true), DBA);
            fleet.kill(first);
            fleet.await(() -> found(fleet, first), "they are not found");
            for (InstanceKey key : first) {
              fleet.leader().recover(key, Optional.empty(), DBA);
            }
            fleet.kill(others);
            fleet.await(() -> found(fleet, others), "they are not found");
            fleet.leader().request(new Command.HaltRecoveries(false), DBA);
            Duration waited =
                fleet.await(() -> fleet.opened().size() == 2 * AT_ONCE, "none begins");
            assertTrue(waited.compareTo(Duration.ofSeconds(1)) < 0, waited::toString);
            fleet.await(() -> fleet.leader().turns().waiting().size() == AT_ONCE, "nobody waits");
            Turns.Due last = fleet.leader().turns().waiting().getLast();
            fleet.leader().recover(last.failed(), Optional.empty(), DBA);
            assertEquals(2 * AT_ONCE + 1, fleet.opened().size());
            assertEquals(last.failed(), fleet.opened().getLast().failed());
            assertEquals(0, fleet.ended().size(), "all that are open take long");
            return fleet.awaitEnds(3 * AT_ONCE);
          });
      fleet.wellEnded();
      assertEquals(AT_ONCE, fleet.most, "so many were under way at a time");
    }
  }

  /** Whoever waits is seen to when one ends, and not with the next round of judgement only. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void theNextBeginsAtTheMomentOneEnds(Kind kind) throws Exception {
    try (var fleet = new Fleet(kind, 5, MANY, 0)) {
      fleet.run(
          () -> {
            fleet
                .leader()
                .registry()
                .recoveryRule(Optional.empty(), "at-once", Optional.of("1"), DBA);
            fleet.kill(fleet.primaries);
            for (int i = 1; i < MANY; i++) {
              int ends = i;
              fleet.awaitEnds(ends);
              Duration more = fleet.await(() -> fleet.opened().size() > ends, "none follows");
              assertTrue(more.compareTo(Duration.ofMillis(50)) < 0, more::toString);
            }
            return fleet.awaitEnds(MANY);
          });
      fleet.wellEnded();
      assertEquals(1, fleet.most, "one at a time");
    }
  }

  /**
   * A successor that died when it took writes may have some; however much is done for others
   * meanwhile, nobody else is promoted in its place.
   */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatWasDoneForARecoveryIsKnownHoweverMuchIsDoneForOthers(Kind kind) throws Exception {
    try (var fleet = new Fleet(kind, 6, MANY, 0)) {
      var promoted = new ArrayList<InstanceKey>();
      fleet.run(
          () -> {
            List<InstanceKey> replicas =
                fleet.leader().topology().replicasOf(fleet.primaries.getFirst());
            fleet.servers.watch(
                new SimulatedServers.Witness() {
                  @Override
                  public void before(InstanceKey server, String sql) {}

                  @Override
                  public void after(InstanceKey server, String sql) {
                    if (replicas.contains(server) && takesWrites(fleet, server)) {
                      promoted.add(server);
                      fleet.servers.server(server).kill(fleet.world.micros());
                    }
                  }
                });
            fleet.kill(fleet.primaries);
            return fleet.awaitEnds(MANY);
          });
      assertEquals(1, promoted.size(), "took writes: " + promoted);
      List<Command.CloseRecovery> failed =
          fleet.ended().stream().filter(end -> !end.end().successful()).toList();
      assertEquals(1, failed.size(), failed::toString);
      assertTrue(failed.getFirst().report().contains("told to take writes"), failed::toString);
    }
  }

  private static boolean takesWrites(Fleet fleet, InstanceKey server) {
    return fleet
        .servers
        .truth(server, "SELECT @@global.read_only AS r")
        .first()
        .filter(row -> row.get("r").equals("0"))
        .isPresent();
  }
}
