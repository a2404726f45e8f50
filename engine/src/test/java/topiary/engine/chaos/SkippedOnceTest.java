package topiary.engine.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.SharedLog;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.manager.Run;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.state.Command;
import topiary.engine.state.PlanEnd;
import topiary.lab.sim.Kind;

/**
 * A replica that does not say which transaction it has failed at says the same until it is started,
 * also once there is an empty one in its place: whoever asks again, as the plan was broken off
 * there, does not lose the next one.
 */
class SkippedOnceTest {

  @Test
  void theNextOneIsNotSkippedAsWell() throws Exception {
    try (var field = new FakeField(Kind.MYSQL)) {
      InstanceKey e = field.key("e");
      Intent wanted = new Intent.OnServer(e, new Doing.SkipTransaction());
      field.run(
          () -> {
            field.begin(
                new Cases.Case(
                    "skip",
                    List.of(),
                    Optional.of(wanted),
                    Groundwork.failedWithoutAName("e"),
                    Optional.empty(),
                    Optional.empty()));
            SharedLog log = field.log();
            log.log()
                .after(
                    command -> {
                      if (command instanceof Command.EndStep) {
                        log.elect("b");
                      }
                    });
            Run run = field.a().applyNow(wanted, FakeTree.DBA);
            run.await();
            field.await(() -> log.log().state().plans().isEmpty(), "nobody looks after it");
            log.log().hush();
            assertInstanceOf(
                Step.SkipTransaction.class, run.plan().stages().getFirst().steps().getFirst());
            Plan again = assertInstanceOf(PlanResult.Planned.class, field.b().plan(wanted)).plan();
            assertEquals(List.of(), skips(again), again::toString);
            Run second = field.b().apply(again.fingerprint(), FakeTree.DBA);
            assertEquals(PlanEnd.DONE, second.await().end(), second.await().report());
            // Started since, what it fails at now is another one.
            field.tree().servers().server(e).fail(field.tree().world().micros());
            field.await(() -> !field.tree().stand(e).applies(), "it does not fail");
            field.b().refresh(e);
            Plan other = assertInstanceOf(PlanResult.Planned.class, field.b().plan(wanted)).plan();
            assertEquals(1, skips(other).size(), other::toString);
            return null;
          });
    }
  }

  private static List<Step> skips(Plan plan) {
    return plan.stages().stream()
        .flatMap(stage -> stage.steps().stream())
        .filter(Step.SkipTransaction.class::isInstance)
        .toList();
  }
}
