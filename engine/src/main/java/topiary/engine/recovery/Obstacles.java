package topiary.engine.recovery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.engine.analysis.World;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;
import topiary.engine.planner.Successors;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.policy.RecoveryRule;
import topiary.engine.said.Maintenance;
import topiary.engine.state.EndedRecovery;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Recoveries;

/** What stops a recovery from beginning by itself. Pure. */
public final class Obstacles {

  private Obstacles() {}

  /**
   * What would stop a recovery of a tree whose head died now, in sentences; empty for nothing.
   *
   * @param leads whether the node that is asked is the one that acts
   * @param turns who waits for others there
   */
  public static List<String> to(
      World world,
      ManagerState state,
      RecoveryPolicy shipped,
      Tree tree,
      boolean leads,
      Turns turns) {
    InstanceKey head = tree.head();
    var obstacles = new ArrayList<>(to(world, state, shipped, head, RecoveryKind.PRIMARY));
    if (!leads) {
      obstacles.add("this node does not lead its cluster of nodes: the one that leads acts");
    }
    Optional.ofNullable(state.instances().get(head))
        .filter(cluster -> state.recoveries().in(cluster).isEmpty())
        .flatMap(turns::against)
        .ifPresent(obstacles::add);
    if (world.policy(head).ignores(head.host())) {
      obstacles.add(head + " is one of the hosts of which nothing is to be said");
    }
    for (InstanceKey key : tree.members()) {
      Optional<Maintenance> maintenance = world.said().maintenance(key, world.now());
      maintenance.ifPresent(m -> obstacles.add(m.words(key) + " until " + m.until()));
    }
    state
        .plans()
        .values()
        .forEach(
            open -> {
              if (open.plan().targets().stream().anyMatch(tree::contains)) {
                obstacles.add(
                    "a plan is under way on its servers: " + open.plan().intent().words());
              }
            });
    Successors successors = Successors.of(world, head);
    if (successors.chosen().isEmpty()) {
      obstacles.add("no replica could take the place of " + head);
      successors.whyNot().forEach((key, why) -> obstacles.add(key + " " + why));
    }
    return obstacles;
  }

  /** What stops the recovery of a server that is dead. */
  public static List<String> to(
      World world,
      ManagerState state,
      RecoveryPolicy shipped,
      InstanceKey failed,
      RecoveryKind kind) {
    var obstacles = new ArrayList<String>();
    if (!shipped.acts()) {
      obstacles.add("this node recovers nothing by itself, it only does what somebody approves");
    }
    ClusterId cluster = state.instances().get(failed);
    if (cluster == null) {
      obstacles.add(failed + " is in no cluster that is known");
      return obstacles;
    }
    RecoveryPolicy policy = RecoveryRule.of(shipped, state.said().rules(), Optional.of(cluster));
    Recoveries now = state.recoveries();
    if (now.halted()) {
      obstacles.add("recoveries are halted everywhere; enable-global-recoveries lets them begin");
    }
    if (!Automatic.of(world, state, shipped, cluster).of(kind)) {
      obstacles.add(
          "automatic recovery of a dead "
              + kind.words()
              + " is off in this cluster; enable-recovery "
              + cluster
              + " turns it on");
    }
    world
        .said()
        .downtime(failed, world.now())
        .ifPresent(
            d ->
                obstacles.add(
                    failed
                        + " is in downtime by "
                        + d.owner()
                        + (d.reason().isEmpty() ? "" : " (" + d.reason() + ")")
                        + " until "
                        + d.until()));
    world.freeze(failed).ifPresent(f -> obstacles.add("the cluster " + f.words()));
    Optional<RecoveryId> open = now.in(cluster);
    open.ifPresent(id -> obstacles.add("recovery " + id + " is under way in this cluster"));
    blocked(now, policy, cluster, world.now())
        .filter(ended -> keepsBack(ended, failed, kind))
        // What it left behind is of another tree now, in which nobody is to be promoted again.
        .or(
            () ->
                now.ended().values().stream()
                    .filter(ended -> ended.failed().equals(failed))
                    .filter(ended -> isRecent(ended, policy, world.now()))
                    .findFirst())
        .ifPresent(
            ended ->
                obstacles.add(
                    "recovery "
                        + ended.id()
                        + " of "
                        + ended.failed()
                        + " ended at "
                        + ended.at()
                        + ", and none begins by itself in this cluster until "
                        + ended.at().plus(policy.block())
                        + ", unless it is acknowledged: ack-recovery "
                        + ended.id()));
    return obstacles;
  }

  /**
   * The recovery that keeps others of a cluster from beginning by themselves.
   *
   * @param policy as it is set for that cluster
   */
  public static Optional<EndedRecovery> blocked(
      Recoveries recoveries, RecoveryPolicy policy, ClusterId cluster, Instant now) {
    return Optional.ofNullable(recoveries.ended().get(cluster))
        .filter(ended -> isRecent(ended, policy, now));
  }

  /**
   * Whether a recovery that has ended keeps another back. A primary's does not wait for what was
   * done about a source below it: both may have died of one fault, one a moment before the other.
   */
  public static boolean keepsBack(EndedRecovery ended, InstanceKey failed, RecoveryKind kind) {
    return kind != RecoveryKind.PRIMARY
        || ended.successor().isPresent()
        || ended.failed().equals(failed);
  }

  private static boolean isRecent(EndedRecovery ended, RecoveryPolicy policy, Instant now) {
    return now.isBefore(ended.at().plus(policy.block()));
  }
}
