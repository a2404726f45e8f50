package topiary.app.legacy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.InstanceKey;

/** Makes one JSON object, its fields in the order they are given, and the small ones inside it. */
final class Json {

  /** orchestrator's number for a place in a binary log. */
  static final int BINARY_LOG = 0;

  /** orchestrator's number for a place in a relay log. */
  static final int RELAY_LOG = 1;

  /** How "no server" is written. */
  static final Map<String, Object> NO_KEY = key("", 0);

  private final LinkedHashMap<String, Object> fields = new LinkedHashMap<>();

  Json with(String name, Object value) {
    if (fields.containsKey(name)) {
      throw new IllegalArgumentException("field " + name + " is written twice");
    }
    fields.put(name, value);
    return this;
  }

  Map<String, Object> map() {
    return fields;
  }

  static Map<String, Object> key(InstanceKey key) {
    return key(key.host(), key.port());
  }

  /** The source of a replica that was detached from it. */
  static Map<String, Object> detached(InstanceKey key) {
    return key(Channel.DETACHED + key.host(), key.port());
  }

  private static Map<String, Object> key(String host, int port) {
    return new Json().with("Hostname", host).with("Port", port).map();
  }

  /** Sorted by host, then port, as orchestrator writes its sets of keys. */
  static List<Map<String, Object>> keys(List<InstanceKey> keys) {
    return keys.stream().sorted().map(Json::key).toList();
  }

  static Map<String, Object> position(BinlogPosition position, int type) {
    return new Json()
        .with("LogFile", position.file())
        .with("LogPos", position.offset())
        .with("Type", type)
        .map();
  }

  /** A number that may be missing, the way Go's {@code sql.NullInt64} is written. */
  static Map<String, Object> nullable(Optional<Long> number) {
    return new Json().with("Int64", number.orElse(0L)).with("Valid", number.isPresent()).map();
  }
}
