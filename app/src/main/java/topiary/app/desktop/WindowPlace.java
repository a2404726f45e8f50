package topiary.app.desktop;

import javafx.animation.PauseTransition;
import javafx.geometry.Rectangle2D;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.util.Duration;
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
    stage.xProperty().subscribe((a, b) -> rest.playFromStart());
    stage.yProperty().subscribe((a, b) -> rest.playFromStart());
    stage.widthProperty().subscribe((a, b) -> rest.playFromStart());
    stage.heightProperty().subscribe((a, b) -> rest.playFromStart());
    stage.maximizedProperty().subscribe((a, b) -> rest.playFromStart());
    stage
        .showingProperty()
        .subscribe(
            (was, is) -> {
              if (!is) {
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
