package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Intent;
import topiary.engine.model.GtidUse;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.PlanPolicy;

/** What is particular to MySQL when {@code b} of {@code p(a,b)} is moved below {@code a}. */
class MySqlPlannerTest {

  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);
  private static final String P = uuid("p");
  private static final String B = uuid("b");

  private static String uuid(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static Trees tree() {
    Trees tree = Trees.of("p(a,b)");
    for (String name : List.of("p", "a", "b")) {
      tree.with(
          name,
          s -> {
            s.version = "9.7.0";
            s.uuid = Optional.of(uuid(name));
            s.gtid = GtidUse.AUTO_POSITION;
            s.gtidMode = "ON";
            s.executed = P + ":1-10";
            s.received = name.equals("p") ? "" : P + ":5-10";
          });
    }
    return tree;
  }

  private static PlanResult plan(Trees tree) {
    return PLANNER.plan(
        new World(tree.topology(), Map.of()), new Intent.Relocate(key("b"), key("a")));
  }

  private static Plan planned(Trees tree) {
    return assertInstanceOf(PlanResult.Planned.class, plan(tree)).plan();
  }

  private static String refused(Trees tree) {
    return assertInstanceOf(PlanResult.Refused.class, plan(tree)).reason();
  }

  private static List<String> steps(Plan plan) {
    return plan.stages().stream()
        .flatMap(s -> s.steps().stream())
        .map(step -> step.getClass().getSimpleName())
        .toList();
  }

  @Test
  void itIsMovedAsAnyOtherAndItsUuidIsGuarded() {
    Plan plan = planned(tree());
    assertEquals(
        List.of(
            "StopReplication",
            "ReadPending",
            "AwaitSendable",
            "PointAt",
            "StartReplication",
            "AwaitReplicating"),
        steps(plan));
    assertEquals(List.of(), plan.warnings());
    for (String server : List.of("a", "b")) {
      assertTrue(
          plan.stages().getFirst().guards().stream()
              .anyMatch(g -> g.instance().equals(key(server)) && g.field() == Field.SERVER_UUID));
    }
    assertTrue(plan.undoing().mustHold().stream().anyMatch(g -> g.field() == Field.SERVER_UUID));
  }

  @Test
  void aSourceThatDoesNotNumberWhatItWritesIsRefused() {
    assertEquals(
        "a:3306 has gtid_mode OFF_PERMISSIVE, so b:3306 could not find its place there by GTID",
        refused(tree().with("a", s -> s.gtidMode = "OFF_PERMISSIVE")));
    planned(tree().with("a", s -> s.gtidMode = "ON_PERMISSIVE"));
  }

  @Test
  void aSourceThatHasDeletedWhatIsNeededIsRefused() {
    Trees behind = tree().with("b", s -> s.executed = P + ":1-4").with("b", s -> s.received = "");
    planned(behind.with("a", s -> s.purged = P + ":1-4"));
    assertEquals(
        "a:3306 has purged logs that b:3306 would need: it lacks " + P + ":5-6",
        refused(behind.with("a", s -> s.purged = P + ":1-6")));
  }

  @Test
  void whatStandsUnappliedMayGoWhenTheNewSourceHasIt() {
    Trees stuck = tree().with("b", Trees.Server::stop).with("b", s -> s.executed = P + ":1-7");
    Plan plan = planned(stuck);
    assertEquals(List.of("ReadPending", "AwaitSendable", "PointAt"), steps(plan));
    String why = refused(stuck.with("a", s -> s.executed = P + ":1-9"));
    assertTrue(why.contains("would throw the rest away"), why);
    String gone =
        refused(
            stuck
                .with("a", s -> s.executed = P + ":1-10")
                .with("a", s -> s.purged = P + ":1-7")
                .with("b", s -> s.executed = P + ":1-7," + B + ":1")
                .with("b", s -> s.received = P + ":5-12"));
    assertTrue(gone.contains("would throw the rest away"), gone);
  }

  @Test
  void errantTransactionsAreNamed() {
    Plan plan = planned(tree().with("b", s -> s.executed = P + ":1-10," + B + ":1-2"));
    assertEquals(
        List.of(
            "b:3306 has transactions that a:3306 lacks and nobody above it has written: "
                + B
                + ":1-2; they stay where they are"),
        plan.warnings());
    assertTrue(steps(plan).contains("AwaitSendable"));
  }

  @Test
  void aReplicaThatIsHeldBackOnPurposeMayGoWhereItsRelayLogIs() {
    assertTrue(steps(planned(tree().with("b", s -> s.delay = 3600))).contains("AwaitSendable"));
  }
}
