package topiary.app.desktop;

import javafx.animation.PauseTransition;
import javafx.event.EventHandler;
import javafx.geometry.Rectangle2D;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.stage.WindowEvent;
import javafx.util.Duration;
import javafx.util.Subscription;
import topiary.app.desktop.model.Memory;
import topiary.app.desktop.model.WindowSettings;

/** Puts a window where it was last time, and remembers where it goes. */
final class WindowPlace {

  private static final double LEAST_WIDTH = 900;
  private static final double LEAST_HEIGHT = 600;

  private WindowPlace() {}

  static void follow(Stage stage, Memory memory) {
    stage.setMinWidth(LEAST_WIDTH);
    stage.setMinHeight(LEAST_HEIGHT);
    memory.place().ifPresent(place -> put(stage, place));
    // While somebody drags it, nothing is written.
    var rest = new PauseTransition(Duration.seconds(1));
    rest.setOnFinished(e -> keep(stage, memory));
    Runnable moved = rest::playFromStart;
    Subscription moves =
        Subscription.combine(
            stage.xProperty().subscribe(moved),
            stage.yProperty().subscribe(moved),
            stage.widthProperty().subscribe(moved),
            stage.heightProperty().subscribe(moved),
            stage.maximizedProperty().subscribe(moved));
    stage.addEventHandler(
        WindowEvent.WINDOW_HIDING,
        new EventHandler<>() {
          @Override
          public void handle(WindowEvent e) {
            // The stage may be filled anew and be another one's then.
            stage.removeEventHandler(WindowEvent.WINDOW_HIDING, this);
            moves.unsubscribe();
            rest.stop();
            keep(stage, memory);
          }
        });
  }

  /** A place that no screen shows any more is left to the window system. */
  private static void put(Stage stage, WindowSettings.Place place) {
    boolean seen =
        Screen.getScreensForRectangle(place.x(), place.y(), place.width(), place.height()).stream()
            .map(Screen::getVisualBounds)
            .anyMatch(bounds -> holdsTitle(bounds, place));
    if (seen) {
      stage.setX(place.x());
      stage.setY(place.y());
      stage.setWidth(place.width());
      stage.setHeight(place.height());
    }
    stage.setMaximized(place.maximised());
  }

  private static boolean holdsTitle(Rectangle2D screen, WindowSettings.Place place) {
    return screen.contains(place.x() + place.width() / 2, Math.max(place.y(), screen.getMinY()));
  }

  private static void keep(Stage stage, Memory memory) {
    if (stage.isIconified() || Double.isNaN(stage.getX())) {
      return;
    }
    var place =
        new WindowSettings.Place(
            stage.getX(), stage.getY(), stage.getWidth(), stage.getHeight(), stage.isMaximized());
    // What a window that fills the screen goes back to is where it was before.
    memory.keep(
        stage.isMaximized()
            ? memory
                .place()
                .map(p -> new WindowSettings.Place(p.x(), p.y(), p.width(), p.height(), true))
                .orElse(place)
            : place);
  }
}
