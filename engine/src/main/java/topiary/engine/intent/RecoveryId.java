package topiary.engine.intent;

import java.util.regex.Pattern;

/**
 * The name of a recovery for good, such as {@code r3f9a0c11d2e4}.
 *
 * @param text an r and hexadecimal digits
 */
public record RecoveryId(String text) implements Comparable<RecoveryId> {

  private static final Pattern FORM = Pattern.compile("r[0-9a-f]{1,32}");

  public RecoveryId {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is no name of a recovery");
    }
  }

  @Override
  public int compareTo(RecoveryId other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
