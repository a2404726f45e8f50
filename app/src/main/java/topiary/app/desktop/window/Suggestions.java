package topiary.app.desktop.window;

import javafx.css.PseudoClass;
import javafx.geometry.Bounds;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.Mood;
import topiary.app.desktop.model.SearchModel;

/** Below the search field: the servers that fit. */
final class Suggestions extends VBox {

  private static final PseudoClass CHOSEN = PseudoClass.getPseudoClass("chosen");
  private static final double WIDTH = 500;
  private static final double GAP = 6;

  private final SearchModel model;
  private final TextField field;
  private final Runnable go;
  private final Runnable back;

  /** Whether they were put away, until something else is typed. */
  private boolean away;

  /**
   * Suggestions.
   *
   * @param field where is typed
   * @param go goes to the next one that fits
   * @param back gives the keys back to the tree
   */
  Suggestions(SearchModel model, TextField field, Runnable go, Runnable back) {
    this.model = model;
    this.field = field;
    this.go = go;
    this.back = back;
    setId("suggestions");
    getStyleClass().add("suggestions");
    setMaxSize(WIDTH, USE_PREF_SIZE);
    setPrefWidth(WIDTH);
    setVisible(false);
    StackPane.setAlignment(this, Pos.TOP_RIGHT);
    field.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    field.focusedProperty().subscribe(f -> appear());
    model.text().subscribe((before, now) -> away = false);
    model.found().subscribe(this::fill);
  }

  private void key(KeyEvent e) {
    switch (e.getCode()) {
      case DOWN -> step(1);
      case UP -> step(-1);
      case ENTER -> go.run();
      case ESCAPE -> {
        away = true;
        appear();
        back.run();
      }
      default -> {
        return;
      }
    }
    e.consume();
  }

  private void step(int by) {
    away = false;
    model.step(by);
    appear();
  }

  private void fill(SearchModel.Found found) {
    getChildren().clear();
    for (int i = 0; i < found.shown().size(); i++) {
      getChildren().add(line(found.shown().get(i), i, i == found.chosen()));
    }
    if (!found.message().isEmpty()) {
      var message = new Label(found.message());
      message.getStyleClass().addAll("hint", "suggestion-message");
      message.setMinHeight(USE_PREF_SIZE);
      getChildren().add(message);
    }
    appear();
  }

  private HBox line(SearchModel.Suggestion suggestion, int index, boolean chosen) {
    var name = new Label(suggestion.key().toString());
    name.getStyleClass().add("palette-text");
    name.setMinWidth(USE_PREF_SIZE);
    var detail = new Label(suggestion.detail());
    detail.getStyleClass().add("palette-detail");
    detail.setMinWidth(0);
    HBox.setHgrow(detail, Priority.ALWAYS);
    var line = new HBox(mark(suggestion.mood()), name, detail);
    line.getStyleClass().add("suggestion");
    line.pseudoClassStateChanged(CHOSEN, chosen);
    line.setOnMousePressed(
        e -> {
          model.choose(index);
          go.run();
        });
    return line;
  }

  private static Region mark(Mood mood) {
    return switch (mood) {
      case WELL -> Marks.of(Marks.TICK, "good");
      case LATE, ERRANT, DETACHED, HALTED -> Marks.of(Marks.ALERT, "warn");
      case BROKEN, GONE -> Marks.of(Marks.ALERT, "bad");
      case UNKNOWN -> Marks.of(Marks.RING, "open");
    };
  }

  private void appear() {
    boolean show = field.isFocused() && !away && !model.text().get().isBlank();
    if (show && getParent() != null) {
      Bounds at = getParent().sceneToLocal(field.localToScene(field.getLayoutBounds()));
      double width = getParent().getLayoutBounds().getWidth();
      StackPane.setMargin(
          this, new Insets(at.getMaxY() + GAP, Math.max(GAP, width - at.getMaxX()), 0, 0));
    }
    setVisible(show);
  }
}
