package topiary.app.desktop.window;

import javafx.scene.layout.Region;

/** Small signs, each with a shape of its own, coloured by the style sheet. */
final class Marks {

  static final String TICK =
      "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0zm3.8 6.2-4.5 5a.9.9 0 0 1-1.3 0L3.9 9a.9.9 0 1 1"
          + " 1.3-1.2l1.4 1.5 3.9-4.3a.9.9 0 1 1 1.3 1.2z";
  static final String ALERT =
      "M8 0.8 L16 15 L0 15 Z M7.1 5.6 L7.5 10.4 L8.5 10.4 L8.9 5.6 Z M7.2 11.6 L7.2 13.2 L8.8 13.2"
          + " L8.8 11.6 Z";
  static final String CROSS =
      "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0zm3.5 10.2-1.3 1.3L8 9.3l-2.2 2.2-1.3-1.3L6.7 8 4.5"
          + " 5.8l1.3-1.3L8 6.7l2.2-2.2 1.3 1.3L9.3 8z";
  static final String RING =
      "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0zm0 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8z";
  static final String ARROW = "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0zM6 4.5v7l6-3.5z";
  static final String COPY =
      "M5 0 L16 0 L16 11 L12.4 11 L12.4 9.4 L14.4 9.4 L14.4 1.6 L6.6 1.6 L6.6 3.6 L5 3.6 Z"
          + " M0 5 L0 16 L11 16 L11 5 Z M1.6 6.6 L9.4 6.6 L9.4 14.4 L1.6 14.4 Z";
  static final String ONWARD = "M0 7 L10 7 L10 3 L16 8 L10 13 L10 9 L0 9 Z";

  private Marks() {}

  /** A sign in a kind: good, bad, begun, open. */
  static Region of(String shape, String kind) {
    var mark = new Region();
    set(mark, shape, kind);
    return mark;
  }

  static void set(Region mark, String shape, String kind) {
    mark.setStyle("-fx-shape: \"" + shape + "\";");
    mark.getStyleClass().setAll("mark", kind);
  }
}
