package topiary.app.desktop.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import topiary.engine.model.Tree;

/**
 * A tree as small as a stamp: a column for each distance from the head, every leaf in a row, each
 * source in the middle of what hangs below it. Where there are more leaves than rows, some share
 * one, and there are no lines.
 *
 * @param columns how many, at least 1
 * @param rows how many, at least 1
 * @param dots one for each server, in the order of the tree's places
 * @param lined whether lines between sources and replicas can be told apart
 */
public record Miniature(int columns, int rows, List<Dot> dots, boolean lined) {

  /**
   * A server.
   *
   * @param column its distance from the head
   * @param row where it stands, from 0 to the number of rows less 1; between two rows, possibly
   * @param source the place of its source in the list; -1 for the head
   */
  public record Dot(int column, double row, int source) {}

  public Miniature {
    dots = List.copyOf(dots);
  }

  /**
   * A tree in a number of rows.
   *
   * @param most how many rows there is room for, at least 1
   */
  public static Miniature of(Tree tree, int most) {
    List<Tree.Place> places = tree.places();
    int count = places.size();
    int[] source = new int[count];
    double[] first = new double[count];
    double[] last = new double[count];
    Arrays.fill(first, Double.NaN);
    var above = new ArrayList<Integer>();
    int leaves = 0;
    int columns = 1;
    for (int i = 0; i < count; i++) {
      int depth = places.get(i).depth();
      above.subList(depth, above.size()).clear();
      source[i] = depth == 0 ? -1 : above.getLast();
      above.add(i);
      columns = Math.max(columns, depth + 1);
      boolean leaf = i + 1 == count || places.get(i + 1).depth() <= depth;
      if (leaf) {
        first[i] = leaves;
        last[i] = leaves;
        leaves++;
      }
    }
    // Sources stand before their replicas, so that backwards all below one is known before it.
    for (int i = count - 1; i > 0; i--) {
      double middle = (first[i] + last[i]) / 2;
      int s = source[i];
      last[s] = Double.isNaN(first[s]) ? middle : last[s];
      first[s] = middle;
    }
    int rows = Math.clamp(leaves, 1, most);
    double shrink = leaves <= most ? 1 : (most - 1) / (double) (leaves - 1);
    var dots = new ArrayList<Dot>(count);
    for (int i = 0; i < count; i++) {
      double row = (first[i] + last[i]) / 2 * shrink;
      dots.add(new Dot(places.get(i).depth(), leaves <= most ? row : Math.rint(row), source[i]));
    }
    return new Miniature(columns, rows, dots, leaves <= most);
  }
}
