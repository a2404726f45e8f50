/**
 * Plans as values: stages of steps with guards, to be shown, compared, journalled and run. No loops
 * and no branches live in here; branching is the planner's, waiting is a step with a limit.
 */
package topiary.engine.plan;
