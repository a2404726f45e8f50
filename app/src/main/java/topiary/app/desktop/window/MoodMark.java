package topiary.app.desktop.window;

import java.util.Locale;
import javafx.scene.layout.Region;
import topiary.app.desktop.model.Mood;

/** A state's sign, of the same shapes as on the cards. */
final class MoodMark {

  private static final String CLOCK =
      "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0z M7.1 3.4 L8.9 3.4 L8.9 7.5 L12 9.4 L11.1 10.9 L7.1 8.5 Z";
  private static final String PAUSE =
      "M2.5 0 A2.5 2.5 0 0 0 0 2.5 L0 13.5 A2.5 2.5 0 0 0 2.5 16 L13.5 16 A2.5 2.5 0 0 0 16 13.5"
          + " L16 2.5 A2.5 2.5 0 0 0 13.5 0 Z M4.5 4 L6.8 4 L6.8 12 L4.5 12 Z"
          + " M9.2 4 L11.5 4 L11.5 12 L9.2 12 Z";
  private static final String BRANCH =
      "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0z M5.2 3.5 L7 3.5 L7 8.6 L10.6 5 L11.8 6.2 L7 11 L7 12.5"
          + " L5.2 12.5 Z";
  private static final String CROSSED =
      Marks.RING
          + " M10.5 4.4 L11.6 5.5 L9.1 8 L11.6 10.5 L10.5 11.6 L8 9.1 L5.5 11.6 L4.4 10.5 L6.9 8"
          + " L4.4 5.5 L5.5 4.4 L8 6.9 Z";

  private static final String APART =
      "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0z M2.5 7.1 L6 7.1 L6 8.9 L2.5 8.9 Z"
          + " M10 7.1 L13.5 7.1 L13.5 8.9 L10 8.9 Z";

  private MoodMark() {}

  static Region of(Mood mood) {
    var mark = new Region();
    set(mark, mood);
    return mark;
  }

  static void set(Region mark, Mood mood) {
    switch (mood) {
      case WELL -> Marks.set(mark, Marks.TICK, "good");
      case LATE -> Marks.set(mark, CLOCK, "warn");
      case ERRANT -> Marks.set(mark, BRANCH, "warn");
      case DETACHED -> Marks.set(mark, APART, "warn");
      case HALTED -> Marks.set(mark, PAUSE, "warn");
      case BROKEN -> Marks.set(mark, Marks.ALERT, "bad");
      case GONE -> Marks.set(mark, CROSSED, "bad");
      case UNKNOWN -> Marks.set(mark, dashes(), "faint");
    }
  }

  /** A ring of six pieces. */
  private static String dashes() {
    var path = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      double from = Math.toRadians(60 * i + 8);
      double to = Math.toRadians(60 * i + 48);
      path.append("M").append(point(8, from));
      path.append(" A8 8 0 0 1 ").append(point(8, to));
      path.append(" L").append(point(6.1, to));
      path.append(" A6.1 6.1 0 0 0 ").append(point(6.1, from)).append(" Z ");
    }
    return path.toString();
  }

  private static String point(double radius, double angle) {
    return String.format(
        Locale.ROOT, "%.2f %.2f", 8 + radius * Math.cos(angle), 8 + radius * Math.sin(angle));
  }
}
