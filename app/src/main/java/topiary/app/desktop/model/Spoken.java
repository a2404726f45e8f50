package topiary.app.desktop.model;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server in one breath, for those who hear the window instead of seeing it. */
public final class Spoken {

  private Spoken() {}

  /**
   * Host, role, version, whether it takes writes, GTID, state, lag, problem, and what people say of
   * it.
   */
  public static String of(ServerCard card) {
    String lag =
        card.mood() == Mood.LATE
            ? ""
            : card.lag().map(s -> s == 0 ? "no lag" : Human.span(s) + " behind").orElse("");
    return Stream.concat(
            Stream.of(
                card.key().toString(),
                card.role(),
                card.version(),
                card.writes(),
                card.gtid(),
                card.state(),
                lag,
                card.problem(),
                card.alarm().map(Alarm::words).orElse("")),
            card.marks().stream())
        .filter(words -> !words.isEmpty())
        .collect(Collectors.joining(", "));
  }
}
