package topiary.app.desktop.model;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import topiary.app.gateway.Seen;
import topiary.engine.intent.Intent;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.PlanResult;
import topiary.engine.planner.Planner;
import topiary.engine.planner.World;

/** A replica in the hand, and what the planner says of each place it could be put down. */
public final class PickUp {

  /**
   * What would come of putting it down somewhere.
   *
   * @param legal whether it can be done
   * @param sentence what would be done, or why it cannot
   */
  public record Verdict(boolean legal, String sentence) {}

  private final InstanceKey carried;
  private final World world;
  private final Planner planner;
  private final Map<InstanceKey, Verdict> verdicts;
  private final Optional<InstanceKey> over;

  PickUp(InstanceKey carried, Seen seen, Planner planner) {
    this(carried, world(seen), planner, Map.of(), Optional.empty());
  }

  private PickUp(
      InstanceKey carried,
      World world,
      Planner planner,
      Map<InstanceKey, Verdict> verdicts,
      Optional<InstanceKey> over) {
    this.carried = carried;
    this.world = world;
    this.planner = planner;
    this.verdicts = verdicts;
    this.over = over;
  }

  public InstanceKey carried() {
    return carried;
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
    return new PickUp(carried, world, planner, verdicts, next);
  }

  private static World world(Seen seen) {
    return new World(seen.topology(), Map.of(), Map.of(), seen.clusters());
  }

  PickUp in(Seen seen) {
    return new PickUp(carried, world(seen), planner, verdicts, over);
  }

  PickUp knowing(Map<InstanceKey, Verdict> found) {
    return new PickUp(carried, world, planner, Collections.unmodifiableMap(found), over);
  }

  /** Whether the other one is about the same replica in the same world. */
  boolean like(PickUp other) {
    return carried.equals(other.carried) && world.topology() == other.world.topology();
  }

  /** The verdict on every one of these but what is carried; takes its time when they are many. */
  Map<InstanceKey, Verdict> judge(Collection<InstanceKey> targets) {
    Map<InstanceKey, Verdict> found = HashMap.newHashMap(targets.size());
    for (InstanceKey target : targets) {
      if (!target.equals(carried)) {
        found.put(target, on(target));
      }
    }
    return found;
  }

  /** What would come of putting it down there; advisory, the node decides. */
  public Verdict on(InstanceKey target) {
    return switch (planner.plan(world, new Intent.Relocate(carried, target))) {
      case PlanResult.Planned(var plan) -> {
        int steps = plan.stages().stream().mapToInt(s -> s.steps().size()).sum();
        yield new Verdict(true, "Move below " + target + ": " + steps + " steps");
      }
      case PlanResult.Refused(String reason) -> new Verdict(false, reason);
    };
  }
}
