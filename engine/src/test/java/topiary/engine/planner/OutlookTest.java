package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import topiary.engine.analysis.World;
import topiary.engine.fake.Trees;
import topiary.engine.finding.Code;
import topiary.engine.finding.Finding;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.ThreadState;
import topiary.engine.policy.JudgementPolicy;
import topiary.engine.said.Promotion;
import topiary.engine.said.Rule;
import topiary.engine.said.RuleKey;
import topiary.engine.said.Said;

class OutlookTest {

  private static final Instant NOW = Instant.parse("2026-11-28T03:00:00Z");
  private static final InstanceKey P = Trees.key("p");
  private static final InstanceKey A = Trees.key("a");
  private static final InstanceKey B = Trees.key("b");
  private static final InstanceKey C = Trees.key("c");

  private static Trees tree() {
    Trees trees = Trees.of("p(a,b,c(d))");
    for (String name : List.of("p", "a", "b", "c", "d")) {
      trees.with(
          name,
          s -> {
            s.lastSeen = NOW;
            s.behind = Optional.of(Optional.of(0L));
          });
    }
    return trees;
  }

  private static World world(Trees trees) {
    return World.of(trees.topology(), JudgementPolicy.DEFAULT, NOW);
  }

  private static Outlook outlook(Trees trees, InstanceKey key) throws Exception {
    return Outlook.on(world(trees), key);
  }

  @Test
  void ofAPrimaryTheBestReplicaTakesThePlaceAndTheOthersGoBelowIt() throws Exception {
    Outlook outlook = outlook(tree(), P);
    assertEquals(Optional.of(Code.DEAD_MASTER), outlook.finding().map(Finding::code));
    assertEquals(Optional.of(A), outlook.successor());
    assertEquals(Map.of(B, A, C, A), outlook.moves());
    assertEquals("suits as well as a:3306, whose address comes first", outlook.whyNot().get(B));
    assertEquals(Optional.empty(), outlook.after().instance(A).orElseThrow().source());
    assertEquals(Optional.of(A), outlook.after().instance(C).orElseThrow().source());
    assertEquals(Optional.of(C), outlook.after().instance(Trees.key("d")).orElseThrow().source());
    assertTrue(outlook.lost().contains("replication does not wait"), outlook::lost);
  }

  @Test
  void ofASourceBelowItsReplicasGoBelowItsOwn() throws Exception {
    Outlook outlook = outlook(tree(), C);
    assertEquals(Optional.empty(), outlook.successor());
    assertEquals(Map.of(Trees.key("d"), P), outlook.moves());
    assertEquals("nothing: it takes no writes of its own", outlook.lost());
  }

  @Test
  void ofALeafNothingComes() throws Exception {
    Outlook outlook = outlook(tree(), A);
    assertEquals(Optional.empty(), outlook.finding());
    assertEquals(Map.of(), outlook.moves());
  }

  @Test
  void whoHasReceivedMostGoesBeforeWhoIsWantedMost() throws Exception {
    Trees trees = tree().with("b", s -> s.position = 200);
    trees.with("b", s -> s.behind = Optional.of(Optional.of(0L)));
    assertEquals(Optional.of(B), outlook(trees, P).successor());
    assertEquals("has received less than b:3306", outlook(trees, P).whyNot().get(A));
  }

  @Test
  void whoHasFailedAtWhatItReceivedIsNotWaitedFor() throws Exception {
    Trees trees =
        tree()
            .with(
                "a",
                s -> {
                  s.sql = ThreadState.STOPPED;
                  s.sqlError = "Duplicate entry";
                  s.received = "0-1-" + (s.position + 5);
                });
    assertEquals(Optional.of(B), outlook(trees, P).successor());
    assertEquals(
        "cannot apply what it has received: Duplicate entry", outlook(trees, P).whyNot().get(A));
    trees.with("a", s -> s.received = "0-1-" + s.position);
    assertEquals(Optional.of(A), outlook(trees, P).successor(), "it has applied all of it");
  }

  @Test
  void nobodyIsPromotedWhomARuleSparesWhateverItIsWanted() throws Exception {
    var rules = new TreeMap<RuleKey, String>();
    rules.put(new RuleKey(Optional.empty(), "never-promote"), "backup ^a:33");
    var promotions = new TreeMap<InstanceKey, Promotion>();
    promotions.put(A, new Promotion(Rule.PREFER, NOW, NOW.plusSeconds(60)));
    Outlook outlook =
        Outlook.on(world(tree()).saying(Said.NOTHING.promoting(promotions).ruling(rules)), P);
    assertEquals(Optional.of(B), outlook.successor());
    assertEquals("must not be promoted, by the rule never-promote", outlook.whyNot().get(A));
  }

  @Test
  void whoIsWantedMostGoesBeforeWhoseAddressComesFirst() throws Exception {
    var promotions = new TreeMap<InstanceKey, Promotion>();
    promotions.put(B, new Promotion(Rule.PREFER, NOW, NOW.plusSeconds(60)));
    promotions.put(C, new Promotion(Rule.MUST_NOT, NOW, NOW.plusSeconds(60)));
    Outlook outlook = Outlook.on(world(tree()).saying(Said.NOTHING.promoting(promotions)), P);
    assertEquals(Optional.of(B), outlook.successor());
    assertEquals("is wanted less than b:3306, by their promotion rules", outlook.whyNot().get(A));
    assertEquals("must not be promoted, by its promotion rule", outlook.whyNot().get(C));
  }

  @Test
  void whoCannotTakeThePlaceIsNamedWithTheReason() throws Exception {
    Trees trees =
        tree()
            .with("a", s -> s.logUpdates = false)
            .with("b", s -> s.condition = Condition.UNREACHABLE)
            .with("c", s -> s.delay = 3600);
    Outlook outlook = outlook(trees, P);
    assertEquals(Optional.empty(), outlook.successor());
    assertEquals(
        Map.of(
            A, "does not log what it replicates",
            B, "does not answer",
            C, "is held back on purpose"),
        outlook.whyNot());
    assertTrue(outlook.lost().startsWith("all that it takes"), outlook::lost);
    Readiness ready = Readiness.of(world(trees), trees.topology().trees().getFirst());
    assertEquals(0, ready.score());
  }

  @Test
  void nothingAcknowledgedIsLostWhereCommitsWait() throws Exception {
    Trees trees =
        tree()
            .with(
                "p",
                s ->
                    s.semiSync =
                        new SemiSync(
                            false,
                            new SemiSync.Source(true, true, 10_000, 1, true, 1),
                            SemiSync.NONE.replica()))
            .with(
                "a",
                s ->
                    s.semiSync =
                        new SemiSync(
                            false, SemiSync.NONE.source(), new SemiSync.Replica(true, true, true)));
    assertTrue(outlook(trees, P).lost().startsWith("nothing that was acknowledged"));
    Readiness ready = Readiness.of(world(trees), trees.topology().trees().getFirst());
    assertTrue(
        ready.reasons().stream().noneMatch(r -> r.words().contains("wait for no replica")),
        () -> ready.reasons().toString());
  }

  @Test
  void aTreeThatLacksNothingButSemiSyncIsNearlyReady() {
    Trees trees = tree();
    Readiness ready = Readiness.of(world(trees), trees.topology().trees().getFirst());
    assertEquals(90, ready.score(), () -> ready.reasons().toString());
    trees.with("p", s -> s.condition = Condition.ABSENT);
    Readiness dead = Readiness.of(world(trees), trees.topology().trees().getFirst());
    assertTrue(dead.score() < 50, () -> dead.reasons().toString());
  }

  @Test
  void aServerThatIsAloneCannotGoOn() {
    Trees trees = Trees.of("q").with("q", s -> s.lastSeen = NOW);
    Readiness ready = Readiness.of(world(trees), trees.topology().trees().getFirst());
    assertEquals(0, ready.score());
    assertEquals("nobody replicates from q:3306", ready.reasons().getFirst().words());
  }

  @Test
  void aStrangerHasNoOutlook() {
    assertThrows(Questions.Unanswerable.class, () -> outlook(tree(), Trees.key("x")));
  }
}
