package topiary.app.desktop.tree;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import topiary.app.desktop.layout.Miniature;
import topiary.app.desktop.model.Mood;
import topiary.engine.model.Tree;

/** A tree as small as a stamp, each server a dot in the colour of how it is. */
public final class TreeSketch extends Region {

  private static final double LEAST_ROW = 3;
  private static final double LARGEST_DOT = 7;
  private static final double WIDEST_COLUMN = 56;
  private static final double MARGIN = 1;

  private final Canvas canvas = new Canvas();
  private Tree tree;
  private List<Mood> moods = List.of();
  private boolean dark;

  public TreeSketch() {
    getChildren().add(canvas);
    setMouseTransparent(true);
    setMinSize(0, 0);
  }

  /**
   * Shows a tree.
   *
   * @param moods of its servers, in the order of its places
   * @param dark on what ground
   */
  public void show(Tree tree, List<Mood> moods, boolean dark) {
    if (tree != this.tree || !moods.equals(this.moods) || dark != this.dark) {
      this.tree = tree;
      this.moods = moods;
      this.dark = dark;
      paint();
    }
  }

  @Override
  protected void layoutChildren() {
    double width = Math.floor(getWidth());
    double height = Math.floor(getHeight());
    if (canvas.getWidth() != width || canvas.getHeight() != height) {
      canvas.setWidth(width);
      canvas.setHeight(height);
      paint();
    }
  }

  private void paint() {
    double width = canvas.getWidth();
    double height = canvas.getHeight();
    if (tree == null || width <= 0 || height <= LEAST_ROW) {
      return;
    }
    GraphicsContext g = canvas.getGraphicsContext2D();
    g.clearRect(0, 0, width, height);
    Miniature small = Miniature.of(tree, (int) (height / LEAST_ROW));
    double row = Math.min(LARGEST_DOT + 3, height / small.rows());
    double dot = Math.clamp(row - 2, 2, LARGEST_DOT);
    double column =
        small.columns() == 1
            ? 0
            : Math.min(WIDEST_COLUMN, (width - dot - 2 * MARGIN) / (small.columns() - 1));
    double top = (height - row * small.rows()) / 2;
    var place = new Places(column, row, top, dot);
    Palette palette = dark ? Palette.DARK : Palette.LIGHT;
    if (small.lined()) {
      lines(g, small, place, palette.border());
    }
    dots(g, small, place, palette);
  }

  /** Where things lie, in pixels. */
  private record Places(double column, double row, double top, double dot) {
    double left(Miniature.Dot d) {
      return MARGIN + Math.rint(d.column() * column);
    }

    double top(Miniature.Dot d) {
      return Math.rint(top + row * d.row() + (row - dot) / 2);
    }
  }

  private static void lines(GraphicsContext g, Miniature small, Places at, Color colour) {
    g.setFill(colour);
    double half = Math.floor(at.dot() / 2);
    for (Miniature.Dot d : small.dots()) {
      if (d.source() >= 0) {
        Miniature.Dot from = small.dots().get(d.source());
        double lane = at.left(from) + at.dot() + Math.floor((at.column() - at.dot()) / 2);
        double y = at.top(d) + half;
        double above = at.top(from) + half;
        g.fillRect(lane, y, at.left(d) - lane, 1);
        g.fillRect(lane, Math.min(y, above), 1, Math.abs(y - above) + 1);
        g.fillRect(at.left(from) + at.dot(), above, lane - at.left(from) - at.dot() + 1, 1);
      }
    }
  }

  /** Of several in one place the one is seen that is worst; a mood is a shape too. */
  private void dots(GraphicsContext g, Miniature small, Places at, Palette palette) {
    Map<Long, Integer> worst = new HashMap<>();
    for (int i = 0; i < small.dots().size(); i++) {
      Miniature.Dot d = small.dots().get(i);
      long cell = d.column() * 1_000_000L + Math.round(d.row() * 100);
      worst.merge(cell, i, (a, b) -> mood(a).compareTo(mood(b)) >= 0 ? a : b);
    }
    worst.values().stream()
        .sorted((a, b) -> mood(a).compareTo(mood(b)))
        .forEach(i -> dot(g, small.dots().get(i), mood(i), at, palette));
  }

  private Mood mood(int i) {
    return i < moods.size() ? moods.get(i) : Mood.UNKNOWN;
  }

  private static void dot(
      GraphicsContext g, Miniature.Dot d, Mood mood, Places at, Palette palette) {
    double x = at.left(d);
    double y = at.top(d);
    double size = at.dot();
    g.setFill(mood == Mood.WELL ? palette.calm() : palette.of(mood));
    g.setStroke(palette.of(mood));
    switch (mood) {
      case WELL -> g.fillRect(x, y, size, size);
      // What does not answer is hollow and crossed, where there is room for it.
      case GONE, UNKNOWN -> {
        if (size < 5) {
          g.fillRect(x - 1, y - 1, size + 2, size + 2);
        } else {
          g.setLineWidth(1.5);
          g.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
          if (mood == Mood.GONE) {
            g.strokeLine(x, y, x + size, y + size);
            g.strokeLine(x, y + size, x + size, y);
          }
        }
      }
      default -> g.fillRect(x - 1, y - 1, size + 2, size + 2);
    }
  }
}
