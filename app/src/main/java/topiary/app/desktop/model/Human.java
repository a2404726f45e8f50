package topiary.app.desktop.model;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and times as people say them. */
public final class Human {

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM uuuu HH:mm:ss", Locale.ENGLISH);

  private Human() {}

  /** A span in its two largest units: {@code 42 s}, {@code 5 min 3 s}, {@code 3 h 12 min}. */
  static String span(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return two(seconds / 60, " min", seconds % 60, " s");
    }
    if (seconds < 86_400) {
      return two(seconds / 3600, " h", seconds / 60 % 60, " min");
    }
    return two(seconds / 86_400, " d", seconds / 3600 % 24, " h");
  }

  /** A span in its largest unit: {@code 42 s}, {@code 5 min}, {@code 3 h}. */
  static String rough(long seconds) {
    String span = span(seconds);
    String[] words = span.split(" ");
    return words[0] + " " + words[1];
  }

  private static String two(long large, String unit, long small, String smaller) {
    return large + unit + (small == 0 ? "" : " " + small + smaller);
  }

  /** A number with its thousands apart. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A moment on the clock of the wall, and how long ago it was. */
  static String moment(Instant at, ZonedDateTime now) {
    ZonedDateTime local = at.atZone(now.getZone());
    boolean today = local.toLocalDate().equals(now.toLocalDate());
    long ago = Math.max(0, Duration.between(at, now.toInstant()).toSeconds());
    return (today ? CLOCK : DAY).format(local)
        + ", "
        + (ago == 0 ? "just now" : span(ago) + " ago");
  }

  /** A moment that is to come on the clock of the wall, and how long it is until then. */
  static String ending(Instant at, ZonedDateTime now) {
    ZonedDateTime local = at.atZone(now.getZone());
    boolean today = local.toLocalDate().equals(now.toLocalDate());
    long left = Duration.between(now.toInstant(), at).toSeconds();
    return (today ? CLOCK : DAY).format(local) + ", " + (left <= 0 ? "now" : "in " + span(left));
  }

  /** A number and what is counted. */
  public static String many(long number, String one) {
    return count(number) + " " + one + (number == 1 ? "" : "s");
  }
}
