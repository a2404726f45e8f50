package topiary.engine.gtid;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Transaction numbers of one origin.
 *
 * @param list ascending, apart from each other by one missing number at least
 */
public record Intervals(List<Interval> list) {

  static final Intervals NONE = new Intervals(List.of());

  /**
   * Numbers without a gap.
   *
   * @param first from 1
   * @param last not below the first
   */
  public record Interval(long first, long last) {

    public Interval {
      // The greatest number is left out, as the server does, so that "one more" is always a number.
      if (first < 1 || last < first || last == Long.MAX_VALUE) {
        throw new IllegalArgumentException("not an interval of GTIDs: " + first + "-" + last);
      }
    }

    @Override
    public String toString() {
      return first == last ? Long.toString(first) : first + "-" + last;
    }
  }

  public Intervals {
    list = List.copyOf(list);
  }

  /** Any intervals, put in order, those that touch or overlap made one. */
  static Intervals of(List<Interval> any) {
    var sorted = new ArrayList<>(any);
    sorted.sort(Comparator.comparingLong(Interval::first));
    var joined = new ArrayList<Interval>();
    for (Interval next : sorted) {
      if (!joined.isEmpty() && next.first() <= joined.getLast().last() + 1) {
        Interval before = joined.removeLast();
        joined.add(new Interval(before.first(), Math.max(before.last(), next.last())));
      } else {
        joined.add(next);
      }
    }
    return new Intervals(joined);
  }

  boolean isEmpty() {
    return list.isEmpty();
  }

  Intervals plus(Intervals other) {
    var all = new ArrayList<>(list);
    all.addAll(other.list);
    return of(all);
  }

  /** These without the others: both lists are walked once. */
  Intervals minus(Intervals other) {
    var left = new ArrayList<Interval>();
    int at = 0;
    for (Interval mine : list) {
      long from = mine.first();
      while (at < other.list.size() && other.list.get(at).last() < from) {
        at++;
      }
      for (int i = at; i < other.list.size() && other.list.get(i).first() <= mine.last(); i++) {
        Interval cut = other.list.get(i);
        if (cut.first() > from) {
          left.add(new Interval(from, cut.first() - 1));
        }
        from = cut.last() + 1;
      }
      if (from <= mine.last()) {
        left.add(new Interval(from, mine.last()));
      }
    }
    return new Intervals(left);
  }

  /** How many numbers. */
  long count() {
    return list.stream().mapToLong(i -> i.last() - i.first() + 1).sum();
  }

  @Override
  public String toString() {
    return list.stream().map(Interval::toString).collect(Collectors.joining(":"));
  }
}
