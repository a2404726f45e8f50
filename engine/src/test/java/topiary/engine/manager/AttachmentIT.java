package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.PlanEnd;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/** Detaching replicas and attaching them again, on real servers that are written to. */
@Execution(ExecutionMode.SAME_THREAD)
class AttachmentIT {

  private static final By DBA = new By("dba", "test");
  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10)));

  private Ground ground;
  private Manager manager;

  static List<topiary.lab.flavor.Flavor> flavors() {
    return Ground.flavors();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void aReplicaIsDetachedAndAttachedAgain(topiary.lab.flavor.Flavor flavor) throws Exception {
    var log = new MemoryLog();
    try (Ground here = Ground.up("attachment", "p(r1,r2)", flavor);
        Ground.Topiary topiary = here.topiary(log, QUICK)) {
      ground = here;
      manager = topiary.manager();
      topiary.discover(ground.key("r1"), 3);
      try (Load load = Load.start(ground.lab())) {
        await(() -> load.acknowledged() > 20, "nothing is written");
        comesAndGoes();
        done(new Doing.UseGtid(false));
        comesAndGoes();
        assertEquals(GtidUse.NONE, channel().gtid());
        done(new Doing.UseGtid(true));
        delayedStaysSo();
        byAnotherHand();
        load.stop();
        List<Check.Result> results = load.check(Ground.LIMIT);
        assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
      }
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  private void comesAndGoes() throws Exception {
    refused(new Doing.Reattach(), "is not detached from");
    String user = channel().user();
    done(new Doing.Detach());
    isDetached();
    GtidPosition had = executed();
    GtidUse use = channel().gtid();
    await(() -> !executedBy("p").equals(had), "p is not written to");
    refresh();
    assertEquals(had, executed(), "it gets something");
    refused(new Doing.Detach(), "is detached from " + ground.key("p") + " already");
    refused(
        new Intent.StartReplication(ground.key("r1"), Threads.BOTH),
        "reattach-replica lets it connect again");
    undone();
    isAttached();
    assertEquals(user, channel().user());
    assertEquals(use, channel().gtid());
    done(new Doing.Detach());
    isDetached();
    done(new Doing.Reattach());
    isAttached();
  }

  /** Held back for an hour, a MySQL replica keeps what it has received and not applied. */
  private void delayedStaysSo() throws Exception {
    done(new Doing.Delay(3600));
    boolean keeps =
        facts().identity().flavor() != Flavor.MARIADB
            && facts().identity().version().text().compareTo("5.7") > 0;
    if (keeps) {
      await(
          () -> {
            refresh();
            return !executed().covers(received());
          },
          "nothing is held back");
      done(new Doing.Detach());
      isDetached();
      assertFalse(executed().covers(received()), "what was held back was thrown away");
      done(new Doing.Reattach());
      isAttached();
    } else {
      refused(new Doing.Detach(), "is held back by 3600 s on purpose");
    }
    done(new Doing.Delay(0));
  }

  /** Detached as orchestrator does it, it is seen to be; and what stands still stays so. */
  private void byAnotherHand() throws Exception {
    ended(new Intent.StopReplication(ground.key("r1"), Threads.BOTH));
    boolean modern = facts().identity().version().text().startsWith("9");
    boolean mysql = facts().identity().flavor() != Flavor.MARIADB;
    ground.tell(
        "r1",
        (modern ? "CHANGE REPLICATION SOURCE TO SOURCE" : "CHANGE MASTER TO MASTER")
            + "_HOST='//"
            + ground.key("p").host()
            + "', "
            + (modern ? "SOURCE" : "MASTER")
            + "_PORT="
            + ground.key("p").port()
            + (mysql ? "" : ", MASTER_USE_GTID=slave_pos"));
    refresh();
    assertTrue(channel().detached());
    assertEquals(ground.key("p"), channel().source());
    assertEquals(List.of(), facts().complaints());
    done(new Doing.Reattach());
    assertFalse(channel().detached());
    assertTrue(channel().stopped(), "somebody started it");
    ended(new Intent.StartReplication(ground.key("r1"), Threads.BOTH));
    isAttached();
  }

  private void isDetached() {
    Channel c = channel();
    assertTrue(c.detached(), c::toString);
    assertEquals(ground.key("p"), c.source());
    assertEquals(ThreadState.CONNECTING, c.io());
    assertEquals(ThreadState.RUNNING, c.sql());
    assertEquals(List.of(), facts().complaints());
    assertTrue(manager.topology().replicasOf(ground.key("p")).contains(ground.key("r1")));
  }

  private void isAttached() {
    assertFalse(channel().detached());
    assertEquals("p Yes Yes", ground.stands("r1"));
  }

  private void done(Doing doing) throws Exception {
    ended(new Intent.OnServer(ground.key("r1"), doing));
  }

  private void undone() throws Exception {
    ended(new Intent.Undo(manager.undoable().orElseThrow()));
  }

  private void ended(Intent intent) throws Exception {
    Outcome outcome = manager.applyNow(intent, DBA).await();
    assertEquals(PlanEnd.DONE, outcome.end(), outcome::report);
    refresh();
  }

  private void refused(Doing doing, String why) throws Exception {
    refused(new Intent.OnServer(ground.key("r1"), doing), why);
  }

  private void refused(Intent intent, String why) throws Exception {
    PlanResult result = manager.plan(intent);
    assertTrue(
        result instanceof PlanResult.Refused r && r.reason().contains(why), result::toString);
  }

  private void refresh() {
    try {
      manager.refresh(ground.key("p"));
      manager.refresh(ground.key("r1"));
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
  }

  private GtidPosition executed() {
    return executedBy("r1");
  }

  private GtidPosition executedBy(String member) {
    try {
      manager.refresh(ground.key(member));
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
    Facts facts =
        manager.topology().instance(ground.key(member)).flatMap(Instance::facts).orElseThrow();
    return facts.identity().flavor().position(facts.positions().executedGtid());
  }

  private GtidPosition received() {
    return facts().identity().flavor().position(channel().progress().receivedGtid());
  }

  private Channel channel() {
    return facts().channels().getFirst();
  }

  private Facts facts() {
    return manager.topology().instance(ground.key("r1")).flatMap(Instance::facts).orElseThrow();
  }

  private static void await(BooleanSupplier condition, String otherwise) {
    Ground.await(condition, otherwise);
  }
}
