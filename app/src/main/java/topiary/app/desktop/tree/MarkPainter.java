package topiary.app.desktop.tree;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import topiary.app.desktop.layout.Box;
import topiary.app.desktop.model.Mood;
import topiary.app.desktop.model.ServerCard;
import topiary.app.desktop.model.ShortNames;

/**
 * When cards are too small to be read: the head and every server in trouble marked in a size that
 * can be seen, and named where there is room.
 */
final class MarkPainter {

  private static final int MOST_SHAPES = 300;

  /** So many of them are tried to be named; beyond that there is no room anyway. */
  private static final int MOST_NAMES = 120;

  private static final double SHAPE = 10;

  private final Brush brush;
  private final GraphicsContext g;

  MarkPainter(Brush brush) {
    this.brush = brush;
    g = brush.g;
  }

  void paint(
      Collection<Figure> figures, ShortNames names, Sight sight, double width, double height) {
    var window = new Box(0, 0, width, height);
    List<Figure> marked =
        figures.stream()
            .filter(f -> marked(f, sight))
            .filter(f -> spot(f, sight).overlaps(window))
            .toList();
    boolean shapes = marked.size() <= MOST_SHAPES;
    var taken = new Taken(width, height);
    for (Figure figure : marked) {
      Box spot = spot(figure, sight);
      taken.take(spot);
      if (!shapes && figure.source != null) {
        g.setFill(brush.colours().of(mood(figure)));
        g.fillRect(spot.centre() - 3, spot.middle() - 3, 6, 6);
      } else {
        g.setFill(brush.colours().ground());
        g.fillOval(spot.x(), spot.y(), spot.width(), spot.height());
        Shapes.mood(g, mood(figure), brush.colours(), spot.centre(), spot.middle());
      }
    }
    for (Figure figure : marked.subList(0, Math.min(marked.size(), MOST_NAMES))) {
      name(figure, names, spot(figure, sight), taken);
    }
  }

  private static boolean marked(Figure figure, Sight sight) {
    boolean speck = Detail.of(figure.box(), sight.scale()) == Detail.SPECK;
    return speck && (figure.card.mood().troubled() || figure.source == null) || hides(figure);
  }

  /** Whether what is in trouble is folded away. */
  private static boolean hides(Figure figure) {
    return figure.fold != null && figure.fold.troubled() > 0;
  }

  private static Mood mood(Figure figure) {
    return hides(figure) && !figure.card.mood().troubled()
        ? figure.fold.worst()
        : figure.card.mood();
  }

  private static Box spot(Figure figure, Sight sight) {
    Box b = figure.box();
    // What is folded away is marked where it would come out.
    double x = hides(figure) ? b.right() : b.centre();
    return new Box(sight.pixelX(x) - SHAPE, sight.pixelY(b.middle()) - SHAPE, 2 * SHAPE, 2 * SHAPE);
  }

  /** Writes a name beside its mark, where nothing else is marked or named. */
  private void name(Figure figure, ShortNames names, Box spot, Taken taken) {
    ServerCard card = figure.card;
    boolean head = figure.source == null;
    String state = card.mood().troubled() ? card.state() : hides(figure) ? "" : card.role();
    String hidden = hides(figure) ? figure.fold.words() : "";
    String words =
        Stream.of(names.name(card.key()), state, hidden)
            .filter(s -> !s.isEmpty())
            .collect(Collectors.joining("  "));
    double width = brush.letters.width(words, brush.letters.small) + 14;
    List<Box> places =
        List.of(
            new Box(spot.right() + 2, spot.middle() - 10, width, 20),
            new Box(spot.x() - width - 2, spot.middle() - 10, width, 20),
            new Box(spot.centre() - width / 2, spot.y() - 22, width, 20),
            new Box(spot.centre() - width / 2, spot.bottom() + 2, width, 20),
            new Box(spot.x(), spot.y() - 22, width, 20),
            new Box(spot.x(), spot.bottom() + 2, width, 20));
    for (Box place : places) {
      if (taken.free(place)) {
        taken.take(place);
        Color ink =
            head && !mood(figure).troubled()
                ? brush.colours().accent()
                : brush.colours().of(mood(figure));
        brush.pill(words, ink, brush.colours().card(), ink, place.x(), place.middle());
        return;
      }
    }
  }
}
