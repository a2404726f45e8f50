package topiary.app.legacy;

import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import topiary.engine.execute.Outcome;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.intent.Way;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.state.PlanEnd;

/** Moves of several servers, or of one by its place. */
final class ReshapeAnswers {

  private final Fleetview fleet;
  private final DeedAnswers deeds;

  ReshapeAnswers(Fleetview fleet, DeedAnswers deeds) {
    this.fleet = fleet;
    this.deeds = deeds;
  }

  /** One server moved by its place; answers with it. */
  private Answer reshape(Call call, Reshaping reshaping, String message)
      throws Trouble, RequestRefused, InterruptedException {
    InstanceKey key = deeds.server(call);
    return deeds.carriedOut(key, new Intent.InTree(key, reshaping), i -> false, message, call.by());
  }

  Answer moveUp(Call call) throws Trouble, RequestRefused, InterruptedException {
    String key = Text.of(deeds.server(call));
    return reshape(call, new Reshaping.Up(), "Instance " + key + " moved up");
  }

  Answer takeSource(Call call) throws Trouble, RequestRefused, InterruptedException {
    String key = Text.of(deeds.server(call));
    return reshape(call, new Reshaping.TakeSource(Optional.empty()), key + " took its master");
  }

  Answer coSource(Call call) throws Trouble, RequestRefused, InterruptedException {
    String key = Text.of(deeds.server(call));
    return reshape(
        call, new Reshaping.CoSource(Optional.empty()), "Instance made co-master: " + key);
  }

  Answer moveEquivalent(Call call) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey below = deeds.below(call);
    InstanceKey key = deeds.server(call);
    return deeds.carriedOut(
        key,
        new Intent.InTree(key, new Reshaping.Equivalent(below)),
        i -> deeds.isBelow(i, below),
        "Instance "
            + Text.of(key)
            + " relocated via equivalence coordinates below "
            + Text.of(below),
        call.by());
  }

  Answer moveBelow(Call call) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey sibling = deeds.other(call, "sibling");
    InstanceKey key = deeds.server(call);
    return deeds.carriedOut(
        key,
        new Intent.InTree(key, new Reshaping.BelowSibling(sibling)),
        i -> deeds.isBelow(i, sibling),
        "Instance " + Text.of(key) + " moved below " + Text.of(sibling),
        call.by());
  }

  Answer repoint(Call call) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey below = deeds.below(call);
    InstanceKey key = deeds.server(call);
    return reshape(
        call,
        new Reshaping.Repoint(Optional.of(below)),
        "Instance " + Text.of(key) + " repointed below " + Text.of(below));
  }

  Answer takeSiblings(Call call) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey key = deeds.server(call);
    Set<InstanceKey> moved =
        moved(key, new Intent.InTree(key, new Reshaping.Siblings()), key, call);
    return Answer.ok(
        "Took " + moved.size() + " siblings of " + Text.of(key), InstanceJson.of(deeds.seen(key)));
  }

  Answer relocateReplicas(Call call) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey key = deeds.server(call);
    InstanceKey below = deeds.below(call);
    var wanted = new Intent.InTree(key, new Reshaping.Replicas(below, pattern(call)));
    Set<InstanceKey> moved = moved(key, wanted, below, call);
    return several(
        "Relocated " + moved.size() + " replicas of " + Text.of(key) + " below " + Text.of(below),
        moved);
  }

  /** As above, by GTID, but answers with the new source, as orchestrator does. */
  Answer moveReplicas(Call call) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey key = deeds.server(call);
    InstanceKey below = deeds.below(call);
    var replicas = new Reshaping.Replicas(below, pattern(call));
    var wanted = new Intent.InTree(key, new Reshaping.ReplicasBy(replicas, Way.GTID));
    Set<InstanceKey> moved = moved(key, wanted, below, call);
    return Answer.ok(
        "Moved " + moved.size() + " replicas of " + Text.of(key) + " below " + Text.of(below),
        Json.key(below));
  }

  Answer moveUpReplicas(Call call) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey key = deeds.server(call);
    InstanceKey above =
        deeds
            .seen(key)
            .instance()
            .source()
            .orElseThrow(() -> new Trouble(Text.of(key) + " is not a replica"));
    var wanted = new Intent.InTree(key, new Reshaping.ReplicasUp(pattern(call)));
    Set<InstanceKey> moved = moved(key, wanted, above, call);
    return several(
        "Moved up " + moved.size() + " replicas of " + Text.of(key) + " below " + Text.of(above),
        moved);
  }

  Answer repointReplicas(Call call) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey key = deeds.server(call);
    Outcome outcome =
        fleet.carryOut(
            new Intent.InTree(key, new Reshaping.RepointReplicas(pattern(call))), call.by());
    if (outcome.end() != PlanEnd.DONE) {
      throw new Trouble(outcome.report());
    }
    var below = new TreeSet<>(fleet.topology().replicasOf(key));
    return several("Repointed replicas of " + Text.of(key), below);
  }

  Answer regroup(Call call) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey key = deeds.server(call);
    var wanted = new Intent.InTree(key, new Reshaping.Regroup());
    // Which of them is the best, the plan names.
    if (!(fleet.plan(wanted) instanceof PlanResult.Planned(Plan plan)
        && plan.intent() instanceof Intent.InTree(_, Reshaping.Replicas(InstanceKey best, _)))) {
      throw new Trouble(((PlanResult.Refused) fleet.plan(wanted)).reason());
    }
    int all = fleet.topology().replicasOf(key).size();
    Set<InstanceKey> moved = moved(key, plan.intent(), best, call);
    return Answer.ok(
        "promoted replica: "
            + Text.of(best)
            + ", lost: "
            + (all - 1 - moved.size())
            + ", trivial: 0, pseudo-gtid: 0",
        Json.key(best));
  }

  /**
   * Moves several; gives those that came. Some are as good as all, as orchestrator has it: only
   * when none came is it an error.
   */
  private Set<InstanceKey> moved(InstanceKey key, Intent wanted, InstanceKey below, Call call)
      throws Trouble, RequestRefused, InterruptedException {
    var before = new TreeSet<>(fleet.topology().replicasOf(below));
    Outcome outcome = fleet.carryOut(wanted, call.by());
    var now = new TreeSet<>(fleet.topology().replicasOf(below));
    now.removeAll(before);
    if (outcome.end() != PlanEnd.DONE && now.isEmpty()) {
      throw new Trouble(outcome.report());
    }
    fleet.refresh(key);
    return now;
  }

  private Answer several(String message, Set<InstanceKey> keys) throws Trouble, RequestRefused {
    var rows = new ArrayList<Object>();
    for (InstanceKey key : keys) {
      rows.add(InstanceJson.of(deeds.seen(key)));
    }
    return Answer.ok(message, rows);
  }

  private static Optional<String> pattern(Call call) {
    return Optional.ofNullable(call.query().get("pattern")).filter(p -> !p.isEmpty());
  }
}
