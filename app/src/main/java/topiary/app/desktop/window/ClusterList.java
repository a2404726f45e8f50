package topiary.app.desktop.window;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.ClusterRow;
import topiary.app.desktop.model.WindowModel;

/** The clusters and how they are. */
final class ClusterList extends VBox {

  private static final double WIDTH = 216;

  private final ListView<ClusterRow> list = new ListView<>();

  /** Whether the list follows the model, so that nobody chose anything. */
  private boolean following;

  ClusterList(WindowModel model) {
    getStyleClass().add("side");
    setMinWidth(WIDTH);
    setPrefWidth(WIDTH);
    var title = new Label("CLUSTERS");
    title.getStyleClass().add("side-title");
    list.setId("clusters");
    list.getStyleClass().add("clusters");
    list.setCellFactory(view -> new Cell());
    list.setAccessibleText("Clusters");
    VBox.setVgrow(list, Priority.ALWAYS);
    getChildren().addAll(title, list);
    model.clusters().subscribe(rows -> follow(model));
    model.cluster().subscribe(id -> follow(model));
    list.getSelectionModel()
        .selectedItemProperty()
        .subscribe(
            row -> {
              if (row != null && !following) {
                model.show(row.id());
              }
            });
  }

  private void follow(WindowModel model) {
    following = true;
    if (!list.getItems().equals(model.clusters().get())) {
      list.getItems().setAll(model.clusters().get());
    }
    list.getItems().stream()
        .filter(row -> row.id().equals(model.cluster().get()))
        .findFirst()
        .ifPresent(list.getSelectionModel()::select);
    following = false;
  }

  private static final class Cell extends ListCell<ClusterRow> {
    @Override
    protected void updateItem(ClusterRow row, boolean empty) {
      super.updateItem(row, empty);
      setText(null);
      setGraphic(empty || row == null ? null : line(row));
    }

    private static HBox line(ClusterRow row) {
      boolean well = row.troubled() == 0;
      var head = new Label(row.head().toString());
      head.getStyleClass().add("cluster-head");
      var words = new Label(row.words());
      words.getStyleClass().add("cluster-words");
      if (!well) {
        words.getStyleClass().add("bad");
      }
      var line =
          new HBox(
              10,
              Marks.of(well ? Marks.TICK : Marks.ALERT, well ? "good" : "bad"),
              new VBox(2, head, words));
      line.setAlignment(Pos.CENTER_LEFT);
      return line;
    }
  }
}
