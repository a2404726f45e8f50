package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import topiary.engine.dialect.MariaDialect;
import topiary.engine.dialect.MySqlDialect;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Channel;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Settings;
import topiary.engine.model.ThreadState;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Login;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;

/** A former primary that is back and replicates from the one in its place, on trees of text. */
class RejoinPlannerTest {

  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);
  private static final String P = "00000000-0000-0000-0000-000000000001";
  private static final String A = "00000000-0000-0000-0000-000000000002";
  private static final Map<InstanceKey, String> GIVEN = Map.of(key("a"), "repl");
  private static final Map<InstanceKey, InstanceKey> SUCCEEDED = Map.of(key("p"), key("a"));

  private static Trees maria() {
    return Trees.of("a(b) p")
        .with("p", s -> s.history = "0-1-10")
        .with("p", s -> s.readOnly = true)
        .with("a", s -> s.history = "0-1-10,0-2-15");
  }

  private static Trees mysql() {
    Trees tree = Trees.of("a(b) p");
    for (String name : List.of("a", "b", "p")) {
      tree.with(
          name,
          s -> {
            s.version = "9.7.0";
            s.gtid = GtidUse.AUTO_POSITION;
            s.gtidMode = "ON";
            s.executed = P + ":1-10" + (name.equals("p") ? "" : "," + A + ":1-5");
            s.keepsPassword = Optional.of(true);
            s.readOnly = !name.equals("a");
          });
    }
    return tree;
  }

  @Test
  void onceMoreItIsSeenThatItHasNothingOfItsOwn() {
    Plan plan = planned(mysql());
    assertEquals(
        List.of(
            "note all that p:3306 has logged",
            "wait until a:3306 has logged the position noted for p:3306, at most 5 s",
            "point p:3306 at a:3306, to log in as repl",
            "start replication on p:3306",
            "wait until p:3306 replicates from a:3306, at most 20 s"),
        words(plan));
    assertEquals(
        List.of("stop replication on p:3306", "make p:3306 forget its source"),
        plan.stages().getLast().lastly().stream().map(Step::words).toList());
    assertEquals(Set.of(key("p")), plan.changed());
    assertEquals(
        new Intent.InTree(key("p"), new Reshaping.Rejoin(Optional.of(key("a")))), plan.intent());
    assertEquals(new Intent.OnServer(key("p"), new Doing.Reset()), plan.undoing().inverse());
    assertTrue(plan.undoing().mustHold().contains(new Basis(key("p"), Field.SOURCE, "a:3306")));
    assertTrue(plan.basis().contains(new Basis(key("p"), Field.CHANNELS, "0")));
    assertEquals(
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST='a', SOURCE_PORT=3306, SOURCE_USER='repl',"
            + " SOURCE_PASSWORD='<secret>', SOURCE_SSL=0, SOURCE_AUTO_POSITION=1 FOR CHANNEL ''",
        MySqlDialect.NEWEST.statements(follow(plan)).getFirst());
  }

  @Test
  void onMariaDbItBeginsWhereItWroteLast() {
    assertEquals(
        "CHANGE MASTER TO MASTER_HOST='a', MASTER_PORT=3306, MASTER_USER='repl',"
            + " MASTER_PASSWORD='<secret>', MASTER_SSL=0, MASTER_USE_GTID=slave_pos,"
            + " MASTER_DEMOTE_TO_SLAVE=1",
        new MariaDialect().statements(follow(planned(maria()))).getFirst());
  }

  @Test
  void oneThatTakesWritesRefusesThemFirstAndStaysSo() {
    Plan plan = planned(maria().with("p", s -> s.readOnly = false));
    assertEquals("Have p:3306 refuse writes", plan.stages().getFirst().title());
    assertInstanceOf(Step.QuietDown.class, plan.stages().getFirst().steps().getFirst());
    assertEquals(List.of(), plan.stages().getFirst().lastly());
    assertTrue(
        plan.stages().getLast().guards().contains(new Basis(key("p"), Field.READ_ONLY, "on")));
    assertTrue(plan.warnings().getFirst().contains("are disconnected"), plan::toString);
  }

  @Test
  void whoHasItsPlaceIsKnownOrHasToBeSaid() {
    assertTrue(
        refusal(mysql(), Optional.empty(), Map.of())
            .startsWith("nobody is known to have taken the place of p:3306: "));
    PlanResult said =
        PLANNER.plan(
            world(mysql(), GIVEN, Map.of()),
            new Intent.InTree(key("p"), new Reshaping.Rejoin(Optional.of(key("a")))));
    assertInstanceOf(PlanResult.Planned.class, said, said::toString);
  }

  @Test
  void whatOnlyItHasIsNotCovered() {
    String mysql = refusal(mysql().with("p", s -> s.executed = P + ":1-12"));
    assertTrue(
        mysql.contains("p:3306 has transactions that a:3306 has not: " + P + ":11-12. "), mysql);
    assertTrue(mysql.endsWith("build p:3306 anew from a copy of it"), mysql);
    String maria = refusal(maria().with("p", s -> s.history = "0-1-12"));
    assertTrue(maria.contains("after 0-1-10 up to 0-1-12"), maria);
  }

  @Test
  void itMustFindItsPlace() {
    String purged = refusal(mysql().with("a", s -> s.purged = P + ":1-10," + A + ":1-3"));
    assertTrue(purged.contains("a:3306 has purged logs that p:3306 would need"), purged);
    String off = refusal(mysql().with("p", s -> s.gtidMode = "OFF"));
    assertTrue(off.startsWith("p:3306 has gtid_mode OFF, and where it stands"), off);
    String older = refusal(mysql().with("p", s -> s.version = "8.4.0"));
    assertTrue(older.contains("older than"), older);
  }

  @Test
  void whoReplicatesAlreadyIsMovedOtherwise() {
    String there = refusal(mysql().below("p", "a"));
    assertEquals("p:3306 replicates from a:3306 already", there);
    String elsewhere = refusal(mysql().below("p", "b"));
    assertTrue(elsewhere.contains("\"relocate\" moves it below a:3306"), elsewhere);
    String away = refusal(mysql().with("a", s -> s.condition = Condition.UNREACHABLE));
    assertTrue(away.startsWith("a:3306 is "), away);
    String failed = refusal(mysql().below("p", "a").with("p", s -> s.sql = ThreadState.STOPPED));
    assertTrue(failed.startsWith("p:3306 is pointed at a:3306 already, and does not"), failed);
  }

  @Test
  void brokenOffBeforeItWasStartedItIsStarted() {
    assertEquals(
        List.of(
            "start replication on p:3306",
            "wait until p:3306 replicates from a:3306, at most 20 s"),
        words(planned(mysql().below("p", "a").with("p", Trees.Server::stop))));
  }

  @Test
  void itLogsInAsTheOthersReplicasDo() {
    Plan kept = planned(mysql(), Map.of());
    assertEquals(Optional.of(new Login.Kept(key("b"), "")), follow(kept).login().kept());
    String maria = refusal(maria(), Optional.empty(), SUCCEEDED, Map.of());
    assertTrue(maria.contains("MariaDB does not tell it"), maria);
    assertTrue(maria.endsWith("that covers a:3306"), maria);
    var how =
        new Channel.Encryption(
            new TreeMap<>(Map.of("SSL_CA", "/etc/ca.pem", "BIND", "10.0.0.2")),
            Optional.of(true),
            Optional.of(false));
    Trees trees = mysql().with("b", s -> s.tls = true).with("b", s -> s.encryption = how);
    Plan plan = planned(trees);
    assertTrue(follow(plan).login().tls());
    assertEquals(Set.of("SSL_CA"), follow(plan).login().encryption().options().keySet());
    assertEquals(
        List.of(
            "p:3306 must have in the same places the files that b:3306 connects with:"
                + " /etc/ca.pem"),
        plan.warnings());
    // Where nobody shows how, it is encrypted if that can be.
    Trees alone =
        Trees.of("a p").with("a", s -> s.takes = new Settings.Tls(Optional.of(true), false));
    assertTrue(follow(planned(alone)).login().tls());
  }

  @Test
  void itAcknowledgesWhereTheOtherWaits() {
    Trees trees =
        maria()
            .with("a", s -> s.semiSync = semiSync(true, false))
            .with("p", s -> s.semiSync = semiSync(true, false))
            .with("b", s -> s.semiSync = semiSync(false, true));
    List<String> words = words(planned(trees));
    assertEquals(
        List.of(
            "turn semi-sync on on p:3306 as a replica", "turn semi-sync off on p:3306 as a source"),
        words.subList(0, 2));
  }

  private static SemiSync semiSync(boolean source, boolean replica) {
    return new SemiSync(
        true,
        new SemiSync.Source(true, source, 5000, 1, source, 1),
        new SemiSync.Replica(true, replica, replica));
  }

  private static Step.Follow follow(Plan plan) {
    return plan.stages().getLast().steps().stream()
        .filter(Step.Follow.class::isInstance)
        .map(Step.Follow.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> words(Plan plan) {
    return plan.stages().stream().flatMap(s -> s.steps().stream()).map(Step::words).toList();
  }

  private static World world(
      Trees trees, Map<InstanceKey, String> logins, Map<InstanceKey, InstanceKey> succeeded) {
    return new World(
        trees.topology(),
        Map.of(),
        Map.of(),
        Map.of(),
        logins,
        List.of(),
        List.of(),
        succeeded,
        Set.of());
  }

  private static Plan planned(Trees trees) {
    return planned(trees, GIVEN);
  }

  private static Plan planned(Trees trees, Map<InstanceKey, String> logins) {
    PlanResult result =
        PLANNER.plan(
            world(trees, logins, SUCCEEDED),
            new Intent.InTree(key("p"), new Reshaping.Rejoin(Optional.empty())));
    return assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
  }

  private static String refusal(Trees trees) {
    return refusal(trees, Optional.empty(), SUCCEEDED);
  }

  private static String refusal(
      Trees trees, Optional<InstanceKey> source, Map<InstanceKey, InstanceKey> succeeded) {
    return refusal(trees, source, succeeded, GIVEN);
  }

  private static String refusal(
      Trees trees,
      Optional<InstanceKey> source,
      Map<InstanceKey, InstanceKey> succeeded,
      Map<InstanceKey, String> logins) {
    PlanResult result =
        PLANNER.plan(
            world(trees, logins, succeeded),
            new Intent.InTree(key("p"), new Reshaping.Rejoin(source)));
    return assertInstanceOf(PlanResult.Refused.class, result, result::toString).reason();
  }
}
