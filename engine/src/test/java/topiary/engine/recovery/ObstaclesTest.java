package topiary.engine.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import topiary.engine.analysis.World;
import topiary.engine.fake.Trees;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.JudgementPolicy;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.state.AutoRecovery;
import topiary.engine.state.Command;
import topiary.engine.state.EndedRecovery;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.ManagerState;
import topiary.engine.state.RecoveryEnd;
import topiary.engine.state.Verdict;

/** What stops a recovery from beginning by itself. */
class ObstaclesTest {

  private static final Instant NOW = Instant.parse("2026-11-28T03:00:00Z");
  private static final InstanceKey P = Trees.key("p");
  private static final ClusterId CLUSTER = new ClusterId("c00000000000a");
  private static final RecoveryId ID = new RecoveryId("r1");

  private ManagerState state = ManagerState.EMPTY;
  private Trees trees = Trees.of("p(a,b)");

  ObstaclesTest() {
    apply(new Command.RaiseLevel(Header.LEVEL));
    for (String name : List.of("p", "a", "b")) {
      apply(new Command.RegisterInstance(Trees.key(name), CLUSTER));
    }
  }

  private Verdict apply(Command command) {
    ManagerState.Applied applied =
        state.apply(
            new Entry(new Header(UUID.randomUUID(), "ann", "t", NOW, command.level()), command));
    state = applied.state();
    return applied.verdict();
  }

  private List<String> against() {
    return against(NOW, RecoveryPolicy.DEFAULT);
  }

  private List<String> against(Instant now, RecoveryPolicy policy) {
    World world = World.of(trees.topology(), JudgementPolicy.DEFAULT, now).saying(state.said());
    return Obstacles.to(world, state, policy, P, RecoveryKind.PRIMARY);
  }

  private void on() {
    apply(new Command.SwitchRecovery(Optional.of(CLUSTER), Optional.empty(), true));
  }

  private void opened() {
    apply(
        new Command.OpenRecovery(
            ID,
            CLUSTER,
            P,
            RecoveryKind.PRIMARY,
            "DeadMaster",
            false,
            Optional.empty(),
            List.of(),
            List.of()));
  }

  private static Command.OpenRecovery below(RecoveryId id, ClusterId cluster, InstanceKey failed) {
    return new Command.OpenRecovery(
        id,
        cluster,
        failed,
        RecoveryKind.INTERMEDIATE,
        "DeadIntermediateMaster",
        true,
        Optional.empty(),
        List.of(),
        List.of());
  }

  @Test
  void nothingBeginsByItselfUntilThatIsSwitchedOn() {
    assertTrue(against().getFirst().contains("is off in this cluster"));
    on();
    assertEquals(List.of(), against());
  }

  @Test
  void theSwitchIsForOneKindOrBoth() {
    apply(
        new Command.SwitchRecovery(
            Optional.of(CLUSTER), Optional.of(RecoveryKind.INTERMEDIATE), true));
    assertEquals(1, against().size());
    apply(
        new Command.SwitchRecovery(Optional.of(CLUSTER), Optional.of(RecoveryKind.PRIMARY), true));
    assertEquals(List.of(), against());
  }

  @Test
  void whatIsSaidOfAClusterCountsMoreThanWhatIsSaidOfAll() {
    apply(new Command.SwitchRecovery(Optional.of(CLUSTER), Optional.empty(), false));
    apply(new Command.SwitchRecovery(Optional.empty(), Optional.empty(), true));
    assertEquals(1, against().size());
  }

  @Test
  void haltedNothingBeginsAnywhere() {
    on();
    apply(new Command.HaltRecoveries(true));
    assertTrue(against().getFirst().contains("halted everywhere"));
    apply(new Command.HaltRecoveries(false));
    assertEquals(List.of(), against());
  }

  @Test
  void whoseTroubleIsKnownIsLetAlone() {
    on();
    apply(new Command.BeginDowntime(P, "ben", "disk", Duration.ofHours(1)));
    assertTrue(against().getFirst().contains("in downtime by ben (disk)"));
  }

  @Test
  void oneAtATimeInACluster() {
    on();
    opened();
    assertTrue(against().getFirst().contains("r1 is under way"));
    var second = below(new RecoveryId("r2"), CLUSTER, Trees.key("a"));
    assertTrue(apply(second) instanceof Verdict.Rejected);
  }

  /** Also where it counts as of another cluster meanwhile. */
  @Test
  void oneAtATimeOfAServer() {
    opened();
    var second = below(new RecoveryId("r2"), new ClusterId("c0000000000ff"), P);
    assertTrue(apply(second) instanceof Verdict.Rejected);
  }

  @Test
  void aRecoveryKeepsTheNextFromBeginningForAWhileOrUntilItIsAcknowledged() {
    on();
    opened();
    apply(new Command.CloseRecovery(ID, RecoveryEnd.FAILED, "", List.of()));
    assertTrue(against().getFirst().contains("ack-recovery r1"));
    Instant later = NOW.plus(RecoveryPolicy.DEFAULT.block());
    assertEquals(List.of(), against(later, RecoveryPolicy.DEFAULT));
    apply(new Command.AcknowledgeRecoveries(List.of(ID), "seen"));
    assertEquals(List.of(), against());
  }

  /** The former primary is to be fenced still, and the next begins a while after the latest. */
  @Test
  void whoHasThePlaceOfAPrimaryKeepsItWhenASourceBelowItIsRecovered() {
    on();
    opened();
    apply(new Command.ChooseSuccessor(ID, Trees.key("a"), "", ""));
    apply(new Command.CloseRecovery(ID, RecoveryEnd.DONE, "", List.of()));
    var second = new RecoveryId("r2");
    apply(below(second, CLUSTER, Trees.key("b")));
    apply(new Command.ChooseSuccessor(second, Trees.key("a"), "", ""));
    apply(new Command.CloseRecovery(second, RecoveryEnd.DONE, "", List.of()));
    EndedRecovery ended = state.recoveries().ended().get(CLUSTER);
    assertEquals(ID, ended.id());
    assertEquals(P, ended.failed());
    assertEquals(Optional.of(Trees.key("a")), ended.successor());
  }

  /** It took no writes: nobody is to keep it from that, or to take it for a former primary. */
  @Test
  void nobodyHasThePlaceOfASourceBelowThePrimary() {
    var below = Trees.key("b");
    apply(below(ID, CLUSTER, below));
    apply(new Command.ChooseSuccessor(ID, P, "", ""));
    apply(new Command.CloseRecovery(ID, RecoveryEnd.DONE, "", List.of()));
    assertEquals(Optional.empty(), state.recoveries().ended().get(CLUSTER).successor());
    // Both may have died of one fault, the primary a moment later.
    on();
    assertEquals(List.of(), against());
    World world = World.of(trees.topology(), JudgementPolicy.DEFAULT, NOW).saying(state.said());
    assertEquals(
        1,
        Obstacles.to(world, state, RecoveryPolicy.DEFAULT, below, RecoveryKind.INTERMEDIATE)
            .size());
  }

  @Test
  void howLongItDoesIsSetForTheCluster() {
    on();
    opened();
    apply(new Command.CloseRecovery(ID, RecoveryEnd.FAILED, "", List.of()));
    apply(new Command.SetJudgementRule(Optional.of(CLUSTER), "block", Optional.of("5m")));
    assertEquals(1, against(NOW.plusSeconds(299), RecoveryPolicy.DEFAULT).size());
    assertEquals(List.of(), against(NOW.plusSeconds(300), RecoveryPolicy.DEFAULT));
  }

  @Test
  void aFilterTurnsItOnWhereNothingIsSaidOfTheClusterItself() {
    apply(new Command.NameHead(CLUSTER, P));
    String filter = "^" + P.host() + ":";
    apply(new Command.SetJudgementRule(Optional.empty(), "recover-primaries", Optional.of(filter)));
    assertEquals(List.of(), against());
    World world = World.of(trees.topology(), JudgementPolicy.DEFAULT, NOW).saying(state.said());
    assertEquals(
        new AutoRecovery(true, false),
        Automatic.all(world, state, RecoveryPolicy.DEFAULT).of(CLUSTER));
    apply(new Command.SwitchRecovery(Optional.of(CLUSTER), Optional.empty(), false));
    assertEquals(1, against().size());
  }

  @Test
  void whatWasNotNeededKeepsNothingFromBeginning() {
    on();
    opened();
    apply(new Command.CloseRecovery(ID, RecoveryEnd.NOT_NEEDED, "", List.of()));
    assertEquals(List.of(), against());
  }

  @Test
  void aSuccessorIsTheHeadFromTheMomentItIsChosen() {
    opened();
    apply(new Command.ChooseSuccessor(ID, Trees.key("a"), "", ""));
    assertEquals(Trees.key("a"), state.heads().get(CLUSTER));
  }

  @Test
  void aDesktopBeginsNothing() {
    on();
    assertEquals(1, against(NOW, RecoveryPolicy.DEFAULT.watching()).size());
  }

  @Test
  void ofATreeAllThatWouldStopARecoveryIsListed() {
    for (String name : List.of("a", "b")) {
      trees = trees.with(name, s -> s.logBin = false);
    }
    World world = World.of(trees.topology(), JudgementPolicy.DEFAULT, NOW);
    List<String> obstacles =
        Obstacles.to(
            world,
            state,
            RecoveryPolicy.DEFAULT,
            trees.topology().trees().getFirst(),
            false,
            new Turns(8, 8, List.of(), List.of()));
    assertTrue(obstacles.contains("no replica could take the place of p:3306"));
    assertTrue(obstacles.contains("a:3306 writes no binary log"));
    assertTrue(obstacles.stream().anyMatch(o -> o.contains("does not lead")));
    assertTrue(
        obstacles.contains(
            "it would wait for its turn: 8 recoveries are under way, 0 clusters before it"));
  }
}
