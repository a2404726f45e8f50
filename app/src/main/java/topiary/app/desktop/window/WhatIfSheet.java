package topiary.app.desktop.window;

import java.util.List;
import java.util.Map;
import javafx.geometry.VPos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.WhatIfModel;
import topiary.app.gateway.OutlookView;
import topiary.engine.model.InstanceKey;

/** What would come of it if a server died now, over the window; nothing can be done here. */
final class WhatIfSheet extends Sheet {

  private static final double WIDTH = 820;

  /** So much of the window is what is said at most. */
  private static final double SHARE = 0.72;

  private final WhatIfModel model;
  private final Runnable closed;
  private final Label title = new Label();
  private final VBox said = new VBox(12);
  private final ScrollPane scroll = scrolling(said, "what-if-said", SHARE);
  private final Label message = new Label();
  private final Button close = new Button("Close");

  /**
   * A sheet.
   *
   * @param closed gives the keys back to what is below
   */
  WhatIfSheet(WhatIfModel model, Runnable closed) {
    super("what-if");
    this.model = model;
    this.closed = closed;
    title.getStyleClass().add("sheet-title");
    said.getStyleClass().add("what-if-said");
    close.setId("what-if-close");
    close.setMinWidth(Region.USE_PREF_SIZE);
    close.setOnAction(e -> model.close());
    put(WIDTH, head(title), scroll, foot(message, close));
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    setVisible(false);
    model.state().subscribe(this::show);
  }

  private void key(KeyEvent e) {
    if (e.getCode() == KeyCode.ESCAPE || e.getCode() == KeyCode.ENTER) {
      model.close();
      e.consume();
    }
  }

  private void show(WhatIfModel.State state) {
    boolean was = isVisible();
    setVisible(state.server().isPresent());
    if (!isVisible()) {
      if (was) {
        closed.run();
      }
      return;
    }
    title.setText("If " + state.server().orElseThrow() + " died now");
    said.getChildren().clear();
    state.outlook().ifPresent(outlook -> fill(state, outlook));
    scroll.setVisible(state.outlook().isPresent());
    scroll.setManaged(scroll.isVisible());
    message.getStyleClass().remove("bad");
    if (!state.sentence().isEmpty()) {
      message.getStyleClass().add("bad");
      message.setText(state.sentence());
    } else {
      message.setText(
          state.outlook().isPresent()
              ? "Nothing is done: this is how it would be, by what is seen now."
              : "The node is asked …");
    }
    close.requestFocus();
  }

  private void fill(WhatIfModel.State state, OutlookView outlook) {
    said.getChildren().add(grid(WhatIfModel.lines(outlook)));
    state.trees().ifPresent(trees -> said.getChildren().add(new BeforeAfterPane(trees)));
    reasons("COULD NOT FOLLOW", outlook.left(), "");
    reasons("NOT IN ITS PLACE", outlook.others(), "it ");
  }

  private static GridPane grid(List<WhatIfModel.Line> lines) {
    var grid = rows(96);
    for (int i = 0; i < lines.size(); i++) {
      add(grid, i, lines.get(i).name(), lines.get(i).words());
    }
    return grid;
  }

  private void reasons(String title, Map<InstanceKey, String> why, String begins) {
    if (why.isEmpty()) {
      return;
    }
    var heading = new Label(title);
    heading.getStyleClass().add("group");
    var grid = rows(220);
    int row = 0;
    for (Map.Entry<InstanceKey, String> one : why.entrySet()) {
      add(grid, row++, one.getKey().toString(), begins + one.getValue());
    }
    said.getChildren().add(new VBox(6, heading, grid));
  }

  private static GridPane rows(double names) {
    var grid = new GridPane();
    grid.setHgap(12);
    grid.setVgap(6);
    grid.getColumnConstraints()
        .addAll(
            new ColumnConstraints(names),
            new ColumnConstraints(0, 300, Double.MAX_VALUE, Priority.ALWAYS, null, true));
    return grid;
  }

  private static void add(GridPane to, int row, String name, String words) {
    var left = new Label(name);
    left.getStyleClass().add("row-name");
    var right = new Label(words);
    right.getStyleClass().add("sheet-text");
    right.setWrapText(true);
    right.setMinHeight(Region.USE_PREF_SIZE);
    GridPane.setValignment(left, VPos.TOP);
    to.addRow(row, left, right);
  }
}
