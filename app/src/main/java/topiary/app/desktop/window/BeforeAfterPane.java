package topiary.app.desktop.window;

import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.BeforeAfter;

/** Now and afterwards, side by side. */
final class BeforeAfterPane extends VBox {

  BeforeAfterPane(BeforeAfter what) {
    getStyleClass().add("before-after");
    setId("before-after");
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setAccessibleText(what.sentence());
    if (!what.now().isEmpty()) {
      var arrow = Marks.of(Marks.ONWARD, "onward");
      var pair =
          new HBox(
              14,
              side("Now", new MiniTree(what.now())),
              arrow,
              side("Afterwards", new MiniTree(what.afterwards())));
      pair.setAlignment(Pos.CENTER_LEFT);
      getChildren().add(pair);
    }
    for (BeforeAfter.Change change : what.changes()) {
      getChildren().add(line(change));
    }
  }

  private static VBox side(String title, MiniTree tree) {
    var label = new Label(title);
    label.getStyleClass().add("group");
    var side = new VBox(4, label, tree);
    side.setMinWidth(0);
    side.setPrefWidth(100);
    HBox.setHgrow(side, Priority.ALWAYS);
    return side;
  }

  private static HBox line(BeforeAfter.Change change) {
    var what = new Label(change.what());
    what.getStyleClass().add("sheet-text");
    var from = new Label(change.from());
    from.getStyleClass().add("value-now");
    var to = new Label(change.to());
    to.getStyleClass().add("value-then");
    var line = new HBox(10, what, from, Marks.of(Marks.ONWARD, "onward"), to);
    from.setMinWidth(Region.USE_PREF_SIZE);
    to.setMinWidth(Region.USE_PREF_SIZE);
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }
}
