package topiary.app.desktop.tree;

import topiary.app.desktop.layout.Box;
import topiary.app.desktop.layout.Layout;

/**
 * Which part of the picture is seen, and how large.
 *
 * @param scale pixels for a unit of the picture
 * @param x where the picture's left edge is, in pixels
 * @param y where its top is
 * @param density device pixels for a pixel of the canvas
 */
record Sight(double scale, double x, double y, double density) {

  private static final double LEAST = 0.02;
  private static final double MOST = 3;
  private static final double MARGIN = 36;
  private static final double READABLE = 0.85;

  /** All of a layout, centred, and not larger than life. */
  Sight fit(Layout layout, double width, double height) {
    double fitted =
        Math.min(
            (width - 2 * MARGIN) / Math.max(1, layout.width()),
            (height - 2 * MARGIN) / Math.max(1, layout.height()));
    double next = Math.clamp(fitted, LEAST, 1);
    return new Sight(
        next,
        Math.rint((width - layout.width() * next) / 2),
        Math.rint((height - layout.height() * next) / 2),
        density);
  }

  /** Larger or smaller, with what is at a point staying there. */
  Sight zoom(double px, double py, double factor) {
    double next = Math.clamp(scale * factor, LEAST, MOST);
    double by = next / scale;
    return new Sight(next, px - (px - x) * by, py - (py - y) * by, density);
  }

  /** A card in the middle, at least as large as can be read. */
  Sight on(Box box, double width, double height) {
    double next = Math.max(scale, READABLE);
    return new Sight(
        next,
        Math.rint(width / 2 - box.centre() * next),
        Math.rint(height / 2 - box.middle() * next),
        density);
  }

  Sight move(double dx, double dy) {
    return new Sight(scale, x + dx, y + dy, density);
  }

  Sight dense(double devicePixels) {
    return new Sight(scale, x, y, devicePixels);
  }

  double modelX(double px) {
    return (px - x) / scale;
  }

  double modelY(double py) {
    return (py - y) / scale;
  }

  double pixelX(double mx) {
    return mx * scale + x;
  }

  double pixelY(double my) {
    return my * scale + y;
  }
}
