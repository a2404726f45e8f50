package topiary.engine.dialect;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The columns of an answer. One value of it is shared by all rows of an answer, and by all answers
 * that have the same columns, so that a replication status of sixty of them is a look's values and
 * nothing else. Immutable.
 */
public final class Columns {

  private final List<String> labels;

  /** As they are written, which is how they are asked for mostly. */
  private final Map<String, Integer> exact = new HashMap<>();

  /** However they are written, in order of their names. */
  private final SortedMap<String, Integer> places = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * Those that were asked for and are not written so, or are not there: the same few each time.
   * Another map whenever there is one more; of two at once one is found again later.
   */
  private volatile Map<String, Integer> asked = Map.of();

  private static final int MOST_ASKED = 100;

  /** Made when it is asked for first; whoever makes it a second time makes the same. */
  private volatile Columns today;

  /**
   * The columns of an answer.
   *
   * @param labels as the server calls them, in their order; of two with one name the later one
   *     counts
   */
  public Columns(List<String> labels) {
    this.labels = List.copyOf(labels);
    for (int i = 0; i < this.labels.size(); i++) {
      places.put(this.labels.get(i), i);
    }
    places.forEach(exact::put);
  }

  public List<String> labels() {
    return labels;
  }

  /** Which one it is, counted from 0; -1 for none of them. */
  int place(Object label) {
    Integer place = exact.get(label);
    if (place == null && label instanceof String name) {
      place = asked.get(name);
      if (place == null) {
        place = places.getOrDefault(name, -1);
        if (asked.size() < MOST_ASKED) {
          var more = new HashMap<>(asked);
          more.put(name, place);
          asked = more;
        }
      }
    }
    return place == null ? -1 : place;
  }

  /** Each with its place, by name. */
  SortedMap<String, Integer> places() {
    return places;
  }

  /** The same columns, under the names that MySQL gives them today. */
  Columns today(UnaryOperator<String> name) {
    Columns known = today;
    if (known == null) {
      known = new Columns(labels.stream().map(name).toList());
      today = known;
    }
    return known;
  }

  /**
   * A row.
   *
   * @param values in the order of the columns; null for SQL's NULL. Not copied.
   */
  public Map<String, String> row(String[] values) {
    if (values.length != labels.size()) {
      throw new IllegalArgumentException(
          values.length + " values for " + labels.size() + " columns");
    }
    return row(place -> values[place]);
  }

  /** The values of a row. */
  public interface Values {
    /**
     * One of them, the same each time.
     *
     * @param place of its column, counted from 0
     * @return null for SQL's NULL
     */
    String at(int place);
  }

  /** A row whose values are read when somebody asks for them: mostly a few of many. */
  public Map<String, String> row(Values values) {
    return new Row(this, values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Columns c && labels.equals(c.labels);
  }

  @Override
  public int hashCode() {
    return labels.hashCode();
  }

  @Override
  public String toString() {
    return labels.toString();
  }
}
