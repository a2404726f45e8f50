package topiary.engine.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.NodeId;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.planner.Planner;
import topiary.engine.planner.World;
import topiary.engine.policy.PlanPolicy;

class ManagerStateTest {

  private static final ClusterId C1 = new ClusterId("c000000000001");
  private static final ClusterId C2 = new ClusterId("c000000000002");
  private static final PlanId P1 = new PlanId("p000000000001");
  private static final PlanId P2 = new PlanId("p000000000002");
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final InstanceKey A = key("a");
  private static final InstanceKey B = key("b");
  private static final Plan MOVE = plan(new Intent.Relocate(B, A), Trees.of("p(a,b)"));

  private ManagerState state = ManagerState.EMPTY;

  @Test
  void serversAreRegisteredMovedAndForgotten() {
    accept(new Command.RegisterInstance(A, C1));
    accept(new Command.NameHead(C1, A));
    accept(new Command.RegisterInstance(A, C1));
    assertEquals(Map.of(A, C1), state.instances());
    assertEquals(Map.of(C1, A), state.heads());
    accept(new Command.ForgetInstance(A));
    assertEquals(ManagerState.EMPTY, state);
    reject("a:3306 is not known", new Command.ForgetInstance(A));
  }

  @Test
  void manyAreRegisteredTogetherOrNone() {
    accept(
        new Command.RegisterInstances(
            List.of(new Command.RegisterInstance(A, C1), new Command.RegisterInstance(B, C2))));
    assertEquals(Map.of(A, C1, B, C2), state.instances());
    accept(new Command.AddAlias(key("b2"), B));
    reject(
        "b2:3306 is another name of b:3306",
        new Command.RegisterInstances(
            List.of(
                new Command.RegisterInstance(key("c"), C1),
                new Command.RegisterInstance(key("b2"), C1))));
  }

  @Test
  void aClusterWithoutMembersIsGone() {
    accept(new Command.RegisterInstance(A, C1));
    accept(new Command.RegisterInstance(B, C1));
    accept(new Command.NameHead(C1, A));
    accept(new Command.RegisterInstance(A, C2));
    assertEquals(Map.of(C1, A), state.heads());
    accept(new Command.RegisterInstance(B, C2));
    assertEquals(Map.of(), state.heads());
  }

  @Test
  void aPlanIsOpenedWalkedThroughAndClosed() {
    accept(new Command.OpenPlan(P1, MOVE));
    assertEquals(new OpenPlan(MOVE, "dba", Instant.EPOCH, 0, 0), state.plans().get(P1));
    Step first = MOVE.stages().getFirst().steps().getFirst();
    accept(new Command.BeginStep(P1, 1, first));
    assertEquals(1, state.plans().get(P1).begun());
    assertEquals(0, state.plans().get(P1).ended());
    accept(new Command.EndStep(P1, 1, first, Optional.empty()));
    assertEquals(1, state.plans().get(P1).ended());
    accept(new Command.BeginStep(P1, 2, first));
    accept(new Command.EndStep(P1, 2, first, Optional.of("no")));
    assertEquals(2, state.plans().get(P1).begun());
    assertEquals(1, state.plans().get(P1).ended());
    accept(new Command.ClosePlan(P1, PlanEnd.DONE, ""));
    assertEquals(Map.of(), state.plans());
    accept(new Command.MarkUndone(P1, P2));
  }

  @Test
  void whatConcernsAPlanThatIsNotUnderWayIsRejected() {
    Step step = MOVE.stages().getFirst().steps().getFirst();
    String sentence = "plan p000000000001 is not under way";
    reject(sentence, new Command.BeginStep(P1, 1, step));
    reject(sentence, new Command.EndStep(P1, 1, step, Optional.empty()));
    reject(sentence, new Command.ClosePlan(P1, PlanEnd.DONE, ""));
    accept(new Command.OpenPlan(P1, MOVE));
    reject("plan p000000000001 is under way already", new Command.OpenPlan(P1, MOVE));
  }

  @Test
  void twoPlansDoNotShareAServer() {
    accept(new Command.OpenPlan(P1, MOVE));
    Plan other = plan(new Intent.SetReadOnly(B, true), free("b"));
    reject(
        "b:3306 is in use by plan p000000000001 (relocate b:3306 below a:3306); try again when it"
            + " has ended",
        new Command.OpenPlan(P2, other));
    accept(new Command.OpenPlan(P2, plan(new Intent.SetReadOnly(key("c"), true), free("c"))));
    accept(new Command.ClosePlan(P1, PlanEnd.FAILED, ""));
    accept(new Command.OpenPlan(P1, other));
  }

  @Test
  void aServerInUseIsNotForgotten() {
    accept(new Command.RegisterInstance(B, C1));
    accept(new Command.OpenPlan(P1, MOVE));
    reject(
        "b:3306 cannot be forgotten while plan p000000000001 is under way",
        new Command.ForgetInstance(B));
    accept(new Command.ClosePlan(P1, PlanEnd.DONE, ""));
    accept(new Command.ForgetInstance(B));
  }

  @Test
  void aReplicaIsHeldFromTheBeginningOfItsStopToTheEndOfItsStart() {
    accept(new Command.OpenPlan(P1, MOVE));
    Step stop = new Step.StopReplication(B, "", Threads.IO);
    Step start = new Step.StartReplication(B, "", Threads.BOTH);
    accept(new Command.BeginStep(P1, 1, stop));
    assertEquals(Map.of(B, Held.both(P1)), state.held());
    accept(new Command.EndStep(P1, 1, stop, Optional.empty()));
    accept(new Command.BeginStep(P1, 2, start));
    assertEquals(Map.of(B, Held.both(P1)), state.held());
    accept(new Command.EndStep(P1, 2, start, Optional.of("no")));
    assertEquals(Map.of(B, Held.both(P1)), state.held());
    accept(new Command.EndStep(P1, 3, start, Optional.empty()));
    assertEquals(Map.of(), state.held());
  }

  @Test
  void whatAPlanLeavesStoppedIsHeldUnlessItWasDone() {
    for (PlanEnd end : PlanEnd.values()) {
      state = ManagerState.EMPTY;
      accept(new Command.OpenPlan(P1, MOVE));
      accept(new Command.BeginStep(P1, 1, new Step.StopReplication(B, "", Threads.BOTH)));
      accept(new Command.ClosePlan(P1, end, ""));
      assertEquals(end == PlanEnd.DONE ? Set.of() : Set.of(B), state.held().keySet(), end::name);
      accept(new Command.ReleaseHeld(B));
      assertEquals(Map.of(), state.held());
    }
  }

  @Test
  void whatWasStoppedOnPurposeIsNotHeldByAPlanThatWouldNotStartIt() {
    Plan move = plan(new Intent.Relocate(B, A), Trees.of("p(a,b)").with("b", Trees.Server::stop));
    Plan stop = plan(new Intent.StopReplication(B, Threads.BOTH), Trees.of("p(a,b)"));
    for (Plan plan : List.of(move, stop)) {
      state = ManagerState.EMPTY;
      accept(new Command.OpenPlan(P1, plan));
      Stage last = plan.stages().getLast();
      for (Step step : last.lastly().isEmpty() ? last.steps() : last.lastly()) {
        accept(new Command.BeginStep(P1, 1, step));
      }
      accept(new Command.ClosePlan(P1, PlanEnd.FAILED, ""));
      assertEquals(Map.of(), state.held(), plan.intent()::words);
    }
  }

  /** From level 5 on. */
  private void oneByOne() {
    accept(new Command.RaiseLevel(5));
  }

  private static Plan restart(ThreadState io, ThreadState sql) {
    return plan(
        new Intent.OnServer(B, new Doing.Restart()),
        Trees.of("p(a,b)")
            .with(
                "b",
                s -> {
                  s.io = io;
                  s.sql = sql;
                }));
  }

  private Optional<Held> heldOf(InstanceKey key) {
    return Optional.ofNullable(state.held().get(key));
  }

  @Test
  void aThreadThatRanAloneIsHeldAlone() {
    oneByOne();
    Plan plan = restart(ThreadState.STOPPED, ThreadState.RUNNING);
    accept(new Command.OpenPlan(P1, plan));
    accept(new Command.BeginStep(P1, 1, plan.stages().getFirst().steps().getFirst()));
    accept(new Command.ClosePlan(P1, PlanEnd.INTERRUPTED, ""));
    assertEquals(
        Optional.of(new Held(Optional.empty(), Optional.of(P1))), heldOf(B), "it ran alone");
    accept(new Command.ReleaseHeld(B));
    assertEquals(Map.of(), state.held());
  }

  @Test
  void beforeThatLevelItIsNotHeldAsOlderNodesDoNotHoldIt() {
    Plan plan = restart(ThreadState.STOPPED, ThreadState.RUNNING);
    accept(new Command.OpenPlan(P1, plan));
    accept(new Command.BeginStep(P1, 1, plan.stages().getFirst().steps().getFirst()));
    assertEquals(Map.of(), state.held());
  }

  @Test
  void whatWasHeldAsAWholeIsHeldThreadByThreadFromThenOn() {
    accept(new Command.OpenPlan(P1, MOVE));
    accept(new Command.BeginStep(P1, 1, new Step.StopReplication(B, "", Threads.IO)));
    oneByOne();
    assertEquals(Optional.of(Held.both(P1)), heldOf(B));
    accept(
        new Command.EndStep(P1, 2, new Step.StartReplication(B, "", Threads.IO), Optional.empty()));
    assertEquals(Optional.of(new Held(Optional.empty(), Optional.of(P1))), heldOf(B));
  }

  @Test
  void onlyWhatWasStoppedIsHeldAndOnlyWhatWasStartedIsNotAnyMore() {
    oneByOne();
    accept(new Command.OpenPlan(P1, MOVE));
    accept(new Command.BeginStep(P1, 1, new Step.StopReplication(B, "", Threads.IO)));
    assertEquals(Optional.of(new Held(Optional.of(P1), Optional.empty())), heldOf(B));
    accept(new Command.BeginStep(P1, 2, new Step.StopReplication(B, "", Threads.SQL)));
    assertEquals(Optional.of(Held.both(P1)), heldOf(B));
    Step start = new Step.StartReplication(B, "", Threads.SQL);
    accept(new Command.EndStep(P1, 3, start, Optional.of("no")));
    assertEquals(Optional.of(Held.both(P1)), heldOf(B));
    accept(new Command.EndStep(P1, 3, start, Optional.empty()));
    assertEquals(Optional.of(new Held(Optional.of(P1), Optional.empty())), heldOf(B));
  }

  @Test
  void whoStopsAHeldReplicaForGoodTakesItOverFromThePlanThatHeldIt() {
    oneByOne();
    accept(new Command.OpenPlan(P1, MOVE));
    accept(new Command.BeginStep(P1, 1, new Step.StopReplication(B, "", Threads.BOTH)));
    accept(new Command.ClosePlan(P1, PlanEnd.INTERRUPTED, ""));
    Plan stop = plan(new Intent.StopReplication(B, Threads.SQL), Trees.of("p(a,b)"));
    accept(new Command.OpenPlan(P2, stop));
    accept(new Command.BeginStep(P2, 1, stop.stages().getFirst().steps().getFirst()));
    assertEquals(
        Optional.of(new Held(Optional.of(P1), Optional.empty())),
        heldOf(B),
        "the other thread is still to be started");
    accept(new Command.ClosePlan(P2, PlanEnd.DONE, ""));
    assertEquals(Optional.of(new Held(Optional.of(P1), Optional.empty())), heldOf(B));
  }

  @Test
  void whoHasNoSourceAnyMoreIsNotHeld() {
    oneByOne();
    Plan reset = plan(new Intent.OnServer(B, new Doing.Reset()), Trees.of("p(a,b)"));
    accept(new Command.OpenPlan(P1, reset));
    accept(new Command.BeginStep(P1, 1, new Step.StopReplication(B, "", Threads.BOTH)));
    assertEquals(Optional.of(Held.both(P1)), heldOf(B));
    accept(new Command.EndStep(P1, 2, new Step.ForgetSource(B, ""), Optional.empty()));
    assertEquals(Map.of(), state.held());
  }

  @Test
  void aForgottenReplicaIsNotHeldAnyMore() {
    accept(new Command.RegisterInstance(B, C1));
    accept(new Command.OpenPlan(P1, MOVE));
    accept(new Command.BeginStep(P1, 1, new Step.StopReplication(B, "", Threads.BOTH)));
    accept(new Command.ClosePlan(P1, PlanEnd.INTERRUPTED, ""));
    accept(new Command.ForgetInstance(B));
    assertEquals(Map.of(), state.held());
  }

  @Test
  void anyCommandMayComeInAnyOrder() {
    var random = new Random(5);
    int rejections = 0;
    for (int run = 0; run < 300; run++) {
      state = ManagerState.EMPTY;
      for (int i = 0; i < 60; i++) {
        Command command = random(random);
        ManagerState before = state;
        ManagerState.Applied applied = before.apply(entry(command));
        state = applied.state();
        if (applied.verdict() instanceof Verdict.Rejected(String reason)) {
          rejections++;
          assertSame(before, state);
          assertTrue(!reason.isBlank());
        }
        // No two plans under way share a server.
        var targets = new ArrayList<InstanceKey>();
        state.plans().values().forEach(p -> targets.addAll(p.targets()));
        assertEquals(targets.size(), Set.copyOf(targets).size());
        // The level is what every node understands, and only grows.
        int level = state.level();
        assertTrue(level >= before.level());
        assertTrue(state.nodes().values().stream().allMatch(n -> n.level() >= level));
        assertEquals(applied, before.apply(entry(command)), "applying is a function");
      }
    }
    assertTrue(rejections > 1_000, "too few were rejected: " + rejections);
  }

  private static Command random(Random random) {
    var some = List.of(A, B, key("c"));
    Supplier<InstanceKey> server = () -> some.get(random.nextInt(3));
    ClusterId cluster = random.nextBoolean() ? C1 : C2;
    PlanId plan = random.nextBoolean() ? P1 : P2;
    Threads threads = Threads.values()[random.nextInt(3)];
    Step step =
        switch (random.nextInt(3)) {
          case 0 -> new Step.StopReplication(server.get(), "", threads);
          case 1 -> new Step.StartReplication(server.get(), "", threads);
          default -> new Step.SetReadOnly(server.get(), true);
        };
    Optional<String> failure = random.nextBoolean() ? Optional.empty() : Optional.of("no");
    NodeId node = random.nextBoolean() ? N1 : N2;
    return switch (random.nextInt(14)) {
      case 0 -> new Command.RegisterInstance(server.get(), cluster);
      case 1 -> new Command.ForgetInstance(server.get());
      case 2 -> new Command.NameHead(cluster, server.get());
      case 3 ->
          new Command.OpenPlan(
              plan,
              random.nextBoolean()
                  ? MOVE
                  : plan(new Intent.SetReadOnly(server.get(), true), free("a", "b", "c")));
      case 4 -> new Command.BeginStep(plan, random.nextInt(9), step);
      case 5 -> new Command.EndStep(plan, random.nextInt(9), step, failure);
      case 6 -> new Command.ClosePlan(plan, PlanEnd.values()[random.nextInt(4)], "");
      case 7 -> new Command.MarkUndone(plan, P1);
      case 8 -> new Command.AddAlias(server.get(), server.get());
      case 9 -> new Command.DropAlias(server.get());
      case 10 -> announce(node, 1 + random.nextInt(5));
      case 11 -> new Command.DropNode(node);
      case 12 -> new Command.RaiseLevel(random.nextInt(7) - 1);
      default -> new Command.ReleaseHeld(server.get());
    };
  }

  @Test
  void anotherNameIsNoServerOfItsOwn() {
    accept(new Command.RegisterInstance(key("a"), C1));
    accept(new Command.RegisterInstance(key("b"), C2));
    accept(new Command.NameHead(C2, key("b")));
    accept(new Command.AddAlias(key("c"), key("b")));
    accept(new Command.AddAlias(key("b"), key("a")));
    assertEquals(Set.of(key("a")), state.instances().keySet());
    assertEquals(key("a"), state.names().real(key("c")), "a name of a name is one of the server");
    assertEquals(List.of(key("b"), key("c")), state.names().of(key("a")));
    assertEquals(Map.of(), state.heads(), "a tree of which only another name was left is gone");
    reject("b:3306 is another name of a:3306", new Command.RegisterInstance(key("b"), C1));
    reject("a:3306 is no other name of itself", new Command.AddAlias(key("a"), key("a")));
    reject("x:3306 is not known", new Command.AddAlias(key("y"), key("x")));
    accept(new Command.DropAlias(key("b")));
    reject("b:3306 is no other name of a server", new Command.DropAlias(key("b")));
    accept(new Command.RegisterInstance(key("b"), C1));
    accept(new Command.ForgetInstance(key("a")));
    assertEquals(Map.of(), state.aliases(), "names go with their server");
  }

  @Test
  void aNodeSaysWhoItIsUntilItIsDropped() {
    accept(announce(N1, 1));
    accept(announce(N1, 2));
    accept(announce(N2, 1));
    assertEquals(
        new NodeInfo("node1", URI.create("http://node1:3000"), 2, "0.2"), state.nodes().get(N1));
    reject("n3 is no node of this cluster", new Command.DropNode(new NodeId("n3")));
    accept(new Command.DropNode(N1));
    assertEquals(Set.of(N2), state.nodes().keySet());
  }

  @Test
  void theLevelIsRaisedOnceEveryNodeSupportsItAndNeverLowered() {
    assertEquals(1, state.level());
    accept(announce(N1, 2));
    accept(announce(N2, 1));
    reject("node node2 (version 0.1) supports only feature level 1", new Command.RaiseLevel(2));
    accept(announce(N2, 2));
    accept(new Command.RaiseLevel(2));
    assertEquals(2, state.level());
    reject("the cluster is at feature level 2 already", new Command.RaiseLevel(2));
    reject("the cluster is at feature level 2 already", new Command.RaiseLevel(1));
    reject(
        "the cluster is at feature level 2, and node node2 (version 0.1) supports only 1: update"
            + " this node",
        announce(N2, 1));
    accept(new Command.DropNode(N2));
    accept(announce(N1, 3));
    accept(new Command.RaiseLevel(3));
  }

  @Test
  void theLastDayStaysInTheAudit() {
    accept(new Command.PurgeAudit(Instant.EPOCH.minus(Duration.ofDays(1))));
    reject(
        "the audit keeps the last 24 hours at the least",
        new Command.PurgeAudit(Instant.EPOCH.minus(Duration.ofHours(23))));
  }

  @Test
  void aLeaderRaisesToWhatAllOfThemSupportAndSaysWhatKeepsIt() {
    var alone = new Levels(2, Set.of());
    assertEquals(Optional.of(new Command.RaiseLevel(2)), alone.raise(state));
    Command alias = new Command.AddAlias(B, A);
    assertEquals(Optional.empty(), alone.refusal(new Command.RegisterInstance(A, C1), state));
    assertEquals(
        Optional.of(
            "needs feature level 2; the cluster is at 1 because this node is held back at 1 by its"
                + " configuration"),
        new Levels(1, Set.of()).refusal(alias, state));
    assertEquals(Optional.empty(), new Levels(1, Set.of()).raise(state));

    var three = new Levels(2, Set.of(N1, N2));
    accept(announce(N1, 2));
    assertEquals(Optional.empty(), three.raise(state), "one of them has not said a word yet");
    assertEquals(
        Optional.of(
            "needs feature level 2; the cluster is at 1 because node n2 has not said yet what it"
                + " supports"),
        three.refusal(alias, state));
    accept(announce(N2, 1));
    assertEquals(Optional.empty(), three.raise(state));
    assertEquals(
        Optional.of(
            "needs feature level 2; the cluster is at 1 because node node2 (version 0.1) supports"
                + " no more"),
        three.refusal(alias, state));
    accept(announce(N2, 7));
    assertEquals(Optional.of(new Command.RaiseLevel(2)), three.raise(state));
    accept(new Command.RaiseLevel(2));
    assertEquals(Optional.empty(), three.raise(state));
    assertEquals(Optional.empty(), three.refusal(alias, state));
  }

  private static Command.AnnounceNode announce(NodeId id, int supports) {
    String name = "node" + id.text().substring(1);
    return new Command.AnnounceNode(
        id, name, URI.create("http://" + name + ":3000"), supports, "0." + supports);
  }

  private static Trees free(String... heads) {
    return Trees.of(String.join(" ", heads));
  }

  private static Plan plan(Intent intent, Trees trees) {
    var result =
        new Planner(PlanPolicy.DEFAULT).plan(new World(trees.topology(), Map.of()), intent);
    return ((PlanResult.Planned) result).plan();
  }

  private void accept(Command command) {
    ManagerState.Applied applied = state.apply(entry(command));
    assertEquals(Verdict.ACCEPTED, applied.verdict());
    state = applied.state();
  }

  private void reject(String sentence, Command command) {
    ManagerState.Applied applied = state.apply(entry(command));
    assertEquals(new Verdict.Rejected(sentence), applied.verdict());
    assertSame(state, applied.state());
  }

  private static Entry entry(Command command) {
    return new Entry(
        new Header(new UUID(0, 1), "dba", "test", Instant.EPOCH, Header.LEVEL), command);
  }
}
