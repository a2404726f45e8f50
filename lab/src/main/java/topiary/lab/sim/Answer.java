package topiary.lab.sim;

import java.util.List;

/** What a server says to a statement. */
public sealed interface Answer {

  /**
   * Rows.
   *
   * @param rows a value each for each column: a text, a number, or null
   */
  record Rows(Columns columns, List<Object[]> rows) implements Answer {}

  /** Done. */
  record Done(int warnings) implements Answer {}

  /** Refused. */
  record No(int code, String state, String message) implements Answer {}

  /** Nothing yet: the same is to be asked again. */
  record Wait() implements Answer {}
}
