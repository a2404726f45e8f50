package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.analysis.Errant;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.gtid.GtidSet;
import topiary.engine.intent.Intent;
import topiary.engine.model.Capability;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.PlanEnd;
import topiary.lab.flavor.Flavors;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/** What every kind of server is asked and told, on real ones, while they are written to. */
@Execution(ExecutionMode.SAME_THREAD)
class FlavorsIT {

  private static final By DBA = new By("dba", "test");
  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10)));

  private Ground ground;
  private Manager manager;

  static List<topiary.lab.flavor.Flavor> flavors() {
    return Flavors.all();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void aTreeIsSeenReshapedAndPutBack(topiary.lab.flavor.Flavor flavor) throws Exception {
    try (Ground here = Ground.up("flavors", "p(r1,r2(r3))", flavor);
        Ground.Topiary topiary = here.topiary(new MemoryLog(), QUICK)) {
      ground = here;
      manager = topiary.manager();
      topiary.discover(ground.key("r3"), 4);
      isSeenAsItIs();
      try (Load load = Load.start(ground.lab())) {
        await(() -> load.acknowledged() > 20, "nothing is written");
        replicasMoveAndMoveBack();
        threadsStopAndStart();
        load.stop();
        List<Check.Result> results = load.check(Ground.LIMIT);
        assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
      }
      readOnlyIsForEverybody();
      errantTransactionsAreSeen();
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  private void isSeenAsItIs() {
    for (String member : List.of("p", "r1", "r2", "r3")) {
      Facts facts = facts(member);
      assertEquals(List.of(), facts.complaints(), member);
      assertEquals(!member.equals("p"), facts.settings().readOnly(), member);
      assertTrue(facts.settings().logBin() && facts.settings().logReplicaUpdates(), member);
      assertEquals(Optional.of(ground.key(member)), facts.identity().reported(), member);
      assertTrue(facts.positions().logEnd().offset() > 0, member);
      assertTrue(!facts.positions().executedGtid().isEmpty(), member);
      assertEquals(!member.equals("p"), facts.primaryChannel().isPresent(), member);
      boolean mysql = facts.identity().flavor() == Flavor.MYSQL;
      assertEquals(mysql, facts.identity().uuid().isPresent(), member);
      assertEquals(mysql ? "ON" : "", facts.settings().gtidMode(), member);
    }
    assertEquals(List.of(ground.key("r3")), facts("r2").reportedReplicas());
    assertEquals(
        Stream.of(ground.key("r1"), ground.key("r2")).sorted().toList(),
        manager.topology().replicasOf(ground.key("p")));
  }

  private void replicasMoveAndMoveBack() throws Exception {
    // Below a sibling, with what hangs below it, under load.
    done(new Intent.Relocate(ground.key("r2"), ground.key("r1")));
    assertEquals("r1 Yes Yes", ground.stands("r2"));
    assertEquals("r2 Yes Yes", ground.stands("r3"));
    done(new Intent.Undo(manager.undoable().orElseThrow()));
    assertEquals("p Yes Yes", ground.stands("r2"));
    // Below the grandparent.
    done(new Intent.Relocate(ground.key("r3"), ground.key("p")));
    assertEquals("p Yes Yes", ground.stands("r3"));
    PlanResult ring = manager.plan(new Intent.Relocate(ground.key("p"), ground.key("r3")));
    assertTrue(
        ring instanceof PlanResult.Refused r && r.reason().contains("is not a replica"),
        ring::toString);
  }

  private void threadsStopAndStart() throws Exception {
    done(new Intent.StopReplication(ground.key("r1"), Threads.IO));
    assertEquals("p No Yes", ground.stands("r1"));
    await(() -> losesNothing("r1", "r2"), "what r1 has received is nowhere else");
    if (facts("r1").identity().flavor() == Flavor.MYSQL) {
      // An applying thread that stands in a transaction would wait a minute for the rest of it.
      done(new Intent.StartReplication(ground.key("r1"), Threads.IO));
    }
    done(new Intent.StopReplication(ground.key("r1"), Threads.BOTH));
    assertEquals("p No No", ground.stands("r1"));
    await(() -> losesNothing("r1", "r2"), "r2 does not get what r1 has received");
    // What somebody has stopped is moved, and stays as it was.
    done(new Intent.Relocate(ground.key("r1"), ground.key("r2")));
    assertEquals("r2 No No", ground.stands("r1"));
    done(new Intent.StartReplication(ground.key("r1"), Threads.BOTH));
    assertEquals("r2 Yes Yes", ground.stands("r1"));
  }

  /** Whether a server that is stopped as it is could be moved: MariaDB must have applied it all. */
  private boolean losesNothing(String member, String below) {
    Flavor flavor = facts(member).identity().flavor();
    Facts has = facts(flavor == Flavor.MARIADB ? member : below);
    return flavor
        .position(has.positions().executedGtid())
        .covers(flavor.position(facts(member).channels().getFirst().progress().receivedGtid()));
  }

  private void readOnlyIsForEverybody() throws Exception {
    done(new Intent.SetReadOnly(ground.key("r3"), false));
    assertTrue(!facts("r3").settings().readOnly());
    done(new Intent.SetReadOnly(ground.key("r3"), true));
    assertTrue(facts("r3").settings().readOnly());
    if (facts("r3").identity().capabilities().contains(Capability.SUPER_READ_ONLY)) {
      assertTrue(facts("r3").settings().superReadOnly());
      var refused =
          assertThrows(AssertionError.class, () -> ground.tell("r3", "CREATE DATABASE never"));
      assertTrue(refused.getMessage().contains("super-read-only"), refused::getMessage);
    }
  }

  private void errantTransactionsAreSeen() throws Exception {
    done(new Intent.SetReadOnly(ground.key("r3"), false));
    ground.tell("r3", "CREATE DATABASE by_mistake");
    await(
        () -> Errant.of(manager.topology(), ground.key("r3")).isPresent(),
        "nothing is errant on r3: " + facts("r3").positions());
    String errant = Errant.of(manager.topology(), ground.key("r3")).orElseThrow();
    Flavor flavor = facts("r3").identity().flavor();
    if (flavor == Flavor.MYSQL) {
      assertEquals(1, GtidSet.parse(errant).count(), errant);
      assertTrue(errant.startsWith(facts("r3").identity().uuid().orElseThrow()), errant);
    }
    assertEquals(Optional.empty(), Errant.of(manager.topology(), ground.key("r1")));
    PlanResult move = manager.plan(new Intent.Relocate(ground.key("r3"), ground.key("r2")));
    String said = move.toString();
    assertTrue(said.contains(errant), said);
    assertEquals(flavor == Flavor.MYSQL, move instanceof PlanResult.Planned, said);
    if (flavor == Flavor.MYSQL) {
      done(new Intent.Relocate(ground.key("r3"), ground.key("r2")));
      assertEquals("r2 Yes Yes", ground.stands("r3"));
    }
  }

  private void done(Intent intent) throws Exception {
    Run run = manager.applyNow(intent, DBA);
    Outcome outcome = run.await();
    assertEquals(PlanEnd.DONE, outcome.end(), outcome.report());
    manager.refresh(ground.key("r1"));
    manager.refresh(ground.key("r2"));
    manager.refresh(ground.key("r3"));
  }

  private Facts facts(String member) {
    InstanceKey key = ground.key(member);
    return manager.topology().instance(key).flatMap(Instance::facts).orElseThrow();
  }

  private static void await(BooleanSupplier condition, String otherwise) {
    Ground.await(condition, otherwise);
  }
}
