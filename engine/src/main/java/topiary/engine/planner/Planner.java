package topiary.engine.planner;

import topiary.engine.intent.Intent;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Undoing;
import topiary.engine.policy.PlanPolicy;

/** Turns intents into plans. */
public final class Planner {

  private final RelocatePlanner relocate;
  private final ServerPlanner server;

  public Planner(PlanPolicy policy) {
    relocate = new RelocatePlanner(policy);
    server = new ServerPlanner(policy);
  }

  /**
   * The plan for an intent, or why there is none.
   *
   * @throws IllegalArgumentException for an {@link Intent.Undo}, which needs its record: see {@link
   *     #undo}
   */
  public PlanResult plan(World world, Intent intent) {
    try {
      return new PlanResult.Planned(make(world, intent));
    } catch (Refusal e) {
      return new PlanResult.Refused(e.getMessage());
    }
  }

  /**
   * A fresh plan towards the shape before another plan, refused when anything that plan left has
   * changed since.
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
    return switch (plan(world, record.inverse())) {
      case PlanResult.Planned(Plan p) ->
          new PlanResult.Planned(
              new Plan(undo, p.stages(), p.basis(), p.outcome(), p.warnings(), p.undoing()));
      case PlanResult.Refused refused -> refused;
    };
  }

  private Plan make(World world, Intent intent) {
    return switch (intent) {
      case Intent.Relocate wanted -> relocate.plan(world, wanted);
      case Intent.StartReplication wanted -> server.start(world, wanted);
      case Intent.StopReplication wanted -> server.stop(world, wanted);
      case Intent.SetReadOnly wanted -> server.setReadOnly(world, wanted);
      case Intent.Undo undo ->
          throw new IllegalArgumentException("undoing needs a record: " + undo.words());
    };
  }
}
