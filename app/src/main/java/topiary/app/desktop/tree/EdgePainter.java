package topiary.app.desktop.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javafx.geometry.Point2D;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.shape.StrokeLineCap;
import topiary.app.desktop.layout.Box;
import topiary.app.desktop.layout.Route;
import topiary.app.desktop.model.Link;
import topiary.app.desktop.model.Mood;
import topiary.app.desktop.model.ServerCard;
import topiary.engine.model.InstanceKey;

/** Paints who replicates from whom, and how far behind. */
final class EdgePainter {

  /** Below this many pixels for a unit the last bit to each card is left out. */
  private static final double STUBS = 0.1;

  private final Brush brush;
  private final GraphicsContext g;

  EdgePainter(Brush brush) {
    this.brush = brush;
    g = brush.g;
  }

  /**
   * Paints the edges of the tree.
   *
   * @param places of servers with several channels, the one their place is by
   */
  void paint(Collection<Figure> figures, Stems stems, Map<InstanceKey, Link> places, Box window) {
    double scale = brush.scale();
    boolean near = scale >= Detail.NAMED;
    Color calm = brush.colours().faint().interpolate(brush.colours().ground(), 0.4);
    lines(stems.ofChips(), window, calm);
    if (!near) {
      lines(stems.ofCards(), window, calm);
    }
    if (!near && scale < STUBS) {
      return;
    }
    for (Figure figure : figures) {
      if (figure.source == null || figure.route() == null) {
        continue;
      }
      boolean chip = figure.box().chip();
      if (near && !chip) {
        if (spanned(figure).overlaps(window)) {
          edge(figure, places.get(figure.card.key()), calm);
        }
      } else if (scale >= STUBS && figure.box().overlaps(reaching(window))) {
        stub(figure, flows(figure.card) ? calm : brush.colours().of(figure.card.mood()));
      }
    }
  }

  private void stub(Figure figure, Color ink) {
    double thick = thickness();
    double from = figure.route().gutter();
    g.setFill(ink);
    g.fillRect(from, figure.box().middle() - thick / 2, figure.box().x() - from, thick);
  }

  private double thickness() {
    return Math.max(1.2, 1 / brush.scale());
  }

  private static Box reaching(Box window) {
    return new Box(window.x(), window.y(), window.width() + 100, window.height());
  }

  private void lines(List<Box> lines, Box window, Color ink) {
    double thick = thickness();
    g.setFill(ink);
    for (Box line : lines) {
      var grown =
          new Box(
              line.x() - thick / 2,
              line.y() - thick / 2,
              line.width() + thick,
              line.height() + thick);
      if (grown.overlaps(window)) {
        g.fillRect(grown.x(), grown.y(), grown.width(), grown.height());
      }
    }
  }

  private static boolean flows(ServerCard card) {
    return card.mood().replicates();
  }

  private static Box spanned(Figure figure) {
    Box from = figure.source.box();
    Box to = figure.box();
    double bus = figure.route().bus();
    double top = Math.min(Math.min(from.y(), to.y()), bus);
    double bottom = Math.max(Math.max(from.bottom(), to.bottom()), bus);
    return new Box(from.x(), top, to.right() - from.x(), bottom - top);
  }

  private void edge(Figure figure, Link place, Color calm) {
    ServerCard card = figure.card;
    // Of several channels the edge is one, and tells of that one only.
    Mood mood = place == null ? card.mood() : place.mood();
    boolean well = mood == Mood.WELL;
    boolean flows = mood.replicates();
    Box from = figure.source.box();
    Box to = figure.box();
    Route r = figure.route();
    g.setGlobalAlpha(figure.opacity());
    g.setStroke(well ? calm : brush.colours().of(mood));
    g.setLineWidth(Math.max(1.5, 1 / brush.scale()));
    g.setLineCap(StrokeLineCap.BUTT);
    if (!flows) {
      g.setLineDashes(6, 4);
    }
    path(
        List.of(
            new Point2D(from.right(), from.middle()),
            new Point2D(r.spine(), from.middle()),
            new Point2D(r.spine(), r.bus()),
            new Point2D(r.gutter(), r.bus()),
            new Point2D(r.gutter(), to.middle()),
            new Point2D(to.x(), to.middle())));
    g.setLineDashes();
    if (brush.scale() >= Detail.READABLE && !to.chip()) {
      String state = flows ? card.lag().map(s -> s + " s").orElse("") : mood.word();
      String words = place == null ? state : place.words();
      if (!words.isEmpty()) {
        double width = brush.letters.width(words, brush.letters.small) + 14;
        brush.pill(
            words,
            brush.colours().of(mood),
            brush.colours().ground(),
            brush.colours().border(),
            (r.gutter() + to.x()) / 2 + 2 - width / 2,
            to.middle());
      }
    }
    g.setGlobalAlpha(1);
  }

  /** A line through points, rounded at its corners. */
  private void path(List<Point2D> all) {
    List<Point2D> points = new ArrayList<>();
    for (Point2D point : all) {
      if (points.isEmpty() || points.getLast().distance(point) > 0.01) {
        points.add(point);
      }
    }
    g.beginPath();
    g.moveTo(points.getFirst().getX(), points.getFirst().getY());
    for (int i = 1; i < points.size() - 1; i++) {
      Point2D corner = points.get(i);
      Point2D before = points.get(i - 1);
      Point2D after = points.get(i + 1);
      double round =
          Math.min(Brush.ROUND, Math.min(corner.distance(before), corner.distance(after)) / 2);
      Point2D in = corner.add(before.subtract(corner).normalize().multiply(round));
      Point2D out = corner.add(after.subtract(corner).normalize().multiply(round));
      g.lineTo(in.getX(), in.getY());
      g.quadraticCurveTo(corner.getX(), corner.getY(), out.getX(), out.getY());
    }
    g.lineTo(points.getLast().getX(), points.getLast().getY());
    g.stroke();
  }
}
