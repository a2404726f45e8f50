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
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.WhatIfModel;
import topiary.app.desktop.model.WhyNotModel;

/** What would stop a recovery of a cluster now, over the window; and what can be said about it. */
final class WhyNotSheet extends Sheet {

  private static final double WIDTH = 720;

  /** So much of the window is what is said at most. */
  private static final double SHARE = 0.7;

  private final WhyNotModel model;
  private final InstantSource clock;
  private final Runnable closed;
  private final Label title = new Label();
  private final VBox said = new VBox(14);
  private final ScrollPane scroll = scrolling(said, "why-not-said", SHARE);
  private final Label message = new Label();
  private final Button close = new Button("Close");

  /**
   * A sheet.
   *
   * @param doings what can be done about it, a button each
   * @param closed gives the keys back to what is below
   */
  WhyNotSheet(WhyNotModel model, List<Action> doings, InstantSource clock, Runnable closed) {
    super("why-not");
    this.model = model;
    this.clock = clock;
    this.closed = closed;
    title.getStyleClass().add("sheet-title");
    said.getStyleClass().add("what-if-said");
    close.setId("why-not-close");
    close.setMinWidth(Region.USE_PREF_SIZE);
    close.setOnAction(e -> model.close());
    var buttons = new FlowPane(8, 8);
    buttons.getStyleClass().add("why-not-doings");
    buttons.setMinHeight(Region.USE_PREF_SIZE);
    doings.forEach(action -> buttons.getChildren().add(button(action)));
    put(WIDTH, head(title), scroll, buttons, foot(message, close));
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
