package topiary.engine.plan;

import topiary.engine.intent.PlanId;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.InstanceKey;

/**
 * Two places that are one moment: who has executed the one server's log up to the one has executed
 * what is in the other's up to the other.
 *
 * @param one a server
 * @param at a place in its log
 * @param other another
 * @param there the place in that one's log
 * @param noted the plan that moved a replica from the one to the other, and noted them
 */
public record Equivalence(
    InstanceKey one, BinlogPosition at, InstanceKey other, BinlogPosition there, PlanId noted) {

  /** The same the other way round. */
  public Equivalence turned() {
    return new Equivalence(other, there, one, at, noted);
  }
}
