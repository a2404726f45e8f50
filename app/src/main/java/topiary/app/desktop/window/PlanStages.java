package topiary.app.desktop.window;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javafx.geometry.Bounds;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.gateway.PlanView;
import topiary.app.gateway.RunView;

/** A plan's stages, their guards and steps; the step that is under way is kept in sight. */
final class PlanStages extends ScrollPane {

  private final VBox box = new VBox();
  private final Map<Integer, StepRow> rows = new HashMap<>();
  private final Map<Integer, Label> backs = new HashMap<>();
  private int reached;

  PlanStages() {
    setContent(box);
    box.getStyleClass().add("stages");
    setFitToWidth(true);
    setHbarPolicy(ScrollBarPolicy.NEVER);
    setMinHeight(60);
    // What wraps is higher than the scroll pane would ask for by itself.
    box.heightProperty().subscribe(h -> setPrefViewportHeight(h.doubleValue()));
    managedProperty().bind(visibleProperty());
  }

  static Label text(String words, String style) {
    var label = new Label(words);
    label.getStyleClass().add(style);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    label.setMaxWidth(Double.MAX_VALUE);
    return label;
  }

  void show(PlanView plan) {
    rows.clear();
    backs.clear();
    reached = 0;
    box.getChildren().clear();
    setVvalue(0);
    plan.stages().forEach(stage -> box.getChildren().add(stage(stage)));
    box.getChildren().add(text("To undo: " + plan.undo() + ".", "sheet-text"));
  }

  private VBox stage(PlanView.Stage stage) {
    var box = new VBox(2, text(stage.title(), "stage-title"));
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
      var lastly = text("If one of these fails: " + words + ".", "sheet-text");
      lastly.getStyleClass().add("lastly");
      box.getChildren().add(lastly);
    }
    return box;
  }

  private static TitledPane guards(List<PlanView.Guard> guards) {
    var lines = new GridPane();
    lines.getStyleClass().add("guard-lines");
    for (int i = 0; i < guards.size(); i++) {
      PlanView.Guard g = guards.get(i);
      lines.addRow(
          i,
          new Label(g.instance()),
          new Label(g.field()),
          text(g.value().isEmpty() ? "empty" : g.value(), "guard-value"));
    }
    String many = guards.size() == 1 ? "1 guard" : guards.size() + " guards";
    var pane = new TitledPane(many + ", checked right before this stage", lines);
    pane.getStyleClass().add("guards");
    pane.setExpanded(false);
    pane.setAnimated(false);
    return pane;
  }

  void show(PlanView plan, RunView run) {
    for (RunView.Step step : run.steps()) {
      StepRow row = rows.get(step.number());
      if (!plan.has(step)) {
        putBack(step);
      } else if (row != null) {
        row.show(step);
        if (step.number() > reached) {
          reached = step.number();
          reveal(row);
        }
      }
    }
  }

  /** What is done because the plan went no further. */
  private void putBack(RunView.Step step) {
    Label line =
        backs.computeIfAbsent(
            step.number(),
            number -> {
              Label made = text("", "stage-title");
              box.getChildren().add(made);
              return made;
            });
    String phase =
        switch (step.phase()) {
          case BEGUN -> "under way";
          case DONE -> "done";
          case FAILED -> "failed: " + step.failure();
        };
    line.setText("Put back: " + step.words() + " – " + phase);
    setVvalue(1);
  }

  private void reveal(StepRow row) {
    double room = box.getHeight() - getViewportBounds().getHeight();
    if (room > 0) {
      Bounds at = box.sceneToLocal(row.localToScene(row.getLayoutBounds()));
      double middle = at.getCenterY() - getViewportBounds().getHeight() / 2;
      setVvalue(Math.clamp(middle / room, 0, 1));
    }
  }
}
