package topiary.store.rows;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Times as rows have them: UTC text, always with nine digits of a second. */
final class Times {

  private static final DateTimeFormatter FORM =
      new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

  private Times() {}

  static String text(Instant at) {
    return FORM.format(at);
  }

  static Instant instant(String text) {
    return Instant.parse(text);
  }
}
