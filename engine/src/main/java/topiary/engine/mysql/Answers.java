package topiary.engine.mysql;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import topiary.engine.dialect.Columns;

/** The columns that answers have had, whoever answered: a few dozen kinds. Thread-safe. */
final class Answers {

  /** Beyond so many kinds, which only queries that are never the same have, none is remembered. */
  private static final int MOST = 1_000;

  private final Map<List<String>, Columns> known = new ConcurrentHashMap<>();

  /** Columns with these labels; the same object each time. */
  Columns columns(List<String> labels) {
    Columns columns = known.get(labels);
    if (columns == null) {
      columns = new Columns(labels);
      if (known.size() < MOST) {
        Columns other = known.putIfAbsent(labels, columns);
        columns = other == null ? columns : other;
      }
    }
    return columns;
  }
}
