package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;

/** The tree is {@code p(a,b(c))} throughout; {@code b} is moved below {@code a}. */
class RelocatePlannerTest {

  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);
  private static final PlanId ID = new PlanId("p000000000001");
  private static final InstanceKey A = key("a");
  private static final InstanceKey B = key("b");

  @Test
  void aRunningReplicaIsDrainedStoppedPointedAndStarted() {
    Plan plan = planned(tree(), "b", "a");
    assertEquals(2, plan.stages().size());
    assertEquals(
        List.of(
            "stop receiving on b:3306",
            "wait until b:3306 has applied all it received, at most 60 s",
            "stop applying on b:3306",
            "note how far b:3306 has executed",
            "wait until a:3306 has logged the position noted for b:3306, at most 30 s"),
        words(plan.stages().get(0).steps()));
    assertEquals(List.of("start replication on b:3306"), words(plan.stages().get(0).lastly()));
    assertEquals(
        List.of(
            "point b:3306 at a:3306",
            "start replication on b:3306",
            "wait until b:3306 replicates from a:3306, at most 20 s"),
        words(plan.stages().get(1).steps()));
    assertEquals(
        List.of(
            "stop receiving on b:3306",
            "wait until b:3306 has applied all it received, at most 60 s",
            "stop applying on b:3306",
            "point b:3306 at p:3306",
            "start replication on b:3306"),
        words(plan.stages().get(1).lastly()));
    assertEquals(List.of("b:3306 replicates from a:3306, with its 1 replica"), plan.outcome());
    assertEquals(List.of(), plan.warnings());
    assertEquals(Set.of(A, B), plan.targets());
  }

  @Test
  void itGoesUpToAGrandparentAndAcrossTheTree() {
    assertEquals(List.of("c:3306 replicates from p:3306"), planned(tree(), "c", "p").outcome());
    assertEquals(List.of("a:3306 replicates from c:3306"), planned(tree(), "a", "c").outcome());
  }

  @Test
  void aReplicaThatIsStoppedBetweenPlanningAndRunningBreaksAGuard() {
    for (Stage stage : planned(tree(), "b", "a").stages()) {
      var fields =
          stage.guards().stream().filter(g -> g.instance().equals(B)).map(Basis::field).toList();
      assertTrue(fields.contains(Field.IO_THREAD), stage::title);
      assertTrue(fields.contains(Field.SQL_THREAD), stage::title);
      assertTrue(fields.contains(Field.SOURCE), stage::title);
    }
  }

  @Test
  void whatWasStoppedOnPurposeStaysStopped() {
    Plan plan = planned(tree().with("b", Trees.Server::stop), "b", "a");
    assertTrue(
        plan.stages().stream()
            .flatMap(s -> java.util.stream.Stream.concat(s.steps().stream(), s.lastly().stream()))
            .noneMatch(Step.StartReplication.class::isInstance));
    assertEquals(List.of("point b:3306 at a:3306"), words(plan.stages().get(1).steps()));
    assertEquals(
        List.of("replication stands still, as somebody left it, and is not started"),
        plan.warnings());
  }

  @Test
  void aThreadThatStoodAloneStandsAgainAfterwards() {
    Plan plan = planned(tree().with("b", s -> s.io = ThreadState.STOPPED), "b", "a");
    assertEquals(
        List.of(
            "wait until b:3306 has applied all it received, at most 60 s",
            "stop applying on b:3306",
            "note how far b:3306 has executed",
            "wait until a:3306 has logged the position noted for b:3306, at most 30 s",
            "point b:3306 at a:3306",
            "start applying on b:3306"),
        words(plan.stages().stream().flatMap(s -> s.steps().stream()).toList()));
    Plan other = planned(tree().with("b", s -> s.sql = ThreadState.STOPPED), "b", "a");
    assertEquals(
        List.of("point b:3306 at a:3306", "start receiving on b:3306"),
        words(other.stages().get(1).steps()));
  }

  @Test
  void aMemberOfARingCanBeLedBackAndTheTreeIsNotTakenForGranted() {
    Trees ring = Trees.of("p(a) b c").below("b", "c").below("c", "b");
    Plan plan = planned(ring, "b", "a");
    assertEquals(
        "b:3306 stands in a ring, cut off from a:3306; whether both have the same data is checked"
            + " by GTID only",
        plan.warnings().getFirst());
  }

  @Test
  void whatGoesOnAfterAnInterruptionIsUndoneToWhereItBegan() {
    // b was below p; a plan pointed it at a and was interrupted before it started it.
    Trees interrupted = Trees.of("p(a(b(c)))").with("b", Trees.Server::stop);
    Plan plan = planned(interrupted, Set.of(B), "b", "a");
    assertEquals(
        List.of(
            "start replication on b:3306",
            "wait until b:3306 replicates from a:3306, at most 20 s"),
        words(plan.stages().stream().flatMap(s -> s.steps().stream()).toList()));
    assertEquals(new Intent.Relocate(B, key("p")), plan.undoing().inverse());
  }

  @Test
  void aReplicaThatAPlanOfOursLeftStandingIsStarted() {
    Plan plan = planned(tree().with("b", Trees.Server::stop), Set.of(B), "b", "a");
    assertEquals(
        List.of(
            "wait until b:3306 has applied all it received, at most 60 s",
            "note how far b:3306 has executed",
            "wait until a:3306 has logged the position noted for b:3306, at most 30 s",
            "point b:3306 at a:3306",
            "start replication on b:3306",
            "wait until b:3306 replicates from a:3306, at most 20 s"),
        words(plan.stages().stream().flatMap(s -> s.steps().stream()).toList()));
  }

  @Test
  void aReplicaThatAPlanOfOursLeftStandingAtItsNewSourceIsOnlyStarted() {
    Plan plan = planned(tree().with("b", Trees.Server::stop), Set.of(B), "b", "p");
    assertEquals(1, plan.stages().size());
    assertEquals(
        List.of(
            "start replication on b:3306",
            "wait until b:3306 replicates from p:3306, at most 20 s"),
        words(plan.stages().getFirst().steps()));
  }

  @Test
  void whoIsThereAlreadyIsLeftAlone() {
    refused("b:3306 is below p:3306 already", tree(), "b", "p");
    refused("b:3306 is below p:3306 already", tree().with("b", Trees.Server::stop), "b", "p");
    assertEquals(
        new PlanResult.Refused("b:3306 is below p:3306 already"),
        plan(tree(), Set.of(B), "b", "p"));
  }

  @Test
  void aTargetThatDoesNotReplicateItselfIsWarnedOf() {
    Plan plan = planned(tree().with("a", s -> s.sql = ThreadState.STOPPED), "b", "a");
    assertEquals(List.of("a:3306 does not replicate itself at present"), plan.warnings());
  }

  @Test
  void strangersAndUnseenServersAreRefused() {
    refused("x:3306 is not known; discover it first", tree(), "x", "a");
    refused("x:3306 is not known; discover it first", tree(), "b", "x");
    refused("b:3306 is hung", tree().with("b", s -> s.condition = Condition.HUNG), "b", "a");
    refused(
        "a:3306 is unreachable: no route",
        tree()
            .with(
                "a",
                s -> {
                  s.condition = Condition.UNREACHABLE;
                  s.sentence = "no route";
                }),
        "b",
        "a");
    refused(
        "a:3306 is not looked at yet",
        tree()
            .with(
                "a",
                s -> {
                  s.condition = Condition.UNSEEN;
                  s.everSeen = false;
                }),
        "b",
        "a");
  }

  @Test
  void placesThatMakeNoTreeAreRefused() {
    refused("b:3306 cannot replicate from itself", tree(), "b", "b");
    refused("c:3306 is below b:3306: the move would cut the tree into a ring", tree(), "b", "c");
    refused("p:3306 is not a replica: it has no source to change", tree(), "p", "a");
    refused(
        "q:3306 is not in the tree of b:3306, so it may have other data; only servers of one tree"
            + " can be moved below one another",
        Trees.of("p(a,b(c)) q"),
        "b",
        "q");
  }

  @Test
  void severalSourcesAreRefused() {
    refused(
        "b:3306 replicates from 3 sources, by the channel without a name (\"-\") from p:3306 and"
            + " channel \"extra1\" from p:3306 and channel \"extra2\" from p:3306: say which with"
            + " \"channel\", where an operation takes one",
        tree().with("b", s -> s.channels = 3),
        "b",
        "a");
  }

  @Test
  void serversWithOneIdentityAreRefused() {
    refused(
        "b:3306 and a:3306 have the same server_id, 7",
        tree().with("a", s -> s.serverId = 7).with("b", s -> s.serverId = 7),
        "b",
        "a");
    refused(
        "b:3306 and a:3306 are the same server by its uuid",
        tree().with("a", s -> s.uuid = Optional.of("u")).with("b", s -> s.uuid = Optional.of("u")),
        "b",
        "a");
  }

  @Test
  void logsThatCannotServeAreRefused() {
    refused(
        "a:3306 writes no binary log, so nothing can replicate from it",
        tree().with("a", s -> s.logBin = false),
        "b",
        "a");
    refused(
        "a:3306 does not log replica updates, so a replica below it would get nothing",
        tree().with("a", s -> s.logUpdates = false),
        "b",
        "a");
    planned(tree().with("p", s -> s.logUpdates = false), "c", "p");
    refused(
        "b:3306 logs in format STATEMENT and cannot log the ROW events of a:3306",
        tree().with("b", s -> s.format = BinlogFormat.STATEMENT),
        "b",
        "a");
    planned(tree().with("a", s -> s.format = BinlogFormat.MIXED), "b", "a");
    planned(
        tree()
            .with(
                "b",
                s -> {
                  s.format = BinlogFormat.STATEMENT;
                  s.logUpdates = false;
                }),
        "b",
        "a");
  }

  @Test
  void aSourceThatFiltersIsRefusedToWhoDoesNot() {
    refused(
        "a:3306 replicates through filters, so b:3306 would lose rows",
        tree().with("a", s -> s.filtered = true),
        "b",
        "a");
    planned(tree().with("a", s -> s.filtered = true).with("b", s -> s.filtered = true), "b", "a");
  }

  @Test
  void versionsThatDoNotMatchAreRefused() {
    refused(
        "b:3306 is MariaDB, a:3306 is MySQL: their GTIDs do not match",
        tree().with("a", s -> s.version = "9.7.0"),
        "b",
        "a");
    refused(
        "b:3306 runs 10.11.5-MariaDB, older than 11.4.5-MariaDB-log of a:3306; a replica must not"
            + " be older than its source",
        tree().with("b", s -> s.version = "10.11.5-MariaDB"),
        "b",
        "a");
    planned(tree().with("b", s -> s.version = "11.4.2-MariaDB"), "b", "a");
    planned(tree().with("b", s -> s.version = "11.8.1-MariaDB"), "b", "a");
  }

  @Test
  void undoingLeadsBackAndUndoingThatForthAgain() {
    Plan there = planned(tree(), "b", "a");
    Trees moved = tree().below("b", "a");
    Plan back = undone(moved, there);
    assertEquals(new Intent.Undo(ID), back.intent());
    assertEquals(List.of("b:3306 replicates from p:3306, with its 1 replica"), back.outcome());
    Plan forth = undone(tree(), back);
    assertEquals(List.of("b:3306 replicates from a:3306, with its 1 replica"), forth.outcome());
  }

  @Test
  void undoingIsRefusedWhenWhatThePlanLeftHasChanged() {
    Plan there = planned(tree(), "b", "a");
    String start = "plan " + ID + " cannot be undone any more: ";
    refusedUndo(
        start + "server id of b:3306 was \"3\", now it is \"9\"", there, s -> s.serverId = 9);
    refusedUndo(
        start + "source of b:3306 was \"a:3306\", now it is \"p:3306\"",
        there,
        s -> s.source = Optional.of(key("p")));
    refusedUndo(
        start + "IO thread of b:3306 was \"started\", now it is \"stopped\"",
        there,
        s -> s.io = ThreadState.STOPPED);
    refusedUndo(
        start + "SQL thread of b:3306 was \"started\", now it is \"stopped\"",
        there,
        s -> s.sql = ThreadState.STOPPED);
    assertEquals(
        new PlanResult.Refused(start + "b:3306 is not known any more"),
        undo(Trees.of("p(a)"), there));
  }

  @Test
  void undoingIsPlannedAfreshAndMayBeImpossible() {
    Plan there = planned(tree(), "b", "a");
    assertEquals(
        new PlanResult.Refused("p:3306 is hung"),
        undo(tree().below("b", "a").with("p", s -> s.condition = Condition.HUNG), there));
  }

  private static void refusedUndo(String sentence, Plan plan, Consumer<Trees.Server> change) {
    assertEquals(
        new PlanResult.Refused(sentence), undo(tree().below("b", "a").with("b", change), plan));
  }

  private static Plan undone(Trees trees, Plan plan) {
    return assertInstanceOf(PlanResult.Planned.class, undo(trees, plan)).plan();
  }

  private static PlanResult undo(Trees trees, Plan plan) {
    return PLANNER.undo(new World(trees.topology(), Map.of()), new Intent.Undo(ID), plan.undoing());
  }

  @Test
  void whoWasLedToNobodyFindsBackToItsOwnTreeOnly() {
    Trees trees =
        Trees.of("p(a) x(b)")
            .with(
                "x",
                server -> {
                  server.condition = Condition.UNREACHABLE;
                  server.everSeen = false;
                });
    var intent = new Intent.Relocate(key("b"), key("a"));
    var own = new ClusterId("c000000000001");
    var together = Map.of(key("a"), own, key("b"), own);
    var back = PLANNER.plan(new World(trees.topology(), Map.of(), Map.of(), together), intent);
    assertEquals(
        List.of(
            "b:3306 was in the tree of a:3306 until it was pointed at x:3306, which was never seen;"
                + " whether both have the same data is checked by GTID only"),
        ((PlanResult.Planned) back).plan().warnings());
    refused(
        "a:3306 is not in the tree of b:3306, so it may have other data; only servers of one tree"
            + " can be moved below one another",
        trees,
        "b",
        "a");
  }

  private static Trees tree() {
    return Trees.of("p(a,b(c))");
  }

  private static PlanResult plan(Trees trees, Set<InstanceKey> held, String replica, String below) {
    return PLANNER.plan(
        new World(
            trees.topology(),
            held.stream()
                .collect(Collectors.toMap(k -> k, k -> new World.Left(key("p"), Threads.BOTH)))),
        new Intent.Relocate(key(replica), key(below)));
  }

  private static Plan planned(Trees trees, String replica, String below) {
    return planned(trees, Set.of(), replica, below);
  }

  private static Plan planned(Trees trees, Set<InstanceKey> held, String replica, String below) {
    PlanResult result = plan(trees, held, replica, below);
    return assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
  }

  private static void refused(String sentence, Trees trees, String replica, String below) {
    assertEquals(new PlanResult.Refused(sentence), plan(trees, Set.of(), replica, below));
  }

  private static List<String> words(List<Step> steps) {
    return Arrays.asList(steps.stream().map(Step::words).toArray(String[]::new));
  }
}
