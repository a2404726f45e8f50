package topiary.engine.model;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's version, for the one rule that needs an order: a replica may not be older than its
 * source.
 *
 * @param major first number
 * @param minor second number, 0 when the text has none
 * @param text all of it, as the server says it
 */
public record Version(int major, int minor, String text) implements Comparable<Version> {

  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?.*");
  private static final Comparator<Version> ORDER =
      Comparator.comparingInt(Version::major).thenComparingInt(Version::minor);

  public static Version parse(String text) {
    Matcher m = NUMBERS.matcher(text);
    if (!m.matches()) {
      return new Version(0, 0, text);
    }
    int minor = m.group(2) == null ? 0 : Integer.parseInt(m.group(2));
    return new Version(Integer.parseInt(m.group(1)), minor, text);
  }

  /** Compares major and minor numbers only; patch levels replicate both ways. */
  @Override
  public int compareTo(Version other) {
    return ORDER.compare(this, other);
  }
}
