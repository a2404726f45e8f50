package topiary.app.desktop.window;

import javafx.animation.PauseTransition;
import javafx.geometry.Orientation;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Pane;
import javafx.util.Duration;
import topiary.app.desktop.model.Details;

/** One thing known: its value can be selected, and copied by button, menu and key. */
final class DetailRow extends Pane {

  private static final double NAMES = 132;
  private static final double COPY = 24;

  /** Longer values take several lines. */
  private static final int LINE = 19;

  private static final Duration MARKED = Duration.seconds(2.5);

  private final Label name;
  private final TextInputControl value;
  private final Button button = new Button();
  private final Tooltip exact = new Tooltip();
  private final PauseTransition mark = new PauseTransition(MARKED);
  private final Hand hand;
  private Details.Row row;

  /** What can be done with what people say. */
  interface Hand {
    /** Asks how it is to be. */
    void change(String name);

    /** Takes it away. */
    void remove(String name);
  }

  /**
   * A row.
   *
   * @param hand does what is chosen, where something can be
   */
  DetailRow(Details.Row row, Hand hand) {
    this.hand = hand;
    this.row = row;
    getStyleClass().add("detail-row");
    setAccessibleRole(AccessibleRole.TEXT);
    name = new Label(row.name());
    name.getStyleClass().add("row-name");
    value = wraps(row) ? new WrappedValue() : new TextField();
    value.setEditable(false);
    value.setFocusTraversable(false);
    value.setMinWidth(0);
    value.getStyleClass().add("row-value");
    if (row.kind() == Details.Kind.CODE) {
      value.getStyleClass().add("code");
    }
    button.setGraphic(Marks.of(Marks.COPY, "copy"));
    button.getStyleClass().add("row-copy");
    button.setFocusTraversable(false);
    button.setTooltip(new Tooltip("Copy the value"));
    button.setAccessibleText("Copy " + row.name());
    button.setOnAction(e -> copyValue());
    button.visibleProperty().bind(hoverProperty().or(focusedProperty()));
    getChildren().addAll(name, value, button);
    ContextMenu menu = menu();
    value.setContextMenu(menu);
    setOnContextMenuRequested(
        e -> {
          menu.show(this, e.getScreenX(), e.getScreenY());
          e.consume();
        });
    setOnMousePressed(e -> requestFocus());
    setOnKeyPressed(this::key);
    mark.setOnFinished(e -> getStyleClass().remove("changed"));
    fill(row);
  }

  @Override
  public Orientation getContentBias() {
    return Orientation.HORIZONTAL;
  }

  private static double room(double width) {
    return Math.max(40, width - NAMES - COPY);
  }

  @Override
  protected double computePrefHeight(double width) {
    double all = width > 0 ? width : getWidth();
    return Math.max(name.prefHeight(NAMES), value.prefHeight(room(all)));
  }

  @Override
  protected double computeMinHeight(double width) {
    return computePrefHeight(width);
  }

  @Override
  protected void layoutChildren() {
    double room = room(getWidth());
    name.resizeRelocate(0, 0, NAMES, name.prefHeight(NAMES));
    value.resizeRelocate(NAMES, 0, room, value.prefHeight(room));
    button.resizeRelocate(NAMES + room, 0, COPY, name.prefHeight(NAMES));
  }

  private static boolean wraps(Details.Row row) {
    return row.value().length() > (row.kind() == Details.Kind.CODE ? LINE - 2 : LINE);
  }

  /** Whether a row is shown by the same form, with another value perhaps. */
  boolean fits(Details.Row other) {
    return other.name().equals(row.name())
        && other.kind() == row.kind()
        && wraps(other) == wraps(row);
  }

  /** Shows a value, and marks it for a moment when it is news. */
  void show(Details.Row next, boolean news) {
    if (next.equals(row)) {
      return;
    }
    if (news && next.kind() != Details.Kind.CLOCK && !next.copied().equals(row.copied())) {
      getStyleClass().remove("changed");
      getStyleClass().add("changed");
      mark.playFromStart();
    }
    fill(next);
  }

  private void fill(Details.Row next) {
    row = next;
    if (!value.getText().equals(next.value())) {
      value.setText(next.value());
    }
    setAccessibleText(
        next.name()
            + ": "
            + next.value()
            + (said() ? ". Enter changes it, Delete removes it." : ""));
    value.setAccessibleText(next.name());
    exact.setText(next.exact());
    value.setTooltip(next.exact().isEmpty() ? null : exact);
  }

  private ContextMenu menu() {
    var copyValue = new MenuItem("Copy value");
    copyValue.setOnAction(
        e -> {
          if (value.getSelectedText().isEmpty()) {
            copyValue();
          } else {
            value.copy();
          }
        });
    var copyRow = new MenuItem("Copy row");
    copyRow.setOnAction(e -> Clip.put(row.name() + ": " + row.copied()));
    var menu = new ContextMenu(copyValue, copyRow);
    if (said()) {
      var change = new MenuItem("Change…");
      change.setOnAction(e -> hand.change(row.name()));
      var remove = new MenuItem("Remove");
      remove.setOnAction(e -> hand.remove(row.name()));
      menu.getItems().addAll(new SeparatorMenuItem(), change, remove);
    }
    return menu;
  }

  /** Whether it can be changed. */
  private boolean said() {
    return row.kind() == Details.Kind.ATTRIBUTE;
  }

  private void copyValue() {
    Clip.put(row.copied());
  }

  private void key(KeyEvent e) {
    if (e.getTarget() == this
        && e.isShortcutDown()
        && e.getCode() == KeyCode.C
        && !e.isShiftDown()) {
      copyValue();
      e.consume();
    } else if (e.getTarget() == this && said() && e.getCode() == KeyCode.ENTER) {
      hand.change(row.name());
      e.consume();
    } else if (e.getTarget() == this && said() && e.getCode() == KeyCode.DELETE) {
      hand.remove(row.name());
      e.consume();
    }
  }
}
