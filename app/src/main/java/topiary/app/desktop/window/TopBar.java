package topiary.app.desktop.window;

import javafx.beans.binding.Bindings;
import javafx.event.EventTarget;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.controlsfx.control.textfield.CustomTextField;
import org.controlsfx.control.textfield.TextFields;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.Actions;
import topiary.app.desktop.model.WindowModel;
import topiary.icons.Symbol;

/** Menus, a few buttons, and where a server is searched. */
final class TopBar extends HBox {

  private final TextField search = TextFields.createClearableTextField();

  private final Node bell;
  private final NodesMark nodes;

  TopBar(WindowModel model, Actions actions) {
    getStyleClass().add("top");
    var space = new Region();
    setHgrow(space, Priority.ALWAYS);
    search.setId("search");
    search.setPromptText("Find a server");
    search.setAccessibleText("Find a server by address, state, role, version, tags or pools");
    search.setMinWidth(100);
    search.setPrefWidth(240);
    if (search instanceof CustomTextField custom) {
      custom.setLeft(Icons.of(Symbol.SEARCH));
    }
    search.textProperty().bindBidirectional(model.search().text());
    bell = bell(model, actions.news);
    nodes = new NodesMark(model, actions.nodes);
    var tools =
        new HBox(
            button(actions.undo),
            separator(),
            button(actions.zoomOut),
            button(actions.zoomIn),
            button(actions.fit));
    tools.getStyleClass().add("tools");
    getChildren()
        .addAll(
            Menus.bar(actions, model.looks()),
            tools,
            space,
            nodes,
            search,
            palette(actions.palette),
            bell);
  }

  TextField search() {
    return search;
  }

  /** Where there is little room, less is said. */
  void narrow(boolean is) {
    nodes.narrow(is);
  }

  /** Whether something is a part of the bell. */
  boolean bells(EventTarget target) {
    return NewsList.within(bell, target);
  }

  private static Region separator() {
    var line = new Region();
    line.getStyleClass().add("tools-line");
    return line;
  }

  private static Button button(Action action) {
    var button = new Button(null, Icons.of(action.icon()));
    button.setId(action.id() + "-button");
    button.getStyleClass().add("tool");
    button.setMinWidth(USE_PREF_SIZE);
    button.setAccessibleText(action.text());
    String key = action.key().isEmpty() ? "" : "  (" + action.key() + ")";
    button.setTooltip(new Tooltip(action.help() + key));
    button.disableProperty().bind(Bindings.not(action.enabled()));
    button.setOnAction(e -> action.run());
    return button;
  }

  private static Node palette(Action action) {
    Button button = button(action);
    var key = new Label(action.key());
    key.getStyleClass().add("key");
    button.setGraphic(key);
    return button;
  }

  private static Node bell(WindowModel model, Action action) {
    Button button = button(action);
    var count = new Label();
    count.getStyleClass().add("count");
    count.setMouseTransparent(true);
    count.setMinWidth(USE_PREF_SIZE);
    StackPane.setAlignment(count, Pos.TOP_RIGHT);
    model
        .news()
        .unread()
        .subscribe(
            n -> {
              count.setVisible(n.intValue() > 0);
              count.setText(n.intValue() > 99 ? "99+" : n.toString());
              button.setAccessibleText(action.text() + ", " + n + " unread");
            });
    var bell = new StackPane(button, count);
    bell.setMinWidth(USE_PREF_SIZE);
    return bell;
  }
}
