package topiary.engine.plan;

import java.util.List;
import java.util.Optional;

/**
 * Steps that belong together, and what must hold before the first of them.
 *
 * @param title in words
 * @param guards checked against fresh probes right before the stage; one broken, and neither it nor
 *     what comes after it is begun
 * @param steps in order; one that fails ends the stage
 * @param lastly what is done when a step of this stage failed, or when it ended well and nothing
 *     that comes after it was begun, so that nothing stays half moved
 * @param start when it begins; empty for once the stage before it in the plan has ended well
 */
public record Stage(
    String title, List<Basis> guards, List<Step> steps, List<Step> lastly, Optional<Start> start) {

  public Stage {
    guards = List.copyOf(guards);
    steps = List.copyOf(steps);
    lastly = List.copyOf(lastly);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a stage without steps: " + title);
    }
  }

  /** A stage that begins once the one before it has ended well. */
  public Stage(String title, List<Basis> guards, List<Step> steps, List<Step> lastly) {
    this(title, guards, steps, lastly, Optional.empty());
  }

  /** The same, begun at another time. */
  public Stage startedAt(Start when) {
    return new Stage(title, guards, steps, lastly, Optional.of(when));
  }

  /**
   * When a stage begins.
   *
   * @param after the places in the plan, from 0, of those that must have ended before; with none it
   *     begins at once
   * @param inAnyCase whether it begins however those ended, if one of them was begun, to clear up
   *     after them; otherwise only when all of them ended well
   */
  public record Start(List<Integer> after, boolean inAnyCase) {
    public Start {
      after = List.copyOf(after);
    }
  }
}
