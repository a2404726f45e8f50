package topiary.app.desktop.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import javafx.geometry.Point2D;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.shape.StrokeLineCap;
import topiary.app.desktop.layout.Box;
import topiary.app.desktop.model.Link;
import topiary.app.desktop.model.Mood;

/** Paints the streams that are no edges of the tree: curved and dashed, with an arrow's head. */
final class LinkPainter {

  /** How far from the middle of a card a link leaves and comes, so that edges stay apart. */
  private static final double ASIDE = 22;

  private static final double HEAD = 9;
  private static final double STUB = 30;

  /** In the middle of a curve of the third degree. */
  private static final double HALF = 0.5;

  private final Brush brush;
  private final GraphicsContext g;

  LinkPainter(Brush brush) {
    this.brush = brush;
    g = brush.g;
  }

  /** A curve: where it begins and ends, and what it bends towards on the way. */
  private record Curve(Point2D from, Point2D leaving, Point2D coming, Point2D to) {

    static Curve of(Box from, Box to) {
      if (from.right() <= to.x()) {
        return between(
            new Point2D(from.right(), from.middle() + ASIDE),
            new Point2D(to.x(), to.middle() + ASIDE),
            (to.x() - from.right()) / 2);
      }
      if (to.right() <= from.x()) {
        return between(
            new Point2D(from.x(), from.middle() + ASIDE),
            new Point2D(to.right(), to.middle() + ASIDE),
            -(from.x() - to.right()) / 2);
      }
      // One above the other: round the right side.
      double bow = STUB + Math.abs(to.middle() - from.middle()) / 6;
      var begin = new Point2D(from.right(), from.middle() + ASIDE);
      var end = new Point2D(to.right(), to.middle() + ASIDE);
      return new Curve(begin, begin.add(bow, 0), end.add(bow, 0), end);
    }

    private static Curve between(Point2D from, Point2D to, double bend) {
      return new Curve(from, from.add(bend, 0), to.subtract(bend, 0), to);
    }

    Point2D middle() {
      return from.midpoint(leaving)
          .interpolate(leaving.midpoint(coming), HALF)
          .interpolate(leaving.midpoint(coming).interpolate(coming.midpoint(to), HALF), HALF);
    }

    Box around() {
      double left =
          Math.min(Math.min(from.getX(), leaving.getX()), Math.min(coming.getX(), to.getX()));
      double right =
          Math.max(Math.max(from.getX(), leaving.getX()), Math.max(coming.getX(), to.getX()));
      double top = Math.min(from.getY(), to.getY());
      double bottom = Math.max(from.getY(), to.getY());
      return new Box(left, top, right - left, bottom - top);
    }
  }

  /** Those within the tree, below its edges and cards. */
  void paint(Figures figures, Box window) {
    each(figures, window, (link, curve) -> curve(curve, ink(link)));
  }

  /** What they are called and how they are, above the edges. */
  void labels(Figures figures, Box window) {
    if (brush.scale() >= Detail.READABLE) {
      each(
          figures,
          window,
          (link, curve) -> {
            if (!link.words().isEmpty()) {
              label(link, curve.middle());
            }
          });
    }
  }

  private void each(Figures figures, Box window, BiConsumer<Link, Curve> what) {
    for (Link link : figures.links().links()) {
      Figure to = figures.of(link.replica());
      Figure from = link.from().map(figures::of).orElse(null);
      if (to != null && from != null) {
        Curve curve = Curve.of(from.box(), to.box());
        if (curve.around().overlaps(window)) {
          g.setGlobalAlpha(Math.min(from.opacity(), to.opacity()));
          what.accept(link, curve);
          g.setGlobalAlpha(1);
        }
      }
    }
  }

  private Color ink(Link link) {
    return link.mood() == Mood.WELL ? brush.colours().accent() : brush.colours().of(link.mood());
  }

  private void curve(Curve curve, Color ink) {
    line(ink);
    g.beginPath();
    g.moveTo(curve.from().getX(), curve.from().getY());
    g.bezierCurveTo(
        curve.leaving().getX(),
        curve.leaving().getY(),
        curve.coming().getX(),
        curve.coming().getY(),
        curve.to().getX(),
        curve.to().getY());
    g.stroke();
    g.setLineDashes();
    head(curve.to(), Math.signum(curve.to().getX() - curve.coming().getX()), ink);
  }

  private void line(Color ink) {
    g.setStroke(ink);
    g.setLineWidth(Math.max(1.5, 1 / brush.scale()));
    g.setLineCap(StrokeLineCap.BUTT);
    g.setLineDashes(7, 4);
  }

  /** An arrow's head, as wide as can be seen. */
  private void head(Point2D at, double towards, Color ink) {
    double size = HEAD * Math.max(1, Detail.READABLE / brush.scale());
    double back = at.getX() - towards * size;
    g.setFill(ink);
    g.fillPolygon(
        new double[] {at.getX(), back, back},
        new double[] {at.getY(), at.getY() - size / 2, at.getY() + size / 2},
        3);
  }

  private void label(Link link, Point2D at) {
    double width = brush.letters.width(link.words(), brush.letters.small) + 14;
    brush.pill(
        link.words(),
        ink(link),
        brush.colours().ground(),
        brush.colours().border(),
        at.getX() - width / 2,
        at.getY());
  }

  /** Those from outside of the tree: the name of their source on the upper edge of the card. */
  void stubs(Figures figures, Box window) {
    if (brush.scale() < Detail.NAMED || figures.links().links().isEmpty()) {
      return;
    }
    Map<Figure, List<Link>> outside = new LinkedHashMap<>();
    for (Link link : figures.links().links()) {
      Figure to = figures.of(link.replica());
      if (link.from().isEmpty() && to != null && to.box().overlaps(window)) {
        outside.computeIfAbsent(to, f -> new ArrayList<>()).add(link);
      }
    }
    outside.forEach(this::stub);
  }

  private void stub(Figure to, List<Link> links) {
    Box box = to.box();
    double x = box.x() + 12;
    double y = box.y();
    Link worst = links.stream().reduce((a, b) -> a.mood().compareTo(b.mood()) < 0 ? b : a).get();
    g.setGlobalAlpha(to.opacity());
    line(ink(worst));
    g.strokeLine(box.x() - STUB, y, x - HEAD, y);
    g.setLineDashes();
    head(new Point2D(x, y), 1, ink(worst));
    if (brush.scale() >= Detail.READABLE) {
      String more = links.size() == 1 ? "" : " and " + (links.size() - 1) + " more";
      String channel = worst.words().isEmpty() ? "" : worst.words() + " ";
      String words =
          brush.letters.fit(
              channel + "from " + worst.source(), more, brush.letters.small, box.width() - 40);
      brush.pill(words, ink(worst), brush.colours().ground(), brush.colours().border(), x, y);
    }
    g.setGlobalAlpha(1);
  }
}
