package topiary.app.desktop.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import topiary.app.desktop.layout.Box;
import topiary.app.desktop.model.Alarm;
import topiary.app.desktop.model.Fold;
import topiary.app.desktop.model.Mood;
import topiary.app.desktop.model.PickUp;
import topiary.app.desktop.model.Picture;
import topiary.app.desktop.model.ServerCard;
import topiary.app.desktop.model.ShortNames;
import topiary.engine.model.InstanceKey;

/** Paints cards and chips, each as much as can be read of it. */
final class CardPainter {

  private static final double FAINT = 0.45;
  private static final List<Mood> MOODS = List.of(Mood.values());

  /** Where something can be put down, beside what is painted by its mood. */
  private static final int LEGAL = Mood.values().length;

  private static final double CHIP_ROUND = 8;

  /** Around the middle of a card's right side, where its branch is folded. */
  static final double HANDLE = 11;

  static final double FOLDED_HANDLE = 46;

  private final Brush brush;
  private final GraphicsContext g;
  private final Lettering letters;

  /** What is painted of each kind, plain and faint; kept from picture to picture. */
  private final List<List<Box>> specks =
      Stream.<List<Box>>generate(ArrayList::new).limit(2 * (LEGAL + 1)).toList();

  private final List<Figure> framed = new ArrayList<>();
  private ShortNames names;
  private Scene scene;

  CardPainter(Brush brush) {
    this.brush = brush;
    g = brush.g;
    letters = brush.letters;
  }

  void begin(Scene how, ShortNames called) {
    scene = how;
    names = called;
    specks.forEach(List::clear);
    framed.clear();
  }

  void paint(Figure figure) {
    ServerCard card = figure.card;
    Box b = figure.box();
    Detail detail = Detail.of(b, brush.scale());
    PickUp hand = scene.hand().orElse(null);
    boolean carried = hand != null && hand.carries(card.key());
    PickUp.Verdict verdict = hand == null || carried ? null : figure.verdict(hand);
    boolean over = hand != null && hand.over().filter(card.key()::equals).isPresent();
    boolean legal = verdict != null && verdict.legal();
    boolean faint = carried || verdict != null && !legal && !over;
    if (detail == Detail.SPECK) {
      speck(figure, legal, faint);
      if (carried
          || over
          || scene.selected(figure)
          || scene.also(figure)
          || scene.hovered(figure)) {
        framed.add(figure);
      }
      return;
    }
    g.setGlobalAlpha(figure.opacity() * (faint ? FAINT : 1));
    if (b.chip()) {
      chip(card, b);
    } else {
      body(card, b);
      if (detail == Detail.NAME) {
        name(card, b);
      } else {
        words(card, b);
      }
      handle(figure, b, detail);
    }
    g.setGlobalAlpha(1);
    frame(figure, carried, verdict, over);
    g.setGlobalAlpha(figure.opacity() * (faint ? FAINT : 1));
    card.alarm().ifPresent(alarm -> alarm(alarm, b, detail));
    g.setGlobalAlpha(1);
  }

  // ---- from afar

  /** Noted by its colour: ten thousand are painted in half the time when the paint stays. */
  private void speck(Figure figure, boolean legal, boolean faint) {
    boolean alarmed =
        figure.card.mood() == Mood.WELL && figure.card.alarm().filter(Alarm::certain).isPresent();
    int kind = legal ? LEGAL : (alarmed ? Mood.BROKEN : figure.card.mood()).ordinal();
    if (figure.opacity() == 1) {
      specks.get(2 * kind + (faint ? 1 : 0)).add(figure.box());
    } else {
      g.setGlobalAlpha(figure.opacity());
      fill(figure.box(), ink(kind, faint));
      g.setGlobalAlpha(1);
    }
  }

  private Color ink(int kind, boolean faint) {
    Palette colours = brush.colours();
    Color ink =
        kind == LEGAL
            ? colours.good()
            : kind == Mood.WELL.ordinal() ? colours.calm() : colours.of(MOODS.get(kind));
    return faint ? colours.ground().interpolate(ink, FAINT) : ink;
  }

  private void fill(Box b, Color ink) {
    g.setFill(ink);
    g.fillRect(b.x(), b.y(), b.width(), b.height());
  }

  /** Paints what was noted; what is chosen or held is seen from afar too. */
  void end() {
    for (int i = 0; i < specks.size(); i++) {
      List<Box> boxes = specks.get(i);
      if (!boxes.isEmpty()) {
        g.setFill(ink(i / 2, i % 2 == 1));
        for (Box b : boxes) {
          g.fillRect(b.x(), b.y(), b.width(), b.height());
        }
      }
    }
    PickUp hand = scene.hand().orElse(null);
    for (Figure figure : framed) {
      InstanceKey key = figure.card.key();
      boolean carried = hand != null && hand.carries(key);
      frame(figure, carried, hand == null || carried ? null : figure.verdict(hand), true);
    }
  }

  // ---- a chip

  private void chip(ServerCard card, Box b) {
    Palette colours = brush.colours();
    Color ink = colours.of(card.mood());
    boolean well = card.mood() == Mood.WELL;
    g.setFill(well ? colours.card() : colours.card().interpolate(ink, 0.12));
    g.fillRoundRect(b.x(), b.y(), b.width(), b.height(), CHIP_ROUND, CHIP_ROUND);
    g.setStroke(well ? colours.border() : ink);
    g.setLineWidth(1);
    g.strokeRoundRect(
        b.x() + 0.5, b.y() + 0.5, b.width() - 1, b.height() - 1, CHIP_ROUND, CHIP_ROUND);
    Shapes.mood(g, card.mood(), colours, b.x() + 18, b.middle());
    double right = b.right() - 8;
    String state = well ? "" : card.mood() == Mood.LATE ? lag(card) : card.mood().word();
    if (!state.isEmpty()) {
      brush.textTo(state, letters.small, ink, right, b.middle());
      right -= letters.width(state, letters.small) + 5;
    }
    String name = title(card, right - b.x() - 32);
    brush.text(name, letters.title, colours.text(), b.x() + 32, b.middle());
  }

  private static String lag(ServerCard card) {
    return card.lag().map(s -> s + " s").orElse(card.mood().word());
  }

  // ---- a card

  private void body(ServerCard card, Box b) {
    Palette colours = brush.colours();
    boolean head = card.role().equals("primary");
    // The strip at its left is the ground below the card: clipping one out costs many times that.
    g.setFill(colours.of(card.mood()));
    g.fillRoundRect(b.x(), b.y() + 1, 2 * Brush.ROUND, b.height() - 2, Brush.ROUND, Brush.ROUND);
    g.setFill(head ? colours.card().interpolate(colours.accent(), 0.07) : colours.card());
    g.fillRoundRect(b.x() + 5, b.y(), b.width() - 5, b.height(), Brush.ROUND, Brush.ROUND);
    g.setStroke(head ? colours.border().interpolate(colours.accent(), 0.5) : colours.border());
    g.setLineWidth(1);
    g.strokeRoundRect(
        b.x() + 0.5, b.y() + 0.5, b.width() - 1, b.height() - 1, Brush.ROUND, Brush.ROUND);
  }

  private void name(ServerCard card, Box b) {
    g.save();
    g.translate(b.x() + 24, b.middle());
    g.scale(1.6, 1.6);
    Shapes.mood(g, card.mood(), brush.colours(), 8, 0);
    brush.text(title(card, (b.width() - 70) / 1.6), letters.title, brush.colours().text(), 22, 0);
    g.restore();
  }

  private String title(ServerCard card, double width) {
    return letters.fit(names.host(card.key()), names.port(card.key()), letters.title, width);
  }

  private void words(ServerCard card, Box b) {
    Palette colours = brush.colours();
    double left = b.x() + 20;
    double right = b.right() - 16;
    double room = right - left;
    Shapes.mood(g, card.mood(), colours, left + 8, b.y() + 23);
    double free = room - 30 - letters.width(title(card, room - 24), letters.title);
    double taken = marks(card, right, Math.max(room / 2, free), b.y() + 23);
    brush.text(
        title(card, room - 24 - taken), letters.title, colours.text(), left + 24, b.y() + 23);

    boolean wrong = !card.problem().isEmpty();
    String line =
        scene
            .stale()
            .map(age -> "as it was " + age)
            .orElse(
                wrong
                    ? card.problem()
                    : card.role() + (card.version().isEmpty() ? "" : "  ·  " + card.version()));
    brush.text(
        letters.fit(line, letters.plain, room),
        letters.plain,
        wrong ? colours.of(card.mood()) : colours.faint(),
        left,
        b.y() + 48);

    double end = left;
    if (!card.writes().isEmpty()) {
      end = badge(card.writes(), left, b.y() + 72);
      end = tag(card.gtid(), end + 6, b.y() + 72, colours.faint());
    }
    String fitted = letters.fit(card.state(), letters.strong, right - end - 10);
    brush.textTo(fitted, letters.strong, colours.of(card.mood()), right, b.y() + 72);
  }

  /** What people say of it, from the right; what has no room is counted. Gives the room taken. */
  private double marks(ServerCard card, double right, double room, double y) {
    List<String> marks = card.marks();
    double taken = 0;
    for (int i = 0; i < marks.size(); i++) {
      double width = letters.width(marks.get(i), letters.small) + 20;
      int left = marks.size() - i;
      double more = left == 1 ? 0 : letters.width("+" + left, letters.small) + 20;
      boolean fits = taken + width + more <= room;
      String mark = fits ? marks.get(i) : "+" + left;
      taken += fits ? width : letters.width(mark, letters.small) + 20;
      tag(mark, right - taken + 6, y, brush.colours().accent());
      if (!fits) {
        break;
      }
    }
    return taken;
  }

  /** Whether it takes writes, with a lock or a pen; gives where it ends. */
  private double badge(String writes, double x, double y) {
    boolean open = writes.equals("writeable");
    Palette colours = brush.colours();
    Color ink = open ? colours.accent() : colours.faint();
    double width = letters.width(writes, letters.small) + 30;
    g.setFill(ink.deriveColor(0, 1, 1, 0.12));
    g.fillRoundRect(x, y - 10, width, 20, 8, 8);
    if (open) {
      Shapes.pen(g, ink, x + 12, y);
    } else {
      Shapes.lock(g, ink, x + 12, y);
    }
    brush.text(writes, letters.small, ink, x + 23, y);
    return x + width;
  }

  private double tag(String words, double x, double y, Color ink) {
    double width = letters.width(words, letters.small) + 14;
    g.setFill(ink.deriveColor(0, 1, 1, 0.12));
    g.fillRoundRect(x, y - 10, width, 20, 8, 8);
    brush.text(words, letters.small, ink, x + 7, y);
    return x + width;
  }

  // ---- what is found of it

  /** Across the upper edge at the right, so that it takes no room from what the card says. */
  private void alarm(Alarm alarm, Box b, Detail detail) {
    Palette colours = brush.colours();
    boolean loud = alarm.wrong();
    Color ink = colours.of(alarm.severity());
    if (b.chip() || detail != Detail.WORDS) {
      double r = b.chip() ? 4.5 : 11;
      if (loud || !b.chip()) {
        g.setFill(loud ? ink : colours.card());
        g.fillOval(b.right() - 2 * r, b.y() - r, 2 * r, 2 * r);
        g.setStroke(loud ? colours.card() : ink);
        g.setLineWidth(b.chip() ? 1.2 : 2.5);
        g.strokeOval(b.right() - 2 * r, b.y() - r, 2 * r, 2 * r);
      }
      return;
    }
    String words = letters.fit(alarm.words(), letters.small, b.width() - 60);
    double width = letters.width(words, letters.small) + 34;
    double left = b.right() - width - 12;
    Color ground = loud ? ink : colours.card();
    Color ink2 = loud ? colours.card() : ink;
    g.setFill(ground);
    g.fillRoundRect(left, b.y() - 10, width, 20, 20, 20);
    g.setStroke(loud ? colours.card() : ink);
    g.setLineWidth(1.2);
    g.strokeRoundRect(left, b.y() - 10, width, 20, 20, 20);
    Shapes.alert(g, ink2, ground, left + 15, b.y());
    brush.text(words, letters.small, ink2, left + 26, b.y());
  }

  // ---- what hangs below it

  /** Where the branch is folded and unfolded: on the middle of the card's right side. */
  private void handle(Figure figure, Box b, Detail detail) {
    if (figure.fold == null && figure.replicas == 0) {
      return;
    }
    Palette colours = brush.colours();
    boolean pointed = scene.hovered(figure) && scene.handle();
    if (figure.fold != null) {
      folded(figure.fold, b, pointed, detail == Detail.WORDS);
    } else if (detail == Detail.WORDS && (pointed || scene.hovered(figure))) {
      g.setFill(pointed ? colours.accent() : colours.card());
      g.fillOval(b.right() - 9, b.middle() - 9, 18, 18);
      g.setStroke(pointed ? colours.accent() : colours.border());
      g.setLineWidth(1);
      g.strokeOval(b.right() - 9, b.middle() - 9, 18, 18);
      g.setStroke(pointed ? colours.card() : colours.faint());
      g.setLineWidth(1.6);
      g.strokeLine(b.right() - 4, b.middle(), b.right() + 4, b.middle());
    }
  }

  private void folded(Fold fold, Box b, boolean pointed, boolean read) {
    Palette colours = brush.colours();
    Color ink = fold.troubled() > 0 ? colours.of(fold.worst()) : colours.faint();
    g.setStroke(colours.border());
    g.setLineWidth(1);
    for (int i = 1; i <= 2; i++) {
      double x = b.right() + 3.5 * i;
      g.strokeLine(x, b.y() + 6 * i, x, b.bottom() - 6 * i);
    }
    if (!read) {
      return;
    }
    double x = b.right() + 2;
    double width =
        brush.pill(
            fold.words(),
            pointed ? colours.card() : ink,
            pointed ? colours.accent() : colours.ground(),
            fold.troubled() > 0 ? ink : colours.border(),
            fold.troubled() > 0 ? x + 14 : x,
            b.middle());
    if (fold.troubled() > 0 && width > 0) {
      Shapes.mood(g, fold.worst(), colours, x + 6, b.middle());
    }
  }

  /** Whether a point of the picture is on a source's handle. */
  static boolean onHandle(Picture picture, InstanceKey key, double x, double y) {
    Box b = picture.layout().boxes().get(key);
    double right = b.right() + (picture.folds().containsKey(key) ? FOLDED_HANDLE : HANDLE);
    return x >= b.right() - HANDLE && x <= right && Math.abs(y - b.middle()) <= HANDLE;
  }

  // ---- round it

  private void frame(Figure figure, boolean carried, PickUp.Verdict verdict, boolean over) {
    Box b = figure.box();
    Palette colours = brush.colours();
    double unit = Math.max(1, 0.6 / brush.scale());
    if (carried) {
      g.setLineDashes(7, 5);
      brush.ring(b, colours.accent(), 2 * unit, 0);
      g.setLineDashes();
    } else if (verdict != null) {
      boolean legal = verdict.legal();
      if (legal || over) {
        brush.ring(
            b, legal ? colours.good() : colours.bad(), (over ? 4 : 2) * unit, over ? 2 * unit : 0);
      }
      if (!b.chip() || over) {
        Shapes.verdict(g, legal, colours, b.right() - 6, b.y() + 4);
      }
    } else if (scene.selected(figure)) {
      brush.ring(b, colours.accent(), (scene.focused() ? 3 : 2) * unit, scene.focused() ? 1.5 : 0);
    } else if (scene.also(figure)) {
      brush.ring(b, colours.accent(), 2 * unit, 0);
    } else if (scene.hovered(figure)) {
      brush.ring(b, colours.faint(), 1.5 * unit, 0);
    }
  }
}
