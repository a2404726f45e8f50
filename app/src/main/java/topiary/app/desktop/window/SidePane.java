package topiary.app.desktop.window;

import javafx.geometry.Side;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.WindowModel;

/** What stands left of the tree: the clusters, and the servers of the one that is shown. */
final class SidePane extends HBox {

  private static final double WIDTH = 248;
  private static final double LEAST = 180;
  private static final double MOST = 600;

  SidePane(WindowModel model, ClusterList clusters, ServerOutline servers) {
    getStyleClass().add("side");
    setPrefWidth(WIDTH);
    setMinWidth(Region.USE_PREF_SIZE);
    setMaxWidth(Region.USE_PREF_SIZE);
    var both = new VBox(clusters, servers);
    both.setMinWidth(0);
    HBox.setHgrow(both, Priority.ALWAYS);
    VBox.setVgrow(servers, Priority.ALWAYS);
    model.seen().subscribe(seen -> Stale.mark(this, seen));
    getChildren().addAll(both, new Grip(this, Side.RIGHT, LEAST, MOST));
  }
}
