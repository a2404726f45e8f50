package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.engine.dialect.MariaDialect;
import topiary.engine.dialect.MySqlDialect;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;

/** One channel of a replica {@code m} of {@code p}, and, by the channel {@code q}, of {@code q}. */
class NamedChannelPlannerTest {

  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);
  private static final String P = "00000000-0000-0000-0000-000000000001";
  private static final String Q = "00000000-0000-0000-0000-000000000002";

  private static Trees maria() {
    Trees trees = Trees.of("p(m,a) q(b)");
    for (String name : List.of("p", "a")) {
      trees.with(name, s -> s.executed = "1-1-100");
    }
    for (String name : List.of("q", "b")) {
      trees.with(name, s -> s.executed = "2-5-100");
    }
    return trees
        .with("m", s -> s.more.put("q", key("q")))
        .with("m", s -> s.executed = "1-1-100,2-5-100")
        .with("m", s -> s.received = "1-1-100,2-5-100");
  }

  private static Trees mysql() {
    Trees trees = Trees.of("p(m,a) q(b)").with("m", s -> s.more.put("q", key("q")));
    for (String name : List.of("p", "m", "a", "q", "b")) {
      trees.with(
          name,
          s -> {
            s.version = "9.7.0";
            s.gtid = GtidUse.AUTO_POSITION;
            s.gtidMode = "ON";
            s.executed = name.matches("[pa]") ? P + ":1-10" : Q + ":1-10";
          });
    }
    return trees
        .with("p", s -> s.uuid = Optional.of(P))
        .with("q", s -> s.uuid = Optional.of(Q))
        .with("m", s -> s.executed = P + ":1-10," + Q + ":1-10")
        .with("m", s -> s.received = Q + ":1-10");
  }

  @Test
  void withoutANameItIsRefusedAndTheChannelsAreNamed() {
    String why = refusal(maria(), stop());
    assertEquals(
        "m:3306 replicates from 2 sources, by the channel without a name (\"-\") from p:3306 and"
            + " channel \"q\" from q:3306: say which with \"channel\", where an operation takes"
            + " one",
        why);
    assertTrue(
        refusal(maria(), new Intent.OnServer(key("m"), new Doing.SkipTransaction()))
            .contains("channel \"q\" from q:3306"));
    String wrong = refusal(maria(), on("x", stop()));
    assertTrue(
        wrong.startsWith("m:3306 has no channel \"x\"; it replicates by the channel"), wrong);
    assertEquals("p:3306 is not a replica", refusal(maria(), on("x", stop("p"))));
  }

  @Test
  void oneIsStoppedAndTheOtherIsLeftAlone() {
    Plan plan = planned(maria(), on("q", stop()));
    assertEquals(List.of("stop replication on m:3306, channel \"q\""), words(plan));
    assertEquals(List.of("STOP SLAVE 'q'"), sql(plan));
    assertEquals("stop replication on m:3306, channel \"q\"", plan.intent().words());
    assertEquals(
        List.of("m:3306 goes on as it does by the channel without a name (\"-\") from p:3306"),
        plan.warnings());
    assertEquals(
        on("q", new Intent.StartReplication(key("m"), Threads.BOTH)), plan.undoing().inverse());
    assertEquals(
        List.of("STOP REPLICA FOR CHANNEL 'q'"),
        MySqlDialect.NEWEST.statements(
            planned(mysql(), on("q", stop())).stages().getFirst().steps().getFirst()));
    assertEquals(List.of("STOP SLAVE"), sql(planned(maria(), on("", stop()))));
  }

  @Test
  void whatItRestsOnIsSaidOfTheChannel() {
    Plan plan = planned(maria(), on("q", stop()));
    var source = new Basis(key("m"), Field.SOURCE, "q:3306").on("q");
    assertTrue(plan.basis().contains(source), plan::toString);
    assertTrue(plan.stages().getFirst().guards().contains(source), plan::toString);
    Trees other = maria().with("m", s -> s.more.put("q", key("b")));
    assertEquals(
        Optional.of("source of m:3306, channel \"q\", was \"q:3306\", now it is \"b:3306\""),
        source.broken(other.topology()));
    // The channel that decides the place may change as it likes.
    assertEquals(Optional.empty(), source.broken(maria().below("m", "a").topology()));
    Trees gone = maria().with("m", s -> s.more.clear());
    assertTrue(source.broken(gone.topology()).orElseThrow().endsWith("now it is \"none\""));
    var undo = new Intent.Undo(new PlanId("p0123456789ab"));
    assertInstanceOf(
        PlanResult.Refused.class,
        PLANNER.undo(new World(maria().topology(), Map.of()), undo, plan.undoing()));
    Plan restart = planned(maria(), on("q", new Intent.OnServer(key("m"), new Doing.Restart())));
    assertTrue(restart.basis().contains(new Basis(key("m"), Field.CHANNELS, "2")));
  }

  @Test
  void oneIsForgottenAndItStaysAReplica() {
    Plan plan =
        planned(
            maria().with("m", s -> s.readOnly = false),
            on("q", new Intent.OnServer(key("m"), new Doing.Reset())));
    assertEquals("RESET SLAVE 'q' ALL", sql(plan).getLast());
    assertEquals(List.of("m:3306 gets nothing from q:3306 any more"), plan.outcome());
    assertEquals(1, plan.warnings().size(), plan.warnings()::toString);
    assertInstanceOf(Intent.CannotBeUndone.class, plan.undoing().inverse());
    Plan only = planned(maria(), on("", new Intent.OnServer(key("b"), new Doing.Reset())));
    assertEquals(List.of("b:3306 is no replica, but the head of its own tree"), only.outcome());
  }

  @Test
  void oneIsMovedInItsOwnTree() {
    Plan plan = planned(maria(), on("q", move("b")));
    assertEquals(
        List.of(
            "stop receiving on m:3306, channel \"q\"",
            "wait until m:3306 has applied all it received, at most 60 s",
            "stop applying on m:3306, channel \"q\"",
            "note how far m:3306 has executed",
            "wait until b:3306 has logged the position noted for m:3306 in its domains 2, at most"
                + " 30 s",
            "point m:3306 at b:3306, channel \"q\"",
            "start replication on m:3306, channel \"q\"",
            "wait until m:3306 replicates from b:3306, at most 20 s"),
        words(plan));
    assertEquals(on("q", move("q")), plan.undoing().inverse());
    assertTrue(
        refusal(maria(), on("q", move("a"))).startsWith("a:3306 is not in the tree of m:3306"));
    assertTrue(refusal(maria(), on("q", move("q"))).contains("m:3306 is below q:3306 already"));
    assertTrue(
        refusal(maria(), on("q", move("p")))
            .startsWith(
                "m:3306 replicates from p:3306 by channel without a name already; a source ends"));
  }

  @Test
  void onMySqlWhatTheOtherSourceWroteIsNotErrant() {
    Plan plan = planned(mysql(), on("q", move("b")));
    assertTrue(
        sqlOf(plan, MySqlDialect.NEWEST)
            .contains(
                "CHANGE REPLICATION SOURCE TO SOURCE_HOST='b', SOURCE_PORT=3306,"
                    + " SOURCE_AUTO_POSITION=1 FOR CHANNEL 'q'"),
        plan::toString);
    assertEquals(
        List.of("m:3306 goes on as it does by the channel without a name (\"-\") from p:3306"),
        plan.warnings());
    Plan pointed =
        planned(
            mysql(),
            on("q", new Intent.InTree(key("m"), new Reshaping.Repoint(Optional.of(key("b"))))));
    assertEquals(words(plan), words(pointed));
    assertEquals(plan.warnings(), pointed.warnings());
  }

  @Test
  void aRingByWhateverChannelIsRefused() {
    Trees trees = maria().with("b", s -> s.more.put("m", key("m")));
    String why = refusal(trees, on("q", move("b")));
    assertTrue(why.startsWith("b:3306 gets, by one of its channels or those above it, what"), why);
  }

  @Test
  void domainsThatBothSourcesWriteInTellNothing() {
    Trees trees = maria();
    for (String name : List.of("p", "a", "q", "b", "m")) {
      trees.with(name, s -> s.executed = "0-1-100").with(name, s -> s.received = "0-1-100");
    }
    String why = refusal(trees, on("q", move("b")));
    assertTrue(why.startsWith("m:3306 gets GTID domain 0 by channel without a name from"), why);
    assertTrue(why.endsWith("each head needs a gtid_domain_id of its own"), why);
    // By file and position it is of no consequence; nor is it for a stop.
    planned(trees.with("m", s -> s.gtid = GtidUse.NONE), on("q", stop()));
  }

  @Test
  void itIsPointedAnewAtASourceThatIsGone() {
    Trees trees = maria().with("q", s -> s.condition = Condition.UNREACHABLE);
    Plan plan =
        planned(
            trees, on("q", new Intent.InTree(key("m"), new Reshaping.Repoint(Optional.empty()))));
    assertEquals("start replication on m:3306, channel \"q\"", words(plan).getLast());
    assertTrue(
        sql(plan)
            .contains(
                "CHANGE MASTER 'q' TO MASTER_HOST='q', MASTER_PORT=3306,"
                    + " MASTER_USE_GTID=slave_pos"),
        plan::toString);
  }

  @Test
  void detachedDelayedAndStoppedNicelyByChannel() {
    assertTrue(
        words(planned(maria(), on("q", new Intent.OnServer(key("m"), new Doing.Detach()))))
            .contains("detach m:3306 from q:3306"));
    assertTrue(
        sql(planned(maria(), on("q", new Intent.OnServer(key("m"), new Doing.Delay(60)))))
            .contains("CHANGE MASTER 'q' TO MASTER_DELAY=60"));
    assertEquals(
        on("q", new Intent.StartReplication(key("m"), Threads.BOTH)),
        planned(maria(), on("q", new Intent.OnServer(key("m"), new Doing.StopNicely())))
            .undoing()
            .inverse());
    String why =
        refusal(
            maria().with("m", s -> s.sql = ThreadState.STOPPED),
            on("q", new Intent.OnServer(key("m"), new Doing.StopNicely())));
    assertTrue(why.contains("stands still, so what it received"), why);
  }

  @Test
  void whatAChannelHasFailedAtIsSkippedThere() {
    Intent skip = new Intent.OnServer(key("m"), new Doing.SkipTransaction());
    Trees trees =
        mysql()
            .with("m", s -> s.sql = ThreadState.STOPPED)
            .with("m", s -> s.sqlError = "Worker 1 failed executing transaction '" + Q + ":11' at");
    Plan plan = planned(trees, on("q", skip));
    assertEquals(
        List.of(
            "give m:3306 an empty transaction in the place of " + Q + ":11",
            "start applying on m:3306, channel \"q\"",
            "wait until m:3306 replicates from q:3306, at most 20 s"),
        words(plan));
    assertTrue(
        sqlOf(plan, MySqlDialect.NEWEST).contains("START REPLICA SQL_THREAD FOR CHANNEL 'q'"),
        plan::toString);
  }

  @Test
  void whatIsSkippedForAllChannelsTakesThatTheOthersStandStill() {
    Intent skip = new Intent.OnServer(key("m"), new Doing.SkipTransaction());
    Trees failed =
        maria()
            .with("m", s -> s.moreRun = true)
            .with("m", s -> s.sql = ThreadState.STOPPED)
            .with("m", s -> s.sqlError = "Duplicate entry");
    assertEquals(
        "m:3306 takes another gtid_slave_pos, which is how one is skipped, only while all its"
            + " channels stand still, and it replicates by channel \"q\" from q:3306: stop that"
            + " nicely, with its \"channel\", ask again, and start it afterwards",
        refusal(failed, on("", skip)));
    Trees counted = mysql();
    for (String name : List.of("p", "m", "a", "q", "b")) {
      counted.with(name, s -> s.gtid = GtidUse.NONE).with(name, s -> s.gtidMode = "OFF");
    }
    counted
        .with("m", s -> s.moreRun = true)
        .with("m", s -> s.sql = ThreadState.STOPPED)
        .with("m", s -> s.sqlError = "Duplicate entry");
    String why = refusal(counted, on("", skip));
    assertTrue(why.startsWith("m:3306 takes the number of transactions to skip, while gtid"), why);
    assertTrue(why.endsWith("ask again, and start it afterwards"), why);
    counted.with("m", s -> s.moreRun = false);
    planned(counted, on("", skip));
    // MariaDB's counter is about one of them.
    planned(failed.with("m", s -> s.gtid = GtidUse.NONE), on("", skip));
  }

  @Test
  void oneIsLedByGtidOrNotAndTheOtherIsLeftAlone() {
    Intent off = new Intent.OnServer(key("m"), new Doing.UseGtid(false));
    Intent on = new Intent.OnServer(key("m"), new Doing.UseGtid(true));
    assertEquals(List.of(4, 6), List.of(on("q", stop()).level(), on("q", off).level()));
    Plan plan = planned(mysql(), on("q", off));
    assertEquals(on("q", on), plan.undoing().inverse());
    assertTrue(
        sqlOf(plan, MySqlDialect.NEWEST).stream()
            .anyMatch(sql -> sql.contains("_AUTO_POSITION=0") && sql.endsWith("CHANNEL 'q'")),
        plan::toString);
    Trees classic = maria().with("m", s -> s.gtid = GtidUse.NONE);
    assertTrue(
        sql(planned(classic, on("q", on)))
            .contains(
                "CHANGE MASTER 'q' TO MASTER_HOST='q', MASTER_PORT=3306,"
                    + " MASTER_USE_GTID=slave_pos"));
    for (String name : List.of("p", "a", "q", "b", "m")) {
      classic.with(name, s -> s.executed = "0-1-100").with(name, s -> s.received = "0-1-100");
    }
    String why = refusal(classic, on("q", on));
    assertTrue(why.endsWith("each head needs a gtid_domain_id of its own"), why);
  }

  @Test
  void aNameWithQuotesStaysAName() {
    Trees trees = maria().with("m", s -> s.more.put("a'; DROP TABLE t; -- \\", key("q")));
    Plan plan = planned(trees, on("a'; DROP TABLE t; -- \\", stop()));
    assertEquals(List.of("STOP SLAVE 'a''; DROP TABLE t; -- \\\\'"), sql(plan));
  }

  private static Intent stop() {
    return stop("m");
  }

  private static Intent stop(String name) {
    return new Intent.StopReplication(key(name), Threads.BOTH);
  }

  private static Intent move(String below) {
    return new Intent.Relocate(key("m"), key(below));
  }

  private static Intent on(String channel, Intent wanted) {
    return new Intent.OnChannel(wanted, channel);
  }

  private static List<String> words(Plan plan) {
    return plan.stages().stream().flatMap(s -> s.steps().stream()).map(Step::words).toList();
  }

  private static List<String> sql(Plan plan) {
    return sqlOf(plan, new MariaDialect());
  }

  private static List<String> sqlOf(Plan plan, topiary.engine.dialect.Dialect dialect) {
    return plan.stages().stream()
        .flatMap(s -> s.steps().stream())
        .flatMap(step -> dialect.statements(step).stream())
        .toList();
  }

  private static Plan planned(Trees trees, Intent intent) {
    PlanResult result = PLANNER.plan(new World(trees.topology(), Map.of()), intent);
    return assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
  }

  private static String refusal(Trees trees, Intent intent) {
    PlanResult result = PLANNER.plan(new World(trees.topology(), Map.of()), intent);
    return assertInstanceOf(PlanResult.Refused.class, result, result::toString).reason();
  }
}
