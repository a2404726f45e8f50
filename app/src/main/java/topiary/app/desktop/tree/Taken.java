package topiary.app.desktop.tree;

import java.util.BitSet;
import topiary.app.desktop.layout.Box;

/** Which parts of the window are written on already, in small squares. */
final class Taken {

  private static final double CELL = 10;

  private final Box window;
  private final int columns;
  private final BitSet cells = new BitSet();

  Taken(double width, double height) {
    window = new Box(0, 0, width, height);
    columns = (int) Math.ceil(width / CELL) + 1;
  }

  /** Whether all of it is in the window and nothing is there yet. */
  boolean free(Box box) {
    if (box.x() < 0
        || box.y() < 0
        || box.right() > window.width()
        || box.bottom() > window.height()) {
      return false;
    }
    for (int row = cell(box.y()); row <= cell(box.bottom()); row++) {
      int first = row * columns + cell(box.x());
      int next = cells.nextSetBit(first);
      if (next >= 0 && next <= row * columns + cell(box.right())) {
        return false;
      }
    }
    return true;
  }

  /** Takes it, as far as it is in the window. */
  void take(Box box) {
    int left = cell(Math.max(0, box.x()));
    int right = cell(Math.min(window.width(), box.right()));
    for (int row = cell(Math.max(0, box.y()));
        row <= cell(Math.min(window.height(), box.bottom()));
        row++) {
      if (left <= right) {
        cells.set(row * columns + left, row * columns + right + 1);
      }
    }
  }

  private static int cell(double at) {
    return (int) (at / CELL);
  }
}
