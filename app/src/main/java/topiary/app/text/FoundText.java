package topiary.app.text;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import topiary.engine.analysis.Judgement;
import topiary.engine.finding.Evidence;
import topiary.engine.finding.Finding;
import topiary.engine.model.InstanceKey;
import topiary.engine.said.Said;

/** What is found, as orchestrator's command line prints it, with the evidence below. */
public final class FoundText {

  private FoundText() {}

  /**
   * Several servers, of each a line {@code host:port (cluster host:port): DeadMaster}; of those in
   * downtime only that they are. Nothing when nothing is found.
   *
   * @param clusters what the cluster of each is called
   * @param now when it is found
   */
  public static String of(
      List<Judgement> judged, Map<InstanceKey, String> clusters, Said said, Instant now) {
    var text = new StringBuilder();
    for (Judgement j : judged) {
      InstanceKey server = j.subject();
      boolean downtimed = said.downtime(server, now).isPresent();
      text.append(downtimed ? "# in downtime: " : "")
          .append(server)
          .append(" (cluster ")
          .append(clusters.getOrDefault(server, server.toString()))
          .append("): ")
          .append(
              j.findings().stream()
                  .map(finding -> finding.code().word())
                  .distinct()
                  .collect(Collectors.joining(", ")))
          .append('\n');
      if (!downtimed) {
        j.findings().forEach(finding -> append(text, finding));
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Finding finding) {
    text.append("  ")
        .append(finding.code().word())
        .append(": ")
        .append(finding.code().words())
        .append('\n');
    for (Evidence e : finding.evidence()) {
      text.append("    ").append(e.server());
      e.at().ifPresent(at -> text.append(" at ").append(at));
      text.append(": ").append(e.words()).append('\n');
    }
  }
}
