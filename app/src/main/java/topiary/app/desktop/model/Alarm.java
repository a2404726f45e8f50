package topiary.app.desktop.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import topiary.app.gateway.FindingView;
import topiary.engine.finding.Evidence;
import topiary.engine.finding.Severity;
import topiary.engine.model.InstanceKey;

/**
 * What a card says of what is found of its server.
 *
 * @param severity of the worst
 * @param words the worst finding's code, or how many warnings there are
 * @param sentence what the worst finding means
 */
public record Alarm(Severity severity, String words, String sentence) {

  /** More witnesses than this are counted, where there is little room. */
  private static final int NAMED = 6;

  /** The alarm of what is found, the worst first; empty for nothing. */
  static Optional<Alarm> of(List<FindingView> found) {
    return found.stream()
        .findFirst()
        .map(
            f ->
                new Alarm(
                    f.severity(),
                    f.wrong() ? f.code() : Human.many(found.size(), "warning"),
                    Words.capital(f.words())));
  }

  /** Whether something is broken for certain. */
  public boolean certain() {
    return severity == Severity.FAILURE || severity == Severity.TROUBLE;
  }

  /** Whether something may be broken, or is; else everything works for now. */
  public boolean wrong() {
    return severity != Severity.WARNING;
  }

  /** Whether the same is found, whatever the evidence says now. */
  static boolean same(
      Map<InstanceKey, List<FindingView>> before, Map<InstanceKey, List<FindingView>> now) {
    return before == now
        || before.size() == now.size()
            && now.entrySet().stream()
                .allMatch(e -> same(before.getOrDefault(e.getKey(), List.of()), e.getValue()));
  }

  private static boolean same(List<FindingView> before, List<FindingView> now) {
    if (before.size() != now.size()) {
      return false;
    }
    for (int i = 0; i < now.size(); i++) {
      if (!before.get(i).same(now.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** All that is found, with who says so, in lines. */
  public static String explained(List<FindingView> found, Instant now) {
    return found.stream().map(f -> explained(f, now)).collect(Collectors.joining("\n\n"));
  }

  private static String explained(FindingView f, Instant now) {
    var lines = new StringBuilder(f.code()).append(lasting(f, now)).append('\n');
    lines.append(Words.capital(f.words())).append('.').append(waiting(f, now));
    f.evidence().stream()
        .limit(NAMED)
        .forEach(e -> lines.append("\n  ").append(e.server()).append(": ").append(said(e)));
    int more = f.evidence().size() - NAMED;
    if (more > 0) {
      lines.append("\n  and ").append(more).append(" more");
    }
    return lines.toString();
  }

  /** What a witness says, on one line. */
  static String said(Evidence e) {
    return e.words().strip().replaceAll("\\s*\\R\\s*", "; ");
  }

  /** For how long it is so, to go on with; empty where that is not told. */
  static String lasting(FindingView f, Instant now) {
    return f.since().map(at -> " for " + span(at, now)).orElse("");
  }

  /** When it counts as worse, as a sentence to go on with; empty when it does not by itself. */
  static String waiting(FindingView f, Instant now) {
    return f.certainAt()
        .filter(at -> at.isAfter(now))
        .map(at -> " It counts as dead in " + span(now, at) + " unless it answers.")
        .orElse("");
  }

  private static String span(Instant from, Instant to) {
    return Human.span(Math.max(0, Duration.between(from, to).toSeconds()));
  }
}
