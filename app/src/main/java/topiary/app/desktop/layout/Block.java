package topiary.app.desktop.layout;

import java.util.List;

/** The leaves of one source as chips, column by column; as wide as suits the picture. */
final class Block implements Item {

  static final double ROW = Form.CHIP.height() + 6;
  private static final double COLUMN = Form.CHIP.width() + 24;

  /** From the gutter to the chips right of it. */
  private static final double STUB = 12;

  private static final double BUS = 14;

  private final List<Part> chips;
  private final int rows;
  private final int columns;

  Block(List<Part> chips) {
    this.chips = chips;
    int best = 1;
    for (int n = 2; n <= chips.size(); n++) {
      if (cost(chips.size(), n) < cost(chips.size(), best)) {
        best = n;
      }
    }
    rows = (chips.size() + best - 1) / best;
    columns = (chips.size() + rows - 1) / rows;
  }

  private static double cost(int size, int columns) {
    int rows = (size + columns - 1) / columns;
    return TidyTree.cost(Part.SPINE + STUB + columns * COLUMN, rows * ROW);
  }

  @Override
  public int column() {
    return 0;
  }

  @Override
  public double right() {
    return Part.SPINE + columns * COLUMN - STUB;
  }

  @Override
  public Outline outline() {
    double half = rows * ROW / 2;
    return Outline.of(
        -half - (columns > 1 ? BUS : 0), half, (int) Math.ceil(right() / TidyTree.COLUMN));
  }

  /** Puts its chips at their places; a block is always in its source's first column. */
  @Override
  public void place(Part source, double left, double middle, Route lane) {
    double top = middle - rows * ROW / 2;
    for (int i = 0; i < chips.size(); i++) {
      int column = i / rows;
      double y = top + (i % rows) * ROW + ROW / 2;
      double x = Part.SPINE + STUB + column * COLUMN;
      chips
          .get(i)
          .place(
              source,
              x,
              y,
              column == 0
                  ? new Route(Part.SPINE, y, Part.SPINE)
                  : new Route(Part.SPINE, top - BUS + 4, x - STUB));
    }
  }
}
