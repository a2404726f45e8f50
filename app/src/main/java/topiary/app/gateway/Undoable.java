package topiary.app.gateway;

import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;

/**
 * A plan that can be undone.
 *
 * @param plan which
 * @param back what undoing it comes down to
 */
public record Undoable(PlanId plan, Intent back) {}
