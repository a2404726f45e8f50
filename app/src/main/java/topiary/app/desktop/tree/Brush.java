package topiary.app.desktop.tree;

import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;
import topiary.app.desktop.layout.Box;

/** What all of the picture is painted with. */
final class Brush {

  static final double ROUND = 12;

  /** The steps between sizes of letters while the picture is being zoomed. */
  private static final double STEP = Math.log(1.2);

  final GraphicsContext g;
  final Lettering letters = new Lettering();
  private Palette colours = Palette.LIGHT;
  private double scale = 1;
  private double lettersScale = 1;

  Brush(GraphicsContext g) {
    this.g = g;
  }

  Palette colours() {
    return colours;
  }

  /** Pixels for a unit. */
  double scale() {
    return scale;
  }

  /** Begins a picture on an empty ground. */
  void begin(Palette palette, double density, double width, double height) {
    colours = palette;
    g.setTransform(density, 0, 0, density, 0, 0);
    g.setGlobalAlpha(1);
    g.setFill(palette.ground());
    g.fillRect(0, 0, width, height);
    g.setTextBaseline(VPos.CENTER);
    g.setTextAlign(TextAlignment.LEFT);
    units(1, false);
  }

  /**
   * Says how large a unit is from here on.
   *
   * @param zooming whether it changes with every picture: letters then keep to a few sizes, since
   *     each new size of them is drawn anew, which takes longer than everything else
   */
  void units(double pixels, boolean zooming) {
    scale = pixels;
    lettersScale = zooming ? Math.exp(Math.floor(Math.log(pixels) / STEP) * STEP) : pixels;
  }

  /** A text from its left end, around a middle. */
  void text(String words, Font font, Color ink, double x, double y) {
    g.setFill(ink);
    g.setFont(font);
    if (lettersScale == scale) {
      g.fillText(words, x, y);
      return;
    }
    g.save();
    g.translate(x, y);
    g.scale(lettersScale / scale, lettersScale / scale);
    g.fillText(words, 0, 0);
    g.restore();
  }

  /** A text that ends at a place. */
  void textTo(String words, Font font, Color ink, double right, double y) {
    text(words, font, ink, right - letters.width(words, font), y);
  }

  /** A short text on a round ground; gives how wide it is. */
  double pill(String words, Color ink, Color ground, Color border, double x, double y) {
    double width = letters.width(words, letters.small) + 14;
    g.setFill(ground);
    g.fillRoundRect(x, y - 10, width, 20, 20, 20);
    g.setStroke(border);
    g.setLineWidth(1);
    g.strokeRoundRect(x, y - 10, width, 20, 20, 20);
    text(words, letters.small, ink, x + 7, y);
    return width;
  }

  /** A line round a card, so far outside of it. */
  void ring(Box b, Color ink, double width, double out) {
    double round = (b.chip() ? 8 : ROUND) + out;
    g.setStroke(ink);
    g.setLineWidth(width);
    g.strokeRoundRect(
        b.x() - out, b.y() - out, b.width() + 2 * out, b.height() + 2 * out, round, round);
  }

  /** A raised ground with a border. */
  void panel(double x, double y, double width, double height, Color fill, Color line) {
    g.setFill(Color.color(0, 0, 0, 0.18));
    g.fillRoundRect(x + 1, y + 3, width, height, ROUND, ROUND);
    g.setFill(fill);
    g.fillRoundRect(x, y, width, height, ROUND, ROUND);
    g.setStroke(line);
    g.setLineWidth(1.5);
    g.strokeRoundRect(x, y, width, height, ROUND, ROUND);
  }
}
