package topiary.app.gateway;

import java.util.List;

/**
 * A plan as a node shows it.
 *
 * @param fingerprint what is approved
 * @param intent what it is for, in words
 * @param stages in order
 * @param outcome what will be so afterwards
 * @param warnings what is worth a second look
 * @param undo how it is taken back, in words
 */
public record PlanView(
    String fingerprint,
    String intent,
    List<Stage> stages,
    List<String> outcome,
    List<String> warnings,
    String undo) {

  public PlanView {
    stages = List.copyOf(stages);
    outcome = List.copyOf(outcome);
    warnings = List.copyOf(warnings);
  }

  /**
   * Steps that belong together.
   *
   * @param title in words
   * @param guards what must hold before the first of them
   * @param steps in order
   * @param lastly what is done if one of them fails
   */
  public record Stage(String title, List<Guard> guards, List<Step> steps, List<Step> lastly) {
    public Stage {
      guards = List.copyOf(guards);
      steps = List.copyOf(steps);
      lastly = List.copyOf(lastly);
    }
  }

  /**
   * A value that must hold.
   *
   * @param instance whose
   * @param field what
   * @param value what it must be
   */
  public record Guard(String instance, String field, String value) {}

  /**
   * One deed on one server.
   *
   * @param number its place in the whole plan, 0 for one that is done only after a failure
   * @param instance where
   * @param words what
   * @param sql how
   */
  public record Step(int number, String instance, String words, List<String> sql) {
    public Step {
      sql = List.copyOf(sql);
    }
  }

  /**
   * Whether a step of a run is one of this plan's, and not one that puts back what was begun; of a
   * step whose words are not told, its number decides.
   */
  public boolean has(RunView.Step step) {
    return stages.stream()
        .flatMap(stage -> stage.steps().stream())
        .anyMatch(
            s ->
                s.number() == step.number()
                    && (step.words().isEmpty() || step.words().equals(s.words())));
  }
}
