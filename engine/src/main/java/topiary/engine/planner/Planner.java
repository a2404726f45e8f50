package topiary.engine.planner;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;
import topiary.engine.policy.PlanPolicy;

/** Turns intents into plans. */
public final class Planner {

  private final RelocatePlanner relocate;
  private final ReshapePlanner reshape;
  private final ServerPlanner server;
  private final ChannelPlanner channel;
  private final UpkeepPlanner upkeep = new UpkeepPlanner();
  private final ErrantPlanner errant;
  private final WayPlanner way;
  private final AttachmentPlanner attachment;
  private final NamedChannelPlanner named;
  private final ReplacePlanner replace;

  public Planner(PlanPolicy policy) {
    var classic = new ClassicPlanner(policy);
    relocate = new RelocatePlanner(policy, classic);
    channel = new ChannelPlanner(policy);
    way = new WayPlanner(relocate, channel);
    var coSource = new CoSourcePlanner(policy);
    reshape =
        new ReshapePlanner(
            way,
            classic,
            new RepointPlanner(policy, relocate),
            coSource,
            new EquivalentPlanner(policy),
            new TakeOverPlanner(policy, coSource),
            new RejoinPlanner(policy));
    server = new ServerPlanner(policy);
    errant = new ErrantPlanner(policy);
    attachment = new AttachmentPlanner(policy);
    named = new NamedChannelPlanner(channel, relocate, this::make);
    replace = new ReplacePlanner(policy);
  }

  /**
   * The plan for an intent, or why there is none.
   *
   * @throws IllegalArgumentException for an {@link Intent.Undo}, which needs its record: see {@link
   *     #undo}
   */
  public PlanResult plan(World world, Intent intent) {
    try {
      Plan plan = make(world, intent);
      return managed(world, plan)
          .<PlanResult>map(PlanResult.Refused::new)
          .orElseGet(() -> new PlanResult.Planned(plan));
    } catch (Refusal e) {
      return new PlanResult.Refused(e.getMessage());
    }
  }

  /**
   * A fresh plan towards the shape before another plan, refused when anything that plan left has
   * changed since. Of moves side by side of which not all were done, those are taken back that
   * were, and stand as they were left.
   *
   * @param undo what is wanted
   * @param record how that plan said it can be undone
   */
  public PlanResult undo(World world, Intent.Undo undo, Undoing record) {
    for (Basis left : record.mustHold()) {
      var broken = left.broken(world.topology());
      if (broken.isPresent()) {
        return new PlanResult.Refused(
            "plan " + undo.plan() + " cannot be undone any more: " + broken.get());
      }
    }
    return undoing(world, undo, record.inverse());
  }

  /**
   * The same of a plan that was not carried out to its end: of moves side by side those are taken
   * back that were done, and stand as they were left.
   */
  public PlanResult undoSome(World world, Intent.Undo undo, Undoing record) {
    List<Intent.Relocate> done =
        record.inverse() instanceof Intent.Moves(var moves)
            ? moves.stream()
                .filter(
                    move ->
                        record.mustHold().stream()
                            .filter(left -> left.instance().equals(move.replica()))
                            .allMatch(left -> left.broken(world.topology()).isEmpty()))
                .toList()
            : List.of();
    return done.isEmpty()
        ? new PlanResult.Refused(
            "plan "
                + undo.plan()
                + " was not carried out to its end, and nothing stands as it would have left it:"
                + " there is nothing to undo")
        : undoing(world, undo, new Intent.Moves(done));
  }

  private PlanResult undoing(World world, Intent.Undo undo, Intent inverse) {
    return switch (plan(world, inverse)) {
      case PlanResult.Planned(Plan p) ->
          new PlanResult.Planned(
              new Plan(undo, p.stages(), p.basis(), p.outcome(), p.warnings(), p.undoing()));
      case PlanResult.Refused refused -> refused;
    };
  }

  /** Why a plan must not be made that changes a server somebody else manages. */
  private static Optional<String> managed(World world, Plan plan) {
    return plan.stages().stream()
        .flatMap(stage -> Stream.concat(stage.steps().stream(), stage.lastly().stream()))
        .filter(Step::changes)
        .map(Step::target)
        .distinct()
        .flatMap(
            key ->
                world.topology().instance(key).flatMap(Instance::facts).stream()
                    .flatMap(f -> f.background().cloud().stream())
                    .map(
                        cloud ->
                            key
                                + " is managed by "
                                + cloud.label()
                                + ", which does not let others change its replication: it is looked"
                                + " at only"))
        .findFirst();
  }

  private Plan make(World world, Intent intent) {
    return switch (intent) {
      case Intent.Relocate wanted -> relocate.planOne(world, wanted);
      case Intent.RelocateBy(var move, var by) -> way.plan(world, move, by);
      case Intent.StartReplication wanted -> server.start(world, wanted);
      case Intent.StopReplication wanted -> server.stop(world, wanted);
      case Intent.SetReadOnly wanted -> server.setReadOnly(world, wanted);
      case Intent.OnServer(var key, var doing) -> make(world, key, doing);
      case Intent.InTree wanted -> reshape.plan(world, wanted);
      case Intent.Moves wanted -> reshape.plan(world, wanted);
      case Intent.OnChannel wanted -> named.plan(world, wanted);
      case Intent.Replace wanted -> replace.plan(world, wanted);
      case Intent.CannotBeUndone none -> throw new Refusal(none.words());
      case Intent.Undo undo ->
          throw new IllegalArgumentException("undoing needs a record: " + undo.words());
    };
  }

  private Plan make(World world, InstanceKey key, Doing doing) {
    return switch (doing) {
      case Doing.Restart wanted -> channel.restart(world, key, wanted);
      case Doing.Reconnect wanted -> channel.reconnect(world, key, wanted);
      case Doing.StopNicely wanted -> channel.stopNicely(world, key, wanted);
      case Doing.Reset wanted -> channel.reset(world, key, wanted);
      case Doing.SkipTransaction wanted -> channel.skip(world, key, wanted);
      case Doing.Delay wanted -> channel.delay(world, key, wanted);
      case Doing.UseGtid wanted -> channel.useGtid(world, key, wanted);
      case Doing.SemiSync wanted -> upkeep.semiSync(world, key, wanted);
      case Doing.InjectEmpty wanted -> errant.inject(world, key, wanted);
      case Doing.ForgetErrant wanted -> errant.forget(world, key, wanted);
      case Doing.FlushLogs wanted -> upkeep.flush(world, key, wanted);
      case Doing.PurgeLogs wanted -> upkeep.purge(world, key, wanted);
      case Doing.KillQuery wanted -> upkeep.kill(world, key, wanted);
      case Doing.Detach wanted -> attachment.detach(world, key, wanted);
      case Doing.Reattach wanted -> attachment.reattach(world, key, wanted);
    };
  }
}
