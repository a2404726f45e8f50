package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.analysis.Errant;
import topiary.engine.dialect.Dialect;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.gtid.GtidSet;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Identity;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Step;
import topiary.engine.planner.Questions;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.probe.ErrantLogs;
import topiary.lab.flavor.Flavors;

/** What is asked of trees, of real ones. */
@Execution(ExecutionMode.SAME_THREAD)
class QuestionsIT {

  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10)),
          PlanPolicy.DEFAULT);

  private Ground ground;
  private Manager manager;

  static List<topiary.lab.flavor.Flavor> flavors() {
    return Flavors.all();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void eachIsAnswered(topiary.lab.flavor.Flavor flavor) throws Exception {
    try (Ground here = Ground.up("questions", "p(r1,r2)", flavor);
        Ground.Topiary topiary = here.topiary(new MemoryLog(), QUICK)) {
      ground = here;
      manager = topiary.manager();
      topiary.discover(ground.key("r1"), 3);
      whatRanIsStoppedAndStarted();
      InstanceKey r1 = ground.key("r1");
      InstanceKey r2 = ground.key("r2");
      Questions.Choice choice = Questions.candidate(manager.topology(), ground.key("p"));
      assertEquals(Optional.of(r1), choice.best());
      assertEquals(
          r2 + " suits as well as " + r1 + ", whose address comes first", choice.whyNot().get(r2));
      assertEquals(Optional.empty(), Questions.cannotReplicateByGtid(manager.topology(), r1, r2));
      if (facts("r1").identity().flavor() == Flavor.MARIADB) {
        RequestRefused refused =
            assertThrows(RequestRefused.class, () -> manager.errantLogs(ground.key("r2")));
        assertTrue(refused.getMessage().contains("is MariaDB"), refused::getMessage);
      } else {
        errantOnesAreFound();
      }
    }
  }

  private void whatRanIsStoppedAndStarted() throws Exception {
    Questions.Around around = Questions.restart(manager.topology(), ground.key("r1"));
    Identity identity = facts("r1").identity();
    Dialect dialect = Dialect.of(identity.flavor(), identity.capabilities()).orElseThrow();
    for (Step step : around.stops()) {
      ground.tell("r1", dialect.statements(step).toArray(String[]::new));
    }
    assertEquals("p No No", ground.stands("r1"));
    for (Step step : around.starts()) {
      ground.tell("r1", dialect.statements(step).toArray(String[]::new));
    }
    Ground.await(() -> ground.stands("r1").equals("p Yes Yes"), "r1 does not replicate again");
  }

  private Facts facts(String member) {
    return manager.topology().instance(ground.key(member)).flatMap(Instance::facts).orElseThrow();
  }

  private void errantOnesAreFound() throws Exception {
    RequestRefused none =
        assertThrows(RequestRefused.class, () -> manager.errantLogs(ground.key("r2")));
    assertTrue(none.getMessage().contains("has no errant transactions"), none::getMessage);
    // Somebody who may write everywhere does so there.
    ground.tell("r2", "SET GLOBAL read_only = OFF", "FLUSH LOGS");
    ground.tell("r2", "CREATE DATABASE one", "FLUSH LOGS", "FLUSH LOGS");
    ground.tell("r2", "CREATE DATABASE two");
    Ground.await(() -> errant().map(e -> e.count() == 2).orElse(false), "nothing is errant");
    ErrantLogs found = manager.errantLogs(ground.key("r2"));
    assertTrue(found.purged().isEmpty(), found::toString);
    assertEquals(2, found.logs().size(), found::toString);
    GtidSet both = errant().orElseThrow();
    assertEquals(both, found.logs().getFirst().holds().plus(found.logs().getLast().holds()));
    for (ErrantLogs.Log log : found.logs()) {
      assertEquals(1, log.holds().count(), log::toString);
    }
    String first = found.logs().getFirst().file();
    assertTrue(first.compareTo(found.logs().getLast().file()) < 0, found::toString);
    ground.tell("r2", "PURGE BINARY LOGS TO '" + found.logs().getLast().file() + "'");
    ErrantLogs left = manager.errantLogs(ground.key("r2"));
    assertEquals(found.logs().getFirst().holds(), left.purged());
    assertEquals(List.of(found.logs().getLast()), left.logs());
  }

  private Optional<GtidSet> errant() {
    try {
      manager.refresh(ground.key("p"));
      manager.refresh(ground.key("r2"));
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
    return Errant.of(manager.topology(), ground.key("r2")).map(GtidSet::parse);
  }
}
