package topiary.engine.said;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as orchestrator's users write them: {@code 90s}, {@code 10m}, {@code 2d}. */
public final class Span {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})([smhdw])");

  /** The longest: ten years. */
  private static final Duration LONGEST = Duration.ofDays(3650);

  private Span() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with a sentence, when it is none, or not from a second to ten
   *     years
   */
  public static Duration parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "not a span of time: \""
              + SaidText.shown(text)
              + "\"; write a number and one of s, m, h, d, w, as in 30m");
    }
    long number = Long.parseLong(form.group(1));
    Duration span =
        switch (form.group(2)) {
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          case "d" -> Duration.ofDays(number);
          default -> Duration.ofDays(7 * number);
        };
    if (span.isZero() || span.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          text.strip() + " is not from a second to " + LONGEST.toDays() + " days");
    }
    return span;
  }

  /** Written as it may be read: in the largest unit that leaves no rest. */
  public static String text(Duration span) {
    long seconds = span.toSeconds();
    for (Unit unit : UNITS) {
      if (seconds > 0 && seconds % unit.seconds() == 0) {
        return seconds / unit.seconds() + unit.word();
      }
    }
    return seconds + "s";
  }

  private record Unit(String word, long seconds) {}

  private static final List<Unit> UNITS =
      List.of(
          new Unit("w", 604_800), new Unit("d", 86_400), new Unit("h", 3_600), new Unit("m", 60));
}
