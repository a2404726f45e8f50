package topiary.app.desktop.tree;

import java.util.List;
import java.util.Optional;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.shape.StrokeLineCap;
import javafx.scene.text.TextAlignment;
import topiary.app.desktop.layout.Box;
import topiary.app.desktop.layout.Layout;
import topiary.app.desktop.model.Mood;
import topiary.app.desktop.model.PickUp;
import topiary.app.desktop.model.Picture;
import topiary.app.desktop.model.ServerCard;
import topiary.engine.model.InstanceKey;

/** Paints one picture of a tree; what is out of sight, or too small to read, is left out. */
final class Painter {

  private static final double READABLE = 0.5;
  private static final double NAMED = 0.26;
  private static final double ROUND = 12;
  private static final double BUBBLE_WIDTH = 320;

  /**
   * What to paint besides the tree.
   *
   * @param selected the chosen card
   * @param hover the card under the pointer
   * @param hand what is being moved
   * @param pointerX where it is
   * @param pointerY where it is
   * @param focused whether keys come here
   * @param stale how old everything is, when the node is gone
   */
  record Scene(
      Optional<InstanceKey> selected,
      Optional<InstanceKey> hover,
      Optional<PickUp> hand,
      double pointerX,
      double pointerY,
      boolean focused,
      Optional<String> stale) {}

  private final Lettering letters = new Lettering();
  private final GraphicsContext g;
  private Palette colours = Palette.LIGHT;
  private Scene scene;
  private Picture picture = Picture.EMPTY;

  Painter(GraphicsContext g) {
    this.g = g;
  }

  void paint(Picture what, Scene how, Palette palette, Sight sight, double width, double height) {
    picture = what;
    scene = how;
    colours = how.stale().isPresent() ? palette.grey() : palette;
    double density = sight.density();
    g.setTransform(density, 0, 0, density, 0, 0);
    g.setFill(palette.ground());
    g.fillRect(0, 0, width, height);
    g.setTextBaseline(VPos.CENTER);
    g.setTextAlign(TextAlignment.LEFT);
    g.save();
    g.transform(sight.scale(), 0, 0, sight.scale(), sight.x(), sight.y());
    Box window =
        new Box(
            -sight.x() / sight.scale(),
            -sight.y() / sight.scale(),
            width / sight.scale(),
            height / sight.scale());
    edges(window, sight.scale());
    what.layout()
        .boxes()
        .forEach(
            (key, box) -> {
              if (box.overlaps(window)) {
                card(key, box, sight.scale());
              }
            });
    g.restore();
    how.hand().ifPresent(hand -> hand(hand, width, height));
  }

  // ---- edges

  private void edges(Box window, double scale) {
    Layout layout = picture.layout();
    layout
        .sources()
        .forEach(
            (key, source) -> {
              Box from = layout.boxes().get(source);
              Box to = layout.boxes().get(key);
              var spanned =
                  new Box(
                      from.x(),
                      Math.min(from.y(), to.y()),
                      to.right() - from.x(),
                      Math.abs(from.y() - to.y()) + to.height());
              ServerCard card = picture.cards().get(key);
              if (spanned.overlaps(window) && card != null) {
                edge(from, to, card, scale);
              }
            });
  }

  private void edge(Box from, Box to, ServerCard card, double scale) {
    boolean flows = card.mood() == Mood.WELL || card.mood() == Mood.LATE;
    g.setStroke(flows && card.mood() == Mood.WELL ? colours.faint() : colours.of(card.mood()));
    g.setGlobalAlpha(flows && card.mood() == Mood.WELL ? 0.6 : 1);
    g.setLineWidth(Math.max(1.5, 1 / scale));
    g.setLineCap(StrokeLineCap.BUTT);
    if (!flows) {
      g.setLineDashes(6, 4);
    }
    double turn = from.right() + (to.x() - from.right()) * 0.26;
    double round = Math.min(ROUND, Math.abs(to.middle() - from.middle()) / 2);
    double side = Math.signum(to.middle() - from.middle());
    g.beginPath();
    g.moveTo(from.right(), from.middle());
    g.lineTo(turn - round, from.middle());
    g.quadraticCurveTo(turn, from.middle(), turn, from.middle() + side * round);
    g.lineTo(turn, to.middle() - side * round);
    g.quadraticCurveTo(turn, to.middle(), turn + round, to.middle());
    g.lineTo(to.x(), to.middle());
    g.stroke();
    g.setLineDashes();
    g.setGlobalAlpha(1);
    if (scale >= READABLE) {
      String words = flows ? card.lag().map(s -> s + " s").orElse("") : card.mood().word();
      pill(words, (turn + to.x()) / 2 + 2, to.middle(), colours.of(card.mood()));
    }
  }

  /** A short text on a round ground, centred. */
  private void pill(String words, double x, double y, Color ink) {
    if (words.isEmpty()) {
      return;
    }
    double width = letters.width(words, letters.small) + 14;
    g.setFill(colours.ground());
    g.fillRoundRect(x - width / 2, y - 10, width, 20, 20, 20);
    g.setStroke(colours.border());
    g.setLineWidth(1);
    g.strokeRoundRect(x - width / 2, y - 10, width, 20, 20, 20);
    g.setFill(ink);
    g.setFont(letters.small);
    g.fillText(words, x - width / 2 + 7, y);
  }

  // ---- cards

  private void card(InstanceKey key, Box b, double scale) {
    ServerCard card = picture.cards().get(key);
    if (card == null) {
      return;
    }
    Optional<PickUp> hand = scene.hand();
    boolean carried = hand.filter(h -> h.carried().equals(key)).isPresent();
    Optional<PickUp.Verdict> verdict = carried ? Optional.empty() : hand.map(h -> h.on(key));
    boolean illegal = verdict.filter(v -> !v.legal()).isPresent();
    boolean over = hand.flatMap(PickUp::over).filter(key::equals).isPresent();
    g.setGlobalAlpha(carried ? 0.4 : illegal && !over ? 0.45 : 1);
    if (scale < NAMED) {
      speck(card, b);
    } else {
      body(card, b);
      if (scale < READABLE) {
        name(card, b);
      } else {
        words(card, b);
      }
    }
    g.setGlobalAlpha(1);
    frame(key, b, carried, verdict, over, scale);
  }

  private void speck(ServerCard card, Box b) {
    g.setFill(colours.card());
    g.fillRect(b.x(), b.y(), b.width(), b.height());
    g.setFill(colours.of(card.mood()));
    g.fillRect(b.x(), b.y(), b.width(), card.mood().troubled() ? b.height() : b.height() / 3);
  }

  private void body(ServerCard card, Box b) {
    g.setFill(colours.card());
    g.fillRoundRect(b.x(), b.y(), b.width(), b.height(), ROUND, ROUND);
    g.save();
    g.beginPath();
    g.rect(b.x(), b.y(), 6, b.height());
    g.clip();
    g.setFill(colours.of(card.mood()));
    g.fillRoundRect(b.x(), b.y(), 2 * ROUND, b.height(), ROUND, ROUND);
    g.restore();
    g.setStroke(colours.border());
    g.setLineWidth(1);
    g.strokeRoundRect(b.x() + 0.5, b.y() + 0.5, b.width() - 1, b.height() - 1, ROUND, ROUND);
  }

  private void name(ServerCard card, Box b) {
    g.save();
    g.translate(b.x() + 24, b.middle());
    g.scale(1.6, 1.6);
    Shapes.mood(g, card.mood(), colours, 8, 0);
    g.setFill(colours.text());
    g.setFont(letters.title);
    g.fillText(title(card.key(), (b.width() - 70) / 1.6), 22, 0);
    g.restore();
  }

  private String title(InstanceKey key, double width) {
    return letters.fit(key.host(), ":" + key.port(), letters.title, width);
  }

  private void words(ServerCard card, Box b) {
    double left = b.x() + 20;
    double right = b.right() - 14;
    double room = right - left;
    Shapes.mood(g, card.mood(), colours, left + 8, b.y() + 23);
    g.setFill(colours.text());
    g.setFont(letters.title);
    g.fillText(title(card.key(), room - 24), left + 24, b.y() + 23);

    g.setFont(letters.plain);
    boolean wrong = !card.problem().isEmpty();
    g.setFill(wrong ? colours.of(card.mood()) : colours.faint());
    String line =
        scene
            .stale()
            .map(age -> "as it was " + age)
            .orElse(
                wrong
                    ? card.problem()
                    : card.role() + (card.version().isEmpty() ? "" : "  ·  " + card.version()));
    g.fillText(letters.fit(line, letters.plain, room), left, b.y() + 48);

    double end = left;
    if (!card.writes().isEmpty()) {
      end = badge(card.writes(), left, b.y() + 72);
    }
    g.setFont(letters.strong);
    g.setFill(colours.of(card.mood()));
    String fitted = letters.fit(card.state(), letters.strong, right - end - 10);
    g.fillText(fitted, right - letters.width(fitted, letters.strong), b.y() + 72);
  }

  /** Whether it takes writes, with a lock or a pen; gives where it ends. */
  private double badge(String writes, double x, double y) {
    boolean open = writes.equals("writeable");
    Color ink = open ? colours.accent() : colours.faint();
    double width = letters.width(writes, letters.small) + 30;
    g.setFill(ink.deriveColor(0, 1, 1, 0.12));
    g.fillRoundRect(x, y - 10, width, 20, 8, 8);
    if (open) {
      Shapes.pen(g, ink, x + 12, y);
    } else {
      Shapes.lock(g, ink, x + 12, y);
    }
    g.setFill(ink);
    g.setFont(letters.small);
    g.fillText(writes, x + 23, y);
    return x + width;
  }

  private void frame(
      InstanceKey key,
      Box b,
      boolean carried,
      Optional<PickUp.Verdict> verdict,
      boolean over,
      double scale) {
    double unit = Math.max(1, 0.6 / scale);
    if (carried) {
      g.setLineDashes(7, 5);
      ring(b, colours.accent(), 2 * unit, 0);
      g.setLineDashes();
      return;
    }
    if (verdict.isPresent()) {
      boolean legal = verdict.get().legal();
      if (legal || over) {
        ring(b, legal ? colours.good() : colours.bad(), (over ? 4 : 2) * unit, over ? 2 : 0);
      }
      Shapes.verdict(g, legal, colours, b.right() - 6, b.y() + 4);
      return;
    }
    if (scene.selected().filter(key::equals).isPresent()) {
      ring(b, colours.accent(), (scene.focused() ? 3 : 2) * unit, scene.focused() ? 1.5 : 0);
    } else if (scene.hover().filter(key::equals).isPresent()) {
      ring(b, colours.faint(), 1.5 * unit, 0);
    }
  }

  private void ring(Box b, Color ink, double width, double out) {
    g.setStroke(ink);
    g.setLineWidth(width);
    g.strokeRoundRect(
        b.x() - out,
        b.y() - out,
        b.width() + 2 * out,
        b.height() + 2 * out,
        ROUND + out,
        ROUND + out);
  }

  // ---- what is in the hand

  private void hand(PickUp hand, double width, double height) {
    String name = letters.fit(hand.carried().toString(), letters.strong, BUBBLE_WIDTH - 60);
    double chip = letters.width(name, letters.strong) + 44;
    Optional<PickUp.Verdict> verdict = hand.verdict();
    List<String> lines =
        letters.wrap(
            verdict
                .map(PickUp.Verdict::sentence)
                .orElse("Put it on its new source. Esc leaves all as it is."),
            letters.plain,
            BUBBLE_WIDTH - 28);
    double bubble = lines.size() * 18 + 18;
    double x = Math.clamp(scene.pointerX() + 14, 8, Math.max(8, width - BUBBLE_WIDTH - 8));
    double y = Math.clamp(scene.pointerY() + 14, 8, Math.max(8, height - bubble - 48));

    panel(x, y, chip, 32, colours.accent(), colours.accent());
    Shapes.grip(g, colours.card(), x + 16, y + 16);
    g.setFill(colours.card());
    g.setFont(letters.strong);
    g.fillText(name, x + 30, y + 16);

    Color ink =
        verdict.map(v -> v.legal() ? colours.good() : colours.bad()).orElse(colours.border());
    double widest =
        lines.stream().mapToDouble(l -> letters.width(l, letters.plain)).max().orElse(0);
    panel(x, y + 38, widest + 28, bubble, colours.card(), ink);
    g.setFont(letters.plain);
    g.setFill(verdict.isPresent() ? ink : colours.faint());
    for (int i = 0; i < lines.size(); i++) {
      g.fillText(lines.get(i), x + 14, y + 38 + 18 + i * 18);
    }
  }

  private void panel(double x, double y, double width, double height, Color fill, Color line) {
    g.setFill(Color.color(0, 0, 0, 0.18));
    g.fillRoundRect(x + 1, y + 3, width, height, ROUND, ROUND);
    g.setFill(fill);
    g.fillRoundRect(x, y, width, height, ROUND, ROUND);
    g.setStroke(line);
    g.setLineWidth(1.5);
    g.strokeRoundRect(x, y, width, height, ROUND, ROUND);
  }
}
