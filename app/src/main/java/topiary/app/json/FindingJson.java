package topiary.app.json;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.engine.analysis.Found;
import topiary.engine.analysis.Judgement;
import topiary.engine.finding.Evidence;
import topiary.engine.finding.Finding;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.planner.Outlook;
import topiary.engine.planner.Readiness;

/** Findings, and what would be, as JSON. */
public final class FindingJson {

  private FindingJson() {}

  /**
   * What is found of a server.
   *
   * @param cluster its tree; null for none
   * @param downtimed whether somebody has said to know of it
   * @param frozen whether nothing is done by itself about its cluster's failures now
   */
  public static Map<String, Object> judgement(
      Found found, ClusterId cluster, boolean downtimed, boolean frozen) {
    Judgement judgement = found.judgement();
    var json = new LinkedHashMap<String, Object>();
    json.put("instance", judgement.subject().toString());
    json.put("cluster", cluster == null ? null : cluster.text());
    json.put("downtimed", downtimed);
    json.put("frozen", frozen);
    json.put("since", found.failingSince().map(Instant::toString).orElse(null));
    json.put("failure", judgement.failure().map(f -> finding(f, found)).orElse(null));
    json.put("warnings", judgement.warnings().stream().map(f -> finding(f, found)).toList());
    return json;
  }

  /**
   * What is found of a server, as the stream of changes tells it: an empty list of one that is
   * well.
   */
  public static Map<String, Object> found(InstanceKey key, Optional<Found> found) {
    var json = new LinkedHashMap<String, Object>();
    json.put("instance", key.toString());
    json.put(
        "findings",
        found
            .map(f -> f.judgement().findings().stream().map(one -> finding(one, f)).toList())
            .orElse(List.of()));
    return json;
  }

  /** One finding, with since when it is. */
  public static Map<String, Object> finding(Finding finding, Found found) {
    Map<String, Object> json = finding(finding);
    json.put("since", found.since().get(finding.code()).toString());
    return json;
  }

  private static Map<String, Object> finding(Finding finding) {
    var json = new LinkedHashMap<String, Object>();
    json.put("code", finding.code().word());
    json.put("severity", finding.code().severity().name());
    json.put("actionable", finding.code().actionable());
    json.put("words", finding.code().words());
    json.put("certainAt", finding.certainAt().map(Instant::toString).orElse(null));
    json.put("evidence", finding.evidence().stream().map(FindingJson::evidence).toList());
    return json;
  }

  static Map<String, Object> evidence(Evidence evidence) {
    var json = new LinkedHashMap<String, Object>();
    json.put("instance", evidence.server().toString());
    json.put("at", evidence.at().map(Instant::toString).orElse(null));
    json.put("words", evidence.words());
    return json;
  }

  /** What would come of a server's death. */
  public static Map<String, Object> outlook(Outlook outlook) {
    var json = new LinkedHashMap<String, Object>();
    json.put("instance", outlook.server().toString());
    json.put("finding", outlook.finding().map(FindingJson::finding).orElse(null));
    json.put("silenceMillis", outlook.silence().toMillis());
    json.put("successor", outlook.successor().map(InstanceKey::toString).orElse(null));
    json.put("drainSeconds", outlook.drain().toSeconds());
    json.put("others", reasons(outlook.whyNot()));
    json.put(
        "moves",
        outlook.moves().entrySet().stream()
            .map(
                e -> {
                  var move = new LinkedHashMap<String, Object>();
                  move.put("instance", e.getKey().toString());
                  move.put("below", e.getValue().toString());
                  return move;
                })
            .toList());
    json.put("left", reasons(outlook.left()));
    json.put("lost", outlook.lost());
    return json;
  }

  private static List<Object> reasons(Map<InstanceKey, String> why) {
    return why.entrySet().stream()
        .<Object>map(
            e -> {
              var one = new LinkedHashMap<String, Object>();
              one.put("instance", e.getKey().toString());
              one.put("why", e.getValue());
              return one;
            })
        .toList();
  }

  /**
   * How ready a tree is.
   *
   * @param cluster its id; empty when it has none
   */
  public static Map<String, Object> readiness(Readiness readiness, String cluster) {
    var json = new LinkedHashMap<String, Object>();
    json.put("cluster", cluster);
    json.put("head", readiness.head().toString());
    json.put("score", readiness.score());
    json.put(
        "reasons",
        readiness.reasons().stream()
            .map(
                r -> {
                  var reason = new LinkedHashMap<String, Object>();
                  reason.put("cost", r.cost());
                  reason.put("words", r.words());
                  return reason;
                })
            .toList());
    return json;
  }
}
