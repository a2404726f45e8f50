package topiary.app.v1;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import topiary.engine.model.ClusterId;

/** Rules that are set for all clusters or for one, as answers. */
final class Rules {

  private Rules() {}

  /** One of those that are listed. */
  static String line(Map<String, Object> rule) {
    return String.format("%-18s", rule.get("rule"))
        + rule.get("value")
        + ("cluster".equals(rule.get("setFor"))
            ? "  (set for this cluster)"
            : "all".equals(rule.get("setFor")) ? "  (set for all)" : "")
        + "\n    "
        + rule.get("help")
        + "\n";
  }

  /** One that was set. */
  static Answer set(String rule, String value, Optional<ClusterId> cluster) {
    var json = new LinkedHashMap<String, Object>();
    json.put("rule", rule);
    json.put("cluster", cluster.map(ClusterId::text).orElse(null));
    json.put("value", value);
    return Answer.ok(
        json,
        ink ->
            rule
                + " is "
                + (value.isEmpty() ? "empty" : value)
                + cluster.map(id -> " for cluster " + id).orElse("")
                + ".\n");
  }
}
