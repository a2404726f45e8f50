package topiary.app.desktop.tree;

import topiary.app.desktop.layout.Box;

/** How much of a card can be read at a size. */
enum Detail {
  /** Nothing: a coloured spot. */
  SPECK,
  /** Its name and its state. */
  NAME,
  /** Every word. */
  WORDS;

  static final double READABLE = 0.5;
  static final double NAMED = 0.26;

  /** What a card is painted with when a unit has so many pixels. */
  static Detail of(Box box, double scale) {
    if (scale >= READABLE) {
      return WORDS;
    }
    return scale >= NAMED && !box.chip() ? NAME : SPECK;
  }
}
