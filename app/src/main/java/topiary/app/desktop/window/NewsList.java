package topiary.app.desktop.window;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import javafx.event.EventTarget;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.NewsModel;
import topiary.app.desktop.model.Notice;
import topiary.engine.model.InstanceKey;

/** The latest of what happened, below the bell. */
final class NewsList extends VBox {

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
  private static final double WIDTH = 430;
  private static final double HEIGHT = 420;
  private static final double LINE = 46;
  private static final double TOP = 56;
  private static final double RIGHT = 12;

  private final NewsModel model;
  private final Consumer<InstanceKey> fly;
  private final ListView<Notice> list = new ListView<>();

  /**
   * A list.
   *
   * @param fly brings a server into sight
   * @param closed gives the keys back to the tree
   */
  NewsList(NewsModel model, Consumer<InstanceKey> fly, Runnable closed) {
    this.model = model;
    this.fly = fly;
    setId("news-list");
    getStyleClass().add("news");
    setMaxSize(WIDTH, USE_PREF_SIZE);
    StackPane.setAlignment(this, Pos.TOP_RIGHT);
    StackPane.setMargin(this, new Insets(TOP, RIGHT, RIGHT, RIGHT));
    var title = new Label("What happened");
    title.getStyleClass().add("drawer-title");
    title.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(title, Priority.ALWAYS);
    var clear = new Button("Clear");
    clear.getStyleClass().add("small");
    clear.setOnAction(e -> model.clear());
    var head = new HBox(title, clear);
    head.getStyleClass().add("drawer-head");
    list.getStyleClass().add("news-lines");
    list.setCellFactory(view -> new Cell());
    list.setAccessibleText("What happened, newest first");
    var none = new Label("Nothing has happened since this window was opened.");
    none.getStyleClass().add("hint");
    list.setPlaceholder(none);
    getChildren().addAll(head, list);
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    model.latest().subscribe(news -> list.getItems().setAll(news));
    model
        .latest()
        .subscribe(
            news -> {
              clear.setDisable(news.isEmpty());
              list.setPrefHeight(Math.min(HEIGHT, LINE * Math.max(1, news.size()) + LINE / 2));
            });
    model
        .open()
        .subscribe(
            open -> {
              boolean had = isFocusWithin();
              setVisible(open);
              if (open) {
                list.requestFocus();
              } else if (had) {
                closed.run();
              }
            });
  }

  /** Whether something is a part of this. */
  boolean holds(EventTarget target) {
    return within(this, target);
  }

  static boolean within(Node whole, EventTarget target) {
    for (Node part = target instanceof Node n ? n : null; part != null; part = part.getParent()) {
      if (part == whole) {
        return true;
      }
    }
    return false;
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

  private void go(Notice notice) {
    if (notice != null) {
      notice.server().ifPresent(fly);
    }
  }

  private final class Cell extends ListCell<Notice> {

    Cell() {
      setOnMouseClicked(e -> go(getItem()));
      setPrefWidth(1);
    }

    @Override
    protected void updateItem(Notice notice, boolean empty) {
      super.updateItem(notice, empty);
      setText(null);
      setGraphic(empty || notice == null ? null : line(notice));
    }

    private static HBox line(Notice notice) {
      var sentence = new Label(notice.sentence());
      sentence.getStyleClass().add("toast-sentence");
      sentence.setWrapText(true);
      sentence.setMaxWidth(Double.MAX_VALUE);
      sentence.setMinHeight(Region.USE_PREF_SIZE);
      HBox.setHgrow(sentence, Priority.ALWAYS);
      var time = new Label(CLOCK.format(notice.at()));
      time.getStyleClass().add("palette-detail");
      time.setMinWidth(Region.USE_PREF_SIZE);
      var line = new HBox(Toasts.mark(notice.severity()), sentence, time);
      line.getStyleClass().add("news-line");
      return line;
    }
  }
}
