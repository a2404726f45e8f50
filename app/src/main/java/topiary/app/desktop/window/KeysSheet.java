package topiary.app.desktop.window;

import java.util.List;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.Actions;
import topiary.app.desktop.model.Keys;
import topiary.app.gateway.OwnVersion;

/** All keys, over the window; and which version it is. */
final class KeysSheet extends Sheet {

  private static final double COLUMN = 330;

  private final Button close = new Button("Close");
  private final Runnable closed;

  /**
   * A sheet, put away.
   *
   * @param closed gives the keys back to what is below
   */
  KeysSheet(Actions actions, Runnable closed) {
    super("keys-sheet");
    this.closed = closed;
    setVisible(false);
    var title = new Label("Keys");
    title.getStyleClass().add("sheet-title");
    List<Keys.Section> sections = Keys.all(actions);
    int lines = sections.stream().mapToInt(s -> s.lines().size() + 2).sum();
    var left = new VBox();
    var right = new VBox();
    int placed = 0;
    for (Keys.Section section : sections) {
      (placed * 2 < lines - 2 ? left : right).getChildren().add(section(section));
      placed += section.lines().size() + 2;
    }
    var columns = new HBox(left, right);
    columns.getStyleClass().add("keys-columns");
    for (VBox column : List.of(left, right)) {
      column.setPrefWidth(COLUMN);
      column.getStyleClass().add("keys-column");
    }
    var version = new Label("Topiary " + OwnVersion.words());
    version.setId("version");
    version.getStyleClass().add("hint");
    version.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(version, Priority.ALWAYS);
    var foot = new HBox(version, close);
    foot.getStyleClass().addAll("sheet-foot", "keys-foot");
    close.setOnAction(e -> show(false));
    put(Region.USE_PREF_SIZE, head(title), columns, foot);
    addEventFilter(
        KeyEvent.KEY_PRESSED,
        e -> {
          if (e.getCode() == KeyCode.ESCAPE || e.getCode() == KeyCode.ENTER) {
            show(false);
            e.consume();
          }
        });
    putAwayBeside(() -> show(false));
  }

  private static VBox section(Keys.Section section) {
    var title = new Label(section.title());
    title.getStyleClass().add("keys-title");
    var box = new VBox(title);
    for (Keys.Line line : section.lines()) {
      var text = new Label(line.text());
      text.setMaxWidth(Double.MAX_VALUE);
      HBox.setHgrow(text, Priority.ALWAYS);
      var row = new HBox(text);
      row.getStyleClass().add("keys-line");
      for (String key : line.keys()) {
        var sign = new Label(key);
        sign.getStyleClass().add("key");
        sign.setMinWidth(Region.USE_PREF_SIZE);
        row.getChildren().add(sign);
      }
      box.getChildren().add(row);
    }
    return box;
  }

  void toggle() {
    show(!isVisible());
  }

  private void show(boolean visible) {
    setVisible(visible);
    if (visible) {
      close.requestFocus();
    } else {
      closed.run();
    }
  }
}
