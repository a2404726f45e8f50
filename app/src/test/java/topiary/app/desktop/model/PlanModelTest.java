package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.RunView;
import topiary.app.gateway.Undoable;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.Reshaping;
import topiary.engine.intent.Way;
import topiary.engine.model.InstanceKey;

/** A plan on its way, one answer of the node after the other. */
class PlanModelTest {

  private static final InstanceKey B = Samples.key("b");
  private static final InstanceKey C = Samples.key("c");
  private static final Intent MOVE = new Intent.Relocate(B, C);

  private final FakeGateway node = new FakeGateway();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final PlanModel plan = new PlanModel(node, new Tasks(waiting::add, Runnable::run));

  @BeforeEach
  void tree() {
    node.tell(
        Samples.topology(
            7, Samples.primary("a"), Samples.replica("b", "a"), Samples.replica("c", "a")),
        Samples.NOW);
  }

  /** The next answer comes. */
  private void answer() {
    waiting.remove().run();
  }

  private PlanModel.State state() {
    return plan.state().get();
  }

  private void run(RunView... told) {
    node.runs.addAll(List.of(told));
    plan.propose(MOVE);
    answer();
    plan.apply();
    answer();
  }

  private static RunView going(int step) {
    return FakeGateway.run(
        step, 9, List.of(new RunView.Step(step, RunView.Phase.BEGUN, "", "")), null);
  }

  @Test
  void aRunIsCancelledAtItsNextBorder() {
    run(going(3), FakeGateway.run(4, 9, List.of(), RunView.End.CANCELLED));
    answer();
    assertEquals(PlanModel.Phase.RUNNING, state().phase());
    plan.cancel();
    assertEquals(PlanModel.Phase.STOPPING, state().phase());
    assertEquals("It stops at the next safe border.", state().message());
    plan.cancel();
    while (!waiting.isEmpty()) {
      answer();
    }
    assertEquals(PlanModel.Phase.ENDED, state().phase());
    assertEquals("report CANCELLED", state().message());
    assertFalse(state().done());
    assertEquals(1, node.asked.stream().filter("cancel"::equals).count());
  }

  @Test
  void whatPutsBackIsNoStepOfThePlan() {
    var begun = new RunView.Step(1, RunView.Phase.DONE, "", "");
    var back = new RunView.Step(2, RunView.Phase.DONE, "", "start what was stopped");
    run(FakeGateway.run(3, 9, List.of(begun, back), RunView.End.FAILED));
    while (!waiting.isEmpty()) {
      answer();
    }
    assertEquals(2, state().run().orElseThrow().steps().size());
    assertEquals(List.of(begun), state().course().orElseThrow().steps());
  }

  @Test
  void theWindowAsksBeforeItIsClosedOnARun() {
    assertEquals(Optional.empty(), state().beforeLeaving(false));
    run(going(1), FakeGateway.run(2, 9, List.of(), RunView.End.DONE));
    assertTrue(state().beforeLeaving(false).orElseThrow().contains("The node goes on with it"));
    plan.cancel();
    assertTrue(state().beforeLeaving(true).orElseThrow().contains("stops at its next safe border"));
    while (!waiting.isEmpty()) {
      answer();
    }
    assertEquals(Optional.empty(), state().beforeLeaving(false));
  }

  @Test
  void onlyWhatRunsIsFoldedAndItStaysSoWhenItEndsWell() {
    plan.propose(MOVE);
    plan.fold();
    assertFalse(plan.folded().get());
    answer();
    node.runs.add(going(3));
    node.runs.add(FakeGateway.run(4, 9, List.of(), RunView.End.DONE));
    plan.apply();
    plan.fold();
    answer();
    answer();
    assertTrue(plan.folded().get());
    assertEquals("Relocating b:3306 below c:3306: step 3 of 9", RunProgress.line(state()));
    answer();
    assertEquals(PlanModel.Phase.ENDED, state().phase());
    assertTrue(plan.folded().get());
    assertEquals("report DONE", RunProgress.line(state()));
    plan.unfold();
    assertFalse(plan.folded().get());
    plan.close();
    assertEquals(PlanModel.Phase.NONE, state().phase());
  }

  @Test
  void whatFailsUnfoldsByItself() {
    run(FakeGateway.run(4, 9, List.of(), RunView.End.FAILED));
    plan.fold();
    answer();
    assertFalse(plan.folded().get());
  }

  @Test
  void whatAnotherWindowDidCanBeUndoneHere() {
    var other = new PlanId("pfedcba987654");
    node.undoable = Optional.of(new Undoable(other, MOVE));
    assertEquals(Optional.empty(), plan.undoable().get());
    plan.reconnected();
    answer();
    assertEquals(Optional.of(other), plan.undoable().get());
    plan.undo();
    assertEquals(Optional.of(MOVE), state().effect());
    answer();
    assertEquals(PlanModel.Phase.SHOWN, state().phase());
    assertEquals("plan undo plan pfedcba987654", node.asked.getLast());
  }

  @Test
  void whatWasJustUndoneIsNotOfferedAgainByANodeThatHasNotNotedIt() {
    node.undoable = Optional.of(new Undoable(FakeGateway.RUN, MOVE));
    plan.reconnected();
    answer();
    node.runs.add(FakeGateway.run(1, 9, List.of(), RunView.End.DONE));
    plan.undo();
    answer();
    plan.apply();
    answer();
    answer();
    node.undoable = Optional.of(new Undoable(FakeGateway.RUN, MOVE));
    answer();
    assertEquals(Optional.empty(), plan.undoable().get());
  }

  @Test
  void progressCountsWhatIsDone() {
    RunView half =
        FakeGateway.run(
            3,
            4,
            List.of(
                new RunView.Step(1, RunView.Phase.DONE, "", ""),
                new RunView.Step(2, RunView.Phase.DONE, "", ""),
                new RunView.Step(3, RunView.Phase.BEGUN, "", "")),
            null);
    assertEquals(
        new RunProgress(0.5, "Step 3 of 4  ·  1 min 5 s"),
        RunProgress.of(Optional.of(half), Duration.ofSeconds(65)));
    assertEquals(
        new RunProgress(0, "Begins  ·  0 s"), RunProgress.of(Optional.empty(), Duration.ZERO));
  }

  @Test
  void theScriptNamesTheHostOfEveryStatement() {
    plan.propose(MOVE);
    answer();
    String script = SqlScript.of(state().plan().orElseThrow());
    List<String> lines = script.lines().toList();
    assertEquals("-- relocate b:3306 below c:3306", lines.getFirst());
    int at = lines.indexOf("STOP SLAVE IO_THREAD;");
    assertEquals("-- on b:3306", lines.get(at - 1));
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isEmpty() && !lines.get(i).startsWith("--")) {
        assertTrue(lines.get(i - 1).startsWith("-- on "), lines.get(i));
      }
    }
    assertTrue(
        lines.contains("-- only if one of these fails: start replication on b:3306"), script);
  }

  @Test
  void anotherWayIsAskedForAndTheFormerOneAgain() {
    plan.propose(MOVE);
    assertEquals(Optional.of(Way.AUTO), state().way());
    answer();
    String fingerprint = state().plan().orElseThrow().fingerprint();
    plan.choose(Way.AUTO);
    assertTrue(waiting.isEmpty(), "it is chosen already");
    plan.choose(Way.FILE);
    answer();
    assertEquals(PlanModel.Phase.REFUSED, state().phase());
    assertTrue(state().message().contains("disable-gtid"), state().message());
    assertEquals("relocate b:3306 below c:3306 by file and position", state().intent());
    plan.choose(Way.GTID);
    assertEquals(Optional.of(Way.GTID), state().way());
    plan.choose(Way.AUTO);
    answer();
    answer();
    assertEquals(Optional.of(Way.AUTO), state().way());
    assertEquals(fingerprint, state().plan().orElseThrow().fingerprint());
  }

  @Test
  void theReplicasOfAServerAreMovedByAWayToo() {
    var all = new Reshaping.Replicas(C, Optional.of("^b"));
    plan.propose(new Intent.InTree(Samples.key("a"), all));
    answer();
    plan.choose(Way.GTID);
    answer();
    assertEquals(
        "plan "
            + new Intent.InTree(Samples.key("a"), new Reshaping.ReplicasBy(all, Way.GTID)).words(),
        node.asked.getLast());
    plan.choose(Way.AUTO);
    answer();
    assertEquals("plan " + new Intent.InTree(Samples.key("a"), all).words(), node.asked.getLast());
  }

  @Test
  void nothingIsChosenOfWhatHasNoWayOrRuns() {
    plan.propose(new Intent.SetReadOnly(B, false));
    answer();
    assertEquals(Optional.empty(), state().way());
    plan.choose(Way.GTID);
    assertTrue(waiting.isEmpty());
    plan.close();
    run(going(1), FakeGateway.run(2, 9, List.of(), RunView.End.DONE));
    plan.choose(Way.GTID);
    assertEquals(Optional.of(Way.AUTO), state().way());
    assertFalse(plan.choosing());
  }

  @Test
  void stagesThatFollowOneAnotherAreALane() {
    node.tell(
        Samples.topology(
            8,
            Samples.primary("a"),
            Samples.replica("b", "a"),
            Samples.replica("c", "a"),
            Samples.replica("d", "a")),
        Samples.NOW);
    plan.propose(new Intent.InTree(Samples.key("a"), new Reshaping.Replicas(B, Optional.empty())));
    answer();
    assertEquals(
        List.of(2, 2), state().plan().orElseThrow().lanes().stream().map(List::size).toList());
    plan.propose(MOVE);
    answer();
    assertEquals(1, state().plan().orElseThrow().lanes().size());
  }

  @Test
  void thePlanSaysHowLongItTakes() {
    plan.propose(MOVE);
    answer();
    assertEquals("less than a second; at most 60 s a wait", state().plan().orElseThrow().takes());
  }
}
