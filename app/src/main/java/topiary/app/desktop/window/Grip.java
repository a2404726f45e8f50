package topiary.app.desktop.window;

import javafx.geometry.Side;
import javafx.scene.Cursor;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;

/** The edge by which something at the window's side is made wider. */
final class Grip extends Region {

  private final Region resized;
  private final Side edge;
  private final double least;
  private final double most;
  private double pressed;
  private double width;

  /**
   * A grip.
   *
   * @param resized what is made wider
   * @param edge on which side of it the grip is
   */
  Grip(Region resized, Side edge, double least, double most) {
    this.resized = resized;
    this.edge = edge;
    this.least = least;
    this.most = most;
    getStyleClass().add("grip");
    setCursor(Cursor.H_RESIZE);
    setOnMousePressed(
        e -> {
          pressed = e.getSceneX();
          width = resized.getWidth();
          e.consume();
        });
    setOnMouseDragged(this::drag);
  }

  private void drag(MouseEvent e) {
    double wider = edge == Side.LEFT ? pressed - e.getSceneX() : e.getSceneX() - pressed;
    resized.setPrefWidth(Math.clamp(width + wider, least, most));
    e.consume();
  }
}
