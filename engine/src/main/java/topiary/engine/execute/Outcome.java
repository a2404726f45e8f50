package topiary.engine.execute;

import topiary.engine.state.PlanEnd;

/**
 * What came of a plan.
 *
 * @param end how it ended
 * @param report what was done and how it stands now, in sentences
 */
public record Outcome(PlanEnd end, String report) {}
