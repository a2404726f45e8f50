package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.fake.SharedLog;
import topiary.engine.intent.Intent;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.NodeId;
import topiary.engine.model.Threads;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.Command;
import topiary.engine.state.ManagerState;
import topiary.engine.state.NodeInfo;
import topiary.engine.state.PlanEnd;

/** Two Topiaries over one log, on real servers, while leadership moves from one to the other. */
class LeadershipIT {

  private static final int SIZE = 3;
  private static final By DBA = new By("dba", "test");
  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(1), Duration.ofSeconds(1)),
          new PlanPolicy(
              Duration.ofSeconds(5),
              Duration.ofSeconds(10),
              Duration.ofSeconds(3),
              Duration.ofSeconds(2)));

  private static Ground ground;
  private final SharedLog shared = new SharedLog();
  private final MemoryLog log = shared.log();
  private Ground.Topiary a;
  private Ground.Topiary b;

  @BeforeAll
  static void up() {
    ground = Ground.up("leadership", "p(r1,r2)");
  }

  @AfterAll
  static void down() {
    if (ground != null) {
      ground.close();
    }
  }

  @BeforeEach
  void begin() throws Exception {
    ground.restore();
    a = ground.topiary(shared.member("a"), log, QUICK, shared::ids);
    b = ground.topiary(shared.member("b"), log, QUICK, shared::ids);
    shared.elect("a");
    b.manager().start();
    a.discover(ground.key("r2"), SIZE);
    b.awaitSeen(SIZE);
  }

  @AfterEach
  void end() {
    a.close();
    b.close();
  }

  @Test
  void aFollowerSeesWhatTheLeaderTakesInAndProposesNothing() throws Exception {
    await(() -> log.state().heads().size() == 1, "the tree is not named");
    assertEquals(a.manager().state(), b.manager().state());
    InstanceKey r2 = ground.key("r2");
    for (Refused asked :
        List.<Refused>of(
            () -> b.manager().forget(r2, DBA),
            () -> b.manager().discover(r2, DBA),
            () -> b.manager().applyNow(stop(), DBA))) {
      var e = assertThrows(RequestRefused.class, asked::ask);
      assertEquals(RequestRefused.Kind.NOT_LEADING, e.kind());
      assertEquals("this node does not lead the cluster; a does", e.getMessage());
    }
    a.manager().forget(r2, DBA);
    assertFalse(b.manager().topology().instances().containsKey(r2));
    // Its source names it still, and the follower hears it at every look.
    b.manager().refresh(ground.key("p"));
    a.manager().discover(r2, DBA);
    assertTrue(b.manager().topology().instances().containsKey(r2));
    assertEquals(List.of(), shared.member("b").proposed());
  }

  @Test
  void theLevelIsRaisedOnceAllHaveSaidWhatTheySupport() throws Exception {
    var alias = new InstanceKey("localhost", ground.key("r2").port());
    a.manager().announce(new NodeId("a"), node("a", 2), DBA);
    a.manager().discover(alias, DBA);
    assertEquals(Map.of(), log.state().aliases(), "a node that may be old could not read it");
    assertEquals(1, log.state().level());
    a.manager().announce(new NodeId("b"), node("b", 1), DBA);
    assertEquals(1, log.state().level());
    // Updated, and started again.
    a.manager().announce(new NodeId("b"), node("b", 2), DBA);
    await(() -> log.state().level() == 2, "the level is not raised");
    a.manager().discover(alias, DBA);
    assertEquals(Map.of(alias, ground.key("r2")), log.state().aliases());
    assertEquals(
        ground.key("r2"), b.manager().real(alias), "the follower knows it by that name too");
    var old =
        assertThrows(
            RequestRefused.class, () -> a.manager().announce(new NodeId("c"), node("c", 1), DBA));
    assertEquals(
        "the cluster is at feature level 2, and node c (version 0.1) supports only 1: update this"
            + " node",
        old.getMessage());
  }

  private static NodeInfo node(String name, int level) {
    return new NodeInfo(name, URI.create("http://" + name + ":3000"), level, "0." + level);
  }

  private interface Refused {
    void ask() throws Exception;
  }

  @Test
  void aSnapshotIsOneDifferenceLikeAnyOther() throws Exception {
    await(() -> log.state().heads().size() == 1, "the tree is not named");
    ManagerState before = log.state();
    log.restore(ManagerState.EMPTY);
    assertEquals(Map.of(), b.manager().topology().instances());
    assertEquals(Map.of(), b.manager().state().instances());
    log.restore(before);
    log.restore(before);
    b.awaitSeen(SIZE);
    assertEquals(before.instances(), b.manager().state().instances());
    assertEquals(List.of(), shared.member("b").proposed());
    assertEquals(List.of(), b.threads().deaths());
  }

  @Test
  void whoeverComesToLeadLooksAgainAtWhatWasLeftUnsettled() throws Exception {
    await(() -> log.state().heads().size() == 1, "the tree is not named");
    a.manager().forget(ground.key("r2"), DBA);
    shared.elect("b");
    // The follower has heard that it was forgotten, and so lets the same time go by.
    await(() -> log.state().instances().size() == SIZE, "it is not taken in again");
    await(() -> b.manager().topology().instances().size() == SIZE, "it is not watched");
    assertTrue(shared.member("b").proposed().getFirst() instanceof Command.RegisterInstance);
  }

  @Test
  void theLateDeedOfAFormerLeaderIsRefusedAlsoWhenItsSuccessorHasLetGoOfTheFence()
      throws Exception {
    var once = new AtomicBoolean();
    log.after(
        command -> {
          if (pointsAtR1(command) && once.compareAndSet(false, true)) {
            // The former leader knows nothing of it, while its successor comes, looks and goes.
            shared.electUnnoticed("b");
            await(() -> log.state().plans().isEmpty(), "the successor does not close the plan");
            await(() -> holder("r2") == null, "the fence is still held");
          }
        });
    Run run = a.manager().applyNow(relocate(), DBA);
    Outcome outcome = run.await();
    assertEquals(PlanEnd.INTERRUPTED, outcome.end(), outcome::report);
    assertTrue(
        outcome.report().contains(" This node stopped leading during step 6 (point "),
        outcome::report);
    assertFalse(outcome.report().contains("Put back"), outcome::report);
    assertEquals(Optional.of(PlanEnd.INTERRUPTED), log.end(run.id()));
    String report = log.plan(run.id()).orElseThrow().report();
    assertTrue(report.contains("Interrupted during step 6, which may or may not be done."), report);
    assertTrue(
        report.contains(
            "Now "
                + ground.key("r2")
                + " is below "
                + ground.key("p")
                + ", not receiving and not applying."),
        report);
    // As it was when the successor looked: neither moved nor put back.
    assertEquals("p No No", ground.stands("r2"));
    assertNothingMoreBy("a", 6);
    assertEquals(PlanEnd.DONE, b.manager().applyNow(relocate(), DBA).await().end());
    assertTrue(ground.follows("r2", "r1"), ground.stands("r2"));
    assertEquals(List.of(), a.threads().deaths());
    assertEquals(List.of(), b.threads().deaths());
  }

  @Test
  void whoIsToldThatItLeadsNoMoreStopsAndPutsNothingBack() throws Exception {
    var once = new AtomicBoolean();
    log.before(
        command -> {
          if (pointsAtR1(command) && once.compareAndSet(false, true)) {
            shared.elect("b");
          }
        });
    Run run = a.manager().applyNow(relocate(), DBA);
    Outcome outcome = run.await();
    assertEquals(PlanEnd.INTERRUPTED, outcome.end(), outcome::report);
    assertTrue(
        outcome.report().endsWith("does nothing more: b leads now and reports how it stands."),
        outcome::report);
    await(() -> log.state().plans().isEmpty(), "the successor does not close the plan");
    assertEquals(Optional.of(PlanEnd.INTERRUPTED), log.end(run.id()));
    assertEquals("p No No", ground.stands("r2"));
    assertNothingMoreBy("a", 6);
  }

  @Test
  void withoutAMajorityNothingIsDoneAndWhoLeadsAnewReportsItsOwnPlan() throws Exception {
    var once = new AtomicBoolean();
    log.before(
        command -> {
          if (pointsAtR1(command) && once.compareAndSet(false, true)) {
            shared.nobody();
            throw new java.io.IOException("no majority");
          }
        });
    Run run = a.manager().applyNow(relocate(), DBA);
    Outcome outcome = run.await();
    assertEquals(PlanEnd.INTERRUPTED, outcome.end(), outcome::report);
    assertEquals("p No No", ground.stands("r2"));
    assertTrue(log.state().plans().containsKey(run.id()));
    var refused = assertThrows(RequestRefused.class, () -> a.manager().applyNow(relocate(), DBA));
    assertEquals(
        "this node does not lead the cluster; which node does is not known yet, try again in a"
            + " moment",
        refused.getMessage());
    shared.elect("a");
    await(() -> log.state().plans().isEmpty(), "the plan is not closed");
    String report = log.plan(run.id()).orElseThrow().report();
    assertTrue(report.startsWith("Interrupted after step 5."), report);
    assertEquals(PlanEnd.DONE, a.manager().applyNow(relocate(), DBA).await().end());
  }

  @Test
  void aServerThatCannotBeReachedIsNamedInTheReport() throws Exception {
    var once = new AtomicBoolean();
    log.after(
        command -> {
          if (pointsAtR1(command) && once.compareAndSet(false, true)) {
            ground.lab().hang("r1");
            shared.elect("b");
          }
        });
    try {
      Run run = a.manager().applyNow(relocate(), DBA);
      assertEquals(PlanEnd.INTERRUPTED, run.await().end());
      await(() -> log.state().plans().isEmpty(), "the successor does not close the plan");
      String report = log.plan(run.id()).orElseThrow().report();
      assertTrue(
          report.contains("The fence of " + ground.key("r1") + " could not be taken ("), report);
      assertFalse(report.contains("The fence of " + ground.key("r2")), report);
    } finally {
      ground.lab().resume("r1");
    }
  }

  /** What a node has proposed for the last is the step at which it stopped, begun or ended. */
  private void assertNothingMoreBy(String member, int step) {
    Command last = shared.member(member).proposed().getLast();
    int number =
        switch (last) {
          case Command.BeginStep c -> c.number();
          case Command.EndStep c -> c.number();
          default -> 0;
        };
    assertEquals(step, number, last::toString);
  }

  private static String holder(String member) {
    return ground.ask(member, "SELECT IS_USED_LOCK('topiary.fence') AS h").get("h");
  }

  private static boolean pointsAtR1(Command command) {
    return command instanceof Command.BeginStep(var _, var _, Step.PointAt to)
        && to.source().equals(ground.key("r1"));
  }

  private static Intent relocate() {
    return new Intent.Relocate(ground.key("r2"), ground.key("r1"));
  }

  private static Intent stop() {
    return new Intent.StopReplication(ground.key("r2"), Threads.BOTH);
  }

  private static void await(java.util.function.BooleanSupplier condition, String otherwise) {
    Ground.await(condition, otherwise);
  }
}
