package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static topiary.engine.fake.Trees.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import topiary.engine.fake.Trees;
import topiary.engine.model.Capability;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Step;

/** What is asked of trees, on trees that are texts. */
class QuestionsTest {

  @Test
  void theBestIsNamedAndOfEachOtherWhyItIsNotThatOne() throws Exception {
    Trees trees =
        Trees.of("p(a,b,c,d,e,f,g)")
            .with("a", s -> s.position = 90)
            .with("b", s -> s.delay = 60)
            .with("d", s -> s.detached = true)
            .with("e", s -> s.logUpdates = false)
            .with("f", s -> s.condition = Condition.UNREACHABLE);
    Questions.Choice choice = Questions.candidate(trees.topology(), key("p"));
    assertEquals(Optional.of(key("c")), choice.best());
    assertEquals(
        Map.of(
            key("a"), "a:3306 has received less than c:3306",
            key("b"), "b:3306 is held back by 60 s, and c:3306 by 0",
            key("d"),
                "d:3306 is detached from p:3306 on purpose: reattach-replica lets it connect again",
            key("e"),
                "e:3306 does not log replica updates, so a replica below it would get nothing",
            key("f"), "f:3306 cannot be seen",
            key("g"), "g:3306 suits as well as c:3306, whose address comes first"),
        choice.whyNot());
    unanswerable("a:3306 has no replicas", () -> Questions.candidate(trees.topology(), key("a")));
    unanswerable(
        "x:3306 is not known; discover it first",
        () -> Questions.candidate(trees.topology(), key("x")));
  }

  @Test
  void whoServesMoreAndWhoIsOlderIsBetter() throws Exception {
    Trees trees =
        Trees.of("p(a,b,c)")
            .with("a", s -> s.version = "11.5.2-MariaDB")
            .with("c", s -> s.version = "11.6.1-MariaDB");
    assertEquals(
        Map.of(
            key("a"),
            "a:3306 can serve 1 of the others, and b:3306 2",
            key("c"),
            "b:3306 runs 11.4.5-MariaDB-log, older than 11.6.1-MariaDB of c:3306; a"
                + " replica must not be older than its source"),
        Map.of(
            key("a"), Questions.candidate(trees.topology(), key("p")).whyNot().get(key("a")),
            key("c"),
                Questions.cannotReplicate(trees.topology(), key("b"), key("c")).orElseThrow()));
  }

  @Test
  void aRuleThatIsAgainstIsTold() throws Exception {
    Trees trees = Trees.of("p(a,b(c))");
    assertEquals(Optional.empty(), Questions.cannotReplicate(trees.topology(), key("c"), key("a")));
    trees.with("a", s -> s.logBin = false);
    assertEquals(
        Optional.of("a:3306 writes no binary log, so nothing can replicate from it"),
        Questions.cannotReplicate(trees.topology(), key("c"), key("a")));
    assertEquals(
        Optional.of("c:3306 is below b:3306: the move would cut the tree into a ring"),
        Questions.cannotReplicate(trees.topology(), key("b"), key("c")));
    trees.with("c", s -> s.condition = Condition.UNREACHABLE);
    unanswerable(
        "c:3306 is unreachable",
        () -> Questions.cannotReplicate(trees.topology(), key("c"), key("a")));
  }

  @Test
  void byGtidBothHaveToGoByIt() throws Exception {
    Trees trees = mysql("p(a,b)");
    assertEquals(
        Optional.empty(), Questions.cannotReplicateByGtid(trees.topology(), key("a"), key("b")));
    trees.with("b", s -> s.gtidMode = "OFF_PERMISSIVE");
    // However it finds its place it can.
    assertEquals(Optional.empty(), Questions.cannotReplicate(trees.topology(), key("a"), key("b")));
    assertEquals(
        Optional.of(
            "b:3306 has gtid_mode OFF_PERMISSIVE, so a:3306 could not find its place there by"
                + " GTID"),
        Questions.cannotReplicateByGtid(trees.topology(), key("a"), key("b")));
    assertEquals(
        Optional.of("b:3306 has gtid_mode OFF_PERMISSIVE"),
        Questions.cannotReplicateByGtid(trees.topology(), key("b"), key("a")));
  }

  @Test
  void whatRunsIsStoppedAndStarted() throws Exception {
    assertEquals(
        new Questions.Around(
            List.of(
                new Step.StopReplication(key("a"), "", Threads.IO),
                new Step.StopReplication(key("a"), "", Threads.SQL)),
            List.of(
                new Step.StartReplication(key("a"), "", Threads.SQL),
                new Step.StartReplication(key("a"), "", Threads.IO))),
        Questions.restart(Trees.of("p(a)").topology(), key("a")));
    assertEquals(
        new Questions.Around(
            List.of(new Step.StopReplication(key("a"), "", Threads.IO)),
            List.of(new Step.StartReplication(key("a"), "", Threads.IO))),
        Questions.restart(
            Trees.of("p(a)").with("a", s -> s.sql = ThreadState.STOPPED).topology(), key("a")));
    assertEquals(
        new Questions.Around(List.of(), List.of()),
        Questions.restart(Trees.of("p(a)").with("a", Trees.Server::stop).topology(), key("a")));
    unanswerable(
        "p:3306 is not a replica", () -> Questions.restart(Trees.of("p(a)").topology(), key("p")));
  }

  private static Trees mysql(String text) {
    Trees trees = Trees.of(text);
    for (String name : text.split("[(),]")) {
      trees.with(
          name,
          s -> {
            s.version = "9.7.0";
            s.gtidMode = "ON";
            s.gtid = GtidUse.AUTO_POSITION;
            s.executed = "00000000-0000-0000-0000-000000000001:1-9";
            s.received = s.executed;
            s.capabilities = Set.of(Capability.values());
          });
    }
    return trees;
  }

  private static void unanswerable(String why, Executable question) {
    assertEquals(why, assertThrows(Questions.Unanswerable.class, question).getMessage());
  }
}
