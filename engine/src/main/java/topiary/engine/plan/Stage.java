package topiary.engine.plan;

import java.util.List;

/**
 * Steps that belong together, and what must hold before the first of them.
 *
 * @param title in words
 * @param guards checked against fresh probes right before the stage; one broken ends the plan
 * @param steps in order; one that fails ends the stage
 * @param lastly what is done when a step of this stage failed, so that nothing stays half moved
 */
public record Stage(String title, List<Basis> guards, List<Step> steps, List<Step> lastly) {

  public Stage {
    guards = List.copyOf(guards);
    steps = List.copyOf(steps);
    lastly = List.copyOf(lastly);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a stage without steps: " + title);
    }
  }
}
