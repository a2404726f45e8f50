package topiary.store.orchestrator;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as orchestrator writes them into SQLite: UTC, mostly as text, to the second. */
final class Times {

  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})[ T](\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?)"
              + "\\s*(Z|UTC|[+-]\\d{2}:?\\d{2}(?: UTC)?)?");

  private static final Pattern SECONDS = Pattern.compile("\\d{9,10}");

  /** Its tables begin with a time in 1971 where nothing has happened yet. */
  private static final Instant NEVER = Instant.parse("1972-01-01T00:00:00Z");

  private Times() {}

  /** Reads one; empty when it is none. */
  static Optional<Instant> parse(String text) {
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches() || form.group(1).startsWith("0000")) {
      return Optional.empty();
    }
    try {
      String zone = form.group(3) == null ? "Z" : form.group(3).replace("UTC", "").strip();
      LocalDateTime local = LocalDateTime.parse(form.group(1) + "T" + form.group(2));
      return Optional.of(local.toInstant(ZoneOffset.of(zone.isEmpty() ? "Z" : zone)));
    } catch (DateTimeException e) {
      // A thirteenth month, for example.
      return Optional.empty();
    }
  }

  /** Whether it is a time at which something has happened. */
  static boolean happened(Instant time) {
    return !time.isBefore(NEVER);
  }
}
