package topiary.engine.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.finding.Code;
import topiary.engine.finding.Finding;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.ManagerState;

/** Whose recovery begins first, and how many are under way. */
class TurnsTest {

  private static final Instant NOW = Instant.parse("2026-11-29T03:00:00Z");

  private final List<Turns.Due> due = new ArrayList<>();
  private ManagerState state = ManagerState.EMPTY;

  private static ClusterId cluster(String name) {
    return new ClusterId("c" + "0".repeat(12 - name.length()) + name);
  }

  private void due(String cluster, String server, RecoveryKind kind, int secondsAgo) {
    var found =
        new Finding(
            kind == RecoveryKind.PRIMARY ? Code.DEAD_MASTER : Code.DEAD_INTERMEDIATE_MASTER,
            Trees.key(server),
            List.of(),
            Optional.empty());
    due.add(new Turns.Due(cluster(cluster), found, kind, NOW.minusSeconds(secondsAgo)));
  }

  private void primary(String name, int secondsAgo) {
    due(name, name, RecoveryKind.PRIMARY, secondsAgo);
  }

  private void open(String name, RecoveryKind kind, boolean forced, Instant at) {
    var open =
        new Command.OpenRecovery(
            new RecoveryId("r" + name),
            cluster(name),
            Trees.key(name),
            kind,
            "DeadMaster",
            forced,
            Optional.empty(),
            List.of(),
            List.of());
    state =
        state
            .apply(
                new Entry(
                    new Header(new UUID(1, name.hashCode()), "t", "t", at, open.level()), open))
            .state();
  }

  private Turns turns(int atOnce, String... opening) {
    var onTheirWay = Set.copyOf(List.of(opening).stream().map(TurnsTest::cluster).toList());
    return Turns.of(due, onTheirWay, state.recoveries(), atOnce, NOW);
  }

  private static List<InstanceKey> keys(List<Turns.Due> due) {
    return due.stream().map(Turns.Due::failed).toList();
  }

  private static List<InstanceKey> servers(String... names) {
    return List.of(names).stream().map(Trees::key).toList();
  }

  @Test
  void primariesComeFirstThenWhoWasFoundFirstThenByAddress() {
    due("a1", "a1", RecoveryKind.INTERMEDIATE, 60);
    primary("b2", 5);
    primary("b1", 5);
    primary("b3", 7);
    Turns turns = turns(2);
    assertEquals(servers("b3", "b1"), keys(turns.begin()));
    assertEquals(servers("b2", "a1"), keys(turns.waiting()));
    assertEquals(
        Optional.of("it waits for its turn: 2 recoveries are under way, 1 cluster before it"),
        turns.against(cluster("a1")));
    assertEquals(Optional.empty(), turns(4).against(cluster("a1")));
    assertEquals(List.of(), turns(4).waiting());
  }

  @Test
  void whoeverIsNotDueWouldWaitBehindThePrimaries() {
    due("a1", "a1", RecoveryKind.INTERMEDIATE, 60);
    primary("b1", 5);
    primary("b2", 5);
    assertEquals(
        Optional.of("it would wait for its turn: 1 recovery is under way, 1 cluster before it"),
        turns(1).against(cluster("d1")));
    assertEquals(Optional.empty(), Turns.NONE.against(cluster("d1")));
  }

  @Test
  void thoseThatAreOnTheirWayToTheLogCountOnce() {
    primary("b1", 5);
    primary("b2", 5);
    primary("b3", 5);
    Turns before = turns(2, "b1");
    assertEquals(servers("b2"), keys(before.begin()));
    assertEquals(servers("b3"), keys(before.waiting()));
    open("b1", RecoveryKind.PRIMARY, false, NOW);
    assertEquals(before, turns(2, "b1"));
    assertEquals(before, turns(2));
  }

  @Test
  void whatIsAskedForAndTakingOverKeepNobody() {
    open("d1", RecoveryKind.PRIMARY, true, NOW);
    open("d2", RecoveryKind.TAKEOVER, true, NOW);
    primary("b1", 5);
    assertEquals(servers("b1"), keys(turns(1).begin()));
    assertEquals(1, turns(1).underWay());
  }

  /** Also one whose clock is ahead. */
  @Test
  void whoeverTakesLongKeepsNobody() {
    primary("b1", 5);
    for (int sign : List.of(1, -1)) {
      open("d1", RecoveryKind.PRIMARY, false, NOW.minus(Turns.LONG.multipliedBy(sign)));
      assertEquals(servers("b1"), keys(turns(1).begin()));
      state = ManagerState.EMPTY;
      open(
          "d1",
          RecoveryKind.PRIMARY,
          false,
          NOW.minus(Turns.LONG.minusMillis(1).multipliedBy(sign)));
      assertEquals(servers("b1"), keys(turns(1).waiting()));
      state = ManagerState.EMPTY;
    }
  }

  @Test
  void oneOfAClusterAtMost() {
    due("a1", "a1", RecoveryKind.INTERMEDIATE, 9);
    due("a1", "a2", RecoveryKind.INTERMEDIATE, 8);
    primary("b1", 5);
    open("b1", RecoveryKind.PRIMARY, false, NOW);
    Turns turns = turns(8);
    assertEquals(servers("a1"), keys(turns.begin()));
    assertEquals(List.of(), turns.waiting());
    assertEquals(2, turns.underWay());
  }
}
