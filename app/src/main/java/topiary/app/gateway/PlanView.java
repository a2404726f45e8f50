package topiary.app.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A plan as a node shows it.
 *
 * @param fingerprint what is approved
 * @param intent what it is for, in words
 * @param stages in order
 * @param outcome what will be so afterwards
 * @param warnings what is worth a second look
 * @param takes how long it is going to take, in words that go on from "it takes"; empty when the
 *     node, an older one, does not say
 * @param undo how it is taken back, in words
 */
public record PlanView(
    String fingerprint,
    String intent,
    List<Stage> stages,
    List<String> outcome,
    List<String> warnings,
    String takes,
    String undo) {

  /** What a title begins with where stages are done side by side. */
  private static final Pattern PLACE = Pattern.compile("^Stage \\d+, [^:]*: ");

  public PlanView {
    stages = List.copyOf(stages);
    outcome = List.copyOf(outcome);
    warnings = List.copyOf(warnings);
  }

  /**
   * Steps that belong together.
   *
   * @param title in words
   * @param after the numbers, from 1, of those it comes after
   * @param guards what must hold before the first of them
   * @param steps in order
   * @param lastly what is done if one of them fails
   */
  public record Stage(
      String title, List<Integer> after, List<Guard> guards, List<Step> steps, List<Step> lastly) {
    public Stage {
      after = List.copyOf(after);
      guards = List.copyOf(guards);
      steps = List.copyOf(steps);
      lastly = List.copyOf(lastly);
    }
  }

  /** A stage's title without its number and when it begins. */
  public static String bare(String title) {
    return PLACE.matcher(title).replaceFirst("");
  }

  /**
   * Its stages by lanes: one that comes after one other alone, which nothing else comes after, goes
   * on in that one's lane; any other begins a lane of its own. Lanes are in the order of their
   * first stages.
   */
  public List<List<Stage>> lanes() {
    var followers = new HashMap<Integer, Integer>();
    stages.forEach(stage -> stage.after().forEach(i -> followers.merge(i, 1, Integer::sum)));
    var lanes = new ArrayList<List<Stage>>();
    var laneOf = new HashMap<Integer, List<Stage>>();
    for (int number = 1; number <= stages.size(); number++) {
      Stage stage = stages.get(number - 1);
      List<Stage> lane =
          stage.after().size() == 1 && followers.get(stage.after().getFirst()) == 1
              ? laneOf.get(stage.after().getFirst())
              : null;
      if (lane == null) {
        lane = new ArrayList<>();
        lanes.add(lane);
      }
      lane.add(stage);
      laneOf.put(number, lane);
    }
    return lanes.stream().map(List::copyOf).toList();
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
