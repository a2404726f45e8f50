package topiary.engine.planner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import topiary.engine.analysis.World;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;
import topiary.engine.plan.Plan;
import topiary.engine.said.Maintenance;

/** What would stop a recovery of a tree whose head died now. Pure. */
public final class Obstacles {

  private Obstacles() {}

  /**
   * All of it, in sentences; never empty, as this version recovers nothing by itself.
   *
   * @param plans under way
   * @param leads whether the node that is asked is the one that acts
   */
  public static List<String> to(World world, Tree tree, Collection<Plan> plans, boolean leads) {
    InstanceKey head = tree.head();
    var obstacles = new ArrayList<String>();
    obstacles.add("automatic recovery: this version judges, and recovers nothing by itself yet");
    if (!leads) {
      obstacles.add("this node does not lead its cluster of nodes: the one that leads acts");
    }
    if (world.policy(head).ignores(head.host())) {
      obstacles.add(head + " is one of the hosts of which nothing is to be said");
    }
    world.freeze(head).ifPresent(f -> obstacles.add("the cluster " + f.words()));
    world
        .said()
        .downtime(head, world.now())
        .ifPresent(
            d ->
                obstacles.add(
                    head
                        + " is in downtime by "
                        + d.owner()
                        + (d.reason().isEmpty() ? "" : " (" + d.reason() + ")")
                        + " until "
                        + d.until()));
    for (InstanceKey key : tree.members()) {
      Optional<Maintenance> maintenance = world.said().maintenance(key, world.now());
      maintenance.ifPresent(m -> obstacles.add(m.words(key) + " until " + m.until()));
    }
    for (Plan plan : plans) {
      if (plan.targets().stream().anyMatch(tree::contains)) {
        obstacles.add("a plan is under way on its servers: " + plan.intent().words());
      }
    }
    Successors successors = Successors.of(world, head);
    if (successors.chosen().isEmpty()) {
      obstacles.add("no replica could take the place of " + head);
      successors.whyNot().forEach((key, why) -> obstacles.add(key + " " + why));
    }
    return obstacles;
  }
}
