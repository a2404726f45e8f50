package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import topiary.engine.dialect.Dialect;
import topiary.engine.dialect.MariaDialect;
import topiary.engine.dialect.MySqlDialect;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.Channel;
import topiary.engine.model.Group;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Settings;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Login;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;

/** A replica that becomes co-source of its source, on trees that are texts. */
class CoSourcePlannerTest {

  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);
  private static final String P = "00000000-0000-0000-0000-000000000001";
  private static final String R = "00000000-0000-0000-0000-000000000002";
  private static final Map<InstanceKey, String> GIVEN = Map.of(key("r"), "repl");

  private static Trees maria() {
    return Trees.of("p(r,s)");
  }

  private static Trees mysql() {
    Trees tree = Trees.of("p(r,s)");
    for (String name : List.of("p", "r", "s")) {
      tree.with(
          name,
          s -> {
            s.version = "9.7.0";
            s.gtid = GtidUse.AUTO_POSITION;
            s.gtidMode = "ON";
            s.executed = P + ":1-10";
            s.received = name.equals("p") ? "" : P + ":5-10";
            s.keepsPassword = Optional.of(true);
          });
    }
    return tree.with("p", s -> s.uuid = Optional.of(P)).with("r", s -> s.uuid = Optional.of(R));
  }

  @Test
  void onMariaDbTheReplicaMustHaveLoggedWhatTheHeadCountsAsItsOwn() {
    Plan plan = planned(maria());
    assertEquals(
        List.of(
            "point p:3306 at r:3306, to log in as repl",
            "note how far p:3306 has executed",
            "wait until r:3306 has logged the position noted for p:3306, at most 30 s",
            "start replication on p:3306",
            "wait until p:3306 replicates from r:3306, at most 20 s"),
        words(plan));
    assertEquals(
        List.of("stop replication on p:3306", "make p:3306 forget its source"),
        plan.stages().getFirst().lastly().stream().map(Step::words).toList());
    assertEquals(Set.of(key("p")), plan.changed());
    assertEquals(
        new Intent.InTree(key("r"), new Reshaping.CoSource(Optional.of(key("p")))), plan.intent());
    assertEquals(
        "CHANGE MASTER TO MASTER_HOST='r', MASTER_PORT=3306, MASTER_USER='repl',"
            + " MASTER_PASSWORD='<secret>', MASTER_SSL=0, MASTER_USE_GTID=slave_pos,"
            + " MASTER_DEMOTE_TO_SLAVE=1",
        first(plan, new MariaDialect()));
  }

  @Test
  void onMySqlTheSourceFindsThePlaceAndThePasswordIsTheReplicasOwn() {
    Plan plan = planned(mysql(), Map.of());
    assertEquals(
        List.of(
            "point p:3306 at r:3306, to log in as replication",
            "start replication on p:3306",
            "wait until p:3306 replicates from r:3306, at most 20 s"),
        words(plan));
    assertEquals(
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST='r', SOURCE_PORT=3306,"
            + " SOURCE_USER='replication', SOURCE_PASSWORD='<secret>', SOURCE_SSL=0,"
            + " SOURCE_AUTO_POSITION=1 FOR CHANNEL ''",
        first(plan, MySqlDialect.NEWEST));
    Step.Follow follow =
        assertInstanceOf(Step.Follow.class, plan.stages().getFirst().steps().getFirst());
    assertEquals(Optional.of(new Login.Kept(key("r"), "")), follow.login().kept());
    // What the operator has given goes before that.
    Plan given = planned(mysql(), GIVEN);
    assertTrue(words(given).getFirst().endsWith("as repl"), given::toString);
  }

  @Test
  void byFileTheReplicaStandsStillWhereItHasAllThatOthersWrote() {
    Plan plan = planned(maria().with("r", s -> s.gtid = GtidUse.NONE));
    assertEquals(
        List.of(
            "note where the log of p:3306 ends",
            "wait until r:3306 has applied up to the place noted for the end of the log of"
                + " p:3306, at most 30 s",
            "stop applying on r:3306",
            "note where the log of r:3306 ends",
            "start replication on r:3306",
            "point p:3306 at the place noted for r:3306 in the log of r:3306, to log in as repl",
            "start replication on p:3306",
            "wait until p:3306 replicates from r:3306, at most 20 s"),
        words(plan));
    assertEquals(
        "start replication on r:3306", plan.stages().getFirst().lastly().getFirst().words());
    Step at = plan.stages().getFirst().steps().get(5);
    assertEquals(
        "CHANGE MASTER TO MASTER_HOST='r', MASTER_PORT=3306, MASTER_USER='repl',"
            + " MASTER_PASSWORD='<secret>', MASTER_SSL=0, MASTER_LOG_FILE='<the noted file>',"
            + " MASTER_LOG_POS=<the noted position>, MASTER_USE_GTID=no",
        new MariaDialect().statements(at).getFirst());
    assertTrue(
        MySqlDialect.NEWEST.statements(at).getFirst().contains("SOURCE_AUTO_POSITION=0, "),
        at::toString);
  }

  @Test
  void itIsTakenBackByHavingTheHeadForget() {
    Plan plan = planned(maria());
    assertEquals(new Intent.OnServer(key("p"), new Doing.Reset()), plan.undoing().inverse());
    assertTrue(plan.undoing().mustHold().contains(new Basis(key("p"), Field.SOURCE, "r:3306")));
    Trees ring = maria().below("p", "r");
    Plan back =
        assertInstanceOf(
                PlanResult.Planned.class,
                PLANNER.plan(new World(ring.topology(), Map.of()), plan.undoing().inverse()))
            .plan();
    assertEquals("make p:3306 forget its source", words(back).getLast());
    // It is the head still: nobody is warned of a second one, or of what is below it.
    assertEquals(List.of(), back.warnings());
  }

  @Test
  void theReplicaMustNotTakeWrites() {
    String why = refusal(maria().with("r", s -> s.readOnly = false));
    assertTrue(why.startsWith("r:3306 takes writes: "), why);
    assertTrue(why.endsWith("\"set-read-only\" r:3306 first"), why);
    Plan plan = planned(maria());
    assertTrue(
        plan.stages().getFirst().guards().contains(new Basis(key("r"), Field.READ_ONLY, "on")));
    assertTrue(plan.basis().contains(new Basis(key("p"), Field.CHANNELS, "0")));
  }

  @Test
  void theSourceMustBeAHead() {
    String below = refusal(Trees.of("q(p(r))"));
    assertTrue(below.startsWith("p:3306 is no head: it replicates from q:3306; "), below);
    String ring = refusal(maria().below("p", "s"));
    assertTrue(ring.contains("it replicates from s:3306, in a ring"), ring);
    assertTrue(refusal(maria().below("p", "r")).contains("are co-sources already"));
    String other =
        refusal(
            new World(Trees.of("p(r) q").topology(), Map.of()),
            new Reshaping.CoSource(Optional.of(key("q"))));
    assertTrue(other.startsWith("r:3306 replicates from p:3306, not from q:3306: "), other);
    assertTrue(
        PLANNER.plan(
                    new World(maria().topology(), Map.of()),
                    new Intent.InTree(key("p"), new Reshaping.CoSource(Optional.empty())))
                instanceof PlanResult.Refused r
            && r.reason().contains(" is not a replica"));
  }

  @Test
  void theReplicaMustReplicateAndComeUpInTime() {
    String stopped = refusal(maria().with("r", Trees.Server::stop));
    assertTrue(stopped.startsWith("r:3306 does not replicate at present, so "), stopped);
    assertTrue(stopped.endsWith("\"start-replication\" on it first"), stopped);
    String late = refusal(maria().with("r", s -> s.delay = 3600));
    assertTrue(late.contains("is held back by 3600 s on purpose"), late);
    assertTrue(
        refusal(maria().with("r", s -> s.detached = true)).contains("is detached from p:3306"));
  }

  @Test
  void theHeadMustBeAbleToReplicateFromIt() {
    assertTrue(
        refusal(maria().with("r", s -> s.logUpdates = false))
            .contains("r:3306 does not log replica updates"));
    assertTrue(
        refusal(maria().with("r", s -> s.version = "11.8.2-MariaDB")).contains("older than"));
    assertTrue(
        refusal(maria().with("p", s -> s.format = BinlogFormat.STATEMENT)).contains("cannot log"));
    assertTrue(
        refusal(maria().with("r", s -> s.filtered = true)).contains("replicates through filters"));
    String group =
        refusal(
            maria()
                .with(
                    "p",
                    s ->
                        s.group =
                            Optional.of(
                                new Group(
                                    "g", true, "ONLINE", "PRIMARY", Optional.empty(), List.of()))));
    assertTrue(group.startsWith("p:3306 is a member of the group g"), group);
    assertTrue(
        refusal(mysql().with("p", s -> s.gtidMode = "OFF").with("r", s -> s.gtidMode = "OFF"))
            .contains("has gtid_mode OFF"));
  }

  @Test
  void whatTheHeadLacksItMustNotGetThatWay() {
    String mysql = refusal(mysql().with("r", s -> s.executed = P + ":1-10," + R + ":1-2"));
    assertTrue(mysql.contains("has transactions that p:3306 lacks, and would get"), mysql);
    assertTrue(mysql.contains(R + ":1-2; \"inject-empty-transactions\" or "), mysql);
    String maria =
        refusal(
            maria()
                .with("p", s -> s.history = "0-1-100")
                .with("r", s -> s.history = "0-1-100,0-2-101")
                .with("r", s -> s.executed = "0-2-101"));
    assertTrue(maria.contains("lacks, and would get from it: 0-2-101"), maria);
  }

  @Test
  void aPasswordMustBeKnown() {
    String maria = refusal(new World(maria().topology(), Map.of()), coSource());
    assertTrue(maria.contains("MariaDB does not tell it"), maria);
    assertTrue(maria.contains("write \"replication\" with its user and password into"), maria);
    String mysql =
        refusal(
            new World(
                mysql().with("r", s -> s.keepsPassword = Optional.empty()).topology(), Map.of()),
            coSource());
    assertTrue(mysql.contains("keeps none in mysql.slave_master_info, or does not let"), mysql);
  }

  @Test
  void howTheReplicaEncryptsIsTakenOver() {
    var how =
        new Channel.Encryption(
            new TreeMap<>(Map.of("SSL_CA", "/etc/ca.pem", "BIND", "10.0.0.2")),
            Optional.of(true),
            Optional.of(false));
    Trees trees = mysql().with("r", s -> s.tls = true).with("r", s -> s.encryption = how);
    Plan plan = planned(trees, GIVEN);
    assertTrue(
        first(plan, MySqlDialect.NEWEST)
            .contains(
                "SOURCE_SSL=1, SOURCE_SSL_VERIFY_SERVER_CERT=1, SOURCE_SSL_CA='/etc/ca.pem',"
                    + " GET_SOURCE_PUBLIC_KEY=0, SOURCE_AUTO_POSITION=1"),
        plan::toString);
    assertFalse(first(plan, MySqlDialect.NEWEST).contains("BIND"));
    assertEquals(
        List.of(
            "p:3306 must have in the same places the files that r:3306 connects with:"
                + " /etc/ca.pem"),
        plan.warnings());
    String none =
        refusal(trees.with("r", s -> s.takes = new Settings.Tls(Optional.of(false), false)));
    assertTrue(none.contains("over TLS, and takes no such connections itself"), none);
    String only =
        refusal(mysql().with("r", s -> s.takes = new Settings.Tls(Optional.of(true), true)));
    assertTrue(only.startsWith("r:3306 takes connections over TLS only"), only);
    var file =
        new Channel.Encryption(
            new TreeMap<>(Map.of("PUBLIC_KEY_PATH", "/etc/p.pem")),
            Optional.empty(),
            Optional.of(false));
    String key = refusal(mysql().with("r", s -> s.encryption = file));
    assertTrue(key.startsWith("r:3306 has the public key of p:3306 in a file; "), key);
  }

  @Test
  void brokenOffItGoesOnFromWhereItIs() {
    // The head was pointed there, and not started.
    Trees pointed = maria().below("p", "r").with("p", Trees.Server::stop);
    assertEquals(
        List.of(
            "start replication on p:3306",
            "wait until p:3306 replicates from r:3306, at most 20 s"),
        words(planned(pointed)));
    // By file and position, the replica was left with its applying thread stopped.
    Trees halted =
        maria().with("r", s -> s.gtid = GtidUse.NONE).with("r", s -> s.sql = ThreadState.STOPPED);
    var world =
        new World(
            halted.topology(),
            Map.of(key("r"), new World.Left(key("p"), Threads.BOTH)),
            Map.of(),
            Map.of(),
            GIVEN);
    Plan plan =
        assertInstanceOf(
                PlanResult.Planned.class,
                PLANNER.plan(world, new Intent.InTree(key("r"), coSource())))
            .plan();
    assertEquals("Start r:3306 again", plan.stages().getFirst().title());
    assertEquals("Have p:3306 replicate from r:3306", plan.stages().getLast().title());
    assertTrue(
        plan.stages()
            .getLast()
            .guards()
            .contains(new Basis(key("r"), Field.SQL_THREAD, "started")));
  }

  @Test
  void noPasswordIsWrittenButItsPlace() {
    assertEquals(
        "CHANGE X USER='PASSWORD=''<secret>''', PASSWORD='it''s'",
        Dialect.withPassword("CHANGE X USER='PASSWORD=''<secret>''', PASSWORD='<secret>'", "it's"));
  }

  private static Reshaping coSource() {
    return new Reshaping.CoSource(Optional.empty());
  }

  private static String first(Plan plan, Dialect dialect) {
    return dialect.statements(plan.stages().getFirst().steps().getFirst()).getFirst();
  }

  private static List<String> words(Plan plan) {
    return plan.stages().stream().flatMap(s -> s.steps().stream()).map(Step::words).toList();
  }

  private static Plan planned(Trees trees) {
    return planned(trees, GIVEN);
  }

  private static Plan planned(Trees trees, Map<InstanceKey, String> logins) {
    var world = new World(trees.topology(), Map.of(), Map.of(), Map.of(), logins);
    PlanResult result = PLANNER.plan(world, new Intent.InTree(key("r"), coSource()));
    return assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
  }

  private static String refusal(Trees trees) {
    return refusal(new World(trees.topology(), Map.of(), Map.of(), Map.of(), GIVEN), coSource());
  }

  private static String refusal(World world, Reshaping how) {
    PlanResult result = PLANNER.plan(world, new Intent.InTree(key("r"), how));
    return assertInstanceOf(PlanResult.Refused.class, result, result::toString).reason();
  }
}
