package topiary.app.desktop.tree;

import java.util.List;
import java.util.Optional;
import javafx.scene.paint.Color;
import topiary.app.desktop.model.PickUp;
import topiary.app.desktop.model.ShortNames;

/** Paints what is in the hand, and beside it what would come of putting it down here. */
final class HandPainter {

  private static final double WIDTH = 320;

  private final Brush brush;
  private final Lettering letters;

  HandPainter(Brush brush) {
    this.brush = brush;
    letters = brush.letters;
  }

  void paint(PickUp hand, Scene scene, ShortNames names, double width, double height) {
    Palette colours = brush.colours();
    String more = hand.size() > 1 ? " and " + (hand.size() - 1) + " more" : "";
    String name =
        letters.fit(
                names.name(hand.carried()),
                letters.strong,
                WIDTH - 60 - letters.width(more, letters.strong))
            + more;
    double chip = letters.width(name, letters.strong) + 44;
    Optional<PickUp.Verdict> verdict = hand.verdict();
    List<String> lines =
        letters.wrap(
            verdict
                .map(PickUp.Verdict::sentence)
                .orElse(
                    hand.size() > 1
                        ? "Put them on their new source. Esc leaves all as it is."
                        : "Put it on its new source. Esc leaves all as it is."),
            letters.plain,
            WIDTH - 28);
    double bubble = lines.size() * 18 + 18;
    double x = Math.clamp(scene.pointerX() + 14, 8, Math.max(8, width - WIDTH - 8));
    double y = Math.clamp(scene.pointerY() + 14, 8, Math.max(8, height - bubble - 48));

    brush.panel(x, y, chip, 32, colours.accent(), colours.accent());
    Shapes.grip(brush.g, colours.card(), x + 16, y + 16);
    brush.text(name, letters.strong, colours.card(), x + 30, y + 16);

    Color ink =
        verdict.map(v -> v.legal() ? colours.good() : colours.bad()).orElse(colours.border());
    double widest =
        lines.stream().mapToDouble(l -> letters.width(l, letters.plain)).max().orElse(0);
    brush.panel(x, y + 38, widest + 28, bubble, colours.card(), ink);
    for (int i = 0; i < lines.size(); i++) {
      brush.text(
          lines.get(i),
          letters.plain,
          verdict.isPresent() ? ink : colours.faint(),
          x + 14,
          y + 38 + 18 + i * 18);
    }
  }
}
