package topiary.engine.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Capability;
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

/** Detaching a replica and attaching it again, on trees that are texts. */
class AttachmentPlannerTest {

  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);
  private static final String UUID = "00000000-0000-0000-0000-000000000001";

  @Test
  void mariaDbAppliesWhatItReceivedFirst() {
    Plan plan = planned(maria(), new Doing.Detach());
    assertEquals(
        List.of(
            "stop receiving on r:3306",
            "wait until r:3306 has applied all it received, at most 60 s",
            "stop applying on r:3306",
            "detach r:3306 from p:3306",
            "start replication on r:3306"),
        words(plan));
    assertEquals(new Intent.OnServer(key("r"), new Doing.Reattach()), plan.undoing().inverse());
    assertTrue(
        plan.undoing().mustHold().contains(new Basis(key("r"), Field.SOURCE, "//p:3306")),
        () -> plan.undoing().toString());
    assertEquals(
        List.of("r:3306 gets nothing from p:3306, and applies what it has received"),
        plan.outcome());
  }

  @Test
  void mySqlIsToldWhileItApplies() {
    List<String> detach =
        List.of(
            "stop receiving on r:3306", "detach r:3306 from p:3306", "start replication on r:3306");
    assertEquals(detach, words(planned(mysql(), new Doing.Detach())));
    // Held back for long it keeps what it has received.
    assertEquals(
        detach, words(planned(mysql().with("r", s -> s.delay = 3600), new Doing.Detach())));
    assertEquals(
        List.of(
            "stop receiving on r:3306",
            "attach r:3306 to p:3306",
            "start replication on r:3306",
            "wait until r:3306 replicates from p:3306, at most 20 s"),
        words(planned(detached(mysql()), new Doing.Reattach())));
  }

  @Test
  void byFileThePlaceIsKept() {
    Trees byFile = maria().with("r", s -> s.gtid = GtidUse.NONE);
    assertEquals(
        List.of(
            "stop receiving on r:3306",
            "wait until r:3306 has applied all it received, at most 60 s",
            "stop applying on r:3306",
            "note how far r:3306 has executed in the log of its source",
            "detach r:3306 from p:3306, at the place noted for r:3306",
            "start replication on r:3306"),
        words(planned(byFile, new Doing.Detach())));
    List<String> back = words(planned(detached(byFile), new Doing.Reattach()));
    assertEquals(
        "point r:3306 at the place noted for r:3306 in the log of p:3306",
        back.get(back.size() - 3));
  }

  @Test
  void whatStandsStillStaysSo() {
    Trees stopped = maria().with("r", Trees.Server::stop);
    Plan plan = planned(stopped, new Doing.Detach());
    assertEquals(List.of("detach r:3306 from p:3306"), words(plan));
    assertTrue(
        plan.warnings().contains("applying stands still, as somebody left it, and is not started"));
    assertEquals(
        List.of("attach r:3306 to p:3306"),
        words(planned(detached(stopped), new Doing.Reattach())));
  }

  @Test
  void nothingReceivedIsThrownAway() {
    refused(
        "r:3306 has received what it has not applied, and its applying thread stands still: the"
            + " rest would be thrown away; let it apply first",
        maria()
            .with(
                "r",
                s -> {
                  s.sql = ThreadState.STOPPED;
                  s.executed = "0-1-5";
                  s.received = "0-1-9";
                }),
        new Doing.Detach());
    refused(
        "r:3306 is held back by 3600 s on purpose: what it has received cannot be applied in time,"
            + " and would be thrown away",
        maria().with("r", s -> s.delay = 3600),
        new Doing.Detach());
  }

  @Test
  void whatIsSoAlreadyIsRefused() {
    refused("r:3306 is detached from p:3306 already", detached(maria()), new Doing.Detach());
    refused("r:3306 is not detached from p:3306", maria(), new Doing.Reattach());
    Trees purged =
        detached(mysql())
            .with("p", s -> s.purged = UUID + ":1-7")
            .with("r", s -> s.executed = UUID + ":1-5");
    refused(
        "p:3306 has purged logs that r:3306 would need: it lacks "
            + UUID
            + ":6-7; \"relocate\" attaches it to another server",
        purged,
        new Doing.Reattach());
  }

  @Test
  void aSourceThatIsGoneIsWaitedForByNobody() {
    Plan plan =
        planned(
            detached(mysql()).with("p", s -> s.condition = Condition.UNREACHABLE),
            new Doing.Reattach());
    assertEquals("start replication on r:3306", words(plan).getLast());
    assertEquals(
        List.of("p:3306 cannot be seen: r:3306 gets nothing until it is there"), plan.warnings());
  }

  @Test
  void anInterruptedOneGoesOn() {
    var held = Map.of(key("r"), new World.Left(key("p"), Threads.BOTH));
    Trees standing = maria().with("r", Trees.Server::stop);
    assertEquals(
        "start replication on r:3306",
        words(planned(new World(standing.topology(), held), new Doing.Detach())).getLast());
    assertEquals(
        List.of("start replication on r:3306"),
        words(planned(new World(detached(standing).topology(), held), new Doing.Detach())));
    standing.with("r", s -> s.detached = false);
    assertEquals(
        List.of(
            "start replication on r:3306",
            "wait until r:3306 replicates from p:3306, at most 20 s"),
        words(planned(new World(standing.topology(), held), new Doing.Reattach())));
  }

  @Test
  void nobodyElseAttachesIt() {
    String why =
        "r:3306 is detached from p:3306 on purpose: reattach-replica lets it connect again";
    Trees trees = detached(Trees.of("p(r(s),q)"));
    for (Intent intent :
        List.of(
            new Intent.StartReplication(key("r"), Threads.BOTH),
            new Intent.OnServer(key("r"), new Doing.Restart()),
            new Intent.OnServer(key("r"), new Doing.UseGtid(false)),
            new Intent.InTree(key("r"), new Reshaping.Repoint(Optional.empty())),
            new Intent.InTree(key("r"), new Reshaping.BelowSibling(key("q"))))) {
      PlanResult result = PLANNER.plan(new World(trees.topology(), Map.of()), intent);
      assertEquals(new PlanResult.Refused(why), result, intent.words());
    }
    Plan siblings =
        planned(
            new World(trees.topology(), Map.of()),
            new Intent.InTree(key("p"), new Reshaping.RepointReplicas(Optional.empty())));
    assertTrue(siblings.warnings().contains("r:3306 stays as it is: " + why));
  }

  @Test
  void oneThatIsNamedIsMovedAndAttached() {
    Plan plan =
        planned(
            new World(detached(Trees.of("p(r,q)")).topology(), Map.of()),
            new Intent.Relocate(key("r"), key("q")));
    assertTrue(
        plan.warnings()
            .contains("r:3306 is detached from p:3306 on purpose; this attaches it, to q:3306"));
    assertTrue(
        plan.stages().getLast().lastly().stream().anyMatch(Step.Detach.class::isInstance),
        "it would be put back attached");
    assertInstanceOf(Intent.CannotBeUndone.class, plan.undoing().inverse());
  }

  @Test
  void aStopIsTakenBackAsFarAsItMatters() {
    Plan plan =
        planned(
            new World(detached(maria()).topology(), Map.of()),
            new Intent.StopReplication(key("r"), Threads.BOTH));
    assertEquals("wait until r:3306 has applied all it received, at most 60 s", words(plan).get(1));
    assertEquals(new Intent.StartReplication(key("r"), Threads.SQL), plan.undoing().inverse());
  }

  private static Trees maria() {
    return Trees.of("p(r(s))");
  }

  private static Trees mysql() {
    Trees trees = Trees.of("p(r(s))");
    for (String name : List.of("p", "r", "s")) {
      trees.with(
          name,
          s -> {
            s.version = "9.7.0";
            s.gtidMode = "ON";
            s.gtid = GtidUse.AUTO_POSITION;
            s.executed = UUID + ":1-9";
            s.received = UUID + ":1-9";
            s.capabilities = Set.of(Capability.values());
          });
    }
    return trees;
  }

  private static Trees detached(Trees trees) {
    return trees.with(
        "r",
        s -> {
          s.detached = true;
          s.io = s.io == ThreadState.STOPPED ? s.io : ThreadState.CONNECTING;
        });
  }

  private static Plan planned(Trees trees, Doing doing) {
    return planned(new World(trees.topology(), Map.of()), doing);
  }

  private static Plan planned(World world, Doing doing) {
    return planned(world, new Intent.OnServer(key("r"), doing));
  }

  private static Plan planned(World world, Intent intent) {
    return assertInstanceOf(PlanResult.Planned.class, PLANNER.plan(world, intent)).plan();
  }

  private static void refused(String why, Trees trees, Doing doing) {
    assertEquals(
        new PlanResult.Refused(why),
        PLANNER.plan(new World(trees.topology(), Map.of()), new Intent.OnServer(key("r"), doing)));
  }

  private static List<String> words(Plan plan) {
    return plan.stages().stream().flatMap(s -> s.steps().stream()).map(Step::words).toList();
  }
}
