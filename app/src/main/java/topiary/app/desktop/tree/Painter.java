package topiary.app.desktop.tree;

import javafx.scene.canvas.GraphicsContext;
import topiary.app.desktop.layout.Box;

/** Paints one picture of a tree; what is out of sight, or too small to read, is left out. */
final class Painter {

  private final Brush brush;
  private final CardPainter cards;
  private final EdgePainter edges;
  private final LinkPainter links;
  private final MarkPainter marks;
  private final HandPainter hands;

  Painter(GraphicsContext g) {
    brush = new Brush(g);
    cards = new CardPainter(brush);
    edges = new EdgePainter(brush);
    links = new LinkPainter(brush);
    marks = new MarkPainter(brush);
    hands = new HandPainter(brush);
  }

  void paint(
      Figures figures, Scene scene, Palette palette, Sight sight, double width, double height) {
    GraphicsContext g = brush.g;
    brush.begin(
        scene.stale().isPresent() ? palette.grey() : palette, sight.density(), width, height);
    g.save();
    g.transform(sight.scale(), 0, 0, sight.scale(), sight.x(), sight.y());
    brush.units(sight.scale(), scene.zooming());
    var window =
        new Box(
            -sight.x() / sight.scale(),
            -sight.y() / sight.scale(),
            width / sight.scale(),
            height / sight.scale());
    links.paint(figures, window);
    edges.paint(figures.shown(), figures.stems(), figures.links().places(), window);
    links.labels(figures, window);
    cards.begin(scene, figures.names());
    for (Figure figure : figures.leaving()) {
      cards.paint(figure);
    }
    for (Figure figure : figures.shown()) {
      if (figure.box().overlaps(window)) {
        cards.paint(figure);
      }
    }
    cards.end();
    links.stubs(figures, window);
    g.restore();
    brush.units(1, false);
    if (sight.scale() < Detail.READABLE) {
      marks.paint(figures.shown(), figures.names(), sight, width, height);
    }
    scene.hand().ifPresent(hand -> hands.paint(hand, scene, figures.names(), width, height));
  }
}
