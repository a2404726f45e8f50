package topiary.app.desktop.window;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TitledPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.PlanModel;
import topiary.app.gateway.PlanView;
import topiary.app.gateway.RunView;

/** A plan over the window: read, approved, watched, undone. */
final class PlanSheet extends StackPane {

  private static final double WIDTH = 820;

  private final PlanModel model;
  private final Label title = new Label();
  private final VBox intro = new VBox(6);
  private final VBox stages = new VBox();
  private final ScrollPane scroll = new ScrollPane(stages);
  private final Label message = new Label();
  private final Button undo = new Button("Undo…");
  private final Button close = new Button("Close");
  private final Button cancel = new Button("Cancel");
  private final Button apply = new Button("Apply");
  private final Map<Integer, StepRow> rows = new HashMap<>();
  private final Runnable closed;
  private Optional<PlanView> built = Optional.empty();

  /**
   * A sheet.
   *
   * @param closed gives the keys back to what is below
   */
  PlanSheet(PlanModel model, Runnable closed) {
    this.model = model;
    this.closed = closed;
    setId("plan");
    getStyleClass().add("scrim");
    title.getStyleClass().add("sheet-title");
    var head = new VBox(title, intro);
    head.getStyleClass().add("sheet-head");
    stages.getStyleClass().add("stages");
    scroll.setFitToWidth(true);
    // What wraps is higher than the scroll pane would ask for by itself.
    stages.heightProperty().subscribe(h -> scroll.setPrefViewportHeight(h.doubleValue()));
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    VBox.setVgrow(scroll, Priority.ALWAYS);
    message.getStyleClass().add("message");
    message.setId("plan-message");
    message.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(message, Priority.ALWAYS);
    var foot = new HBox(message, undo, cancel, close, apply);
    foot.getStyleClass().add("sheet-foot");
    foot.setMinHeight(Region.USE_PREF_SIZE);
    for (Button button : List.of(undo, cancel, close, apply)) {
      button.managedProperty().bind(button.visibleProperty());
      button.setMinWidth(Region.USE_PREF_SIZE);
    }
    apply.getStyleClass().add("accent");
    apply.setId("apply");
    cancel.setId("cancel");
    close.setId("close");
    undo.setId("undo");
    apply.setOnAction(e -> model.apply());
    cancel.setOnAction(e -> model.cancel());
    close.setOnAction(e -> model.close());
    undo.setOnAction(e -> model.undo());
    var sheet = new VBox(head, scroll, foot);
    sheet.getStyleClass().add("plan-sheet");
    sheet.setMaxWidth(WIDTH);
    sheet.setMaxHeight(Region.USE_PREF_SIZE);
    getChildren().add(sheet);
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    model.state().subscribe(this::show);
  }

  private void key(KeyEvent e) {
    if (e.getCode() == KeyCode.ESCAPE) {
      model.close();
      e.consume();
    } else if (e.getCode() == KeyCode.ENTER && e.getTarget() instanceof Button button) {
      button.fire();
      e.consume();
    }
  }

  private void show(PlanModel.State state) {
    boolean was = isVisible();
    setVisible(state.phase() != PlanModel.Phase.NONE);
    title.setText(capital(state.intent()));
    if (!built.equals(state.plan()) || state.plan().isEmpty()) {
      built = state.plan();
      build(state);
    }
    state.run().ifPresent(run -> run.steps().forEach(this::step));
    say(state);
    apply.setVisible(state.phase() == PlanModel.Phase.SHOWN);
    cancel.setVisible(state.running());
    cancel.setText("Cancel at the next safe border");
    cancel.setDisable(state.phase() == PlanModel.Phase.STOPPING || state.run().isEmpty());
    close.setVisible(!state.running());
    close.setText(state.phase() == PlanModel.Phase.SHOWN ? "Not now" : "Close");
    undo.setVisible(state.done() && model.undoable().get().isPresent());
    switch (state.phase()) {
      case SHOWN -> apply.requestFocus();
      case RUNNING, STOPPING -> cancel.requestFocus();
      case NONE -> {
        if (was) {
          closed.run();
        }
      }
      default -> close.requestFocus();
    }
  }

  private void say(PlanModel.State state) {
    String words =
        switch (state.phase()) {
          case ASKED -> "The node is asked for a plan …";
          case SHOWN ->
              state.message().isEmpty() ? "Nothing is done until you apply it." : state.message();
          case RUNNING ->
              state.message().isEmpty() ? "The plan is being carried out." : state.message();
          default -> state.message();
        };
    message.setText(capital(words));
    message.getStyleClass().removeAll("bad", "good");
    if (state.phase() == PlanModel.Phase.REFUSED) {
      message.getStyleClass().add("bad");
    } else if (state.phase() == PlanModel.Phase.ENDED) {
      message.getStyleClass().add(state.done() ? "good" : "bad");
    }
  }

  private static String capital(String words) {
    return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private void build(PlanModel.State state) {
    rows.clear();
    stages.getChildren().clear();
    intro.getChildren().clear();
    scroll.setVisible(state.plan().isPresent());
    scroll.setManaged(state.plan().isPresent());
    scroll.setVvalue(0);
    state
        .plan()
        .ifPresent(
            plan -> {
              intro
                  .getChildren()
                  .add(
                      text("Afterwards: " + String.join("; ", plan.outcome()) + ".", "sheet-text"));
              plan.warnings()
                  .forEach(w -> intro.getChildren().add(text("Note: " + w + ".", "warning")));
              plan.stages().forEach(stage -> stages.getChildren().add(stage(stage)));
              stages.getChildren().add(text("To undo: " + plan.undo() + ".", "sheet-text"));
            });
  }

  private VBox stage(PlanView.Stage stage) {
    var box = new VBox(2, text(stage.title(), "stage-title"), guards(stage.guards()));
    for (PlanView.Step step : stage.steps()) {
      var row = new StepRow(step);
      rows.put(step.number(), row);
      box.getChildren().add(row);
    }
    if (!stage.lastly().isEmpty()) {
      String words =
          stage.lastly().stream().map(PlanView.Step::words).collect(Collectors.joining(", then "));
      var lastly = text("If one of these fails: " + words + ".", "sheet-text");
      lastly.setStyle("-fx-padding: 4 10 0 36; -fx-font-size: 12px;");
      box.getChildren().add(lastly);
    }
    return box;
  }

  private static TitledPane guards(List<PlanView.Guard> guards) {
    var lines = new VBox(2);
    guards.forEach(
        g ->
            lines
                .getChildren()
                .add(text(g.field() + " of " + g.instance() + " is " + g.value(), "sheet-text")));
    var pane = new TitledPane(guards.size() + " guards, checked right before this stage", lines);
    pane.getStyleClass().add("guards");
    pane.setExpanded(false);
    pane.setAnimated(false);
    return pane;
  }

  private static Label text(String words, String style) {
    var label = new Label(words);
    label.getStyleClass().add(style);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    label.setMaxWidth(Double.MAX_VALUE);
    return label;
  }

  private void step(RunView.Step step) {
    StepRow row = rows.get(step.number());
    if (row != null) {
      row.show(step);
    }
  }

  /** One step, and how far it is: by sign, by colour and by word. */
  private static final class StepRow extends HBox {
    private final Region mark = Marks.of(Marks.RING, "open");
    private final ProgressIndicator busy = new ProgressIndicator();
    private final Label state = new Label();
    private final Label failure = text("", "step-state");

    StepRow(PlanView.Step step) {
      getStyleClass().add("step");
      setId("step-" + step.number());
      busy.setVisible(false);
      busy.setPrefSize(16, 16);
      busy.setMinSize(16, 16);
      busy.setMaxSize(16, 16);
      var sign = new StackPane(mark, busy);
      sign.setMinSize(18, 18);
      sign.setPrefSize(18, 18);
      sign.setMaxHeight(20);
      var words = new VBox(2, text(step.number() + ".  " + step.words(), "step-words"));
      step.sql().forEach(sql -> words.getChildren().add(text(sql + ";", "sql")));
      failure.setVisible(false);
      failure.managedProperty().bind(failure.visibleProperty());
      words.getChildren().add(failure);
      HBox.setHgrow(words, Priority.ALWAYS);
      state.getStyleClass().add("step-state");
      state.setMinWidth(Region.USE_PREF_SIZE);
      setAlignment(Pos.TOP_LEFT);
      getChildren().addAll(sign, words, state);
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

    private void say(String style, String words) {
      getStyleClass().add(style);
      state.setText(words);
    }
  }
}
