package topiary.app.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.app.Samples.primary;
import static topiary.app.Samples.replica;
import static topiary.app.Samples.topology;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Change;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Observation;
import topiary.engine.model.Positions;

class ChangesTest {

  private static final ClusterId CLUSTER = new ClusterId("c0123456789ab");
  private static final Instance P = primary("p");
  private static final Instance A = replica("a", "p");
  private static final Set<InstanceKey> EVERYBODY = Set.of(P.key(), A.key());

  private final Changes changes = new Changes();

  private void take(long revision, Instance... instances) {
    take(revision, Map.of(), instances);
  }

  private void take(long revision, Map<InstanceKey, ClusterId> clusters, Instance... instances) {
    changes.take(topology(revision, instances), EVERYBODY, clusters, Map.of(), Map.of());
  }

  /** The same server at the next look, having written so much. */
  private static Instance again(Instance i, long offset) {
    Facts f = i.facts().orElseThrow();
    var positions =
        new Positions(
            new BinlogPosition("binlog.000001", offset),
            f.positions().executedGtid(),
            f.positions().loggedGtid(),
            f.positions().purgedGtid(),
            f.positions().historyGtid(),
            f.positions().uptimeSeconds() + 1);
    return i.after(
        Observation.seen(
            i.key(),
            i.lastSeen().orElseThrow().plusSeconds(1),
            Duration.ofMillis(4),
            new Facts(
                f.identity(),
                f.settings(),
                f.channels(),
                f.reportedReplicas(),
                positions,
                f.complaints())));
  }

  private static List<InstanceKey> keys(List<Instance> of) {
    return of.stream().map(Instance::key).toList();
  }

  @Test
  void looksAndMovesAndNewsAreToldApartAndTogether() {
    take(1, P, A);
    assertEquals(Change.NONE, changes.since(1));
    assertTrue(changes.tell(1).nothing());

    take(2, again(P, 1000), A);
    assertEquals(Change.LOOKED, changes.since(1));
    assertEquals(List.of(P.key()), keys(changes.tell(1).looked()));
    assertEquals(List.of(), changes.tell(1).changed());

    take(3, again(P, 1000), again(A, 2000));
    assertEquals(Change.MOVED, changes.since(1));
    assertEquals(List.of(A.key()), keys(changes.tell(1).changed()));
    assertEquals(List.of(P.key()), keys(changes.tell(1).looked()));
    assertEquals(Change.NONE, changes.since(3));

    take(4, Samples.lost(P, Condition.UNREACHABLE, "refused"), again(A, 2000));
    assertEquals(Change.NEWS, changes.since(3));
    assertEquals(List.of(P.key()), keys(changes.tell(3).changed()));
    assertEquals(List.of(A.key(), P.key()), keys(changes.tell(2).changed()));
  }

  @Test
  void aServerThatMovedAndWasThenLookedAtIsToldWholeOnce() {
    take(1, P);
    take(2, again(P, 2000));
    take(3, again(again(P, 2000), 2000));
    Changes.Told told = changes.tell(1);
    assertEquals(List.of(again(again(P, 2000), 2000)), told.changed());
    assertEquals(List.of(), told.looked());
    assertEquals(List.of(P.key()), keys(changes.tell(2).looked()));
  }

  @Test
  void aTreesNameIsNewsOfItsServers() {
    take(1, P, A);
    take(2, Map.of(A.key(), CLUSTER), P, A);
    assertEquals(Change.NEWS, changes.since(1));
    assertEquals(List.of(A.key()), keys(changes.tell(1).changed()));
    take(3, Map.of(A.key(), CLUSTER), P, A);
    assertEquals(Change.NONE, changes.since(2));
    take(4, P, A);
    assertEquals(Change.NEWS, changes.since(3), "it has none any more");
  }

  @Test
  void whoeverIsGoneIsToldUntilItIsBack() {
    take(1, P, A);
    take(2, P);
    assertEquals(Change.NEWS, changes.since(1));
    assertEquals(List.of(A.key()), changes.tell(1).removed());
    take(3, P, A);
    assertEquals(List.of(), changes.tell(1).removed());
    assertEquals(List.of(A.key()), keys(changes.tell(1).changed()));
  }

  @Test
  void whoHasWhatWasNeverHereIsToldAll() {
    take(5, P, A);
    for (long revision : new long[] {-1, 6}) {
      assertEquals(Change.NEWS, changes.since(revision));
      Changes.Told told = changes.tell(revision);
      assertTrue(told.whole());
      assertEquals(List.of(A.key(), P.key()), keys(told.changed()));
    }
    assertFalse(changes.tell(3).whole());
  }
}
