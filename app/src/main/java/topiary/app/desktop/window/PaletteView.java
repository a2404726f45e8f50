package topiary.app.desktop.window;

import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.PaletteModel;

/** The palette over the window: a field, and below it what fits. */
final class PaletteView extends StackPane {

  private static final PseudoClass IMPOSSIBLE = PseudoClass.getPseudoClass("impossible");
  private static final double WIDTH = 680;
  private static final double LINE = 38;
  private static final int LINES = 11;
  private static final double BORDERS = 6;

  private final PaletteModel model;
  private final TextField field = new TextField();
  private final ListView<PaletteModel.Item> list = new ListView<>();
  private final Label nothing = new Label("Nothing fits.");

  /**
   * A palette.
   *
   * @param closed gives the keys back to what is below
   */
  PaletteView(PaletteModel model, Runnable closed) {
    this.model = model;
    setId("palette-view");
    getStyleClass().addAll("scrim", "palette-scrim");
    field.setId("palette-field");
    field.getStyleClass().add("palette-field");
    field.setPromptText("Do something, or go to a server or cluster");
    field.textProperty().bindBidirectional(model.text());
    list.setId("palette-list");
    list.getStyleClass().add("palette-list");
    list.setAccessibleText("What fits");
    list.setFocusTraversable(false);
    list.setFixedCellSize(LINE);
    list.setCellFactory(view -> new Cell());
    nothing.getStyleClass().addAll("hint", "palette-nothing");
    nothing.managedProperty().bind(nothing.visibleProperty());
    var box = new VBox(field, list, nothing);
    box.getStyleClass().add("palette-box");
    box.setMaxSize(WIDTH, Region.USE_PREF_SIZE);
    StackPane.setAlignment(box, Pos.TOP_CENTER);
    getChildren().add(box);
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    setOnMousePressed(
        e -> {
          if (e.getTarget() == this) {
            model.close();
          }
        });
    model
        .isOpen()
        .subscribe(
            open -> {
              setVisible(open);
              if (open) {
                field.requestFocus();
              } else if (isFocusWithin()) {
                closed.run();
              }
            });
    model.items().subscribe(items -> fill());
    model.chosen().subscribe(chosen -> choose());
  }

  private void fill() {
    list.getItems().setAll(model.items().get());
    int lines = list.getItems().size();
    nothing.setVisible(lines == 0);
    list.setVisible(lines > 0);
    list.setManaged(lines > 0);
    list.setPrefHeight(Math.min(LINES, lines) * LINE + BORDERS);
    choose();
  }

  private void choose() {
    int chosen = model.chosen().get();
    if (chosen < list.getItems().size()) {
      list.getSelectionModel().select(chosen);
      list.scrollTo(Math.max(0, chosen - LINES + 2));
    }
  }

  private void key(KeyEvent e) {
    switch (e.getCode()) {
      case DOWN -> model.step(1);
      case UP -> model.step(-1);
      case PAGE_DOWN -> model.step(Math.min(LINES, last() - model.chosen().get()));
      case PAGE_UP -> model.step(-Math.min(LINES, model.chosen().get()));
      case ENTER -> model.run();
      case ESCAPE -> model.close();
      default -> {
        if (e.getCode() != KeyCode.TAB) {
          return;
        }
        // There is nowhere else to go.
      }
    }
    e.consume();
  }

  private int last() {
    return list.getItems().size() - 1;
  }

  private final class Cell extends ListCell<PaletteModel.Item> {

    Cell() {
      setOnMouseClicked(
          e -> {
            if (!isEmpty()) {
              model.run(getIndex());
            }
          });
    }

    @Override
    protected void updateItem(PaletteModel.Item item, boolean empty) {
      super.updateItem(item, empty);
      setText(null);
      boolean none = empty || item == null;
      setGraphic(none ? null : line(item));
      setAccessibleText(none ? null : item.text() + ", " + said(item));
      pseudoClassStateChanged(IMPOSSIBLE, !none && !item.possible());
    }

    private static String said(PaletteModel.Item item) {
      return item.possible() ? item.detail() : item.whyNot();
    }

    private HBox line(PaletteModel.Item item) {
      var text = new Label(item.text());
      text.getStyleClass().add("palette-text");
      text.setMinWidth(USE_PREF_SIZE);
      var detail = new Label(said(item));
      detail.getStyleClass().add("palette-detail");
      detail.setMinWidth(0);
      detail.setMaxWidth(Double.MAX_VALUE);
      HBox.setHgrow(detail, Priority.ALWAYS);
      var line = new HBox(Icons.of(item.icon()), text, detail);
      if (!item.key().isEmpty()) {
        var key = new Label(item.key());
        key.getStyleClass().add("key");
        key.setMinWidth(USE_PREF_SIZE);
        line.getChildren().add(key);
      }
      line.getStyleClass().add("palette-line");
      // As wide as the list, so that what is too long is shortened and no scroll bar comes.
      line.setPrefWidth(1);
      return line;
    }
  }
}
