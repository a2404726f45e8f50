package topiary.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Maven says at the end of a build of how long it took.
 *
 * @param modules each module by the name Maven gives it, in the order they were built
 * @param total all of it
 * @param finished when
 */
record BuildLog(Map<String, Duration> modules, Duration total, Instant finished) {

  private static final Pattern MODULE =
      Pattern.compile("\\[INFO] (.+?) \\.* ?(?:SUCCESS|FAILURE) \\[ *([0-9.:]+) (s|min|h)]");
  private static final Pattern TOTAL =
      Pattern.compile("\\[INFO] Total time: +([0-9.:]+) (s|min|h)\\b.*");
  private static final Pattern FINISHED = Pattern.compile("\\[INFO] Finished at: (\\S+)");

  /** When it began. */
  Instant began() {
    return finished.minus(total);
  }

  /** Reads it; empty when there is no such file, or the build did not come to its end. */
  static Optional<BuildLog> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var modules = new LinkedHashMap<String, Duration>();
    Optional<Duration> total = Optional.empty();
    Optional<Instant> finished = Optional.empty();
    for (String line : Files.readAllLines(file)) {
      Matcher module = MODULE.matcher(line);
      Matcher all = TOTAL.matcher(line);
      Matcher end = FINISHED.matcher(line);
      if (module.matches()) {
        modules.put(module.group(1), duration(module.group(2), module.group(3)));
      } else if (all.matches()) {
        total = Optional.of(duration(all.group(1), all.group(2)));
      } else if (end.matches()) {
        finished = instant(end.group(1));
      }
    }
    return total.isPresent() && finished.isPresent()
        ? Optional.of(new BuildLog(modules, total.get(), finished.get()))
        : Optional.empty();
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      // Another line that happens to begin so.
      return Optional.empty();
    }
  }

  /** As Maven writes them: {@code 3.217 s}, {@code 06:45 min}, {@code 01:02 h}. */
  private static Duration duration(String number, String unit) {
    if (unit.equals("s")) {
      return Duration.ofMillis(Math.round(Double.parseDouble(number) * 1000));
    }
    String[] parts = number.split(":");
    long first = Long.parseLong(parts[0]);
    long second = Long.parseLong(parts[1]);
    return unit.equals("min")
        ? Duration.ofMinutes(first).plusSeconds(second)
        : Duration.ofHours(first).plusMinutes(second);
  }
}
