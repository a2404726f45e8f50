package topiary.engine.manager;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What of two sorted sets is in one only. Found by going along both once, which for thousands of
 * servers takes a fraction of looking each of them up.
 *
 * @param gone in the former only, in order
 * @param come in the latter only, in order
 */
record Difference<T extends Comparable<T>>(List<T> gone, List<T> come) {

  /** Compares two sets, each of which gives what it holds in ascending order. */
  static <T extends Comparable<T>> Difference<T> of(Iterable<T> former, Iterable<T> latter) {
    var gone = new ArrayList<T>();
    var come = new ArrayList<T>();
    Iterator<T> old = former.iterator();
    Iterator<T> young = latter.iterator();
    T one = next(old);
    T other = next(young);
    while (one != null || other != null) {
      int order = one == null ? 1 : other == null ? -1 : one.compareTo(other);
      if (order < 0) {
        gone.add(one);
      } else if (order > 0) {
        come.add(other);
      }
      T reached = one;
      one = order <= 0 ? next(old) : reached;
      other = order >= 0 ? next(young) : other;
    }
    return new Difference<>(gone, come);
  }

  private static <T> T next(Iterator<T> of) {
    return of.hasNext() ? of.next() : null;
  }
}
