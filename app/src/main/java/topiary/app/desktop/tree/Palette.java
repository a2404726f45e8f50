package topiary.app.desktop.tree;

import javafx.scene.paint.Color;
import topiary.app.desktop.model.Mood;
import topiary.engine.finding.Severity;

/**
 * The picture's colours.
 *
 * @param ground behind everything
 * @param card of a card
 * @param border around it
 * @param text on it
 * @param faint less important text
 * @param accent what is chosen
 * @param good fine, and legal
 * @param warn worth a look
 * @param bad wrong, and illegal
 */
record Palette(
    Color ground,
    Color card,
    Color border,
    Color text,
    Color faint,
    Color accent,
    Color good,
    Color warn,
    Color bad) {

  static final Palette LIGHT =
      new Palette(
          Color.web("#f6f8fa"),
          Color.web("#ffffff"),
          Color.web("#d0d7de"),
          Color.web("#1f2328"),
          Color.web("#57606a"),
          Color.web("#0969da"),
          Color.web("#1a7f37"),
          Color.web("#9a6700"),
          Color.web("#cf222e"));

  static final Palette DARK =
      new Palette(
          Color.web("#0a0d12"),
          Color.web("#161b22"),
          Color.web("#3d444d"),
          Color.web("#e6edf3"),
          Color.web("#9198a1"),
          Color.web("#58a6ff"),
          Color.web("#3fb950"),
          Color.web("#d29922"),
          Color.web("#f85149"));

  Color of(Mood mood) {
    return switch (mood) {
      case WELL -> good;
      case LATE, ERRANT, DETACHED, HALTED -> warn;
      case BROKEN, GONE -> bad;
      case UNKNOWN -> faint;
    };
  }

  Color of(Severity severity) {
    return switch (severity) {
      case FAILURE, TROUBLE -> bad;
      case SUSPICION, WARNING -> warn;
    };
  }

  /** A server that is well, from afar: so faint that trouble stands out. */
  Color calm() {
    return good.interpolate(ground, 0.55);
  }

  /** Everything in shades of grey: what is shown is old. */
  Palette grey() {
    return new Palette(
        ground, ground.interpolate(card, 0.5), border, faint, faint, faint, faint, faint, faint);
  }
}
