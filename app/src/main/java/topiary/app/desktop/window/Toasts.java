package topiary.app.desktop.window;

import java.util.List;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.NewsModel;
import topiary.app.desktop.model.Notice;
import topiary.engine.model.InstanceKey;
import topiary.icons.Symbol;

/** What just happened, quietly, in a corner of the tree. */
final class Toasts extends VBox {

  private static final double WIDTH = 350;

  private final NewsModel model;
  private final Consumer<InstanceKey> fly;

  /**
   * Toasts.
   *
   * @param fly brings a server into sight
   */
  Toasts(NewsModel model, Consumer<InstanceKey> fly) {
    this.model = model;
    this.fly = fly;
    setId("toasts");
    getStyleClass().add("toasts");
    setPickOnBounds(false);
    setMaxSize(WIDTH, USE_PREF_SIZE);
    StackPane.setAlignment(this, Pos.BOTTOM_RIGHT);
    model.told().subscribe(this::fill);
  }

  private void fill(List<Notice> told) {
    getChildren().setAll(told.stream().map(this::toast).toList());
  }

  private HBox toast(Notice notice) {
    var sentence = new Label(notice.sentence());
    sentence.getStyleClass().add("toast-sentence");
    sentence.setWrapText(true);
    sentence.setMinHeight(USE_PREF_SIZE);
    HBox.setHgrow(sentence, Priority.ALWAYS);
    sentence.setMaxWidth(Double.MAX_VALUE);
    var close = new Button(null, Icons.of(Symbol.CLOSE));
    close.getStyleClass().addAll("tool", "toast-close");
    close.setAccessibleText("Put away");
    close.setFocusTraversable(false);
    close.setMinWidth(USE_PREF_SIZE);
    close.setOnAction(e -> model.dismiss(notice));
    var toast = new HBox(mark(notice.severity()), sentence, close);
    toast.getStyleClass().add("toast");
    toast.setOnMouseClicked(
        e -> {
          model.dismiss(notice);
          notice.server().ifPresent(fly);
        });
    return toast;
  }

  /** The sign of a severity. */
  static Region mark(Notice.Severity severity) {
    return switch (severity) {
      case NEWS -> Marks.of(Marks.RING, "begun");
      case GOOD -> Marks.of(Marks.TICK, "good");
      case WARNING -> Marks.of(Marks.ALERT, "warn");
      case ERROR -> Marks.of(Marks.ALERT, "bad");
    };
  }
}
