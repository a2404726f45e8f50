package topiary.app.desktop.window;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import topiary.app.gateway.PlanView;
import topiary.app.gateway.RunView;

/** One step, and how far it is: by sign, by colour and by word. */
final class StepRow extends HBox {

  private final Region mark = Marks.of(Marks.RING, "open");
  private final ProgressIndicator busy = new ProgressIndicator();
  private final Label state = new Label();
  private final Label failure = PlanStages.text("", "step-state");
  private final String words;

  StepRow(PlanView.Step step) {
    words = step.number() + ". " + step.words();
    getStyleClass().add("step");
    setId("step-" + step.number());
    setAccessibleText(words);
    busy.setVisible(false);
    busy.setPrefSize(16, 16);
    busy.setMinSize(16, 16);
    busy.setMaxSize(16, 16);
    var sign = new StackPane(mark, busy);
    sign.setMinSize(18, 18);
    sign.setPrefSize(18, 18);
    sign.setMaxHeight(20);
    var lines = new VBox(3, PlanStages.text(step.number() + ".  " + step.words(), "step-words"));
    step.sql().forEach(sql -> lines.getChildren().add(statement(step.instance(), sql)));
    failure.setVisible(false);
    failure.managedProperty().bind(failure.visibleProperty());
    lines.getChildren().add(failure);
    HBox.setHgrow(lines, Priority.ALWAYS);
    state.getStyleClass().add("step-state");
    state.setMinWidth(Region.USE_PREF_SIZE);
    setAlignment(Pos.TOP_LEFT);
    getChildren().addAll(sign, lines, state);
  }

  private static HBox statement(String instance, String sql) {
    var host = new Label(instance);
    host.getStyleClass().add("sql-host");
    host.setMinWidth(Region.USE_PREF_SIZE);
    var code = PlanStages.text(sql + ";", "sql");
    HBox.setHgrow(code, Priority.ALWAYS);
    var line = new HBox(8, host, code);
    line.setAlignment(Pos.TOP_LEFT);
    return line;
  }

  void show(RunView.Step step) {
    getStyleClass().removeAll("begun", "done", "failed");
    boolean begun = step.phase() == RunView.Phase.BEGUN;
    busy.setVisible(begun);
    mark.setVisible(!begun);
    switch (step.phase()) {
      case BEGUN -> say("begun", "under way");
      case DONE -> {
        Marks.set(mark, Marks.TICK, "good");
        say("done", "done");
      }
      case FAILED -> {
        Marks.set(mark, Marks.CROSS, "bad");
        say("failed", "failed");
      }
    }
    failure.setText(step.failure());
    failure.setVisible(!step.failure().isEmpty());
  }

  private void say(String style, String how) {
    getStyleClass().add(style);
    state.setText(how);
    setAccessibleText(words + ", " + how);
  }
}
