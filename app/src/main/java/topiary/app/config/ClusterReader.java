package topiary.app.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiary.engine.model.InstanceKey;
import topiary.engine.state.Header;

/** Reads what a node's file says of its cluster. */
final class ClusterReader {

  static final String KEY = "cluster";

  private static final Set<String> KEYS =
      Set.of("listen", "address", "name", "http", "join", "level");

  private final Path file;
  private final Map<?, ?> json;

  private ClusterReader(Path file, Map<?, ?> json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Reads the key; empty when it is not there.
   *
   * @throws BadConfig when it holds what it must not
   */
  static Optional<ClusterConfig> read(Path file, Map<String, Object> json, Access access)
      throws BadConfig {
    Object value = json.get(KEY);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new BadConfig(
          file + ": \"cluster\" is an object, with any of " + KEYS.stream().sorted().toList());
    }
    return Optional.of(new ClusterReader(file, map).config(access));
  }

  private ClusterConfig config(Access access) throws BadConfig {
    for (Object key : json.keySet()) {
      if (!KEYS.contains(key)) {
        throw bad(
            String.valueOf(key), "is not known; there are " + KEYS.stream().sorted().toList());
      }
    }
    InstanceKey listen =
        address("listen", new InstanceKey("127.0.0.1", ClusterConfig.DEFAULT_PORT));
    InstanceKey address = address("address", listen);
    guarded(listen, access);
    List<URI> join = join();
    return new ClusterConfig(
        listen,
        address,
        name(),
        http(),
        join.isEmpty() ? ClusterConfig.Start.GO_ON : ClusterConfig.Start.JOIN,
        join,
        level());
  }

  private void guarded(InstanceKey listen, Access access) throws BadConfig {
    try {
      boolean here = InetAddress.getByName(listen.host()).isLoopbackAddress();
      if (!here && access.tls().isEmpty() && !access.open()) {
        throw bad(
            "listen",
            "is reached from other machines, and whoever reaches it could be a node: say with"
                + " \"tls\" who may ("
                + Edition.here().program()
                + " cert makes what is needed), or listen on 127.0.0.1;"
                + " \"open\": true lets in everybody");
      }
    } catch (UnknownHostException e) {
      throw new BadConfig(file + ": \"cluster\": \"listen\" names an unknown host, " + listen, e);
    }
  }

  private String name() throws BadConfig {
    if (!json.containsKey("name")) {
      return hostname();
    }
    if (json.get("name") instanceof String name && name.matches("[\\p{L}\\p{N}._-]{1,64}")) {
      return name;
    }
    throw bad("name", "is 1 to 64 letters, digits, dots, dashes and underscores");
  }

  private static String hostname() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // A machine that cannot resolve its own name.
      return "localhost";
    }
  }

  private Optional<URI> http() throws BadConfig {
    return json.containsKey("http") ? Optional.of(uri("http", json.get("http"))) : Optional.empty();
  }

  private List<URI> join() throws BadConfig {
    Object value = json.containsKey("join") ? json.get("join") : List.of();
    if (!(value instanceof List<?> list)) {
      throw bad("join", "is a list of addresses of nodes, as in [\"https://db1.example:3000\"]");
    }
    var join = new ArrayList<URI>();
    for (Object item : list) {
      join.add(uri("join", item));
    }
    return join;
  }

  private URI uri(String key, Object value) throws BadConfig {
    try {
      return NodeUri.of(String.valueOf(value));
    } catch (IllegalArgumentException e) {
      throw new BadConfig(file + ": \"cluster\": \"" + key + "\" " + e.getMessage(), e);
    }
  }

  private int level() throws BadConfig {
    Object value = json.containsKey("level") ? json.get("level") : Header.LEVEL;
    if (value instanceof Integer level && level >= 1 && level <= Header.LEVEL) {
      return level;
    }
    throw bad("level", "is a feature level of this version, 1 to " + Header.LEVEL);
  }

  private InstanceKey address(String key, InstanceKey otherwise) throws BadConfig {
    if (!json.containsKey(key)) {
      return otherwise;
    }
    if (!(json.get(key) instanceof String text)) {
      throw bad(key, "must be text, as host:port");
    }
    try {
      InstanceKey address = InstanceKey.parse(text);
      boolean port =
          text.indexOf(']') >= 0
              ? text.contains("]:")
              : text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
      return port ? address : new InstanceKey(address.host(), ClusterConfig.DEFAULT_PORT);
    } catch (IllegalArgumentException e) {
      throw new BadConfig(file + ": \"cluster\": \"" + key + "\" " + e.getMessage(), e);
    }
  }

  private BadConfig bad(String key, String sentence) {
    return new BadConfig(file + ": \"cluster\": \"" + key + "\" " + sentence);
  }
}
