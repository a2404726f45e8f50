package topiary.app.desktop.model;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import topiary.app.gateway.RunView;

/**
 * How far a plan is.
 *
 * @param done how much of it, from 0 to 1
 * @param words for people: the step, and how long it has been
 */
public record RunProgress(double done, String words) {

  private static final Map<String, String> UNDER_WAY =
      Map.of(
          "relocate", "Relocating",
          "start", "Starting",
          "stop", "Stopping",
          "make", "Making",
          "undo:", "Undoing:",
          "undo", "Undoing");

  /** How far a run is. */
  public static RunProgress of(Optional<RunView> run, Duration elapsed) {
    String spent = "  ·  " + Human.span(elapsed.toSeconds());
    if (run.isEmpty()) {
      return new RunProgress(0, "Begins" + spent);
    }
    List<RunView.Step> steps = run.get().steps();
    int total = Math.max(1, run.get().total());
    long done = steps.stream().filter(s -> s.phase() == RunView.Phase.DONE).count();
    return new RunProgress((double) done / total, step(run.get()) + spent);
  }

  private static String step(RunView run) {
    int at = Math.max(1, run.steps().stream().mapToInt(RunView.Step::number).max().orElse(1));
    return "Step " + at + " of " + run.total();
  }

  /** A running or ended plan in one line. */
  public static String line(PlanModel.State state) {
    String intent = state.intent();
    int space = Math.max(0, intent.indexOf(' '));
    String doing =
        UNDER_WAY.getOrDefault(intent.substring(0, space), intent.substring(0, space))
            + intent.substring(space);
    return switch (state.phase()) {
      case RUNNING -> doing + ": " + now(state);
      case STOPPING -> doing + ": " + now(state) + ", stops at the next safe border";
      default -> state.message();
    };
  }

  private static String now(PlanModel.State state) {
    String step = state.course().map(RunProgress::step).orElse("Begins");
    return step.substring(0, 1).toLowerCase(Locale.ROOT) + step.substring(1);
  }
}
