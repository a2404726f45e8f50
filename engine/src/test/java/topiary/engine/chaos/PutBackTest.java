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
import topiary.engine.gtid.GtidPosition;
import topiary.engine.intent.Intent;
import topiary.engine.manager.Manager;
import topiary.engine.manager.Run;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.PlanResult;
import topiary.engine.state.PlanEnd;
import topiary.lab.sim.Kind;

/**
 * A replica is moved up to a head that dies just when it has sent it something: what nobody else
 * has is not thrown away by putting the replica back.
 */
class PutBackTest {

  /** The head dies so soon after the replica was started below it. */
  private static final Duration SOON = Duration.ofMillis(20);

  private final MemoryLog log = new MemoryLog();
  private InstanceKey former;
  private InstanceKey moved;
  private Optional<GtidPosition> sent = Optional.empty();

  private Run move(FakeTree tree, boolean formerReceives) throws Exception {
    former = tree.servers().replica(tree.head());
    moved = tree.servers().replica(former);
    tree.world().pause(Duration.ofSeconds(1));
    if (!formerReceives) {
      tree.servers().server(former).threads(false, true, false, tree.world().micros());
    }
    tree.servers().server(former).lag(2, tree.world().micros());
    tree.servers().server(moved).lag(8, tree.world().micros());
    tree.world().pause(Duration.ofSeconds(5));
    Manager manager = tree.manager(log, log, Set.of());
    manager.start();
    for (InstanceKey key : tree.servers().keys()) {
      manager.discover(key, FakeTree.DBA);
    }
    tree.awaitSeen(manager);
    tree.listen(
        (server, sql) -> {
          if (server.equals(moved)
              && sql.startsWith("START")
              && tree.stand(moved).source().equals(Optional.of(tree.head()))
              && sent.isEmpty()) {
            sent = Optional.of(tree.stand(moved).received());
            tree.world().after(SOON, () -> die(tree));
          }
        });
    PlanResult planned = manager.plan(new Intent.Relocate(moved, tree.head()));
    assertTrue(planned instanceof PlanResult.Planned, planned::toString);
    Run run = manager.applyNow(new Intent.Relocate(moved, tree.head()), FakeTree.DBA);
    run.await();
    return run;
  }

  private void die(FakeTree tree) {
    sent = Optional.of(tree.stand(moved).received());
    tree.servers().server(tree.head()).kill(tree.world().micros());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatOnlyItHasKeepsItWhereItGotThat(Kind kind) throws Exception {
    try (var tree = new FakeTree(kind, 1)) {
      tree.world()
          .run(
              () -> {
                Run run = move(tree, false);
                String report = run.await().report();
                assertEquals(PlanEnd.FAILED, run.await().end(), report);
                Stand now = tree.stand(moved);
                assertEquals(Optional.of(tree.head()), now.source(), report);
                assertTrue(report.contains("Could not put back (point " + moved), report);
                assertTrue(now.receives() && now.applies(), () -> now + ": " + report);
                tree.world().pause(Duration.ofSeconds(10));
                assertTrue(tree.stand(moved).executed().covers(sent.orElseThrow()), report);
                return null;
              });
      assertEquals(List.of(), tree.wrongs());
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void itIsPutBackOnceItsFormerSourceHasIt(Kind kind) throws Exception {
    try (var tree = new FakeTree(kind, 1)) {
      tree.world()
          .run(
              () -> {
                Run run = move(tree, true);
                String report = run.await().report();
                assertEquals(PlanEnd.FAILED, run.await().end(), report);
                Stand now = tree.stand(moved);
                assertEquals(Optional.of(former), now.source(), report);
                assertTrue(now.receives() && now.applies(), () -> now + ": " + report);
                tree.world().pause(Duration.ofSeconds(10));
                assertTrue(tree.stand(moved).executed().covers(sent.orElseThrow()), report);
                return null;
              });
      assertEquals(List.of(), tree.wrongs());
    }
  }
}
