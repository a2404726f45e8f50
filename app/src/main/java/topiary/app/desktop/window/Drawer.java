package topiary.app.desktop.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.Details;
import topiary.app.desktop.model.WindowModel;

/** Everything known of the selected server; each value can be selected and copied. */
final class Drawer extends VBox {

  private static final double WIDTH = 336;
  private static final double NAMES = 136;

  private final WindowModel model;
  private final Label title = new Label();
  private final Label hint =
      new Label(
          "Choose a server to see everything known of it. Drag it to where it is to replicate from,"
              + " or pick it up with Ctrl+M.");
  private final Button button = new Button("Copy");
  private final GridPane grid = new GridPane();
  private final ScrollPane scroll = new ScrollPane(grid);
  private final List<TextField> values = new ArrayList<>();
  private List<Details.Group> shown = List.of();
  private List<String> names = List.of();

  Drawer(WindowModel model, Action copy) {
    this.model = model;
    setId("drawer");
    getStyleClass().add("drawer");
    setMinWidth(WIDTH);
    setPrefWidth(WIDTH);
    setMaxWidth(WIDTH);
    title.getStyleClass().add("drawer-title");
    title.setMinWidth(0);
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    button.getStyleClass().add("small");
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setTooltip(new Tooltip(copy.text()));
    button.setOnAction(e -> copy.run());
    hint.getStyleClass().addAll("hint", "drawer-hint");
    hint.managedProperty().bind(hint.visibleProperty());
    hint.setMinHeight(Region.USE_PREF_SIZE);
    var head = new HBox(title, space, button);
    head.managedProperty().bind(button.visibleProperty());
    head.getStyleClass().add("drawer-head");
    grid.getColumnConstraints()
        .addAll(
            new ColumnConstraints(NAMES),
            new ColumnConstraints(0, 160, Double.MAX_VALUE, Priority.ALWAYS, null, true));
    grid.setStyle("-fx-padding: 0 8 16 16;");

    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    VBox.setVgrow(scroll, Priority.ALWAYS);
    getChildren().addAll(head, hint, scroll);
    model.selected().subscribe(key -> refresh());
    model.seen().subscribe(seen -> refresh());
  }

  private void refresh() {
    List<Details.Group> now = model.details();
    boolean none = now.isEmpty();
    hint.setVisible(none);
    button.setVisible(!none);
    if (now.equals(shown)) {
      return;
    }
    shown = now;
    scroll.setVisible(!none);
    title.setText(model.selected().get().map(Object::toString).orElse(""));
    List<String> all =
        now.stream().flatMap(g -> g.rows().stream().map(r -> g.title() + "/" + r.name())).toList();
    if (!all.equals(names)) {
      // Only other rows make another form; new values leave what somebody selects as it is.
      names = all;
      build();
    }
    int row = 0;
    for (Details.Group group : now) {
      for (Details.Row line : group.rows()) {
        TextField field = values.get(row++);
        if (!field.getText().equals(line.value())) {
          field.setText(line.value());
        }
      }
    }
  }

  private void build() {
    values.clear();
    var cells = new ArrayList<Node>();
    int at = 0;
    for (Details.Group group : shown) {
      var heading = new Label(group.title().toUpperCase(Locale.ROOT));
      heading.getStyleClass().add("group");
      GridPane.setConstraints(heading, 0, at++, 2, 1);
      cells.add(heading);
      for (Details.Row line : group.rows()) {
        var name = new Label(line.name());
        name.getStyleClass().add("row-name");
        var value = new TextField();
        value.setEditable(false);
        value.getStyleClass().add("row-value");
        value.setAccessibleText(line.name());
        value.setFocusTraversable(false);
        values.add(value);
        GridPane.setConstraints(name, 0, at);
        GridPane.setConstraints(value, 1, at++);
        cells.add(name);
        cells.add(value);
      }
    }
    grid.getChildren().setAll(cells);
  }
}
