package topiary.app.desktop.window;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import javafx.beans.binding.Bindings;
import javafx.geometry.VPos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.WhatIfModel;
import topiary.app.desktop.model.WhyNotModel;

/** What would stop a recovery of a cluster now, over the window; and what can be said about it. */
final class WhyNotSheet extends StackPane {

  private static final double WIDTH = 720;

  /** So much of the window is what is said at most. */
  private static final double SHARE = 0.7;

  private final WhyNotModel model;
  private final InstantSource clock;
  private final Runnable closed;
  private final Label title = new Label();
  private final VBox said = new VBox(14);
  private final ScrollPane scroll = new ScrollPane(said);
  private final Label message = new Label();
  private final Button close = new Button("Close");

  /**
   * A sheet.
   *
   * @param doings what can be done about it, a button each
   * @param closed gives the keys back to what is below
   */
  WhyNotSheet(WhyNotModel model, List<Action> doings, InstantSource clock, Runnable closed) {
    this.model = model;
    this.clock = clock;
    this.closed = closed;
    setId("why-not");
    getStyleClass().add("scrim");
    title.getStyleClass().add("sheet-title");
    scroll.setId("why-not-said");
    scroll.getStyleClass().add("what-if");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setMinHeight(0);
    said.getStyleClass().add("what-if-said");
    Runnable fit =
        () ->
            scroll.setPrefViewportHeight(
                Math.min(Math.max(120, getHeight() * SHARE), said.getHeight()));
    said.heightProperty().subscribe(fit);
    heightProperty().subscribe(fit);
    var head = new VBox(title);
    head.getStyleClass().add("sheet-head");
    head.setMinHeight(Region.USE_PREF_SIZE);
    message.getStyleClass().add("message");
    message.setMaxWidth(Double.MAX_VALUE);
    message.setMinHeight(Region.USE_PREF_SIZE);
    HBox.setHgrow(message, Priority.ALWAYS);
    close.setId("why-not-close");
    close.setMinWidth(Region.USE_PREF_SIZE);
    close.setOnAction(e -> model.close());
    var buttons = new FlowPane(8, 8);
    buttons.getStyleClass().add("why-not-doings");
    buttons.setMinHeight(Region.USE_PREF_SIZE);
    doings.forEach(action -> buttons.getChildren().add(button(action)));
    var foot = new HBox(message, close);
    foot.getStyleClass().add("sheet-foot");
    foot.setMinHeight(Region.USE_PREF_SIZE);
    var sheet = new VBox(head, scroll, buttons, foot);
    sheet.getStyleClass().add("plan-sheet");
    sheet.setMaxSize(WIDTH, Region.USE_PREF_SIZE);
    getChildren().add(sheet);
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    setVisible(false);
    model.state().subscribe(this::show);
  }

  private static Button button(Action action) {
    var button = new Button(action.text(), Icons.of(action.icon()));
    button.setId("why-not-" + action.id());
    button.disableProperty().bind(Bindings.not(action.enabled()));
    button.setOnAction(e -> action.run());
    return button;
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

  private void show(WhyNotModel.State state) {
    boolean was = isVisible();
    setVisible(state.cluster().isPresent());
    if (!isVisible()) {
      if (was) {
        closed.run();
      }
      return;
    }
    title.setText(state.title());
    said.getChildren().clear();
    if (state.answer().isPresent()) {
      fill(state);
    }
    scroll.setVisible(state.answer().isPresent());
    scroll.setManaged(scroll.isVisible());
    message.getStyleClass().remove("bad");
    if (!state.sentence().isEmpty()) {
      message.getStyleClass().add("bad");
      message.setText(state.sentence());
    } else {
      message.setText(
          state.answer().isPresent()
              ? "This is asked again every few seconds."
              : "The node is asked …");
    }
    if (!was) {
      take();
    }
  }

  /** Takes the keys. */
  void take() {
    close.requestFocus();
  }

  private void fill(WhyNotModel.State state) {
    var verdict = new Label(state.verdict());
    verdict.setId("why-not-verdict");
    verdict.setWrapText(true);
    verdict.setMinHeight(Region.USE_PREF_SIZE);
    boolean free = state.obstacles().isEmpty();
    var first =
        new HBox(10, free ? Marks.of(Marks.TICK, "good") : Marks.of(Marks.ALERT, "warn"), verdict);
    first.getStyleClass().add("why-not-verdict");
    var why = new VBox(6, first);
    for (String obstacle : state.obstacles()) {
      var line = new Label(obstacle);
      line.getStyleClass().addAll("sheet-text", "obstacle");
      line.setWrapText(true);
      line.setMinHeight(Region.USE_PREF_SIZE);
      why.getChildren().add(line);
    }
    said.getChildren().add(why);
    group("FROZEN", state.freeze(clock.instant().atZone(ZoneId.systemDefault())));
    group("RULES", state.rules());
  }

  private void group(String name, List<WhatIfModel.Line> lines) {
    if (lines.isEmpty()) {
      return;
    }
    var heading = new Label(name);
    heading.getStyleClass().add("group");
    var grid = new GridPane();
    grid.setHgap(12);
    grid.setVgap(5);
    grid.getColumnConstraints()
        .addAll(
            new ColumnConstraints(160),
            new ColumnConstraints(0, 300, Double.MAX_VALUE, Priority.ALWAYS, null, true));
    for (int i = 0; i < lines.size(); i++) {
      var left = new Label(lines.get(i).name());
      left.getStyleClass().add("row-name");
      var right = new Label(lines.get(i).words());
      right.getStyleClass().add("sheet-text");
      right.setWrapText(true);
      right.setMinHeight(Region.USE_PREF_SIZE);
      GridPane.setValignment(left, VPos.TOP);
      grid.addRow(i, left, right);
    }
    said.getChildren().add(new VBox(6, heading, grid));
  }
}
