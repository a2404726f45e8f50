package topiary.app.desktop.window;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import javafx.event.EventTarget;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.FindingsModel;
import topiary.engine.finding.Severity;
import topiary.engine.model.InstanceKey;

/** What is wrong now, the worst first; each line leads to its server. */
final class FindingsList extends VBox {

  private static final double WIDTH = 560;
  private static final double HEIGHT = 560;
  private static final double LINE = 65;
  private static final double TOP = 56;
  private static final double RIGHT = 12;

  private final FindingsModel model;
  private final InstantSource clock;
  private final Consumer<InstanceKey> fly;
  private final ListView<FindingsModel.Line> list = new ListView<>();

  /**
   * A list.
   *
   * @param fly brings a server into sight
   * @param closed gives the keys back to the tree
   */
  FindingsList(
      FindingsModel model, InstantSource clock, Consumer<InstanceKey> fly, Runnable closed) {
    this.model = model;
    this.clock = clock;
    this.fly = fly;
    setId("findings-list");
    getStyleClass().add("news");
    setMaxSize(WIDTH, USE_PREF_SIZE);
    StackPane.setAlignment(this, Pos.TOP_RIGHT);
    StackPane.setMargin(this, new Insets(TOP, RIGHT, RIGHT, RIGHT));
    var title = new Label("What is wrong");
    title.getStyleClass().add("drawer-title");
    title.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(title, Priority.ALWAYS);
    var words = new Label();
    words.getStyleClass().add("hint");
    var head = new HBox(title, words);
    head.getStyleClass().add("drawer-head");
    list.getStyleClass().add("news-lines");
    list.setCellFactory(view -> new Cell());
    list.setAccessibleText("What is wrong, the worst first");
    var none = new Label("Nothing is wrong.");
    none.getStyleClass().add("hint");
    list.setPlaceholder(none);
    getChildren().addAll(head, list);
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    model
        .all()
        .subscribe(
            all -> {
              show(all);
              words.setText(all.isEmpty() ? "" : model.words());
            });
    model
        .open()
        .subscribe(
            open -> {
              boolean had = isFocusWithin();
              setVisible(open);
              if (open) {
                list.refresh();
                list.requestFocus();
              } else if (had) {
                closed.run();
              }
            });
  }

  /** The line that is chosen stays so, where it is still there. */
  private void show(List<FindingsModel.Line> all) {
    FindingsModel.Line chosen = list.getSelectionModel().getSelectedItem();
    list.getItems().setAll(all);
    list.setPrefHeight(Math.min(HEIGHT, LINE * Math.max(1, all.size()) + LINE / 3));
    all.stream()
        .filter(
            l ->
                chosen != null
                    && l.server().equals(chosen.server())
                    && l.finding().same(chosen.finding()))
        .findFirst()
        .ifPresent(list.getSelectionModel()::select);
  }

  /** To be called about once a second while it is looked at: how long grows without any news. */
  void tick() {
    if (isVisible()) {
      list.refresh();
    }
  }

  /** Whether something is a part of this. */
  boolean holds(EventTarget target) {
    return NewsList.within(this, target);
  }

  private void key(KeyEvent e) {
    if (e.getCode() == KeyCode.ESCAPE) {
      model.open().set(false);
      e.consume();
    } else if (e.getCode() == KeyCode.ENTER && list.isFocused()) {
      go(list.getSelectionModel().getSelectedItem());
      e.consume();
    }
  }

  private void go(FindingsModel.Line line) {
    if (line != null) {
      fly.accept(line.server());
    }
  }

  /** The sign of a severity. */
  static Region mark(Severity severity) {
    return switch (severity) {
      case FAILURE -> Marks.of(Marks.CROSS, "bad");
      case TROUBLE -> Marks.of(Marks.ALERT, "bad");
      case SUSPICION -> Marks.of(Marks.ALERT, "warn");
      case WARNING -> Marks.of(Marks.RING, "warn");
    };
  }

  private final class Cell extends ListCell<FindingsModel.Line> {

    private final Tooltip tip = new Tooltip();

    Cell() {
      setOnMouseClicked(e -> go(getItem()));
      setPrefWidth(1);
      tip.setWrapText(true);
      tip.setMaxWidth(WIDTH);
      tip.setOnShowing(
          e -> {
            if (getItem() != null) {
              tip.setText(model.now(getItem()).explained(clock.instant()));
            }
          });
    }

    @Override
    protected void updateItem(FindingsModel.Line line, boolean empty) {
      super.updateItem(line, empty);
      boolean none = empty || line == null;
      setText(null);
      setTooltip(none ? null : tip);
      setGraphic(none ? null : line(line));
      setAccessibleText(
          none ? null : line.server() + ", " + line.finding().code() + ": " + line.sentence());
    }

    private HBox line(FindingsModel.Line line) {
      var server = new Label(line.server().toString());
      server.getStyleClass().add("cluster-head");
      server.setMinWidth(0);
      server.setMaxWidth(Double.MAX_VALUE);
      HBox.setHgrow(server, Priority.ALWAYS);
      var since = new Label(line.lasting(clock.instant()));
      since.getStyleClass().add("palette-detail");
      since.setMinWidth(Region.USE_PREF_SIZE);
      var top = new HBox(10, server, since);
      if (line.known()) {
        var known = new Label("known");
        known.getStyleClass().add("known");
        top.getChildren().add(1, known);
      }
      var code = new Label(line.finding().code());
      code.getStyleClass().add("cluster-words");
      if (line.finding().certain() && !line.known()) {
        code.getStyleClass().add("bad");
      }
      var sentence = new Label(line.sentence());
      sentence.getStyleClass().add("toast-sentence");
      sentence.setWrapText(true);
      sentence.setMinHeight(Region.USE_PREF_SIZE);
      var text = new VBox(1, top, code, sentence);
      text.setMinWidth(0);
      HBox.setHgrow(text, Priority.ALWAYS);
      var row = new HBox(mark(line.finding().severity()), text);
      row.getStyleClass().add("news-line");
      row.setOpacity(line.known() ? 0.7 : 1);
      return row;
    }
  }
}
