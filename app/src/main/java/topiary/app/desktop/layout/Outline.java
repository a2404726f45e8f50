package topiary.app.desktop.layout;

import java.util.ArrayList;
import java.util.List;

/** How far a part of the tree reaches up and down from its own middle, column by column. */
final class Outline {

  private final List<Double> top = new ArrayList<>();
  private final List<Double> bottom = new ArrayList<>();

  /** One that is empty as far as the first column it reaches. */
  static Outline none() {
    return new Outline();
  }

  /** The same in so many columns. */
  static Outline of(double top, double bottom, int columns) {
    var outline = new Outline();
    for (int i = 0; i < columns; i++) {
      outline.cover(i, top, bottom);
    }
    return outline;
  }

  int columns() {
    return top.size();
  }

  double top() {
    return top.stream().mapToDouble(y -> y).min().orElse(0);
  }

  double bottom() {
    return bottom.stream().mapToDouble(y -> y).max().orElse(0);
  }

  double height() {
    return bottom() - top();
  }

  /** Takes in another one, so many columns to the right and so far down. */
  void take(Outline other, int right, double down) {
    for (int i = 0; i < other.columns(); i++) {
      cover(i + right, other.top.get(i) + down, other.bottom.get(i) + down);
    }
  }

  private void cover(int column, double from, double to) {
    while (columns() <= column) {
      top.add(Double.POSITIVE_INFINITY);
      bottom.add(Double.NEGATIVE_INFINITY);
    }
    top.set(column, Math.min(top.get(column), from));
    bottom.set(column, Math.max(bottom.get(column), to));
  }

  /** How far down another one has to go to be clear of this one, so many columns to the right. */
  double clear(Outline other, int right, double gap) {
    double down = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < other.columns() && i + right < columns(); i++) {
      down = Math.max(down, bottom.get(i + right) + gap - other.top.get(i));
    }
    return down == Double.NEGATIVE_INFINITY ? 0 : down;
  }

  void down(double by) {
    top.replaceAll(y -> y + by);
    bottom.replaceAll(y -> y + by);
  }
}
