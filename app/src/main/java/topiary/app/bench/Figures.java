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

  Figures {
    values = List.copyOf(values);
  }

  /** One line for people and scripts. */
  String line(String name) {
    var sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%s median %.3f max %.3f %s (n=%d)",
        (name + " " + of).strip(),
        sorted.get(sorted.size() / 2),
        sorted.getLast(),
        unit,
        sorted.size());
  }
}
