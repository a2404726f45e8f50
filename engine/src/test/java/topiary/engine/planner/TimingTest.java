package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static topiary.engine.fake.Trees.key;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Topology;
import topiary.engine.plan.Expected;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.PlanPolicy;

/** How long plans take, foretold: what servers are waited for, and how far away they are. */
class TimingTest {

  /** What MariaDB takes longer for to stop, point or start a replica than for a look. */
  private static final int DEED = 25;

  private static final Duration CONNECTING = Duration.ofMillis(150);

  private static Plan plan(Topology topology, Intent intent) {
    PlanResult result = new Planner(PlanPolicy.DEFAULT).plan(new World(topology, Map.of()), intent);
    return assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
  }

  private static Expected of(Trees trees, Intent intent) {
    return Timing.of(plan(trees.topology(), intent), trees.topology());
  }

  private static Expected move(Trees trees) {
    return of(trees, new Intent.Relocate(key("b"), key("a")));
  }

  /** Everybody has applied all that was received, as far as nothing else is said. */
  private static Trees tree() {
    return Trees.of("p(a,b,c)");
  }

  private static Trees lag(Trees trees, String server, long seconds) {
    return trees.with(
        server,
        s -> {
          s.pending = 500;
          s.behind = Optional.of(Optional.of(seconds));
        });
  }

  @Test
  void aPlanWithoutLagTakesItsRoundTrips() {
    Trees trees = tree();
    trees.with("b", s -> s.latency = Duration.ofMillis(10));
    trees.with("a", s -> s.latency = Duration.ofMillis(200));
    Expected expected = move(trees);
    // First stage: the guards wait for a, the farther one; then four steps and a session on b, and
    // one step and a session on a. Second stage: guards, and three steps on b, the last of which
    // waits until it is connected to a.
    Duration first = Duration.ofMillis(200 + 5 * 10 + 2 * 200 + 2 * DEED);
    Duration second = Duration.ofMillis(200 + 3 * 10 + 200 + 2 * DEED).plus(CONNECTING);
    assertEquals(List.of(first, second), expected.stages());
    assertEquals(first.plus(second), expected.about());
    assertEquals(Optional.of(Duration.ofSeconds(60)), expected.longestWait());
    assertEquals(List.of(), expected.unknown());
    assertEquals(List.of(), expected.doubts());
    assertEquals("about 2 s; at most 60 s a wait", expected.words());
  }

  @Test
  void whatIsToBeAppliedFirstCountsBySecondsBehind() {
    long without = move(tree()).about().toMillis();
    assertEquals(without + 40_000, move(lag(tree(), "b", 40)).about().toMillis());
    assertEquals(without + 47_000, move(lag(lag(tree(), "b", 40), "a", 7)).about().toMillis());
    // What stands above has sent the replica all that it is to go on from.
    Trees above = lag(Trees.of("p(a(b))"), "a", 7);
    Intent up = new Intent.Relocate(key("b"), key("p"));
    assertEquals(of(Trees.of("p(a(b))"), up).about(), of(above, up).about());
  }

  @Test
  void aReplicaThatHasAppliedAllItReceivedIsNotWaitedForWhateverItsLag() {
    Trees trees = tree().with("b", s -> s.behind = Optional.of(Optional.of(40L)));
    assertEquals(move(tree()).about(), move(trees).about());
  }

  @Test
  void aLagBeyondTheLimitIsDoubted() {
    Expected expected = move(lag(tree(), "b", 61));
    assertEquals(
        List.of(
            "b:3306 is 61 s behind, and is waited for at most 60 s: this plan is likely to give up"
                + " there"),
        expected.doubts());
    assertEquals(move(lag(tree(), "b", 60)).about(), expected.about());
    assertEquals(List.of(), move(lag(tree(), "b", 60)).doubts());
  }

  @Test
  void whatNobodyKnowsIsSaidAndNotCounted() {
    Trees trees = lag(tree(), "b", 5).with("b", s -> s.behind = Optional.of(Optional.empty()));
    Expected expected = move(trees);
    assertEquals(move(tree()).about(), expected.about());
    assertEquals(
        "less than a second, and as long as b:3306 needs to apply what it has received, which is"
            + " not known; at most 60 s a wait",
        expected.words());
  }

  @Test
  void lanesSideBySideTakeAsLongAsTheLongest() {
    var all = new Intent.InTree(key("p"), new Reshaping.Replicas(key("a"), Optional.empty()));
    Trees trees = lag(lag(tree(), "b", 40), "c", 20);
    Plan plan = plan(trees.topology(), all);
    assertEquals(4, plan.stages().size());
    Expected expected = Timing.of(plan, trees.topology());
    assertEquals(expected.stages().get(0).plus(expected.stages().get(1)), expected.about());
    assertEquals(20, expected.stages().get(2).toSeconds());
  }

  @Test
  void byFileAndPositionTheReplicaComesToWhereItsSourceStands() {
    Trees trees =
        Trees.of("p(a(b))")
            .with("a", s -> s.gtid = GtidUse.NONE)
            .with("b", s -> s.gtid = GtidUse.NONE);
    Intent up = new Intent.Relocate(key("b"), key("p"));
    long without = of(trees, up).about().toMillis();
    assertEquals(without + 9_000, of(lag(trees, "b", 9), up).about().toMillis());
  }

  @Test
  void whatWaitsForNothingHasNoLimit() {
    Expected expected = of(tree(), new Intent.SetReadOnly(key("p"), true));
    assertEquals(Optional.empty(), expected.longestWait());
    assertEquals("less than a second", expected.words());
  }

  @Test
  void timesAreRoundedUpAndNoMoreExactThanTheyAreKnown() {
    assertEquals("less than a second", Expected.about(Duration.ofMillis(999)));
    assertEquals("about 1 s", Expected.about(Duration.ofSeconds(1)));
    assertEquals("about 2 s", Expected.about(Duration.ofMillis(1001)));
    assertEquals("about 119 s", Expected.about(Duration.ofSeconds(119)));
    assertEquals("about 3 min", Expected.about(Duration.ofSeconds(121)));
  }
}
