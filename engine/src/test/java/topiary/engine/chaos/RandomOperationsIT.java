package topiary.engine.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.intent.Intent;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.RequestRefused;
import topiary.engine.manager.Run;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.port.ServerTrouble;
import topiary.engine.state.PlanEnd;

/**
 * Random operations on seven real servers that are written to. As many as are wanted: {@code
 * -Dtopiary.chaos.real=200}; others: {@code -Dtopiary.chaos.seed=17}.
 */
@Execution(ExecutionMode.SAME_THREAD)
class RandomOperationsIT {

  private static final By DBA = new By("dba", "test");
  private static final int OPERATIONS = Integer.getInteger("topiary.chaos.real", 10);
  private static final long SEED = Long.getLong("topiary.chaos.seed", 1);
  private final MemoryLog log = new MemoryLog();
  private final Map<String, Integer> ends = new TreeMap<>();
  private final List<String> history = new ArrayList<>();
  private RealTree tree;
  private Manager manager;

  @ParameterizedTest
  @MethodSource("topiary.engine.chaos.RealTree#flavors")
  void nothingIsLostAndNobodyIsLeftStanding(String flavor) throws Exception {
    try (var real = new RealTree("random", flavor);
        Ground.Topiary topiary = real.ground().topiary(log, RealTree.QUICK)) {
      tree = real;
      manager = topiary.manager();
      topiary.discover(real.ground().key("f"), RealTree.SIZE);
      for (int i = 0; i < OPERATIONS; i++) {
        operate(i, new Random(SEED * 1_000_003 + i));
      }
      tree.level();
      assertEquals(List.of(), tree.missing(), this::told);
      assertEquals(List.of(), topiary.threads().deaths());
      System.out.println(flavor + ": " + OPERATIONS + " operations: " + ends);
    }
  }

  private String told() {
    return "\n" + String.join("\n", history);
  }

  private void operate(int number, Random random) throws Exception {
    Map<InstanceKey, Stand.Shape> before = tree.shapes();
    Intent intent = new Draw(random, manager.topology(), log).intent();
    try {
      switch (manager.plan(intent)) {
        case PlanResult.Refused(String reason) -> refused(number, intent, reason, before);
        case PlanResult.Planned(Plan plan) -> {
          Run run = manager.apply(plan.fingerprint(), DBA);
          ended(number, intent, run, run.await(), before);
        }
      }
    } catch (RequestRefused e) {
      refused(number, intent, e.getMessage(), before);
    }
  }

  private void refused(
      int number, Intent intent, String reason, Map<InstanceKey, Stand.Shape> before)
      throws ServerTrouble {
    ends.merge("refused", 1, Integer::sum);
    history.add(number + ". " + intent.words() + ": refused: " + reason);
    assertEquals(before, tree.shapes(), this::told);
  }

  private void ended(
      int number, Intent intent, Run run, Outcome outcome, Map<InstanceKey, Stand.Shape> before)
      throws ServerTrouble {
    ends.merge(outcome.end().name(), 1, Integer::sum);
    history.add(number + ". " + intent.words() + ": " + outcome.end() + ": " + outcome.report());
    Plan plan = run.plan();
    Map<InstanceKey, Stand.Shape> now = tree.shapes();
    if (outcome.end() == PlanEnd.DONE) {
      assertEquals(Expected.after(plan, before, log), now, this::told);
      return;
    }
    for (InstanceKey key : before.keySet()) {
      Stand.Shape was = before.get(key);
      Stand.Shape is = now.get(key);
      if (!plan.changed().contains(key)) {
        assertEquals(was, is, this::told);
        continue;
      }
      String stands =
          is.source().map(s -> "Now " + key + " is below " + s).orElse("Now " + key + " is a head");
      assertTrue(outcome.report().contains(stands), this::told);
      assertTrue(
          Expected.isOfThreads(plan, key)
              || outcome.report().contains("Could not put back")
              || was.receives() == is.receives() && was.applies() == is.applies(),
          this::told);
    }
  }
}
