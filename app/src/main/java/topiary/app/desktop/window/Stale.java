package topiary.app.desktop.window;

import javafx.css.PseudoClass;
import javafx.scene.Node;
import topiary.app.gateway.Seen;

/** What is old is shown without colours, as in the tree. */
final class Stale {

  private static final PseudoClass STALE = PseudoClass.getPseudoClass("stale");

  private Stale() {}

  /** Tells the style sheet whether what is shown is old. */
  static void mark(Node node, Seen seen) {
    node.pseudoClassStateChanged(STALE, seen.link() == Seen.Link.LOST);
  }
}
