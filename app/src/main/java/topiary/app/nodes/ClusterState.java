package topiary.app.nodes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node answers when asked for its cluster, as far as whoever runs it needs that.
 *
 * @param id the cluster's
 * @param self the node's own id
 * @param role of the node
 * @param leading whether it decides
 * @param term of the leader
 * @param applied how far it has come in the log
 * @param stateHash equal on nodes that stand at the same place
 * @param members each as the node tells of it
 */
public record ClusterState(
    String id,
    String self,
    String role,
    boolean leading,
    long term,
    long applied,
    String stateHash,
    List<Map<?, ?>> members) {

  public ClusterState {
    members = List.copyOf(members);
  }

  /** Asks for it; empty when the node does not answer. */
  static Optional<ClusterState> of(NodeApi api) {
    return api.get("cluster").map(ClusterState::read);
  }

  private static ClusterState read(Map<String, Object> json) {
    var members = new ArrayList<Map<?, ?>>();
    if (json.get("members") instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> member) {
          members.add(member);
        }
      }
    }
    return new ClusterState(
        String.valueOf(json.get("id")),
        String.valueOf(json.get("self")),
        String.valueOf(json.get("role")),
        Boolean.TRUE.equals(json.get("leading")),
        number(json.get("term")),
        number(json.get("applied")),
        String.valueOf(json.get("stateHash")),
        members);
  }

  private static long number(Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }

  /** How many members have said where they serve. */
  public long known() {
    return members.stream().map(m -> m.get("http")).filter(Objects::nonNull).count();
  }

  /** How long ago the leader heard of the others, the longest, in ms; empty on other nodes. */
  public Optional<Long> longestSilence() {
    return members.stream()
        .filter(m -> !Boolean.TRUE.equals(m.get("self")))
        .map(m -> m.get("heardMillis"))
        .filter(Objects::nonNull)
        .map(ClusterState::number)
        .max(Long::compare);
  }

  /**
   * What the node itself says of itself to the others, to be said again: a command that changes
   * nothing but goes through the log.
   */
  public Map<String, Object> announcement() {
    Map<?, ?> own =
        members.stream()
            .filter(m -> self.equals(m.get("id")))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(self + " is no member"));
    var said = new HashMap<String, Object>();
    said.put("cluster", id);
    for (String key : List.of("id", "name", "address", "http", "level", "version")) {
      said.put(key, own.get(key));
    }
    return said;
  }
}
