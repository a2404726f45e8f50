package topiary.engine.state;

import java.time.Instant;
import java.util.SortedSet;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Plan;

/**
 * A plan that has begun and not ended.
 *
 * @param plan what is being done
 * @param actor who wanted it
 * @param since when it began
 * @param begun the last step that was begun, 0 before the first
 * @param ended the last step that was done, 0 before the first
 */
public record OpenPlan(Plan plan, String actor, Instant since, int begun, int ended) {

  SortedSet<InstanceKey> targets() {
    return plan.targets();
  }
}
