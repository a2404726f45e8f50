package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.intent.Way;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;

/** Moves by file and position, on trees that are texts. */
class ClassicPlannerTest {

  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);

  @Test
  void aReplicaGoesUpWhileItsSourceAppliesNothing() {
    Plan plan = planned(tree(), move("c", "p"));
    assertEquals(
        List.of(
            "Have b:3306 apply nothing for a while",
            "Move c:3306 up below p:3306",
            "Have b:3306 go on"),
        titles(plan));
    assertEquals(
        List.of(
            "stop applying on b:3306",
            "stop replication on c:3306",
            "note how far b:3306 has executed in the log of its source",
            "note where the log of b:3306 ends",
            "have c:3306 apply up to the place noted for the end of the log of b:3306, and no more,"
                + " at most 60 s",
            "point c:3306 at the place noted for b:3306 in the log of p:3306",
            "start replication on c:3306",
            "wait until c:3306 replicates from p:3306, at most 20 s",
            "start replication on b:3306",
            "wait until b:3306 replicates from p:3306, at most 20 s"),
        words(plan));
    assertEquals(List.of("start replication on b:3306"), lastly(plan, 0));
    assertEquals(
        List.of(
            "stop replication on c:3306",
            "point c:3306 back at b:3306, unless it has applied more since",
            "start replication on c:3306"),
        lastly(plan, 1));
    assertTrue(plan.stages().get(2).start().orElseThrow().inAnyCase());
    assertEquals(move("c", "b"), plan.undoing().inverse());
    assertEquals(List.of("c:3306 replicates from p:3306"), plan.outcome());
  }

  @Test
  void aSourceThatStandsStillOnPurposeStaysSo() {
    Plan plan = planned(tree().with("b", Trees.Server::stop), move("c", "p"));
    assertEquals(List.of("Move c:3306 up below p:3306"), titles(plan));
    assertTrue(
        words(plan).stream().noneMatch(w -> w.endsWith("replication on b:3306")), plan::toString);
    Plan receives = planned(tree().with("b", s -> s.io = ThreadState.STOPPED), move("c", "p"));
    assertEquals("start applying on b:3306", words(receives).getLast());
  }

  @Test
  void aReplicaGoesBelowItsSibling() {
    Plan plan = planned(tree(), move("b", "a"));
    assertEquals(
        List.of("Move b:3306 below its sibling a:3306", "Have a:3306 go on"), titles(plan));
    assertEquals(
        List.of(
            "stop replication on b:3306",
            "note how far b:3306 has executed in the log of its source",
            "wait until a:3306 has applied up to the place noted for b:3306, at most 30 s",
            "stop applying on a:3306",
            "note how far a:3306 has executed in the log of its source",
            "note where the log of a:3306 ends",
            "have b:3306 apply up to the place noted for a:3306 in the log of p:3306, and no more,"
                + " at most 60 s",
            "note how far b:3306 has received the log of its source",
            "wait until a:3306 has received up to the place noted for what b:3306 has received, at"
                + " most 30 s",
            "point b:3306 at the place noted for a:3306 in the log of a:3306",
            "start replication on b:3306",
            "wait until b:3306 replicates from a:3306, at most 20 s",
            "start replication on a:3306",
            "wait until a:3306 replicates from p:3306, at most 20 s"),
        words(plan));
    assertEquals(List.of("b:3306 replicates from a:3306, with its 2 replicas"), plan.outcome());
    assertEquals(move("b", "p"), plan.undoing().inverse());
  }

  @Test
  void severalGoUpSideBySideAndTheirSourceStandsStillOnce() {
    Plan plan = planned(tree(), up("b"));
    assertEquals(
        List.of(
            "Have b:3306 apply nothing for a while",
            "Move c:3306 up below p:3306",
            "Move d:3306 up below p:3306",
            "Have b:3306 go on"),
        titles(plan));
    assertEquals(List.of(0), plan.before(1));
    assertEquals(List.of(0), plan.before(2));
    assertEquals(List.of(1, 2), plan.before(3));
    assertEquals(
        new Intent.Moves(List.of(move("c", "b"), move("d", "b"))), plan.undoing().inverse());
  }

  @Test
  void severalGoBelowASiblingOneAfterTheOther() {
    Plan plan =
        planned(
            tree(),
            new Intent.InTree(key("b"), new Reshaping.Replicas(key("a"), Optional.empty())));
    assertEquals(
        List.of(
            "Have b:3306 apply nothing for a while",
            "Move c:3306 up below p:3306",
            "Move d:3306 up below p:3306",
            "Have b:3306 go on",
            "Move c:3306 below its sibling a:3306",
            "Have a:3306 go on",
            "Move d:3306 below its sibling a:3306",
            "Have a:3306 go on"),
        titles(plan));
    assertEquals(List.of(3, 1), plan.before(4));
    // One that failed leaves out what is its own, and not the other.
    assertEquals(List.of(5, 2), plan.before(6));
  }

  @Test
  void anywhereElseItGoesByAWayOfSuchMoves() {
    Plan plan = planned(Trees.of("p(a(x(y)),b(c(d)))"), "d", "y");
    assertEquals(
        List.of(
            "Have c:3306 apply nothing for a while",
            "Move d:3306 up below b:3306",
            "Have c:3306 go on",
            "Have b:3306 apply nothing for a while",
            "Move d:3306 up below p:3306",
            "Have b:3306 go on",
            "Move d:3306 below its sibling a:3306",
            "Have a:3306 go on",
            "Move d:3306 below its sibling x:3306",
            "Have x:3306 go on",
            "Move d:3306 below its sibling y:3306",
            "Have y:3306 go on"),
        titles(plan));
    Stage second = plan.stages().get(4);
    assertTrue(
        second.guards().stream()
            .anyMatch(g -> g.instance().equals(key("d")) && g.value().equals("b:3306")),
        second::toString);
    assertEquals(move("d", "c"), plan.undoing().inverse());
  }

  @Test
  void aReplicaAndItsSourceChangePlaces() {
    Plan plan =
        planned(tree(), new Intent.InTree(key("c"), new Reshaping.TakeSource(Optional.empty())));
    assertEquals(
        List.of(
            "Have b:3306 apply nothing for a while",
            "Move c:3306 up below p:3306",
            "Have b:3306 go on",
            "Move b:3306 below its sibling c:3306",
            "Have c:3306 go on"),
        titles(plan));
    assertEquals(List.of(0, 1, 2), plan.before(3));
    assertEquals(
        new Intent.InTree(key("b"), new Reshaping.TakeSource(Optional.of(key("c")))),
        plan.undoing().inverse());
  }

  @Test
  void thoseThatDisturbEachOtherGoOneAfterTheOther() {
    Plan plan = planned(tree(), new Intent.Moves(List.of(move("c", "p"), move("b", "a"))));
    int below = titles(plan).indexOf("Move b:3306 below its sibling a:3306");
    assertEquals(List.of(titles(plan).indexOf("Have b:3306 go on")), plan.before(below));
  }

  @Test
  void whatAPlanOfOursLeftStandingGoesOn() {
    Trees half =
        Trees.of("p(a,b(d),c)")
            .with("c", Trees.Server::stop)
            .with("b", s -> s.sql = ThreadState.STOPPED);
    Plan plan =
        plannedIn(
            classic(half, "a", "b", "c", "d"),
            Map.of(key("c"), left("b"), key("b"), left("p")),
            move("c", "p"));
    assertEquals(List.of("Start c:3306 again", "Start b:3306 again"), titles(plan));
    Trees before = tree().with("c", Trees.Server::stop).with("b", s -> s.sql = ThreadState.STOPPED);
    Plan again =
        plannedIn(before, Map.of(key("c"), left("b"), key("b"), left("p")), move("c", "p"));
    assertEquals(
        List.of(
            "Have b:3306 apply nothing for a while",
            "Move c:3306 up below p:3306",
            "Have b:3306 go on"),
        titles(again));
    assertEquals("start replication on b:3306", lastly(again, 0).getFirst());
    Plan sibling =
        plannedIn(
            tree().with("a", s -> s.sql = ThreadState.STOPPED),
            Map.of(key("a"), left("p")),
            move("b", "a"));
    assertEquals("Start a:3306 again", titles(sibling).getFirst());
  }

  @Test
  void ofWhatAPlanOfOursLeftStandingOnlyThatGoesOn() {
    // Somebody has stopped receiving on b, the interrupted plan only applying.
    Trees before = tree().with("b", Trees.Server::stop);
    Plan past =
        plannedIn(before, Map.of(key("b"), new World.Left(key("p"), Threads.SQL)), move("c", "p"));
    assertEquals("start applying on b:3306", lastly(past, 0).getFirst());
    PlanResult whole =
        PLANNER.plan(
            new World(
                tree().with("c", Trees.Server::stop).topology(),
                Map.of(key("c"), new World.Left(key("b"), Threads.SQL))),
            move("c", "p"));
    assertTrue(whole.toString().contains("replication on c:3306 stands still"), whole::toString);
  }

  private static World.Left left(String source) {
    return new World.Left(key(source), Threads.BOTH);
  }

  @Test
  void refusalsTeach() {
    refused(
        "replication on c:3306 stands still, and by file and position it can be moved only once it"
            + " has applied all up to a known place: \"start-replication\" first",
        tree().with("c", Trees.Server::stop),
        move("c", "p"));
    refused(
        "c:3306 is held back by 3600 s on purpose, and does not come to a known place within 60 s:"
            + " \"delay-replication\" with 0 first, to move it by file and position",
        tree().with("c", s -> s.delay = 3600),
        move("c", "p"));
    refused(
        "a:3306 is held back by 3600 s on purpose, and does not come to a known place within 60 s:"
            + " \"delay-replication\" with 0 first, to move it by file and position",
        tree().with("a", s -> s.delay = 3600),
        move("b", "a"));
    refused(
        "a:3306 does not replicate at present, so b:3306 cannot be brought to the place where it"
            + " is: \"start-replication\" on a:3306 first",
        tree().with("a", Trees.Server::stop),
        move("b", "a"));
    refused(
        "b:3306 has failed at a transaction (Duplicate entry), so how far it has executed is not"
            + " certain; let it apply first, or \"enable-gtid\" c:3306",
        tree()
            .with(
                "b",
                s -> {
                  s.sql = ThreadState.STOPPED;
                  s.sqlError = "Duplicate entry";
                }),
        move("c", "p"));
    refused(
        "b:3306 replicates by GTID, so its place in the log of p:3306 is not certain, and c:3306"
            + " cannot be moved past it by file and position: \"enable-gtid\" c:3306 first, to move"
            + " it by GTID",
        tree().with("b", s -> s.gtid = GtidUse.SLAVE_POS),
        move("c", "p"));
    refused(
        "p:3306 is unreachable",
        tree().with("p", s -> s.condition = Condition.UNREACHABLE),
        move("c", "p"));
    refused(
        "p:3306 is unreachable, so b:3306 cannot be brought to a known place in its log: by file"
            + " and position it can be moved once p:3306 is back",
        tree().with("p", s -> s.condition = Condition.UNREACHABLE),
        move("b", "a"));
    refused("c:3306 is below b:3306 already", tree(), move("c", "b"));
    refused(
        "q:3306 is not in the tree of c:3306, so no place in its log is known to be that of c:3306;"
            + " by file and position only servers of one tree can be moved below one another",
        classic(Trees.of("p(a,b(c,d)) q"), "a", "b", "c", "d"),
        move("c", "q"));
    refused(
        "c:3306 stands in a ring, so there is no way by file and position out of it:"
            + " \"enable-gtid\" first, to move it by GTID",
        classic(Trees.of("p(a,b(c,d))"), "a", "b", "c", "d").below("b", "c"),
        move("c", "a"));
  }

  @Test
  void whoeverSaysByGtidHasItUsedFromThenOn() {
    Plan plan = planned(tree(), new Intent.RelocateBy(move("c", "p"), Way.GTID));
    assertEquals(
        List.of(
            "Let c:3306 replicate by GTID",
            "Bring c:3306 to a clean stop that p:3306 can go on from",
            "Point c:3306 at p:3306"),
        titles(plan));
    assertTrue(
        plan.stages()
            .getLast()
            .steps()
            .contains(new Step.PointAt(key("c"), "", key("p"), GtidUse.SLAVE_POS)),
        plan::toString);
    assertEquals(List.of("c:3306 goes on using GTID, even when this is undone"), plan.warnings());
    Plan several =
        planned(
            tree(),
            new Intent.InTree(
                key("b"),
                new Reshaping.ReplicasBy(
                    new Reshaping.Replicas(key("a"), Optional.empty()), Way.GTID)));
    assertEquals(6, several.stages().size());
    refused(
        "c:3306 has gtid_mode OFF, so it cannot be moved by GTID: gtid_mode has to be ON on all"
            + " servers of its tree first",
        tree()
            .with(
                "c",
                s -> {
                  s.version = "9.7.0";
                  s.gtidMode = "OFF";
                }),
        new Intent.RelocateBy(move("c", "p"), Way.GTID));
  }

  @Test
  void whoeverSaysByFileIsToldWhereItIsNot() {
    Plan plan = planned(tree(), new Intent.RelocateBy(move("c", "p"), Way.FILE));
    assertEquals(words(planned(tree(), move("c", "p"))), words(plan));
    refused(
        "c:3306 replicates by GTID, and is moved by it: \"disable-gtid\" first, to move it by file"
            + " and position",
        Trees.of("p(a,b(c,d))"),
        new Intent.RelocateBy(move("c", "p"), Way.FILE));
  }

  @Test
  void oneThatTakesWritesIsPassedWithAWarning() {
    Plan plan = planned(tree().with("b", s -> s.readOnly = false), move("c", "p"));
    assertEquals(
        List.of(
            "b:3306 takes writes: what is written to it itself stays there and comes no further"
                + " up"),
        plan.warnings());
  }

  private static Trees tree() {
    return classic(Trees.of("p(a,b(c,d))"), "a", "b", "c", "d");
  }

  private static Trees classic(Trees trees, String... replicas) {
    for (String replica : replicas) {
      trees.with(replica, s -> s.gtid = GtidUse.NONE);
    }
    return trees;
  }

  private static Intent.Relocate move(String replica, String below) {
    return new Intent.Relocate(key(replica), key(below));
  }

  private static Intent up(String server) {
    return new Intent.InTree(key(server), new Reshaping.ReplicasUp(Optional.empty()));
  }

  private static Plan planned(Trees trees, String replica, String below) {
    return planned(classic(trees, "a", "b", "c", "d", "x", "y"), move(replica, below));
  }

  private static Plan planned(Trees trees, Intent intent) {
    return plannedIn(trees, Map.of(), intent);
  }

  private static Plan plannedIn(Trees trees, Map<InstanceKey, World.Left> held, Intent intent) {
    PlanResult result = PLANNER.plan(new World(trees.topology(), held), intent);
    return assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
  }

  private static void refused(String reason, Trees trees, Intent intent) {
    PlanResult result = PLANNER.plan(new World(trees.topology(), Map.of()), intent);
    assertEquals(new PlanResult.Refused(reason), result);
  }

  private static List<String> titles(Plan plan) {
    return plan.stages().stream().map(Stage::title).toList();
  }

  private static List<String> words(Plan plan) {
    return plan.stages().stream().flatMap(s -> s.steps().stream()).map(Step::words).toList();
  }

  private static List<String> lastly(Plan plan, int stage) {
    return IntStream.of(stage)
        .mapToObj(plan.stages()::get)
        .flatMap(s -> s.lastly().stream())
        .map(Step::words)
        .toList();
  }
}
