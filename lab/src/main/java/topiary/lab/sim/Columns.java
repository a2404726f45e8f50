package topiary.lab.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The columns of an answer, from left to right. Immutable; made once where that can be. */
public final class Columns {

  private final List<Column> list;
  private final int hash;

  /** Where a column is, by its name as it is written. */
  private final Map<String, Integer> places = new HashMap<>();

  /** What a row has before anything is known: 0, or the empty text. */
  private final Object[] least;

  /** A column: its name, and whether its values are whole numbers. */
  public record Column(String name, boolean number) {}

  public Columns(List<Column> list) {
    this.list = List.copyOf(list);
    hash = this.list.hashCode();
    least = new Object[this.list.size()];
    for (int i = 0; i < least.length; i++) {
      places.putIfAbsent(this.list.get(i).name(), i);
      least[i] = this.list.get(i).number() ? (Object) 0L : "";
    }
  }

  /** From names with blanks between; those that end with {@code #} are numbers. */
  static Columns of(String names) {
    var list = new ArrayList<Column>();
    for (String name : names.strip().split("\\s+")) {
      boolean number = name.endsWith("#");
      list.add(new Column(number ? name.substring(0, name.length() - 1) : name, number));
    }
    return new Columns(list);
  }

  /** The same for other names, with underscores where those have blanks. */
  static Columns ofTexts(String... names) {
    return new Columns(List.of(names).stream().map(n -> new Column(n, false)).toList());
  }

  /** From left to right. */
  public List<Column> list() {
    return list;
  }

  /** Where a column is, without regard to capitals; -1 when there is none. */
  int index(String name) {
    Integer place = places.get(name);
    if (place != null) {
      return place;
    }
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).name().equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  /** All but some. */
  Columns without(Set<String> names) {
    return new Columns(
        list.stream().filter(c -> !names.contains(c.name().toLowerCase(Locale.ROOT))).toList());
  }

  /** A row of which nothing is known: everything is 0, or the empty text. */
  Filling filling() {
    return new Filling(this);
  }

  /** A row that is written column by column. */
  static final class Filling {

    private final Columns of;
    private final Object[] row;

    private Filling(Columns of) {
      this.of = of;
      row = of.least.clone();
    }

    /** The value of a column; nothing where there is no such column. */
    void put(String column, Object value) {
      Integer place = of.places.get(column);
      if (place != null) {
        row[place] = value;
      }
    }

    /** The row as it is by now. */
    Object[] row() {
      return row;
    }
  }

  @Override
  public boolean equals(Object other) {
    return this == other || other instanceof Columns c && hash == c.hash && list.equals(c.list);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return list.toString();
  }
}
