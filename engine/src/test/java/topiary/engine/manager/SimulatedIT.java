package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.fake.Passwords;
import topiary.engine.fake.RealClock;
import topiary.engine.fake.Threads;
import topiary.engine.intent.Intent;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Observation;
import topiary.engine.model.ThreadState;
import topiary.engine.mysql.JdbcFleet;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;
import topiary.engine.probe.Prober;
import topiary.engine.state.PlanEnd;
import topiary.lab.Ports;
import topiary.lab.base.Await;
import topiary.lab.flavor.Flavors;
import topiary.lab.sim.Address;
import topiary.lab.sim.Kind;
import topiary.lab.tree.Tree;
import topiary.lab.wire.SimulatedFleet;
import topiary.lab.wire.SimulatedSpec;

/** Simulated servers are to Topiary as real ones are. */
class SimulatedIT {

  private static final By DBA = new By("dba", "test");
  private static final int NETWORK = 81;
  private static final ProbePolicy PROBE =
      new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10));
  private static final Policies QUICK =
      new Policies(
          PROBE,
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10)));

  private final Passwords passwords = new Passwords("topiary", "topiary");
  private final Threads threads = new Threads();
  private final Prober prober =
      new Prober(new JdbcFleet(passwords, threads), new RealClock(), PROBE);
  private SimulatedFleet fleet;

  @BeforeEach
  void up() {
    int port = new Ports("127." + NETWORK + ".0.1", Set.of()).take();
    fleet =
        SimulatedFleet.start(
            SimulatedSpec.of(20)
                .clusters(2)
                .kinds(List.of(Kind.MYSQL, Kind.MARIADB))
                .writes(20)
                .network(NETWORK)
                .port(port));
  }

  @AfterEach
  void down() {
    prober.close();
    threads.close();
    fleet.close();
  }

  private static InstanceKey key(Address address) {
    return new InstanceKey(address.host(), address.port());
  }

  private static Address address(InstanceKey key) {
    return new Address(key.host(), key.port());
  }

  private Facts seen(InstanceKey key) {
    return facts(prober.look(key));
  }

  private static Facts facts(Observation observation) {
    assertEquals(Condition.SEEN, observation.condition(), observation::sentence);
    return observation.facts().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aTreeIsFoundFromOneMemberAndReshapedByAPlan(Kind kind) throws Exception {
    List<Address> tree = fleet.clusters().get(kind.ordinal());
    var log = new MemoryLog();
    try (Ground.Topiary topiary = Ground.topiary(passwords, log, log, QUICK, Set::of)) {
      Manager manager = topiary.manager();
      topiary.discover(key(tree.getLast()), tree.size());
      InstanceKey head = key(tree.getFirst());
      InstanceKey middle = middle(tree);
      InstanceKey leaf =
          manager.topology().replicasOf(head).stream()
              .filter(k -> !k.equals(middle))
              .findFirst()
              .orElse(head);
      // With every step that real servers are told, under their fence, while they are written to.
      InstanceKey moved = leaf.equals(head) ? key(tree.getLast()) : leaf;
      done(manager, new Intent.Relocate(moved, middle));
      Channel now = seen(moved).primaryChannel().orElseThrow();
      assertEquals(middle, now.source());
      assertTrue(now.replicating());
      done(manager, new Intent.Relocate(moved, head));
      assertEquals(head, seen(moved).primaryChannel().orElseThrow().source());
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  private static void done(Manager manager, Intent intent) throws Exception {
    PlanResult plan = manager.plan(intent);
    assertInstanceOf(PlanResult.Planned.class, plan, plan::toString);
    Outcome outcome = manager.applyNow(intent, DBA).await();
    assertEquals(PlanEnd.DONE, outcome.end(), outcome::report);
  }

  private InstanceKey middle(List<Address> tree) {
    return member(tree, f -> f.primaryChannel().isPresent() && !f.reportedReplicas().isEmpty());
  }

  private InstanceKey member(List<Address> tree, Predicate<Facts> which) {
    return tree.stream()
        .map(SimulatedIT::key)
        .filter(k -> which.test(seen(k)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void faultsAreSeenAsThoseOfRealServers() {
    List<Address> tree = fleet.clusters().getFirst();
    InstanceKey head = key(tree.getFirst());
    InstanceKey replica =
        member(tree, f -> f.primaryChannel().filter(c -> c.source().equals(head)).isPresent());
    fleet.kill(tree.getFirst());
    Observation dead = prober.look(head);
    assertEquals(Condition.ABSENT, dead.condition());
    assertEquals(head + " refuses connections: nothing listens there", dead.sentence());
    Channel left = seen(replica).primaryChannel().orElseThrow();
    assertEquals(2003, left.ioError().code());
    assertTrue(!left.replicating());
    fleet.revive(tree.getFirst());
    fleet.hang(address(replica));
    assertEquals(Condition.HUNG, prober.look(replica).condition());
    fleet.revive(address(replica));
    assertTrue(seen(replica).primaryChannel().orElseThrow().replicating());
    fleet.applier(address(replica), false);
    assertEquals(ThreadState.STOPPED, seen(replica).primaryChannel().orElseThrow().sql());
    fleet.errant(address(replica), 3);
    assertTrue(
        seen(replica)
            .positions()
            .executedGtid()
            .contains(seen(replica).identity().uuid().orElseThrow() + ":1-3"));
  }

  /** The same questions, through the same probe, to a real tree and to a simulated one. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatAProbeMakesOfRealServersItMakesOfThese(Kind kind) throws Exception {
    var flavor = Flavors.named(kind.id());
    List<Address> tree = fleet.clusters().get(kind.ordinal());
    // MySQL's servers take seconds to start.
    String shape = kind == Kind.MYSQL ? "p(r2)" : "p(r1(r2))";
    try (Ground ground = Ground.up("like", shape, flavor);
        var real = new Prober(new JdbcFleet(ground.passwords(), threads), new RealClock(), PROBE)) {
      InstanceKey leaf =
          member(tree, f -> f.primaryChannel().isPresent() && f.reportedReplicas().isEmpty());
      same(level(real, ground.key("p")), seen(key(tree.getFirst())));
      if (kind == Kind.MARIADB) {
        same(level(real, ground.key("r1")), seen(middle(tree)));
      }
      same(level(real, ground.key("r2")), seen(leaf));
      String replica = kind == Kind.MARIADB ? "SLAVE" : "REPLICA";
      for (String sql :
          List.of("STOP %s IO_THREAD", "START %s IO_THREAD", "STOP %s SQL_THREAD", "STOP %s")) {
        tell(ground.passwords(), ground.key("r2"), sql.formatted(replica));
        tell(passwords, leaf, sql.formatted(replica));
        Ground.await(
            () -> settled(facts(real.look(ground.key("r2")))), "r2 does not connect again");
        // One that applies the rest after it has stopped receiving knows for a moment how late it
        // is.
        Await.holds(
            Ground.LIMIT,
            () -> shape(facts(real.look(ground.key("r2")))).equals(shape(seen(leaf))));
        same(facts(real.look(ground.key("r2"))), seen(leaf));
      }
    }
  }

  private static final String ODD = "p(d,f)<>q(m),o(m)";

  /** The same shapes, told by the same statements: co-masters, two sources, delay, filters, … */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void shapesOfEverySortAreAsThoseOfRealServers(Kind kind) throws Exception {
    boolean maria = kind == Kind.MARIADB;
    List<String> names = Tree.parse(ODD).members().stream().map(Tree.Member::name).toList();
    int port = new Ports("127." + (NETWORK + 1) + ".0.1", Set.of()).take();
    var spec = SimulatedSpec.of(Tree.parse(ODD), 1).kinds(List.of(kind)).writes(0);
    try (Ground ground = Ground.semiSync("odd", ODD, Flavors.named(kind.id()));
        SimulatedFleet odd = SimulatedFleet.start(spec.network(NETWORK + 1).port(port));
        var real = new Prober(new JdbcFleet(ground.passwords(), threads), new RealClock(), PROBE)) {
      String[] sides =
          maria ? new String[] {"master", "slave"} : new String[] {"source", "replica"};
      for (Address server : odd.servers()) {
        for (String side : sides) {
          if (!maria) {
            String plugin = "INSTALL PLUGIN rpl_semi_sync_%1$s SONAME 'semisync_%1$s.so'";
            tell(passwords, key(server), plugin.formatted(side));
          }
          tell(passwords, key(server), "SET GLOBAL rpl_semi_sync_" + side + "_enabled=ON");
        }
        String wait = "SET GLOBAL rpl_semi_sync_%s_wait_no_%s=OFF".formatted((Object[]) sides);
        tell(passwords, key(server), wait);
      }
      String stop = maria ? "STOP SLAVE" : "STOP REPLICA";
      String start = maria ? "START SLAVE" : "START REPLICA";
      String delay = maria ? "CHANGE MASTER TO MASTER" : "CHANGE REPLICATION SOURCE TO SOURCE";
      List<String> filters =
          maria
              ? List.of(
                  "SET GLOBAL replicate_ignore_db='junk'",
                  "SET GLOBAL replicate_wild_ignore_table='shop.tmp%'")
              : List.of(
                  "CHANGE REPLICATION FILTER REPLICATE_IGNORE_DB=(junk),"
                      + " REPLICATE_WILD_IGNORE_TABLE=('shop.tmp%')");
      both(ground, odd, "d", List.of(stop, delay + "_DELAY=3600", start));
      String off = "SET GLOBAL rpl_semi_sync_" + sides[1] + "_enabled=OFF";
      both(ground, odd, "f", List.of(stop, off));
      both(ground, odd, "f", filters);
      both(ground, odd, "f", List.of(start));
      for (String name : names) {
        InstanceKey twin = key(odd.servers().get(names.indexOf(name)));
        boolean same =
            Await.holds(
                Ground.LIMIT,
                () -> odd(facts(real.look(ground.key(name)))).equals(odd(seen(twin))));
        assertEquals(
            same ? odd(seen(twin)) : odd(facts(real.look(ground.key(name)))),
            odd(seen(twin)),
            name);
      }
    }
  }

  private void both(Ground ground, SimulatedFleet odd, String name, List<String> statements)
      throws ServerTrouble {
    List<String> names = Tree.parse(ODD).members().stream().map(Tree.Member::name).toList();
    for (String sql : statements) {
      ground.tell(name, sql);
      tell(passwords, key(odd.servers().get(names.indexOf(name))), sql);
    }
  }

  /** What there is of such shapes, and all that is the same of any server. */
  private static List<Object> odd(Facts f) {
    var channels = new ArrayList<Object>();
    for (Channel c : f.channels()) {
      // How late one is that is held back differs by when it was written to.
      channels.add(c.delaySeconds() > 0 ? shape(c).subList(0, 11) : shape(c));
      channels.add(c.setup().filters());
      channels.add(c.setup().encryption().options());
    }
    return List.of(
        f.settings(),
        channels,
        f.reportedReplicas().size(),
        f.semiSync(),
        f.positions().executedGtid().split(",").length,
        f.complaints());
  }

  private static boolean settled(Facts facts) {
    return facts.primaryChannel().orElseThrow().io() != ThreadState.CONNECTING;
  }

  private void tell(Passwords as, InstanceKey key, String sql) throws ServerTrouble {
    var deadline = Deadline.in(Ground.LIMIT, new RealClock());
    try (Fleet.Session session = new JdbcFleet(as, threads).open(key, deadline)) {
      session.tell(sql, deadline);
    }
  }

  private static void same(Facts real, Facts simulated) {
    assertEquals(shape(real), shape(simulated));
  }

  /** All of what was seen but names, versions, and how far they have come. */
  private static List<Object> shape(Facts f) {
    var who = f.identity();
    var settings = f.settings();
    return List.of(
        who.flavor(),
        who.capabilities(),
        who.uuid().map(String::length),
        who.reported().isPresent(),
        settings,
        f.channels().stream().map(SimulatedIT::shape).toList(),
        f.reportedReplicas().isEmpty(),
        f.positions().logEnd().file(),
        f.positions().logEnd().offset() > 0,
        f.positions().executedGtid().isEmpty(),
        f.positions().loggedGtid().isEmpty(),
        f.positions().purgedGtid().isEmpty(),
        f.positions().historyGtid().isEmpty(),
        f.complaints());
  }

  /** What is seen of a server once it has caught up: a real one may be late when it is new. */
  private static Facts level(Prober real, InstanceKey key) {
    var seen = new AtomicReference<Facts>();
    Ground.await(
        () -> {
          seen.set(facts(real.look(key)));
          return seen.get()
              .primaryChannel()
              .map(c -> c.progress().secondsBehind().equals(Optional.of(0L)))
              .orElse(true);
        },
        key + " stays behind");
    return seen.get();
  }

  private static List<Object> shape(Channel c) {
    return List.of(
        c.name(),
        c.user(),
        c.gtid(),
        c.io(),
        c.sql(),
        c.filtered(),
        c.tls(),
        c.delaySeconds(),
        c.ioError(),
        c.sqlError(),
        shape(c.progress().read()),
        shape(c.progress().executed()),
        c.progress().relay().file().replaceAll("[0-9]+$", ""),
        c.progress().receivedGtid().isEmpty(),
        c.progress().secondsBehind().isPresent(),
        c.progress().secondsBehind().equals(Optional.of(0L)));
  }

  private static List<Object> shape(BinlogPosition position) {
    return List.of(position.file(), position.offset() > 4);
  }
}
