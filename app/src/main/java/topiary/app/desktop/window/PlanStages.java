package topiary.app.desktop.window;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.geometry.Bounds;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.gateway.PlanView;
import topiary.app.gateway.RunView;

/** A plan's stages, their guards and steps; the step that is under way is kept in sight. */
final class PlanStages extends ScrollPane {

  /** So many lanes are open at first. */
  private static final int FEW = 4;

  private final VBox box = new VBox();
  private final List<PlanLane> lanes = new ArrayList<>();
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
    lanes.clear();
    backs.clear();
    reached = 0;
    box.getChildren().clear();
    setVvalue(0);
    List<List<PlanView.Stage>> all = plan.lanes();
    for (List<PlanView.Stage> stages : all) {
      lanes.add(
          all.size() == 1 ? new PlanLane(stages) : new PlanLane(stages, true, all.size() <= FEW));
    }
    if (all.size() > 1) {
      box.getChildren().add(text(beside(all.size()), "sheet-text"));
    }
    box.getChildren().addAll(lanes);
    box.getChildren().add(text("To undo: " + plan.undo() + ".", "sheet-text"));
  }

  private static String beside(int lanes) {
    return lanes
        + " lanes, side by side where none comes after another; where one fails the others go on.";
  }

  void show(PlanView plan, RunView run) {
    for (RunView.Step step : run.steps()) {
      if (!plan.has(step)) {
        putBack(step);
        continue;
      }
      lanes.stream()
          .filter(lane -> lane.has(step.number()))
          .findFirst()
          .ifPresent(
              lane -> {
                lane.show(step);
                if (step.number() > reached) {
                  reached = step.number();
                  lane.row(step.number()).ifPresent(this::reveal);
                }
              });
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
