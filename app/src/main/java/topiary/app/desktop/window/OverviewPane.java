package topiary.app.desktop.window;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.Details;
import topiary.app.desktop.model.Overview;
import topiary.engine.model.InstanceKey;

/** A cluster at a glance, and every problem in it; each leads to its server. */
final class OverviewPane extends VBox {

  private final Label title = new Label();
  private final Label kind = new Label("Cluster");
  private final GridPane rows = new GridPane();
  private final Label heading = new Label("PROBLEMS");
  private final Label none = new Label("Nothing is in trouble.");
  private final ListView<Overview.Problem> problems = new ListView<>();
  private final Consumer<InstanceKey> go;
  private Optional<Overview> shown = Optional.empty();

  /**
   * An overview.
   *
   * @param go leads to a server
   */
  OverviewPane(Consumer<InstanceKey> go) {
    this.go = go;
    getStyleClass().add("overview");
    title.getStyleClass().add("drawer-title");
    kind.getStyleClass().add("cluster-words");
    rows.getStyleClass().add("overview-rows");
    rows.getColumnConstraints()
        .addAll(
            new ColumnConstraints(110),
            new ColumnConstraints(0, 120, Double.MAX_VALUE, Priority.ALWAYS, null, true));
    heading.getStyleClass().add("group");
    var well = new HBox(8, Marks.of(Marks.TICK, "good"), none);
    well.setAlignment(Pos.CENTER_LEFT);
    none.getStyleClass().add("hint");
    problems.setId("problems");
    problems.getStyleClass().addAll("clusters", "problems");
    problems.setAccessibleText("Problems");
    problems.setCellFactory(view -> new Cell());
    problems.setMinHeight(0);
    problems.managedProperty().bind(problems.visibleProperty());
    well.managedProperty().bind(well.visibleProperty());
    well.visibleProperty().bind(problems.visibleProperty().not());
    problems.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    problems
        .focusedProperty()
        .subscribe(
            focused -> {
              if (focused && problems.getSelectionModel().isEmpty()) {
                problems.getSelectionModel().selectFirst();
              }
            });
    VBox.setVgrow(problems, Priority.ALWAYS);
    var hint =
        new Label(
            "Choose a server to see everything known of it. To move a replica, drag it onto its new"
                + " source, or pick it up with Ctrl+M.");
    hint.getStyleClass().addAll("hint", "overview-hint");
    hint.setMinHeight(Region.USE_PREF_SIZE);
    getChildren().addAll(new VBox(2, title, kind), rows, heading, well, problems, hint);
    show(Optional.empty());
  }

  void show(Optional<Overview> next) {
    if (next.equals(shown) && next.isPresent()) {
      return;
    }
    shown = next;
    boolean any = next.isPresent();
    for (Region part : List.of(title, kind, rows, heading)) {
      part.setVisible(any);
      part.setManaged(any);
    }
    none.getParent().setOpacity(any ? 1 : 0);
    List<Overview.Problem> all = next.map(Overview::problems).orElse(List.of());
    problems.setVisible(!all.isEmpty());
    if (!problems.getItems().equals(all)) {
      problems.getItems().setAll(all);
    }
    next.ifPresent(
        o -> {
          title.setText(o.head().toString());
          fill(o.rows());
        });
  }

  private void fill(List<Details.Row> lines) {
    rows.getChildren().clear();
    for (int i = 0; i < lines.size(); i++) {
      var name = new Label(lines.get(i).name());
      name.getStyleClass().add("row-name");
      var value = new Label(lines.get(i).value());
      value.getStyleClass().add("overview-value");
      value.setWrapText(true);
      value.setMinHeight(Region.USE_PREF_SIZE);
      GridPane.setValignment(name, VPos.TOP);
      rows.addRow(i, name, value);
    }
  }

  private void key(KeyEvent e) {
    Overview.Problem chosen = problems.getSelectionModel().getSelectedItem();
    if (e.getCode() == KeyCode.ENTER && chosen != null) {
      go.accept(chosen.key());
      e.consume();
    }
  }

  private final class Cell extends ListCell<Overview.Problem> {

    Cell() {
      setPrefWidth(0);
      setOnMouseClicked(
          e -> {
            if (!isEmpty()) {
              go.accept(getItem().key());
            }
          });
    }

    @Override
    protected void updateItem(Overview.Problem problem, boolean empty) {
      super.updateItem(problem, empty);
      setText(null);
      boolean none = empty || problem == null;
      setGraphic(none ? null : line(problem));
      setAccessibleText(none ? null : problem.key() + ", " + problem.sentence());
    }

    private static HBox line(Overview.Problem problem) {
      var host = new Label(problem.key().toString());
      host.getStyleClass().add("cluster-head");
      var words = new Label(problem.sentence());
      words.getStyleClass().add("cluster-words");
      words.setWrapText(true);
      words.setMinHeight(Region.USE_PREF_SIZE);
      var text = new VBox(2, host, words);
      HBox.setHgrow(text, Priority.ALWAYS);
      text.setMinWidth(0);
      var line = new HBox(10, MoodMark.of(problem.mood()), text);
      line.setAlignment(Pos.TOP_LEFT);
      return line;
    }
  }
}
