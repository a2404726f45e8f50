package topiary.app.text;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import topiary.engine.analysis.Judgement;
import topiary.engine.finding.Code;
import topiary.engine.finding.Evidence;
import topiary.engine.finding.Finding;
import topiary.engine.finding.Severity;
import topiary.engine.model.InstanceKey;
import topiary.engine.planner.Outlook;
import topiary.engine.planner.Readiness;

/**
 * Findings as lines.
 *
 * @param ink whether in colour
 * @param now when they are read
 */
public record FindingText(Ink ink, Instant now) {

  private static final String INDENT = "    ";

  /**
   * What is found of a server: first as orchestrator's users know it, then who says so.
   *
   * @param cluster what its cluster is called
   * @param since since when it fails as it does
   * @param note what else is to be said of it, for example that it is in downtime; empty for
   *     nothing
   */
  public String judgement(
      Judgement judgement, String cluster, Optional<Instant> since, String note) {
    String codes =
        judgement.findings().stream()
            .map(f -> coloured(f.code()))
            .collect(Collectors.joining(", "));
    return ink.strong(judgement.subject().toString())
        + " (cluster "
        + cluster
        + "): "
        + codes
        + since.map(at -> ink.faint(" for " + span(at))).orElse("")
        + (note.isEmpty() ? "" : ink.faint(" (" + note + ")"))
        + "\n"
        + judgement.findings().stream().map(this::explained).collect(Collectors.joining());
  }

  private String coloured(Code code) {
    return switch (code.severity()) {
      case FAILURE -> ink.bad(code.word());
      case TROUBLE, SUSPICION -> ink.warn(code.word());
      case WARNING -> code.word();
    };
  }

  private String explained(Finding finding) {
    return "  "
        + finding.code().words()
        + finding
            .certainAt()
            .filter(at -> at.isAfter(now))
            .map(at -> "; it counts as dead in " + millis(Duration.between(now, at)))
            .orElse("")
        + "\n"
        + finding.evidence().stream().map(this::evidence).collect(Collectors.joining());
  }

  private String evidence(Evidence evidence) {
    return INDENT
        + evidence.server()
        + ": "
        + evidence.words().strip().replaceAll("\\s*\\R\\s*", "; ")
        + evidence.at().map(at -> ink.faint(" (" + span(at) + " ago)")).orElse("")
        + "\n";
  }

  private String span(Instant at) {
    return millis(Duration.between(at, now));
  }

  private static String millis(Duration span) {
    long seconds = Math.max(0, span.toMillis() + 500) / 1000;
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }

  /** What would come of a server's death. */
  public String outlook(Outlook outlook) {
    var text = new StringBuilder("If " + ink.strong(outlook.server().toString()) + " died now\n");
    text.append("  found:     ")
        .append(
            outlook
                .finding()
                .map(f -> coloured(f.code()) + ", " + f.code().words())
                .orElse("nothing that anybody would have to do something about"))
        .append('\n');
    if (outlook
        .finding()
        .map(Finding::code)
        .map(Code::severity)
        .equals(Optional.of(Severity.FAILURE))) {
      text.append("  when:      at once if its process dies; after ")
          .append(millis(outlook.silence()))
          .append(" if it hangs or its machine is off\n");
    }
    outlook
        .successor()
        .ifPresent(
            key ->
                text.append("  successor: ")
                    .append(ink.good(key.toString()))
                    .append(", which would have ")
                    .append(
                        outlook.drain().isZero()
                            ? "nothing left to apply"
                            : "about " + millis(outlook.drain()) + " left to apply")
                    .append('\n'));
    outlook
        .whyNot()
        .forEach(
            (key, why) ->
                text.append("  not ").append(key).append(": it ").append(why).append('\n'));
    for (Map.Entry<InstanceKey, InstanceKey> move : outlook.moves().entrySet()) {
      text.append("  move:      ")
          .append(move.getKey())
          .append(" below ")
          .append(move.getValue())
          .append('\n');
    }
    outlook
        .left()
        .forEach(
            (key, why) ->
                text.append(ink.warn("  left:      "))
                    .append(key)
                    .append(": ")
                    .append(why)
                    .append('\n'));
    return text.append("  lost:      ").append(outlook.lost()).append('\n').toString();
  }

  /** How ready a tree is. */
  public String readiness(Readiness readiness, String cluster) {
    String score = String.format("%3d", readiness.score());
    String shown =
        readiness.score() >= 80
            ? ink.good(score)
            : readiness.score() >= 50 ? ink.warn(score) : ink.bad(score);
    return shown
        + "  "
        + ink.strong(cluster)
        + "\n"
        + readiness.reasons().stream()
            .map(r -> String.format("%5s", "-" + r.cost()) + "  " + r.words() + "\n")
            .collect(Collectors.joining());
  }
}
