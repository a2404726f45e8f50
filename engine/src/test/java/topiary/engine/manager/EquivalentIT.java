package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.Instance;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.PlanJournal;
import topiary.engine.state.PlanEnd;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/**
 * Moves to places that earlier moves have noted: refused while the replica goes on, done while it
 * stands at one, and nothing lost or applied twice of what is written before and after.
 */
@Execution(ExecutionMode.SAME_THREAD)
class EquivalentIT {

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
  private MemoryLog journal;

  static List<topiary.lab.flavor.Flavor> flavors() {
    return Ground.flavors();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void itIsDoneUndoneAndRefused(topiary.lab.flavor.Flavor flavor) throws Exception {
    journal = new MemoryLog();
    try (Ground here = Ground.withoutGtid("equivalent", "p(r1,r2)", flavor);
        Ground.Topiary topiary = here.topiary(journal, QUICK)) {
      ground = here;
      manager = topiary.manager();
      topiary.discover(ground.key("r1"), 3);
      int before;
      try (Load load = Load.start(ground.lab())) {
        Ground.await(() -> load.acknowledged() > 20, "nothing is written");
        refused("r1", " (no move between the two is known): ");
        done(new Intent.Relocate(ground.key("r2"), ground.key("r1")));
        Step.PointAtPlace noted = noted();
        assertEquals(ground.key("p"), noted.former());
        assertEquals(ground.key("r1"), noted.source());
        before = load.acknowledged();
        Ground.await(() -> load.acknowledged() > before + 20, "nothing is written any more");
        Ground.await(() -> wentOn("r2", noted.at()), "nothing is applied any more");
        refused("p", " (the latest that is noted is " + noted.at() + ", by plan ");
        load.stop();
        complete(load);
      }
      atNotedPlaces();
      try (Load load = Load.start(ground.lab())) {
        int now = load.acknowledged();
        Ground.await(() -> load.acknowledged() > now + 20, "nothing is written again");
        load.stop();
        complete(load);
      }
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  /** Whether a replica has applied more than it had there, as the manager sees it. */
  private boolean wentOn(String member, BinlogPosition there) {
    refresh();
    Instance instance = manager.topology().instance(ground.key(member)).orElseThrow();
    Channel channel = instance.facts().orElseThrow().channels().getFirst();
    return !channel.progress().executed().equals(there);
  }

  /** Nothing is written, so it stands where it was pointed at. */
  private void atNotedPlaces() throws Exception {
    done(new Intent.Relocate(ground.key("r2"), ground.key("p")));
    assertEquals("p Yes Yes", ground.stands("r2"));
    done(equivalent("r1"));
    assertEquals("r1 Yes Yes", ground.stands("r2"));
    done(new Intent.Undo(manager.undoable().orElseThrow()));
    assertEquals("p Yes Yes", ground.stands("r2"));
    done(equivalent("r1"));
    assertEquals("r1 Yes Yes", ground.stands("r2"));
    refused("r1", " already");
    // Back by what was noted just now.
    done(equivalent("p"));
    assertEquals("p Yes Yes", ground.stands("r2"));
  }

  private Step.PointAtPlace noted() {
    return journal.latest(1).getFirst().steps().stream()
        .map(PlanJournal.StepRecord::step)
        .filter(Step.PointAtPlace.class::isInstance)
        .map(Step.PointAtPlace.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static void complete(Load load) {
    List<Check.Result> results = load.check(Ground.LIMIT);
    assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
  }

  private Intent equivalent(String below) {
    return new Intent.InTree(ground.key("r2"), new Reshaping.Equivalent(ground.key(below)));
  }

  private void done(Intent intent) throws Exception {
    Outcome outcome = manager.applyNow(intent, DBA).await();
    assertEquals(
        PlanEnd.DONE, outcome.end(), () -> outcome.report() + " " + journal.latest(1).getFirst());
    refresh();
  }

  private void refused(String below, String why) throws Exception {
    PlanResult result = manager.plan(equivalent(below));
    assertTrue(
        result instanceof PlanResult.Refused r && r.reason().contains(why), result::toString);
  }

  private void refresh() {
    try {
      for (String member : List.of("p", "r1", "r2")) {
        manager.refresh(ground.key(member));
      }
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
  }
}
