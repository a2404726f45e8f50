package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.PlanEnd;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/**
 * Every operation that moves several servers, or one by its place, on real ones that are written
 * to: where the servers say they replicate from, what takes it back, and what is refused.
 */
@Execution(ExecutionMode.SAME_THREAD)
class InTreeIT {

  private static final By DBA = new By("dba", "test");
  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10)));
  private static final List<String> REPLICAS = List.of("r1", "r2", "r3", "r4");

  private Ground ground;
  private Manager manager;
  private MemoryLog journal;

  static List<topiary.lab.flavor.Flavor> flavors() {
    return Ground.oneFlavor();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void eachIsDoneUndoneAndRefused(topiary.lab.flavor.Flavor flavor) throws Exception {
    journal = new MemoryLog();
    try (Ground here = Ground.up("intree", "p(r1,r2,r3,r4)", flavor);
        Ground.Topiary topiary = here.topiary(journal, QUICK)) {
      ground = here;
      manager = topiary.manager();
      topiary.discover(ground.key("r1"), 5);
      try (Load load = Load.start(ground.lab())) {
        Ground.await(() -> load.acknowledged() > 20, "nothing is written");
        siblingsTakenAndReplicasMoved();
        upAndBelowASibling();
        placesChanged();
        pointedAnew();
        severalAtOnce();
        whatCannotMoveStays();
        load.stop();
        List<Check.Result> results = load.check(Ground.LIMIT);
        assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
      }
      regroupedWhenTheSourceIsDead();
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  private void siblingsTakenAndReplicasMoved() throws Exception {
    done("r1", new Reshaping.Siblings());
    stand("p", "r1", "r1", "r1");
    undone();
    stand("p", "p", "p", "p");
    refused("p", new Reshaping.Siblings(), " is not a replica");
    done("p", new Reshaping.Replicas(ground.key("r1"), Optional.of(":" + port("r[23]") + "$")));
    stand("p", "r1", "r1", "p");
    refused("p", new Reshaping.Replicas(ground.key("r1"), Optional.of("(")), "no regular express");
    refused("r4", new Reshaping.Replicas(ground.key("p"), Optional.empty()), " has no replicas");
    done("r1", new Reshaping.ReplicasUp(Optional.empty()));
    stand("p", "p", "p", "p");
    undone();
    stand("p", "r1", "r1", "p");
  }

  /** The ports of some members, as a group of a regular expression. */
  private String port(String members) {
    return "("
        + String.join(
            "|",
            REPLICAS.stream()
                .filter(member -> member.matches(members))
                .map(member -> Integer.toString(ground.key(member).port()))
                .toList())
        + ")";
  }

  private void upAndBelowASibling() throws Exception {
    refused("r1", new Reshaping.Up(), " is a head: nobody is above it");
    done("r3", new Reshaping.Up());
    stand("p", "r1", "p", "p");
    undone();
    stand("p", "r1", "r1", "p");
    done("r3", new Reshaping.BelowSibling(ground.key("r2")));
    stand("p", "r1", "r2", "p");
    refused("r3", new Reshaping.BelowSibling(ground.key("r4")), " is no sibling of ");
  }

  private void placesChanged() throws Exception {
    refused("r1", new Reshaping.TakeSource(Optional.empty()), " is a head: to take the place of");
    done("r3", new Reshaping.TakeSource(Optional.empty()));
    stand("p", "r3", "r1", "p");
    undone();
    stand("p", "r1", "r2", "p");
  }

  private void pointedAnew() throws Exception {
    long before = newestDump("r1");
    done("r2", new Reshaping.Repoint(Optional.empty()));
    stand("p", "r1", "r2", "p");
    assertTrue(newestDump("r1") > before, "r2 did not connect anew");
    done("p", new Reshaping.RepointReplicas(Optional.empty()));
    stand("p", "r1", "r2", "p");
    PlanResult undo = manager.plan(new Intent.Undo(journal.latest(1).getFirst().id()));
    assertTrue(
        undo instanceof PlanResult.Refused r && r.reason().contains("nothing left to take back"),
        undo::toString);
    done("r4", new Reshaping.Repoint(Optional.of(ground.key("r1"))));
    stand("p", "r1", "r2", "r1");
    undone();
    stand("p", "r1", "r2", "p");
  }

  private long newestDump(String member) {
    String sql =
        "SELECT MAX(ID) AS id FROM information_schema.PROCESSLIST"
            + " WHERE COMMAND LIKE 'Binlog Dump%'";
    return Long.parseLong(ground.ask(member, sql).get("id"));
  }

  private void severalAtOnce() throws Exception {
    ended(
        new Intent.Moves(
            List.of(
                new Intent.Relocate(ground.key("r3"), ground.key("r1")),
                new Intent.Relocate(ground.key("r4"), ground.key("r1")))));
    stand("p", "r1", "r1", "r1");
    undone();
    stand("p", "r1", "r2", "p");
    var nested =
        new Intent.Moves(
            List.of(
                new Intent.Relocate(ground.key("r2"), ground.key("p")),
                new Intent.Relocate(ground.key("r4"), ground.key("r2"))));
    refused(nested, " is itself to be moved");
    done("r2", new Reshaping.ReplicasUp(Optional.empty()));
    stand("p", "r1", "r1", "p");
    done("r1", new Reshaping.ReplicasUp(Optional.empty()));
    stand("p", "p", "p", "p");
  }

  /** One lane fails: the others are done, and the report says what stands where. */
  private void whatCannotMoveStays() throws Exception {
    refused("r4", new Reshaping.Regroup(), " has no replicas");
    ended(new Intent.StopReplication(ground.key("r3"), Threads.BOTH));
    done("r1", new Reshaping.Siblings());
    assertEquals("r1 Yes Yes", ground.stands("r2"));
    assertEquals("r1 Yes Yes", ground.stands("r4"));
    // What somebody has stopped is moved where nothing is lost by it, and stays as it was.
    String stopped = ground.stands("r3");
    assertTrue(stopped.equals("r1 No No") || stopped.equals("p No No"), stopped);
    ended(new Intent.StartReplication(ground.key("r3"), Threads.BOTH));
    done("r1", new Reshaping.ReplicasUp(Optional.empty()));
    stand("p", "p", "p", "p");
  }

  private void regroupedWhenTheSourceIsDead() throws Exception {
    ground.lab().kill("p");
    Ground.await(
        () -> {
          refresh();
          return !manager.topology().instance(ground.key("p")).orElseThrow().seen();
        },
        "p is seen still");
    done("p", new Reshaping.Regroup());
    InstanceKey best =
        ((Reshaping.Replicas)
                ((Intent.InTree) journal.latest(1).getFirst().plan().intent()).reshaping())
            .below();
    String name =
        REPLICAS.stream().filter(r -> ground.key(r).equals(best)).findFirst().orElseThrow();
    for (String replica : REPLICAS) {
      if (!replica.equals(name)) {
        assertEquals(name + " Yes Yes", ground.stands(replica));
      }
    }
  }

  private void stand(String... sources) {
    for (int i = 0; i < sources.length; i++) {
      assertEquals(sources[i] + " Yes Yes", ground.stands(REPLICAS.get(i)), REPLICAS.get(i));
    }
  }

  private Intent around(String member, Reshaping reshaping) {
    return new Intent.InTree(ground.key(member), reshaping);
  }

  private void done(String member, Reshaping reshaping) throws Exception {
    ended(around(member, reshaping));
  }

  private void undone() throws Exception {
    ended(new Intent.Undo(manager.undoable().orElseThrow()));
  }

  private void ended(Intent intent) throws Exception {
    Outcome outcome = manager.applyNow(intent, DBA).await();
    assertEquals(
        PlanEnd.DONE, outcome.end(), () -> outcome.report() + " " + journal.latest(1).getFirst());
    refresh();
  }

  private void refused(String member, Reshaping reshaping, String why) throws Exception {
    refused(around(member, reshaping), why);
  }

  private void refused(Intent intent, String why) throws Exception {
    PlanResult result = manager.plan(intent);
    assertTrue(
        result instanceof PlanResult.Refused r && r.reason().contains(why),
        () -> intent.words() + ": " + result);
  }

  private void refresh() {
    try {
      manager.refresh(ground.key("p"));
      for (String member : REPLICAS) {
        manager.refresh(ground.key(member));
      }
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
  }
}
