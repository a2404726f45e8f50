package topiary.app.desktop.window;

import java.util.List;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.ClusterRow;
import topiary.app.desktop.model.ReadinessModel;
import topiary.app.desktop.model.WindowModel;

/** The clusters and how they are. */
final class ClusterList extends VBox {

  /** The height of a line; the list is as high as its lines, and scrolls when there are many. */
  private static final double LINE = 54;

  private static final int MOST_LINES = 6;

  private final ListView<ClusterRow> list = new ListView<>();

  /** Whether the list follows the model, so that nobody chose anything. */
  private boolean following;

  /**
   * A list.
   *
   * @param all shows all of them as tiles
   */
  ClusterList(WindowModel model, Action all) {
    var title = new Label("CLUSTERS");
    title.getStyleClass().add("side-title");
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    var top = new HBox(title, space, FleetPage.opener(all));
    top.getStyleClass().add("clusters-top");
    list.setId("clusters");
    list.getStyleClass().add("clusters");
    list.setCellFactory(view -> new Cell(model.readiness()));
    model.readiness().all().subscribe(scores -> list.refresh());
    list.setAccessibleText("Clusters");
    list.setFixedCellSize(LINE);
    list.setMinHeight(LINE);
    getChildren().addAll(top, list);
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
    update(model.clusters().get());
    model.shown().ifPresent(list.getSelectionModel()::select);
    following = false;
  }

  /** Other lines take the places of those that are there, so that the list stays where it is. */
  private void update(List<ClusterRow> rows) {
    ObservableList<ClusterRow> shown = list.getItems();
    if (shown.size() != rows.size() || rows.isEmpty()) {
      shown.setAll(rows);
      list.setPrefHeight(2 + LINE * Math.clamp(rows.size(), 1, MOST_LINES));
      return;
    }
    for (int i = 0; i < rows.size(); i++) {
      if (!shown.get(i).equals(rows.get(i))) {
        shown.set(i, rows.get(i));
      }
    }
  }

  private static final class Cell extends ListCell<ClusterRow> {
    private final ReadinessModel readiness;

    Cell(ReadinessModel readiness) {
      this.readiness = readiness;
      // As wide as the list, so that a long name is cut short instead of scrolled to.
      setPrefWidth(0);
    }

    @Override
    protected void updateItem(ClusterRow row, boolean empty) {
      super.updateItem(row, empty);
      setText(null);
      boolean none = empty || row == null;
      setGraphic(none ? null : line(row));
      setAccessibleText(none ? null : row.name() + ", " + row.words() + spoken(row));
    }

    private String spoken(ClusterRow row) {
      return readiness.of(row).map(r -> ", readiness " + r.score()).orElse("");
    }

    private HBox line(ClusterRow row) {
      boolean well = row.troubled() == 0;
      var head = new Label(row.name());
      head.getStyleClass().add("cluster-head");
      var words = new Label(row.words());
      words.getStyleClass().add("cluster-words");
      if (!well) {
        words.getStyleClass().add("bad");
      }
      var text = new VBox(2, head, words);
      text.setMinWidth(0);
      HBox.setHgrow(text, Priority.ALWAYS);
      var score = new Score();
      score.show(readiness.of(row));
      var line =
          new HBox(
              10, Marks.of(well ? Marks.TICK : Marks.ALERT, well ? "good" : "bad"), text, score);
      line.setAlignment(Pos.CENTER_LEFT);
      return line;
    }
  }
}
