package topiary.app.desktop.trial;

import javafx.event.Event;
import javafx.event.EventType;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;

/** A pointer nobody holds. */
public final class Pointer {

  private Pointer() {}

  /** Has a node hear of the pointer, with its first button, at a place of its own. */
  public static void at(Node node, EventType<MouseEvent> type, Point2D place) {
    Point2D scene = node.localToScene(place);
    Event.fireEvent(
        node,
        new MouseEvent(
            type,
            scene.getX(),
            scene.getY(),
            scene.getX(),
            scene.getY(),
            MouseButton.PRIMARY,
            1,
            false,
            false,
            false,
            false,
            type != MouseEvent.MOUSE_MOVED,
            false,
            false,
            false,
            false,
            true,
            null));
  }
}
