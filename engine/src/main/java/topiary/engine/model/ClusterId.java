package topiary.engine.model;

import java.util.regex.Pattern;

/**
 * The name of a replication tree for good: given once, committed, and kept through failovers,
 * however its head may change.
 *
 * @param text {@code c} and twelve hexadecimal digits
 */
public record ClusterId(String text) implements Comparable<ClusterId> {

  private static final Pattern FORM = Pattern.compile("c[0-9a-f]{12}");

  public ClusterId {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("not a cluster id: " + text);
    }
  }

  /** Whether a text is one. */
  public static boolean is(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(ClusterId other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
