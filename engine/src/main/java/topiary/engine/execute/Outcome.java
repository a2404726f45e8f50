package topiary.engine.execute;

import java.util.List;
import topiary.engine.state.PlanEnd;

/**
 * What came of a plan.
 *
 * @param end how it ended
 * @param report what was done and how it stands now, in sentences
 * @param notes what of that is told of steps that were done, a sentence each
 */
public record Outcome(PlanEnd end, String report, List<String> notes) {

  public Outcome {
    notes = List.copyOf(notes);
  }

  /** Of a plan whose steps tell nothing but that they were done. */
  public Outcome(PlanEnd end, String report) {
    this(end, report, List.of());
  }
}
