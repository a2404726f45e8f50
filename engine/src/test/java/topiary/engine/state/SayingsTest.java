package topiary.engine.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.planner.Planner;
import topiary.engine.planner.World;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.said.Downtime;
import topiary.engine.said.Maintenance;
import topiary.engine.said.Pool;
import topiary.engine.said.Promotion;
import topiary.engine.said.Rule;
import topiary.engine.said.RuleKey;
import topiary.engine.said.TagKey;
import topiary.engine.said.TagQuery;

class SayingsTest {

  private static final ClusterId C1 = new ClusterId("c000000000001");
  private static final ClusterId C2 = new ClusterId("c000000000002");
  private static final PlanId P1 = new PlanId("p000000000001");
  private static final InstanceKey A = key("a");
  private static final InstanceKey B = key("b");
  private static final InstanceKey OTHER_A = key("other-a");
  private static final Instant T0 = Instant.parse("2026-11-27T10:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private ManagerState state = ManagerState.EMPTY;
  private Instant now = T0;
  private String actor = "ann";

  @Test
  void aPromotionRuleHoldsForItsTimeAndLongerWhenSaidAgain() {
    accept(new Command.SetPromotion(A, Rule.PREFER, HOUR));
    assertEquals(new Promotion(Rule.PREFER, T0, T0.plus(HOUR)), state.said().promotions().get(A));
    now = T0.plusSeconds(3000);
    accept(new Command.SetPromotion(A, Rule.PREFER, HOUR));
    accept(new Command.ForgetEnded(T0.plus(HOUR)));
    assertTrue(state.said().promotion(A, T0.plus(HOUR)).isPresent(), "it was said again");
    Instant end = T0.plusSeconds(6600);
    assertEquals(Optional.of(end), state.said().nextEnd());
    assertTrue(state.said().promotion(A, end).isEmpty(), "it has ended, though it is still there");
    accept(new Command.ForgetEnded(end.minusNanos(1)));
    assertEquals(1, state.said().promotions().size());
    accept(new Command.ForgetEnded(end));
    assertEquals(Map.of(), state.said().promotions());
  }

  @Test
  void aClusterIsFrozenForATimeThatMayBeToCome() {
    accept(new Command.RegisterInstance(A, C1));
    accept(new Command.BeginFreeze(C1, "ann", "moving", Optional.of(T0.plus(HOUR)), HOUR));
    Instant end = T0.plus(HOUR).plus(HOUR);
    assertTrue(state.said().freeze(C1, T0.plus(HOUR).minusNanos(1)).isEmpty(), "not yet");
    assertEquals(
        "is frozen by ann (moving) until " + end,
        state.said().freeze(C1, T0.plus(HOUR)).orElseThrow().words());
    assertTrue(state.said().freeze(C1, end).isEmpty(), "it is over");
    assertTrue(state.said().freeze(null, T0.plus(HOUR)).isEmpty());
    assertEquals(Optional.of(end), state.said().nextEnd());
    accept(new Command.ForgetEnded(end));
    assertEquals(Map.of(), state.said().freezes());
    accept(new Command.BeginFreeze(C1, "ann", "", Optional.empty(), HOUR));
    assertTrue(state.said().freeze(C1, T0).isPresent());
    accept(new Command.EndFreeze(C1));
    assertEquals(Map.of(), state.said().freezes());
  }

  @Test
  void rulesAndFreezesGoWithTheirCluster() {
    accept(new Command.RegisterInstance(A, C1));
    accept(new Command.SetJudgementRule(Optional.of(C1), "patience", Optional.of("1500ms")));
    accept(new Command.SetJudgementRule(Optional.empty(), "patience", Optional.of("5s")));
    accept(new Command.BeginFreeze(C1, "ann", "", Optional.empty(), HOUR));
    assertEquals(2, state.said().rules().size());
    accept(new Command.ForgetInstance(A));
    assertEquals(Map.of(new RuleKey(Optional.empty(), "patience"), "5s"), state.said().rules());
    assertEquals(Map.of(), state.said().freezes());
    accept(new Command.SetJudgementRule(Optional.empty(), "patience", Optional.empty()));
    assertEquals(Map.of(), state.said().rules());
    for (Command.Saying unknown :
        List.of(
            new Command.SetJudgementRule(Optional.of(C2), "patience", Optional.of("5s")),
            new Command.BeginFreeze(C2, "ann", "", Optional.empty(), HOUR))) {
      reject("there is no cluster " + C2, unknown);
    }
  }

  @Test
  void aDowntimeEndsByItselfByCommandAndByAnotherOne() {
    accept(new Command.BeginDowntime(A, "ann", "disk", HOUR));
    accept(new Command.BeginDowntime(A, "ben", "net", Duration.ofMinutes(1)));
    assertEquals(
        new Downtime("ben", "net", T0, T0.plusSeconds(60)), state.said().downtimes().get(A));
    accept(new Command.EndDowntime(A));
    accept(new Command.EndDowntime(A));
    assertEquals(Map.of(), state.said().downtimes());
    accept(new Command.BeginDowntime(A, "ann", "disk", HOUR));
    accept(new Command.ForgetEnded(T0.plus(HOUR)));
    assertEquals(Map.of(), state.said().downtimes());
  }

  @Test
  void maintenanceKeepsPlansOfOthersAway() {
    accept(new Command.RegisterInstance(B, C1));
    accept(new Command.BeginMaintenance(B, "ann", "new disks", HOUR));
    assertEquals(
        new Maintenance(1, "ann", "new disks", T0, T0.plus(HOUR)),
        state.said().maintenance().get(B));
    actor = "ben";
    String why =
        "b:3306 is in maintenance by ann (new disks); end that first: end-maintenance b:3306";
    reject(why, new Command.OpenPlan(P1, readOnly()));
    reject("b:3306 cannot be forgotten: " + why, new Command.ForgetInstance(B));
    reject(
        "b:3306 is in maintenance by ann (new disks) already, until 2026-11-27T11:00:00Z",
        new Command.BeginMaintenance(B, "ben", "", HOUR));
    actor = "ann";
    accept(new Command.OpenPlan(P1, readOnly()));
    accept(new Command.ClosePlan(P1, PlanEnd.DONE, ""));
    actor = "ben";
    now = T0.plus(HOUR);
    accept(new Command.OpenPlan(P1, readOnly()));
    reject(
        "b:3306 is in use by plan p000000000001 of ben; try again when it has ended",
        new Command.BeginMaintenance(B, "ann", "", HOUR));
    accept(new Command.BeginMaintenance(B, "ben", "", HOUR));
    assertEquals(2, state.said().maintenance().get(B).id(), "an id is given once");
    accept(new Command.EndMaintenanceById(1));
    assertEquals(1, state.said().maintenance().size());
    accept(new Command.EndMaintenanceById(2));
    assertEquals(Map.of(), state.said().maintenance());
    accept(new Command.BeginMaintenance(B, "ben", "", HOUR));
    accept(new Command.EndMaintenance(B));
    assertEquals(Map.of(), state.said().maintenance());
    assertEquals(3, state.said().lastMaintenance());
  }

  @Test
  void tagsAreSetQueriedAndDropped() {
    accept(new Command.PutTag(A, "role", "backup"));
    accept(new Command.PutTag(A, "old", ""));
    accept(new Command.PutTag(B, "role", "web"));
    assertEquals(List.of(A), tagged("role=backup"));
    assertEquals(List.of(A, B), tagged("role"));
    assertEquals(List.of(B), tagged("role,~old"));
    assertEquals(List.of(B), tagged("role,!old"));
    assertEquals(List.of(B), tagged("~role=backup"), "it has the tag, with another value");
    assertEquals(List.of(), tagged("~old=x,role=web"), "b has no such tag at all");
    assertEquals(List.of(A), tagged("old="));
    accept(new Command.DropTag(A, "role", Optional.of("web")));
    assertEquals(List.of(A), tagged("role=backup"), "it has another value");
    accept(new Command.DropTag(A, "role", Optional.empty()));
    assertEquals(List.of(B), tagged("role"));
    accept(new Command.DropTags("role", "web"));
    assertEquals(Set.of(new TagKey(A, "old")), state.said().tags().keySet());
  }

  private List<InstanceKey> tagged(String query) {
    return state.said().tagged(TagQuery.all(query));
  }

  @Test
  void aPoolIsReplacedAndEnds() {
    accept(new Command.SetPool("readers", List.of(A, B), HOUR));
    accept(new Command.SetPool("readers", List.of(B), HOUR));
    assertEquals(
        new Pool(new TreeSet<>(Set.of(B)), T0, T0.plus(HOUR)), state.said().pools().get("readers"));
    accept(new Command.SetPool("readers", List.of(), HOUR));
    assertEquals(Map.of(), state.said().pools());
    accept(new Command.SetPool("readers", List.of(A), HOUR));
    accept(new Command.ForgetEnded(T0.plus(HOUR)));
    assertEquals(Map.of(), state.said().pools());
  }

  @Test
  void noTwoClustersAreCalledTheSame() {
    accept(new Command.RegisterInstance(A, C1));
    accept(new Command.RegisterInstance(B, C2));
    accept(new Command.SetClusterAlias(C1, Optional.of("main")));
    accept(new Command.SetClusterAlias(C1, Optional.of("main")));
    reject(
        "the cluster of a:3306 is called main already",
        new Command.SetClusterAlias(C2, Optional.of("main")));
    reject(
        "there is no cluster c000000000003",
        new Command.SetClusterAlias(new ClusterId("c000000000003"), Optional.of("x")));
    accept(new Command.SetClusterDomain(C1, Optional.of("main.example")));
    assertEquals(Optional.of(C1), state.said().cluster("main"));
    accept(new Command.ForgetInstance(A));
    assertEquals(Map.of(), state.said().aliases(), "a name goes with the last of its cluster");
    assertEquals(Map.of(), state.said().domains());
    accept(new Command.SetClusterAlias(C2, Optional.of("main")));
    accept(new Command.SetClusterAlias(C2, Optional.empty()));
    assertEquals(Map.of(), state.said().aliases());
  }

  @Test
  void whatIsSaidOfAServerIsSaidOfItByWhateverName() {
    accept(new Command.RegisterInstance(A, C1));
    accept(new Command.PutTag(OTHER_A, "role", "backup"));
    accept(new Command.PutTag(OTHER_A, "x", "theirs"));
    accept(new Command.PutTag(A, "x", "its own"));
    accept(new Command.BeginDowntime(OTHER_A, "ann", "disk", HOUR));
    accept(new Command.SetPool("readers", List.of(OTHER_A), HOUR));
    accept(new Command.AddAlias(OTHER_A, A));
    assertEquals(Map.of("role", "backup", "x", "its own"), state.said().tags(A));
    assertEquals(Map.of(), state.said().tags(OTHER_A));
    assertEquals(Set.of(A), state.said().downtimes().keySet());
    assertEquals(Set.of(A), state.said().pools().get("readers").servers());
    accept(new Command.SetPromotion(OTHER_A, Rule.PREFER, HOUR));
    accept(new Command.BeginMaintenance(OTHER_A, "ann", "", HOUR));
    assertEquals(Set.of(A), state.said().promotions().keySet());
    assertEquals(Set.of(A), state.said().maintenance().keySet());
    accept(new Command.EndMaintenance(OTHER_A));
    accept(new Command.EndDowntime(OTHER_A));
    accept(new Command.DropTag(OTHER_A, "role", Optional.empty()));
    assertEquals(Map.of("x", "its own"), state.said().tags(A));
    assertEquals(Map.of(), state.said().downtimes());
  }

  @Test
  void aForgottenServerKeepsWhatEndsByItselfAndItsTags() {
    accept(new Command.RegisterInstance(A, C1));
    accept(new Command.PutTag(A, "role", "backup"));
    accept(new Command.SetPromotion(A, Rule.MUST_NOT, HOUR));
    accept(new Command.BeginDowntime(A, "ann", "disk", HOUR));
    accept(new Command.BeginMaintenance(A, "ann", "disk", HOUR));
    accept(new Command.SetPool("readers", List.of(A), HOUR));
    accept(new Command.ForgetInstance(A));
    assertEquals(Map.of(), state.said().maintenance());
    assertEquals(Set.of(A), state.said().promotions().keySet());
    assertEquals(Set.of(A), state.said().downtimes().keySet());
    assertEquals(Map.of("role", "backup"), state.said().tags(A));
    assertEquals(Set.of("readers"), state.said().pools().keySet());
  }

  @Test
  void sayingNeedsTheThirdLevel() {
    Command tag = new Command.PutTag(A, "role", "");
    assertEquals(3, tag.level());
    accept(new Command.RaiseLevel(2));
    assertEquals(
        Optional.of(
            "needs feature level 3; the cluster is at 2 because this node is held back at 2 by its"
                + " configuration"),
        new Levels(2, Set.of()).refusal(tag, state));
    accept(new Levels(3, Set.of()).raise(state).orElseThrow());
    assertEquals(Optional.empty(), new Levels(3, Set.of()).refusal(tag, state));
  }

  @Test
  void applyingIsAFunctionOfTheEntryAndTheStateAlone() {
    var random = new Random(7);
    int rejections = 0;
    for (int run = 0; run < 200; run++) {
      state = ManagerState.EMPTY;
      ManagerState twin = ManagerState.EMPTY;
      now = T0;
      for (int i = 0; i < 60; i++) {
        // Also backwards, as a leader's clock may be behind that of the one before.
        now = now.plusSeconds(random.nextInt(4000) - 400);
        actor = random.nextBoolean() ? "ann" : "ben";
        Entry entry = entry(random(random));
        ManagerState.Applied applied = state.apply(entry);
        assertEquals(applied, twin.apply(entry));
        if (applied.verdict() instanceof Verdict.Rejected(String reason)) {
          rejections++;
          assertSame(state, applied.state());
          assertTrue(!reason.isBlank());
        }
        state = applied.state();
        twin = applied.state();
        var called = List.copyOf(state.said().aliases().values());
        assertEquals(called.size(), Set.copyOf(called).size(), "an alias is unique");
        assertTrue(
            Set.copyOf(state.instances().values()).containsAll(state.said().aliases().keySet()));
        var ids = state.said().maintenance().values().stream().map(Maintenance::id).toList();
        assertEquals(ids.size(), Set.copyOf(ids).size());
        var names = state.aliases().keySet();
        assertTrue(state.said().downtimes().keySet().stream().noneMatch(names::contains));
      }
    }
    assertTrue(rejections > 500, "too few were rejected: " + rejections);
  }

  private static Command random(Random random) {
    List<InstanceKey> some = List.of(A, B, key("c"));
    InstanceKey server = some.get(random.nextInt(3));
    ClusterId cluster = random.nextBoolean() ? C1 : C2;
    String word = random.nextBoolean() ? "x" : "y";
    Duration span = Duration.ofSeconds(1 + random.nextInt(20_000));
    return switch (random.nextInt(18)) {
      case 0, 1, 2 -> new Command.RegisterInstance(server, cluster);
      case 3 -> new Command.ForgetInstance(server);
      case 4 -> new Command.AddAlias(server, some.get(random.nextInt(3)));
      case 5 -> new Command.DropAlias(server);
      case 6 -> new Command.SetPromotion(server, Rule.PREFER_NOT, span);
      case 7 -> new Command.BeginDowntime(server, "ann", word, span);
      case 8 -> new Command.EndDowntime(server);
      case 9, 10 -> new Command.BeginMaintenance(server, word, "", span);
      case 11 -> new Command.EndMaintenance(server);
      case 12 -> new Command.PutTag(server, word, word);
      case 13 -> new Command.DropTags(word, word);
      case 14 -> new Command.SetPool(word, List.of(server), span);
      case 15 -> new Command.SetClusterAlias(cluster, Optional.of(word));
      case 16 -> new Command.SetClusterDomain(cluster, Optional.of(word));
      default -> new Command.ForgetEnded(T0.plusSeconds(random.nextInt(100_000)));
    };
  }

  private static Plan readOnly() {
    var result =
        new Planner(PlanPolicy.DEFAULT)
            .plan(new World(Trees.of("b").topology(), Map.of()), new Intent.SetReadOnly(B, true));
    return ((PlanResult.Planned) result).plan();
  }

  private void accept(Command command) {
    ManagerState.Applied applied = state.apply(entry(command));
    assertEquals(Verdict.ACCEPTED, applied.verdict());
    state = applied.state();
  }

  private void reject(String sentence, Command command) {
    ManagerState.Applied applied = state.apply(entry(command));
    assertEquals(new Verdict.Rejected(sentence), applied.verdict());
    assertSame(state, applied.state());
  }

  private Entry entry(Command command) {
    return new Entry(new Header(new UUID(0, 1), actor, "test", now, command.level()), command);
  }
}
