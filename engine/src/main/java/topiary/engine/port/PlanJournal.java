package topiary.engine.port;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Step;
import topiary.engine.said.Attribute;
import topiary.engine.state.PlanEnd;

/**
 * What was planned and done, and what else no decision reads, read back from the rows that commands
 * wrote.
 */
public interface PlanJournal {

  /** A plan of any time. */
  Optional<PlanRecord> plan(PlanId id);

  /**
   * The latest plans, newest first.
   *
   * @param limit at most so many
   */
  List<PlanRecord> latest(int limit);

  /**
   * What is said of hosts, in order.
   *
   * @param name only what goes by this; everything when empty
   */
  List<Attribute> attributes(Optional<String> name);

  /**
   * A plan as it was carried out.
   *
   * @param id its name
   * @param plan what was to be done
   * @param actor who wanted it
   * @param opened when it began
   * @param closed when it ended, empty while under way
   * @param end how it ended, empty while under way
   * @param report what was done and how it stands; empty while under way
   * @param undoneBy the plan that took it back
   * @param steps what was begun, in order
   */
  record PlanRecord(
      PlanId id,
      Plan plan,
      String actor,
      Instant opened,
      Optional<Instant> closed,
      Optional<PlanEnd> end,
      String report,
      Optional<PlanId> undoneBy,
      List<StepRecord> steps) {

    public PlanRecord {
      steps = List.copyOf(steps);
    }

    /**
     * Whether it was carried out to its end, can be taken back, and was neither taken back nor is a
     * taking back itself.
     */
    public boolean undoable() {
      return end.filter(e -> e == PlanEnd.DONE).isPresent()
          && undoneBy.isEmpty()
          && !(plan.undoing().inverse() instanceof Intent.CannotBeUndone)
          && !(plan.intent() instanceof Intent.Undo);
    }
  }

  /**
   * A step as it was carried out.
   *
   * @param number counted through the plan from 1
   * @param step what was done
   * @param begun when
   * @param ended when, empty while under way
   * @param failure why it failed; empty when it was done or is under way
   */
  record StepRecord(
      int number, Step step, Instant begun, Optional<Instant> ended, Optional<String> failure) {}
}
