package topiary.app.desktop.window;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.gateway.PlanView;
import topiary.app.gateway.RunView;

/**
 * Stages that follow one another. One lane of several has a heading that tells how far it is; what
 * is below it is made when somebody opens it, as a plan may have a hundred lanes.
 */
final class PlanLane extends VBox {

  private final List<PlanView.Stage> stages;
  private final Map<Integer, StepRow> rows = new HashMap<>();
  private final Map<Integer, RunView.Step> told = new HashMap<>();
  private final Optional<TitledPane> heading;
  private final int steps;

  /** The only lane of a plan. */
  PlanLane(List<PlanView.Stage> stages) {
    this(stages, false, true);
  }

  /**
   * A lane.
   *
   * @param several whether there are others
   * @param open whether its steps are shown at once
   */
  PlanLane(List<PlanView.Stage> stages, boolean several, boolean open) {
    this.stages = stages;
    steps = stages.stream().mapToInt(stage -> stage.steps().size()).sum();
    if (several) {
      var pane = folded("", "lane-fold", open, this::content);
      heading = Optional.of(pane);
      getStyleClass().add("lane");
      getChildren().add(pane);
      tell();
    } else {
      heading = Optional.empty();
      getChildren().add(content());
    }
  }

  /** What is folded away and made when it is opened. */
  private static TitledPane folded(
      String title, String style, boolean open, Supplier<Node> content) {
    var pane = new TitledPane();
    pane.setText(title);
    pane.getStyleClass().add(style);
    pane.setAnimated(false);
    pane.setExpanded(open);
    pane.expandedProperty()
        .subscribe(
            expanded -> {
              if (expanded && pane.getContent() == null) {
                pane.setContent(content.get());
              }
            });
    return pane;
  }

  private VBox content() {
    var all = new VBox(14);
    stages.forEach(stage -> all.getChildren().add(stage(stage)));
    told.values().forEach(step -> rows.get(step.number()).show(step));
    return all;
  }

  private VBox stage(PlanView.Stage stage) {
    var box = new VBox(2, PlanStages.text(stage.title(), "stage-title"));
    if (!stage.guards().isEmpty()) {
      box.getChildren().add(guards(stage.guards()));
    }
    for (PlanView.Step step : stage.steps()) {
      var row = new StepRow(step);
      rows.put(step.number(), row);
      box.getChildren().add(row);
    }
    if (!stage.lastly().isEmpty()) {
      String words =
          stage.lastly().stream().map(PlanView.Step::words).collect(Collectors.joining(", then "));
      var lastly = PlanStages.text("If one of these fails: " + words + ".", "sheet-text");
      lastly.getStyleClass().add("lastly");
      box.getChildren().add(lastly);
    }
    return box;
  }

  private static TitledPane guards(List<PlanView.Guard> guards) {
    String many = guards.size() == 1 ? "1 guard" : guards.size() + " guards";
    return folded(many + ", checked right before this stage", "guards", false, () -> lines(guards));
  }

  private static GridPane lines(List<PlanView.Guard> guards) {
    var lines = new GridPane();
    lines.getStyleClass().add("guard-lines");
    for (int i = 0; i < guards.size(); i++) {
      PlanView.Guard g = guards.get(i);
      lines.addRow(
          i,
          new Label(g.instance()),
          new Label(g.field()),
          PlanStages.text(g.value().isEmpty() ? "empty" : g.value(), "guard-value"));
    }
    return lines;
  }

  boolean has(int number) {
    return stages.stream()
        .flatMap(stage -> stage.steps().stream())
        .anyMatch(step -> step.number() == number);
  }

  /** How far a step of it is; one that failed is opened. */
  void show(RunView.Step step) {
    boolean news = !step.equals(told.put(step.number(), step));
    if (news && step.phase() == RunView.Phase.FAILED) {
      heading.ifPresent(pane -> pane.setExpanded(true));
    }
    StepRow row = rows.get(step.number());
    if (row != null) {
      row.show(step);
    }
    tell();
  }

  /** A step's row, where it can be seen. */
  Optional<StepRow> row(int number) {
    return heading.map(TitledPane::isExpanded).orElse(true)
        ? Optional.ofNullable(rows.get(number))
        : Optional.empty();
  }

  private void tell() {
    heading.ifPresent(
        pane -> {
          pane.setText(PlanView.bare(stages.getLast().title()) + "  ·  " + state());
          pane.setMinHeight(Region.USE_PREF_SIZE);
          pane.getStyleClass().removeAll("failed", "done");
          if (told.values().stream().anyMatch(s -> s.phase() == RunView.Phase.FAILED)) {
            pane.getStyleClass().add("failed");
          } else if (done() == steps) {
            pane.getStyleClass().add("done");
          }
        });
  }

  private long done() {
    return told.values().stream().filter(s -> s.phase() == RunView.Phase.DONE).count();
  }

  private String state() {
    if (told.values().stream().anyMatch(s -> s.phase() == RunView.Phase.FAILED)) {
      return "failed";
    }
    String all = steps == 1 ? "1 step" : steps + " steps";
    return done() == steps ? "done" : told.isEmpty() ? all : done() + " of " + all + " done";
  }
}
