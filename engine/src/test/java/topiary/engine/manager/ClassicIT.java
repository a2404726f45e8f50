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
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.intent.Way;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.Threads;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.PlanEnd;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/**
 * Moves by file and position, on real servers that are written to: what the servers say afterwards,
 * what takes them back, what is refused, what a move that fails leaves behind, and that no
 * acknowledged write is missing anywhere in the end.
 */
@Execution(ExecutionMode.SAME_THREAD)
class ClassicIT {

  private static final By DBA = new By("dba", "test");
  private static final List<String> MEMBERS = List.of("p", "r1", "r2", "r3", "r4", "r5");

  /** Writes in a second: as many as six servers on a busy machine can apply without lagging. */
  private static final int RATE = 40;

  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(20),
              Duration.ofSeconds(10)));

  private Ground ground;
  private Manager manager;

  static List<topiary.lab.flavor.Flavor> flavors() {
    return Ground.oneFlavor();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void replicasMoveByFileAndPosition(topiary.lab.flavor.Flavor flavor) throws Exception {
    var log = new MemoryLog();
    try (Ground here = Ground.withoutGtid("classic", "p(r1,r2(r3,r4,r5))", flavor);
        Ground.Topiary topiary = here.topiary(log, QUICK)) {
      ground = here;
      manager = topiary.manager();
      topiary.discover(ground.key("r5"), MEMBERS.size());
      MEMBERS.stream()
          .skip(1)
          .forEach(m -> assertEquals(GtidUse.NONE, facts(m).channels().getFirst().gtid(), m));
      try (Load load = Load.start(ground.lab(), RATE)) {
        Ground.await(() -> load.acknowledged() > 20, "nothing is written");
        belowASiblingAndBack();
        upAndBack();
        severalUpAndBack();
        acrossAndBack();
        placesChanged();
        whatStandsStill();
        whatFailsIsPutBack();
        load.stop();
        List<Check.Result> results = load.check(Ground.LIMIT);
        assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
      }
      withoutWrites();
      byGtid();
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  private void belowASiblingAndBack() throws Exception {
    done(new Intent.InTree(ground.key("r2"), new Reshaping.BelowSibling(ground.key("r1"))));
    stand("p Yes Yes", "r1 Yes Yes", "r2 Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
    undone();
    stand("p Yes Yes", "p Yes Yes", "r2 Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
    refused(move("r2", "r2"), "cannot replicate from itself");
    refused(move("r2", "r3"), "would cut the tree into a ring");
    refused(move("r2", "p"), "is below " + ground.key("p") + " already");
  }

  private void upAndBack() throws Exception {
    done(new Intent.InTree(ground.key("r3"), new Reshaping.Up()));
    stand("p Yes Yes", "p Yes Yes", "p Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
    undone();
    stand("p Yes Yes", "p Yes Yes", "r2 Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
  }

  private void severalUpAndBack() throws Exception {
    done(new Intent.InTree(ground.key("r2"), new Reshaping.ReplicasUp(Optional.empty())));
    stand("p Yes Yes", "p Yes Yes", "p Yes Yes", "p Yes Yes", "p Yes Yes");
    undone();
    stand("p Yes Yes", "p Yes Yes", "r2 Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
  }

  private void acrossAndBack() throws Exception {
    done(move("r3", "r1"));
    stand("p Yes Yes", "p Yes Yes", "r1 Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
    undone();
    stand("p Yes Yes", "p Yes Yes", "r2 Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
    done(replicas("r2", "r1"));
    stand("p Yes Yes", "p Yes Yes", "r1 Yes Yes", "r1 Yes Yes", "r1 Yes Yes");
    undone();
    stand("p Yes Yes", "p Yes Yes", "r2 Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
  }

  private void placesChanged() throws Exception {
    done(new Intent.InTree(ground.key("r3"), new Reshaping.TakeSource(Optional.empty())));
    stand("p Yes Yes", "r3 Yes Yes", "p Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
    undone();
    stand("p Yes Yes", "p Yes Yes", "r2 Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
  }

  private void whatStandsStill() throws Exception {
    done(new Intent.StopReplication(ground.key("r3"), Threads.BOTH));
    refused(move("r3", "p"), "\"start-replication\" first");
    refused(move("r4", "r3"), "does not replicate at present");
    // The others are moved, and the plan says who is not.
    Intent up = new Intent.InTree(ground.key("r2"), new Reshaping.ReplicasUp(Optional.empty()));
    assertTrue(
        manager.plan(up).toString().contains(ground.key("r3") + " stays as it is: "),
        () -> "r3 is not told of");
    done(up);
    stand("p Yes Yes", "p Yes Yes", "r2 No No", "p Yes Yes", "p Yes Yes");
    undone();
    // A source that somebody has stopped on purpose is passed, and stays as it is.
    done(new Intent.StartReplication(ground.key("r3"), Threads.BOTH));
    done(new Intent.StopReplication(ground.key("r2"), Threads.BOTH));
    done(move("r5", "p"));
    stand("p Yes Yes", "p No No", "r2 Yes Yes", "r2 Yes Yes", "p Yes Yes");
    done(new Intent.StartReplication(ground.key("r2"), Threads.BOTH));
    done(move("r5", "r2"));
    stand("p Yes Yes", "p Yes Yes", "r2 Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
  }

  private void whatFailsIsPutBack() throws Exception {
    // Its applying thread fails on the way up, on what somebody has written to it.
    ground.tell("p", "CREATE DATABASE twice", "CREATE TABLE twice.t (id INT PRIMARY KEY)");
    Ground.await(
        () ->
            ground
                .ask(
                    "r5",
                    "SELECT COUNT(*) AS n FROM information_schema.TABLES"
                        + " WHERE TABLE_SCHEMA = 'twice'")
                .get("n")
                .equals("1"),
        "r5 lacks it");
    done(new Intent.SetReadOnly(ground.key("r5"), false));
    ground.tell("r5", "SET SESSION sql_log_bin = 0", "INSERT INTO twice.t VALUES (1)");
    done(new Intent.OnServer(ground.key("r5"), new Doing.Delay(2)));
    ground.tell("p", "INSERT INTO twice.t VALUES (1)");
    Outcome outcome = manager.applyNow(move("r5", "p"), DBA).await();
    assertEquals(PlanEnd.FAILED, outcome.end(), outcome.report());
    assertTrue(outcome.report().contains("has stopped: "), outcome.report());
    assertEquals("r2", ground.stands("r5").split(" ")[0], outcome.report());
    assertEquals("p Yes Yes", ground.stands("r2"), outcome.report());
    ground.tell("r5", "SET SESSION sql_log_bin = 0", "DELETE FROM twice.t");
    refresh();
    start("r5");
    done(new Intent.OnServer(ground.key("r5"), new Doing.Delay(0)));
    done(new Intent.SetReadOnly(ground.key("r5"), true));
    stand("p Yes Yes", "p Yes Yes", "r2 Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
    done(move("r5", "p"));
    done(move("r5", "r2"));
    done(new Intent.OnServer(ground.key("r5"), new Doing.Delay(3600)));
    refused(move("r5", "p"), "\"delay-replication\" with 0 first");
    done(new Intent.OnServer(ground.key("r5"), new Doing.Delay(0)));
  }

  private void start(String member) {
    boolean modern = ground.ask("p", "SELECT @@version AS v").get("v").startsWith("9");
    ground.tell(member, modern ? "START REPLICA" : "START SLAVE");
    Ground.await(() -> ground.stands(member).endsWith("Yes Yes"), member + " does not go on");
    refresh();
  }

  /** With nothing new in any log, and with logs that have just begun. */
  private void withoutWrites() throws Exception {
    done(move("r3", "p"));
    done(move("r3", "r2"));
    for (String member : List.of("r2", "p", "r1")) {
      done(new Intent.OnServer(ground.key(member), new Doing.FlushLogs(2)));
      done(move("r3", "p"));
      done(move("r3", "r1"));
      done(move("r3", "r2"));
    }
    stand("p Yes Yes", "p Yes Yes", "r2 Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
    ground.tell("p", "CREATE DATABASE afterwards");
    MEMBERS.forEach(
        m ->
            Ground.await(
                () -> ground.ask(m, "SHOW DATABASES LIKE 'afterwards'").size() == 1,
                m + " does not get what is written"));
  }

  private void byGtid() throws Exception {
    refresh();
    var move =
        new Intent.RelocateBy(new Intent.Relocate(ground.key("r3"), ground.key("p")), Way.GTID);
    if (facts("p").identity().flavor() != Flavor.MARIADB) {
      refused(move, "so it cannot be moved by GTID");
      return;
    }
    done(move);
    stand("p Yes Yes", "p Yes Yes", "p Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
    assertEquals(GtidUse.SLAVE_POS, facts("r3").channels().getFirst().gtid());
    refused(new Intent.RelocateBy(move.move(), Way.FILE), "replicates by GTID, and is moved by it");
    refused(move("r4", "r3"), "replicates by GTID, so its place in the log");
    undone();
    stand("p Yes Yes", "p Yes Yes", "r2 Yes Yes", "r2 Yes Yes", "r2 Yes Yes");
  }

  private Intent.Relocate move(String replica, String below) {
    return new Intent.Relocate(ground.key(replica), ground.key(below));
  }

  private Intent replicas(String of, String below) {
    return new Intent.InTree(
        ground.key(of), new Reshaping.Replicas(ground.key(below), Optional.empty()));
  }

  /** What r1 to r5 say. */
  private void stand(String... each) {
    for (int i = 0; i < each.length; i++) {
      assertEquals(each[i], ground.stands("r" + (i + 1)), "r" + (i + 1));
    }
  }

  private void done(Intent intent) throws Exception {
    Outcome outcome = manager.applyNow(intent, DBA).await();
    assertEquals(PlanEnd.DONE, outcome.end(), () -> intent.words() + ": " + outcome.report());
    refresh();
  }

  private void undone() throws Exception {
    done(new Intent.Undo(manager.undoable().orElseThrow()));
  }

  private void refused(Intent intent, String why) throws Exception {
    PlanResult result = manager.plan(intent);
    assertTrue(
        result instanceof PlanResult.Refused r && r.reason().contains(why),
        () -> intent.words() + ": " + result);
  }

  private void refresh() {
    try {
      for (String member : MEMBERS) {
        manager.refresh(ground.key(member));
      }
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
  }

  private Facts facts(String member) {
    return manager.topology().instance(ground.key(member)).flatMap(Instance::facts).orElseThrow();
  }
}
