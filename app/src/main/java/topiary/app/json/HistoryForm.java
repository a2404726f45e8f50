package topiary.app.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.store.history.Form;

/** Servers as the history has them: the JSON there is of them, as it is. */
public final class HistoryForm implements Form {

  /** What moves by itself, of a server. What is new and not named here is news when it changes. */
  private static final List<String> POSITIONS =
      List.of("logFile", "logOffset", "executedGtid", "loggedGtid", "purgedGtid", "historyGtid");

  /** The same, of a channel. */
  private static final List<String> PROGRESS =
      List.of("secondsBehind", "receivedGtid", "readPosition", "executedPosition", "relayPosition");

  private static final String CHANNELS = "channels";

  @Override
  public Map<String, Object> document(Instance server, ClusterId cluster) {
    return InstanceJson.of(server, cluster);
  }

  @Override
  public Map<String, Object> still(Map<String, Object> now, Map<String, Object> before) {
    var still = new LinkedHashMap<>(now);
    if (!now.containsKey(POSITIONS.getFirst()) || !before.containsKey(POSITIONS.getFirst())) {
      return still;
    }
    hold(POSITIONS, still, before);
    if (now.get(CHANNELS) instanceof List<?> channels
        && before.get(CHANNELS) instanceof List<?> were) {
      var held = new ArrayList<Object>();
      for (int i = 0; i < channels.size(); i++) {
        held.add(channel(channels.get(i), i < were.size() ? were.get(i) : null));
      }
      still.put(CHANNELS, held);
    }
    return still;
  }

  /** Another stream, or from elsewhere, has come as far as it has. */
  private static Object channel(Object now, Object before) {
    if (!(now instanceof Map<?, ?> is) || !(before instanceof Map<?, ?> was)) {
      return now;
    }
    boolean same =
        Objects.equals(is.get("name"), was.get("name"))
            && Objects.equals(is.get("source"), was.get("source"));
    if (!same) {
      return now;
    }
    Map<String, Object> held = fields(is);
    hold(PROGRESS, held, fields(was));
    return held;
  }

  private static Map<String, Object> fields(Map<?, ?> map) {
    var fields = new LinkedHashMap<String, Object>();
    map.forEach((name, value) -> fields.put(String.valueOf(name), value));
    return fields;
  }

  private static void hold(
      List<String> names, Map<String, Object> document, Map<String, Object> before) {
    for (String name : names) {
      if (before.containsKey(name)) {
        document.put(name, before.get(name));
      } else {
        document.remove(name);
      }
    }
  }
}
