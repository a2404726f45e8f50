package topiary.engine.plan;

/** What a planner answers. */
public sealed interface PlanResult {

  /**
   * It can be done, like this.
   *
   * @param plan how
   */
  record Planned(Plan plan) implements PlanResult {}

  /**
   * It cannot be done.
   *
   * @param reason why, in a sentence
   */
  record Refused(String reason) implements PlanResult {}
}
