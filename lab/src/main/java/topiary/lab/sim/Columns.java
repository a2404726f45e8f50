package topiary.lab.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The columns of an answer.
 *
 * @param list from left to right
 */
public record Columns(List<Column> list) {

  /** A column: its name, and whether its values are whole numbers. */
  public record Column(String name, boolean number) {}

  public Columns {
    list = List.copyOf(list);
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

  /** Where a column is, without regard to capitals; -1 when there is none. */
  int index(String name) {
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
}
