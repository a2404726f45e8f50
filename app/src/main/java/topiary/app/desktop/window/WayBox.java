package topiary.app.desktop.window;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import topiary.app.desktop.model.Ways;
import topiary.engine.intent.Way;

/** The ways of a move, one of them chosen. */
final class WayBox extends HBox {

  private final Map<Way, ToggleButton> buttons = new EnumMap<>(Way.class);

  /**
   * All of them.
   *
   * @param chosen hears which one somebody chooses
   */
  WayBox(Consumer<Way> chosen) {
    super(10);
    setId("ways");
    getStyleClass().add("ways");
    setAlignment(Pos.CENTER_LEFT);
    managedProperty().bind(visibleProperty());
    var label = new Label("Places found by");
    label.getStyleClass().add("sheet-text");
    var group = new HBox();
    for (Way way : Way.values()) {
      var button = new ToggleButton(Ways.name(way));
      button.setId("way-" + way.word());
      button
          .getStyleClass()
          .addAll(
              "small",
              switch (way) {
                case AUTO -> "left-pill";
                case GTID -> "center-pill";
                case FILE -> "right-pill";
              });
      button.setMinWidth(USE_PREF_SIZE);
      button.setTooltip(new Tooltip(Ways.meaning(way)));
      button.setAccessibleHelp(Ways.meaning(way));
      button.setOnAction(
          e -> {
            chosen.accept(way);
            // The one that is chosen already stays so.
            button.setSelected(true);
          });
      buttons.put(way, button);
      group.getChildren().add(button);
    }
    getChildren().addAll(label, group);
  }

  /**
   * Shows which is chosen.
   *
   * @param way empty where there is nothing to choose
   * @param open whether another can be
   */
  void show(Optional<Way> way, boolean open) {
    setVisible(way.isPresent() && open);
    buttons.forEach((each, button) -> button.setSelected(way.equals(Optional.of(each))));
  }
}
