package topiary.app.desktop.model;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.app.gateway.Seen;
import topiary.engine.intent.Intent;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.PlanResult;
import topiary.engine.planner.Planner;
import topiary.engine.planner.World;

/** Replicas in the hand, and what the planner says of each place they could be put down. */
public final class PickUp {

  /**
   * What would come of putting it down somewhere.
   *
   * @param legal whether it can be done
   * @param sentence what would be done, or why it cannot
   */
  public record Verdict(boolean legal, String sentence) {}

  private final List<InstanceKey> all;
  private final World world;
  private final Planner planner;
  private final Map<InstanceKey, Verdict> verdicts;
  private final Optional<InstanceKey> over;

  /**
   * A hand.
   *
   * @param all what it holds, at least one; first what it was taken by
   */
  PickUp(List<InstanceKey> all, Seen seen, Planner planner) {
    this(all, world(seen), planner, Map.of(), Optional.empty());
  }

  private PickUp(
      List<InstanceKey> all,
      World world,
      Planner planner,
      Map<InstanceKey, Verdict> verdicts,
      Optional<InstanceKey> over) {
    this.all = List.copyOf(all);
    this.world = world;
    this.planner = planner;
    this.verdicts = verdicts;
    this.over = over;
  }

  /** The one it was taken by. */
  public InstanceKey carried() {
    return all.getFirst();
  }

  public boolean carries(InstanceKey key) {
    return all.contains(key);
  }

  /** How many it holds. */
  public int size() {
    return all.size();
  }

  /**
   * What putting it down there asks for. Those that are there already stay, and so does one of
   * several on which the others are put down.
   */
  Intent intent(InstanceKey target) {
    List<Intent.Relocate> moves =
        all.stream()
            .filter(key -> !key.equals(target) && !isBelow(key, target))
            .map(key -> new Intent.Relocate(key, target))
            .toList();
    return moves.size() > 1
        ? new Intent.Moves(moves)
        : moves.stream().findFirst().orElseGet(() -> new Intent.Relocate(carried(), target));
  }

  private boolean isBelow(InstanceKey key, InstanceKey target) {
    return world
        .topology()
        .instance(key)
        .flatMap(Instance::source)
        .filter(target::equals)
        .isPresent();
  }

  /** Whether it makes sense to put it down there. */
  boolean fits(InstanceKey target) {
    return all.size() > 1 || !carries(target);
  }

  /** The card it is held over. */
  public Optional<InstanceKey> over() {
    return over;
  }

  /** The verdict on the card it is held over. */
  public Optional<Verdict> verdict() {
    return over.map(this::on);
  }

  /** All verdicts that are known; as long as nothing new is, it is the same map. */
  public Map<InstanceKey, Verdict> known() {
    return verdicts;
  }

  PickUp over(Optional<InstanceKey> next) {
    return new PickUp(all, world, planner, verdicts, next);
  }

  private static World world(Seen seen) {
    return new World(seen.topology(), Map.of(), Map.of(), seen.clusters());
  }

  PickUp in(Seen seen) {
    return new PickUp(all, world(seen), planner, verdicts, over);
  }

  PickUp knowing(Map<InstanceKey, Verdict> found) {
    return new PickUp(all, world, planner, Collections.unmodifiableMap(found), over);
  }

  /** Whether the other one is about the same replicas in the same world. */
  boolean like(PickUp other) {
    return all.equals(other.all) && world.topology() == other.world.topology();
  }

  /** The verdict on every one of these but what is carried; takes its time when they are many. */
  Map<InstanceKey, Verdict> judge(Collection<InstanceKey> targets) {
    Map<InstanceKey, Verdict> found = HashMap.newHashMap(targets.size());
    for (InstanceKey target : targets) {
      if (fits(target)) {
        found.put(target, on(target));
      }
    }
    return found;
  }

  /** What would come of putting it down there; advisory, the node decides. */
  public Verdict on(InstanceKey target) {
    Intent intent = intent(target);
    String what =
        intent instanceof Intent.Moves(var moves) ? "Move " + moves.size() + " servers" : "Move";
    return switch (planner.plan(world, intent)) {
      case PlanResult.Planned(var plan) ->
          new Verdict(true, what + " below " + target + ": " + plan.length() + " steps");
      case PlanResult.Refused(String reason) -> new Verdict(false, reason);
    };
  }
}
