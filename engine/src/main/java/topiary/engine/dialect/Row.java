package topiary.engine.dialect;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * One row of an answer, by column label in any case; SQL's NULL is an absent column. Unmodifiable.
 */
final class Row extends AbstractMap<String, String> {

  private final Columns columns;
  private final Columns.Values values;

  Row(Columns columns, Columns.Values values) {
    this.columns = columns;
    this.values = values;
  }

  /** The same values under other names. */
  Row today(UnaryOperator<String> name) {
    return new Row(columns.today(name), values);
  }

  @Override
  public String get(Object label) {
    int place = columns.place(label);
    return place < 0 ? null : values.at(place);
  }

  @Override
  public String getOrDefault(Object label, String otherwise) {
    String value = get(label);
    return value == null ? otherwise : value;
  }

  @Override
  public boolean containsKey(Object label) {
    return get(label) != null;
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super String> action) {
    columns
        .places()
        .forEach(
            (label, place) -> {
              String value = values.at(place);
              if (value != null) {
                action.accept(label, value);
              }
            });
  }

  /** Tells those whose label begins like this, in any case. */
  void beginning(String with, BiConsumer<? super String, ? super String> action) {
    for (Entry<String, Integer> column : columns.places().tailMap(with).entrySet()) {
      if (!column.getKey().regionMatches(true, 0, with, 0, with.length())) {
        // In order, so that no other begins like this.
        return;
      }
      String value = values.at(column.getValue());
      if (value != null) {
        action.accept(column.getKey(), value);
      }
    }
  }

  @Override
  public Set<Entry<String, String>> entrySet() {
    return new Entries();
  }

  private final class Entries extends AbstractSet<Entry<String, String>> {

    @Override
    public Iterator<Entry<String, String>> iterator() {
      return columns.places().entrySet().stream()
          .filter(e -> values.at(e.getValue()) != null)
          .map(e -> Map.entry(e.getKey(), values.at(e.getValue())))
          .iterator();
    }

    @Override
    public int size() {
      int size = 0;
      for (int place : columns.places().values()) {
        size += values.at(place) == null ? 0 : 1;
      }
      return size;
    }
  }
}
