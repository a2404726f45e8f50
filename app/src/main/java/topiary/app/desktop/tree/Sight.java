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

  /** Before anything is seen. */
  static final Sight START = new Sight(1, 0, 0, 1);

  private static final double LEAST = 0.01;
  private static final double MOST = 3;
  private static final double READABLE = 0.9;
  private static final double MARGIN = 24;

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

  /** So that a card is in the middle, large enough to be read. */
  Sight centred(Box card, double width, double height) {
    double next = Math.clamp(scale, READABLE, MOST);
    return new Sight(
        next,
        Math.rint(width / 2 - card.centre() * next),
        Math.rint(height / 2 - card.middle() * next),
        density);
  }

  /** On the way to another one; what is in the middle of both moves evenly. */
  Sight towards(Sight other, double part) {
    double next = scale * Math.pow(other.scale / scale, part);
    // Where a zoom stays at one point, that point stays; without a zoom it is a plain move.
    double along = other.scale == scale ? part : (next - scale) / (other.scale - scale);
    return new Sight(next, x + (other.x - x) * along, y + (other.y - y) * along, other.density);
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
