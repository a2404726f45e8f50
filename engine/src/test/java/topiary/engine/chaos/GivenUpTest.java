package topiary.engine.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.engine.fake.MemoryLog;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.manager.Manager;
import topiary.engine.manager.Run;
import topiary.engine.model.InstanceKey;
import topiary.engine.state.PlanEnd;
import topiary.lab.sim.Kind;

/**
 * A replica that was to apply what it has, and no more, and was not waited for any longer, goes on
 * as it did before: MySQL's would stop at that place otherwise, long after the plan has ended.
 */
class GivenUpTest {

  private static final int LATE = 40;

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoDoesNotApplyInTimeGoesOnApplying(Kind kind) throws Exception {
    var log = new MemoryLog();
    try (var tree = new FakeTree(kind, 1)) {
      tree.world()
          .run(
              () -> {
                InstanceKey replica = tree.servers().replica(tree.head());
                tree.world().pause(Duration.ofSeconds(1));
                tree.servers().server(replica).lag(LATE, tree.world().micros());
                tree.world().pause(Duration.ofSeconds(5));
                Manager manager = tree.manager(log, log, Set.of());
                manager.start();
                for (InstanceKey key : tree.servers().keys()) {
                  manager.discover(key, FakeTree.DBA);
                }
                tree.awaitSeen(manager);
                Run run =
                    manager.applyNow(
                        new Intent.InTree(replica, new Reshaping.Repoint(Optional.empty())),
                        FakeTree.DBA);
                String report = run.await().report();
                assertEquals(PlanEnd.FAILED, run.await().end(), report);
                tree.world().pause(Duration.ofSeconds(2 * LATE));
                Stand now = tree.stand(replica);
                assertTrue(now.receives() && now.applies(), () -> now + ": " + report);
                return null;
              });
      assertEquals(List.of(), tree.wrongs());
    }
  }
}
