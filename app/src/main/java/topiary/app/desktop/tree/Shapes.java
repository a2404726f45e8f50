package topiary.app.desktop.tree;

import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.shape.ArcType;
import javafx.scene.shape.StrokeLineCap;
import topiary.app.desktop.model.Mood;

/** Small drawings on cards; each state has a shape that is known without its colour. */
final class Shapes {

  private Shapes() {}

  /** A state, 16 units wide, centred. */
  static void mood(GraphicsContext g, Mood mood, Palette colours, double x, double y) {
    Color ink = colours.of(mood);
    g.setFill(ink);
    g.setStroke(colours.card());
    g.setLineWidth(1.8);
    g.setLineCap(StrokeLineCap.ROUND);
    switch (mood) {
      case WELL -> {
        g.fillOval(x - 8, y - 8, 16, 16);
        tick(g, x, y);
      }
      case LATE -> {
        g.fillOval(x - 8, y - 8, 16, 16);
        g.strokeLine(x, y - 4.5, x, y);
        g.strokeLine(x, y, x + 3.5, y + 2);
      }
      case DETACHED -> {
        // A line that is interrupted.
        g.fillOval(x - 8, y - 8, 16, 16);
        g.strokeLine(x - 5.5, y, x - 2, y);
        g.strokeLine(x + 2, y, x + 5.5, y);
      }
      case HALTED -> {
        g.fillRoundRect(x - 8, y - 8, 16, 16, 4, 4);
        g.strokeLine(x - 2.5, y - 3.5, x - 2.5, y + 3.5);
        g.strokeLine(x + 2.5, y - 3.5, x + 2.5, y + 3.5);
      }
      case ERRANT -> {
        // A branch that leaves the line.
        g.fillOval(x - 8, y - 8, 16, 16);
        g.strokeLine(x - 2, y + 4.5, x - 2, y - 4.5);
        g.strokeLine(x - 2, y + 2, x + 3.5, y - 3);
      }
      case BROKEN -> {
        g.fillPolygon(new double[] {x, x + 9, x - 9}, new double[] {y - 8.5, y + 7.5, y + 7.5}, 3);
        g.strokeLine(x, y - 2.5, x, y + 1.5);
        g.strokeLine(x, y + 4.8, x, y + 5);
      }
      case GONE -> {
        g.setStroke(ink);
        g.setLineWidth(2);
        g.strokeOval(x - 7, y - 7, 14, 14);
        cross(g, x, y, 3);
      }
      case UNKNOWN -> {
        g.setStroke(ink);
        g.setLineWidth(2);
        g.setLineDashes(3, 3);
        g.strokeOval(x - 7, y - 7, 14, 14);
        g.setLineDashes();
      }
    }
    g.setLineCap(StrokeLineCap.BUTT);
  }

  private static void tick(GraphicsContext g, double x, double y) {
    g.strokePolyline(
        new double[] {x - 3.6, x - 1, x + 3.8}, new double[] {y + 0.2, y + 3, y - 2.8}, 3);
  }

  private static void cross(GraphicsContext g, double x, double y, double r) {
    g.strokeLine(x - r, y - r, x + r, y + r);
    g.strokeLine(x - r, y + r, x + r, y - r);
  }

  /** Whether something can be put down here, on a card's corner. */
  static void verdict(GraphicsContext g, boolean legal, Palette colours, double x, double y) {
    g.setFill(legal ? colours.good() : colours.card());
    g.fillOval(x - 10, y - 10, 20, 20);
    g.setStroke(legal ? colours.card() : colours.bad());
    g.setLineWidth(2);
    g.setLineCap(StrokeLineCap.ROUND);
    if (legal) {
      tick(g, x, y);
    } else {
      g.strokeOval(x - 8, y - 8, 16, 16);
      g.strokeLine(x - 5.5, y + 5.5, x + 5.5, y - 5.5);
    }
    g.setLineCap(StrokeLineCap.BUTT);
  }

  /** A triangle with something to say, 12 units wide, centred. */
  static void alert(GraphicsContext g, Color ink, Color ground, double x, double y) {
    g.setFill(ink);
    g.fillPolygon(new double[] {x, x + 6.5, x - 6.5}, new double[] {y - 6, y + 5, y + 5}, 3);
    g.setStroke(ground);
    g.setLineWidth(1.5);
    g.strokeLine(x, y - 2.2, x, y + 1.2);
    g.strokeLine(x, y + 3.2, x, y + 3.4);
  }

  static void lock(GraphicsContext g, Color ink, double x, double y) {
    g.setFill(ink);
    g.fillRoundRect(x - 4.5, y - 1, 9, 6.5, 2, 2);
    g.setStroke(ink);
    g.setLineWidth(1.4);
    g.strokeArc(x - 2.8, y - 5.5, 5.6, 8, 0, 180, ArcType.OPEN);
  }

  static void pen(GraphicsContext g, Color ink, double x, double y) {
    g.setStroke(ink);
    g.setLineWidth(2.4);
    g.strokeLine(x - 2.5, y + 2.5, x + 4, y - 4);
    g.setFill(ink);
    g.fillPolygon(
        new double[] {x - 5, x - 3.6, x - 1.4}, new double[] {y + 5, y + 1.2, y + 3.4}, 3);
  }

  /** Six dots: this can be held. */
  static void grip(GraphicsContext g, Color ink, double x, double y) {
    g.setFill(ink);
    for (int row = -1; row <= 1; row++) {
      g.fillOval(x - 4, y + row * 5 - 1.5, 3, 3);
      g.fillOval(x + 1, y + row * 5 - 1.5, 3, 3);
    }
  }
}
