package topiary.app.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Figures of one kind, one for each run.
 *
 * @param of what they are of; empty when the measurement's name says it
 * @param unit what they are counted in
 * @param values in the order they were taken
 */
record Figures(String of, String unit, List<Double> values) {

  private static final int SEVERAL = 10;
  private static final int MANY = 100;

  Figures {
    values = List.copyOf(values);
  }

  /** One line for people and scripts. */
  String line(String name) {
    var sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int size = sorted.size();
    String most =
        size < MANY ? "" : String.format(Locale.ROOT, "p95 %.3f ", sorted.get(size * 95 / 100));
    if (size >= SEVERAL && size < MANY) {
      most = String.format(Locale.ROOT, "p90 %.3f ", sorted.get(size * 90 / 100));
    }
    return String.format(
        Locale.ROOT,
        "%s median %.3f %smax %.3f %s (n=%d)",
        (name + " " + of).strip(),
        sorted.get(size / 2),
        most,
        sorted.getLast(),
        unit,
        size);
  }
}
