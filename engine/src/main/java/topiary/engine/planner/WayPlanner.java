package topiary.engine.planner;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Way;
import topiary.engine.model.Channel;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Undoing;

/** Moves of replicas for which somebody has said how they are to find their place. */
final class WayPlanner {

  private final RelocatePlanner relocate;
  private final ChannelPlanner channel;

  WayPlanner(RelocatePlanner relocate, ChannelPlanner channel) {
    this.relocate = relocate;
    this.channel = channel;
  }

  Plan plan(World world, Intent.Relocate move, Way way) {
    Sight replica = Sight.of(world.topology(), move.replica());
    Channel c = replica.onlyChannel();
    boolean byGtid = c.gtid() != GtidUse.NONE;
    return switch (way) {
      case AUTO -> relocate.plan(world, move);
      case FILE -> {
        if (byGtid) {
          throw new Refusal(
              move.replica()
                  + " replicates by GTID, and is moved by it: \"disable-gtid\" first, to move it by"
                  + " file and position");
        }
        yield relocate.plan(world, move);
      }
      case GTID -> byGtid ? relocate.plan(world, move) : becoming(world, move, replica);
    };
  }

  /** It begins to use GTID where it is, and is moved then: each is safe without the other. */
  private Plan becoming(World world, Intent.Relocate move, Sight replica) {
    InstanceKey key = move.replica();
    boolean maria = replica.facts().identity().flavor() == Flavor.MARIADB;
    String mode = replica.facts().settings().gtidMode();
    if (!maria && !mode.startsWith("ON")) {
      throw new Refusal(
          key
              + " has gtid_mode "
              + (mode.isEmpty() ? "not at all" : mode)
              + ", so it cannot be moved by GTID: gtid_mode has to be ON on all servers of its tree"
              + " first");
    }
    Plan first = channel.useGtid(world, key, new Doing.UseGtid(true));
    GtidUse use = maria ? GtidUse.SLAVE_POS : GtidUse.AUTO_POSITION;
    Plan second = relocate.plan(world.using(key, replica.onlyChannel(), use), move);
    var basis = new LinkedHashSet<>(first.basis());
    second.basis().stream()
        .filter(b -> b.broken(world.topology()).isEmpty())
        .forEach((Basis b) -> basis.add(b));
    var outcome = new ArrayList<>(second.outcome());
    outcome.addAll(first.outcome());
    var warnings = new LinkedHashSet<>(first.warnings());
    warnings.addAll(second.warnings());
    warnings.add(key + " goes on using GTID, even when this is undone");
    return new Plan(
        new Intent.RelocateBy(move, Way.GTID),
        Lanes.inOrder(List.of(first, second)),
        List.copyOf(basis),
        outcome,
        List.copyOf(warnings),
        new Undoing(second.undoing().inverse(), second.undoing().mustHold()));
  }
}
