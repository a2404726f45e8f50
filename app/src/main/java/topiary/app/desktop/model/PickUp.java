package topiary.app.desktop.model;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import topiary.engine.intent.Intent;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
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

  PickUp(InstanceKey carried, Topology topology, Planner planner) {
    this(carried, new World(topology, Map.of()), planner, new HashMap<>(), Optional.empty());
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

  PickUp over(Optional<InstanceKey> next) {
    return new PickUp(carried, world, planner, verdicts, next);
  }

  PickUp in(Topology topology) {
    return new PickUp(carried, new World(topology, Map.of()), planner, new HashMap<>(), over);
  }

  /** What would come of putting it down there; advisory, the node decides. */
  public Verdict on(InstanceKey target) {
    return verdicts.computeIfAbsent(
        target,
        key ->
            switch (planner.plan(world, new Intent.Relocate(carried, key))) {
              case PlanResult.Planned(var plan) -> {
                int steps = plan.stages().stream().mapToInt(s -> s.steps().size()).sum();
                yield new Verdict(true, "Move below " + key + ": " + steps + " steps");
              }
              case PlanResult.Refused(String reason) -> new Verdict(false, reason);
            });
  }
}
