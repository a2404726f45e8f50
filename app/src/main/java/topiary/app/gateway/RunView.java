package topiary.app.gateway;

import java.util.List;
import java.util.Optional;
import topiary.engine.intent.PlanId;

/**
 * A plan that is being run, as a node tells it.
 *
 * @param plan its id
 * @param version counts its changes
 * @param total how many steps it has
 * @param steps those that have begun
 * @param end how it ended, when it has
 * @param report what came of it, when it has ended
 */
public record RunView(
    PlanId plan, int version, int total, List<Step> steps, Optional<End> end, String report) {

  public RunView {
    steps = List.copyOf(steps);
  }

  /** How far a step is. */
  public enum Phase {
    BEGUN,
    DONE,
    FAILED
  }

  /** How a run ended. */
  public enum End {
    DONE,
    FAILED,
    CANCELLED,
    INTERRUPTED
  }

  /**
   * A step that has begun.
   *
   * @param number its place in the run; those that put back what was begun come after the plan's
   * @param phase how far it is
   * @param failure why it failed, else empty
   * @param words what it does; empty when the node does not say
   */
  public record Step(int number, Phase phase, String failure, String words) {}
}
