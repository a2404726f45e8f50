package topiary.app.desktop.layout;

import java.util.List;

/**
 * What stands beside one source: below one another, as close as the outlines allow; where that
 * would be far too high, in several columns, reached by a line above them all.
 */
final class Shelves {

  private static final double GAP = 22;
  private static final double BUS = 20;
  private static final int MOST_COLUMNS = 40;

  private final List<Item> items;
  private final double[] lefts;
  private final double[] middles;
  private final int[] columns;
  private final Outline outline = Outline.none();

  /** The right end, from the source's left. */
  private double right;

  private Shelves(List<Item> items) {
    this.items = items;
    lefts = new double[items.size()];
    middles = new double[items.size()];
    columns = new int[items.size()];
  }

  /** The best of them for a picture that is about as wide as high. */
  static Shelves of(List<Item> items, boolean several) {
    Shelves best = new Shelves(items).stacked();
    for (int n = 2; several && n <= Math.min(items.size(), MOST_COLUMNS); n++) {
      Shelves next = new Shelves(items).inColumns(n);
      if (next.cost() < best.cost()) {
        best = next;
      }
    }
    return best;
  }

  private double cost() {
    return TidyTree.cost(right, outline.height());
  }

  private Shelves stacked() {
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      lefts[i] = TidyTree.COLUMN;
      middles[i] = i == 0 ? 0 : outline.clear(item.outline(), item.column(), GAP);
      outline.take(item.outline(), item.column(), middles[i]);
      right = Math.max(right, item.right());
    }
    centre((middles[0] + middles[items.size() - 1]) / 2);
    return this;
  }

  private void centre(double middle) {
    for (int i = 0; i < middles.length; i++) {
      middles[i] -= middle;
    }
    outline.down(-middle);
  }

  private Shelves inColumns(int count) {
    double all = items.stream().mapToDouble(i -> i.outline().height() + GAP).sum();
    double left = TidyTree.COLUMN;
    double down = 0;
    double deepest = 0;
    int column = 0;
    for (int i = 0; i < items.size(); i++) {
      Outline o = items.get(i).outline();
      double high = o.height() + GAP;
      if (down > 0 && down + high / 2 > all / count) {
        column++;
        left = right + TidyTree.BESIDE;
        down = 0;
      }
      columns[i] = column;
      lefts[i] = left;
      middles[i] = down - o.top();
      down += high;
      deepest = Math.max(deepest, down - GAP);
      right = Math.max(right, left - TidyTree.COLUMN + items.get(i).right());
    }
    outline.take(Outline.of(-BUS, deepest, (int) Math.ceil(right / TidyTree.COLUMN)), 0, 0);
    centre(deepest / 2);
    return this;
  }

  /**
   * Gives every item its place beside the source, and the source its outline.
   *
   * @return how wide the source is with all of them
   */
  double settle(Part source, Outline whole) {
    double bus = outline.top() + BUS / 2;
    for (int i = 0; i < items.size(); i++) {
      Route lane =
          columns[i] == 0
              ? new Route(Part.SPINE, middles[i], Part.SPINE)
              : new Route(Part.SPINE, bus, lefts[i] - TidyTree.COLUMN + Part.SPINE);
      items.get(i).place(source, lefts[i], middles[i], lane);
    }
    whole.take(outline, 0, 0);
    return right;
  }
}
