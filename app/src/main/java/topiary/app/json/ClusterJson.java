package topiary.app.json;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import topiary.app.cluster.ClusterMember;
import topiary.app.cluster.ClusterView;
import topiary.app.cluster.Newcomer;
import topiary.app.cluster.Quorum;

/** The cluster of nodes in JSON. */
public final class ClusterJson {

  private ClusterJson() {}

  /** All there is to know. */
  public static Map<String, Object> of(ClusterView view) {
    var json = new LinkedHashMap<String, Object>();
    json.put("id", view.cluster());
    json.put("self", view.self());
    json.put("term", view.term());
    json.putAll(health(view));
    json.put("firstIndex", view.firstIndex());
    json.put("committed", view.committed());
    json.put("applied", view.applied());
    json.put("snapshotIndex", view.snapshotIndex());
    json.put("stateHash", view.stateHash());
    json.put("members", view.members().stream().map(ClusterJson::member).toList());
    return json;
  }

  /** What tells whether a node does its part. */
  public static Map<String, Object> health(ClusterView view) {
    Quorum quorum = Quorum.of(view);
    var json = new LinkedHashMap<String, Object>();
    json.put("role", view.role());
    json.put("leading", view.leading());
    json.put("leader", view.leader().orElse(null));
    json.put("partOfQuorum", quorum.partOf());
    json.put("lag", view.lag());
    json.put("snapshotAgeSeconds", view.snapshotAge().map(Duration::toSeconds).orElse(null));
    json.put("silent", quorum.silent().stream().map(ClusterMember::id).toList());
    json.put("level", view.level());
    json.put("trouble", Quorum.trouble(view).orElse(null));
    return json;
  }

  private static Map<String, Object> member(ClusterMember member) {
    var json = new LinkedHashMap<String, Object>();
    json.put("id", member.id());
    json.put("name", member.name());
    json.put("address", member.address());
    json.put("http", member.http().map(URI::toString).orElse(null));
    json.put("leads", member.leads());
    json.put("self", member.self());
    json.put("heardMillis", member.heard().map(Duration::toMillis).orElse(null));
    json.put("level", member.level());
    json.put("version", member.version());
    return json;
  }

  /** What a newcomer says of itself. */
  public static Map<String, Object> of(Newcomer newcomer) {
    var json = new LinkedHashMap<String, Object>();
    json.put("cluster", newcomer.cluster());
    json.put("id", newcomer.id());
    json.put("name", newcomer.name());
    json.put("address", newcomer.address());
    json.put("http", newcomer.http().toString());
    json.put("level", newcomer.level());
    json.put("version", newcomer.version());
    return json;
  }

  /**
   * Reads what a newcomer says of itself.
   *
   * @throws BadField when something is missing or not what it should be
   */
  public static Newcomer newcomer(Map<String, Object> object) throws BadField {
    var fields = new Fields(object);
    URI http =
        fields
            .made("http", URI::create)
            .filter(uri -> uri.getHost() != null)
            .orElseThrow(
                () -> new BadField("\"http\" must be the address the node serves at", null));
    return new Newcomer(
        fields.text("cluster"),
        fields.text("id"),
        fields.text("name"),
        fields.text("address"),
        http,
        (int) fields.number("level"),
        fields.text("version"));
  }
}
