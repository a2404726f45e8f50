package topiary.store.orchestrator;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import topiary.engine.model.InstanceKey;

/** Lists of servers that orchestrator keeps as JSON in one column. */
final class Hosts {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Hosts() {}

  /** The servers in a column; none when it cannot be read, which is told. */
  static List<InstanceKey> in(Row row, String column) {
    String text = row.text(column);
    if (text.isEmpty()) {
      return List.of();
    }
    try {
      JsonNode json = JSON.readTree(text);
      // Some have gone through a writer of JSON twice, and have their quotes escaped.
      JsonNode list = json.isString() ? JSON.readTree(json.asString()) : json;
      if (list.isArray()) {
        return keys(row, column, list);
      }
      if (list.isNull()) {
        return List.of();
      }
    } catch (JacksonException e) {
      // Told below, as anything else that is no list.
    }
    row.tell(column, text, "is no list of servers");
    return List.of();
  }

  private static List<InstanceKey> keys(Row row, String column, JsonNode list) {
    var keys = new ArrayList<InstanceKey>();
    for (JsonNode one : list) {
      String host = one.path("Hostname").asString("");
      try {
        keys.add(new InstanceKey(host, one.path("Port").asInt(0)));
      } catch (IllegalArgumentException e) {
        row.tell(column, one.toString(), "is no address of a server");
      }
    }
    return keys;
  }
}
