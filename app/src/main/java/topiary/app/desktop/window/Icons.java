package topiary.app.desktop.window;

import java.util.List;
import javafx.scene.Group;
import javafx.scene.Node;
import javafx.scene.SnapshotParameters;
import javafx.scene.image.Image;
import javafx.scene.layout.StackPane;
import javafx.scene.paint.Color;
import javafx.scene.shape.Rectangle;
import javafx.scene.shape.SVGPath;
import javafx.scene.transform.Scale;
import topiary.icons.AppIcon;
import topiary.icons.Symbol;

/** Our drawn signs as nodes, coloured by the style sheet, and the program's icon as pictures. */
public final class Icons {

  private Icons() {}

  /** A sign, in its square, so that signs of different shapes stand below one another. */
  static Node of(Symbol symbol) {
    var path = new SVGPath();
    path.setContent(symbol.path());
    path.getStyleClass().add("symbol");
    var square = new Rectangle(Symbol.SIZE, Symbol.SIZE, Color.TRANSPARENT);
    var icon = new StackPane(new Group(square, path));
    icon.getStyleClass().add("icon");
    icon.setMouseTransparent(true);
    return icon;
  }

  /** The program's icon in every size a window system asks for; on the window's thread. */
  public static List<Image> app() {
    return AppIcon.SIZES.stream().map(Icons::app).toList();
  }

  private static Image app(int size) {
    var drawing = new Group(new Rectangle(AppIcon.SIZE, AppIcon.SIZE, Color.TRANSPARENT));
    for (AppIcon.Part part : AppIcon.parts()) {
      var path = new SVGPath();
      path.setContent(part.path());
      path.setFill(Color.web(part.colour()));
      drawing.getChildren().add(path);
    }
    var how = new SnapshotParameters();
    how.setFill(Color.TRANSPARENT);
    how.setTransform(new Scale((double) size / AppIcon.SIZE, (double) size / AppIcon.SIZE));
    return drawing.snapshot(how, null);
  }
}
