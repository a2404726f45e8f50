package topiary.app.desktop.window;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.controlsfx.control.textfield.CustomTextField;
import org.controlsfx.control.textfield.TextFields;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.FleetModel;
import topiary.app.desktop.model.FleetModel.Condition;
import topiary.app.desktop.model.FleetModel.Order;
import topiary.app.desktop.model.WindowModel;
import topiary.engine.model.InstanceKey;
import topiary.icons.Symbol;

/** Every cluster as a tile, those in trouble first, found by what is typed. */
final class FleetPage extends VBox {

  private final WindowModel model;
  private final FleetModel fleet;
  private final Consumer<InstanceKey> fly;
  private final Runnable back;
  private final Label title = new Label();
  private final TextField filter = TextFields.createClearableTextField();
  private final Map<Condition, ToggleButton> conditions = new EnumMap<>(Condition.class);
  private final Label nothing = new Label();
  private final TileGrid grid;

  /**
   * A page.
   *
   * @param fly brings a server of the tree that was opened into sight
   * @param back gives the keys to the tree
   */
  FleetPage(WindowModel model, Consumer<InstanceKey> fly, Runnable back) {
    this.model = model;
    this.fleet = model.fleet();
    this.fly = fly;
    this.back = back;
    this.grid = new TileGrid(model, this::go);
    setId("fleet");
    getStyleClass().add("fleet");
    title.getStyleClass().add("fleet-title");
    title.setMinWidth(0);
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    filter.setId("fleet-filter");
    filter.setPromptText("Filter by name, host, tag, pool, state");
    filter.setAccessibleText("Filter the clusters by name, host, tag, pool, version or state");
    filter.setPrefWidth(300);
    filter.setMinWidth(120);
    if (filter instanceof CustomTextField custom) {
      custom.setLeft(Icons.of(Symbol.SEARCH));
    }
    filter.textProperty().bindBidirectional(fleet.text());
    var chips = new HBox(6);
    for (Condition condition : Condition.values()) {
      chips.getChildren().add(chip(condition));
    }
    chips.setAlignment(Pos.CENTER_LEFT);
    var top = new HBox(12, title, space, filter, order());
    top.setAlignment(Pos.CENTER_LEFT);
    var head = new VBox(8, top, chips);
    head.getStyleClass().add("fleet-head");
    nothing.setId("fleet-nothing");
    nothing.getStyleClass().addAll("hint", "fleet-nothing");
    nothing.managedProperty().bind(nothing.visibleProperty());
    VBox.setVgrow(grid, Priority.ALWAYS);
    getChildren().addAll(head, nothing, grid);
    addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
    addEventFilter(KeyEvent.KEY_TYPED, this::typed);
    setMinSize(0, 0);
    visibleProperty().bind(fleet.isOpen());
    managedProperty().bind(visibleProperty());
    fleet.state().subscribe(this::show);
    fleet.text().subscribe(text -> mark());
    fleet.isOpen().subscribe(open -> appear(open));
    model.seen().subscribe(seen -> Stale.mark(this, seen));
  }

  private ToggleButton chip(Condition condition) {
    var chip = new ToggleButton();
    chip.setId("fleet-" + condition.word());
    chip.getStyleClass().addAll("small", "chip");
    chip.setMinWidth(Region.USE_PREF_SIZE);
    chip.setFocusTraversable(false);
    chip.setTooltip(new Tooltip("Only clusters that fit “" + condition.word() + "”"));
    chip.setOnAction(
        e -> {
          fleet.toggle(condition);
          mark();
        });
    conditions.put(condition, chip);
    return chip;
  }

  private ChoiceBox<Order> order() {
    var order = new ChoiceBox<Order>();
    order.setId("fleet-order");
    order.getItems().setAll(Order.values());
    order.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(Order is) {
            return is == null ? "" : is.words();
          }

          @Override
          public Order fromString(String words) {
            return Stream.of(Order.values())
                .filter(one -> one.words().equals(words))
                .findFirst()
                .orElse(fleet.order().getValue());
          }
        });
    order.setMinWidth(Region.USE_PREF_SIZE);
    order.setAccessibleText("In which order");
    order.valueProperty().bindBidirectional(fleet.order());
    return order;
  }

  private void show(FleetModel.State state) {
    title.setText(state.title());
    conditions.forEach(
        (condition, chip) -> {
          int count = state.counts().getOrDefault(condition, 0);
          chip.setText(condition.text() + "  " + count);
          chip.setDisable(count == 0 && !chip.isSelected());
        });
    nothing.setText(state.message());
    nothing.setVisible(!state.message().isEmpty());
  }

  private void mark() {
    conditions.forEach((condition, chip) -> chip.setSelected(fleet.asks(condition)));
  }

  private void appear(boolean open) {
    if (open) {
      grid.reveal();
      grid.requestFocus();
    } else if (isFocusWithin()) {
      back.run();
    }
  }

  /** Gives it the keys. */
  void take() {
    grid.requestFocus();
  }

  private void go() {
    Optional<InstanceKey> found = fleet.go();
    back.run();
    found.ifPresent(
        key -> {
          model.reveal(key);
          fly.accept(key);
        });
  }

  // ---- keys

  private void pressed(KeyEvent e) {
    if (e.isShortcutDown() || e.isAltDown()) {
      return;
    }
    boolean types = filter.isFocused() && !filter.getText().isEmpty();
    switch (e.getCode()) {
      case UP -> fleet.step(-grid.columns());
      case DOWN -> fleet.step(grid.columns());
      case PAGE_UP -> fleet.step(-grid.columns() * grid.page());
      case PAGE_DOWN -> fleet.step(grid.columns() * grid.page());
      case ENTER -> go();
      case ESCAPE -> escape();
      default -> {
        if (types || !besides(e.getCode())) {
          return;
        }
      }
    }
    e.consume();
  }

  /** Keys that are of the field while somebody types there. */
  private boolean besides(KeyCode key) {
    switch (key) {
      case LEFT -> fleet.step(-1);
      case RIGHT -> fleet.step(1);
      case HOME -> fleet.step(Integer.MIN_VALUE);
      case END -> fleet.step(Integer.MAX_VALUE);
      case BACK_SPACE -> {
        String text = filter.getText();
        filter.setText(text.substring(0, Math.max(0, text.length() - 1)));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void escape() {
    if (!filter.getText().isEmpty()) {
      filter.clear();
    } else {
      fleet.close();
    }
  }

  /** Whatever is typed is looked for, wherever the keys are. */
  private void typed(KeyEvent e) {
    String letter = e.getCharacter();
    boolean word = letter.length() == 1 && !Character.isISOControl(letter.charAt(0));
    if (word && !filter.isFocused() && !e.isShortcutDown() && !e.isAltDown() && !e.isMetaDown()) {
      if (!letter.isBlank() || !filter.getText().isEmpty()) {
        filter.setText(filter.getText() + letter);
      }
      e.consume();
    }
  }

  /** A button that opens it. */
  static Button opener(Action action) {
    var button = new Button(null, Icons.of(action.icon()));
    button.setId("fleet-open");
    button.getStyleClass().add("tool");
    button.setFocusTraversable(false);
    button.setAccessibleText(action.text());
    button.setTooltip(new Tooltip(action.text() + "  (" + action.key() + ")"));
    button.disableProperty().bind(Bindings.not(action.enabled()));
    button.setOnAction(e -> action.run());
    return button;
  }
}
