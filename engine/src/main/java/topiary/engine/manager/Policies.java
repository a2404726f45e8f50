package topiary.engine.manager;

import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;

/**
 * How a manager is set.
 *
 * @param probe how servers are looked at
 * @param plan how long steps may take
 */
public record Policies(ProbePolicy probe, PlanPolicy plan) {

  public static final Policies DEFAULT = new Policies(ProbePolicy.DEFAULT, PlanPolicy.DEFAULT);
}
