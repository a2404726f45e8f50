package topiary.app.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiary.app.json.Json;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.TlsMode;
import topiary.engine.port.Tls;

/** Reads a node's file. */
public final class ConfigFile {

  private static final Set<String> KEYS =
      Set.of("listen", "dataFolder", "servers", "credentials", "pollSeconds");

  private final Path file;
  private final Map<String, Object> json;

  private ConfigFile(Path file, Map<String, Object> json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Reads a file.
   *
   * @throws BadConfig when it cannot be read, or a key is unknown or holds what it must not
   */
  public static NodeConfig read(Path file) throws BadConfig {
    try {
      return new ConfigFile(file, Json.object(Files.readAllBytes(file))).config();
    } catch (NoSuchFileException e) {
      throw new BadConfig("there is no file " + file, e);
    } catch (IOException e) {
      throw new BadConfig("cannot read " + file + ": " + e.getMessage(), e);
    } catch (Json.BadJson e) {
      throw new BadConfig(file + " is not JSON: " + e.getMessage(), e);
    }
  }

  private NodeConfig config() throws BadConfig {
    for (String key : json.keySet()) {
      if (!KEYS.contains(key)) {
        throw bad(key, "is not a key of this file; there are " + KEYS.stream().sorted().toList());
      }
    }
    InstanceKey listen = listen();
    return new NodeConfig(
        listen.host(),
        listen.port(),
        dataFolder(),
        servers(),
        credentials(),
        NodeConfig.polling(poll()));
  }

  private InstanceKey listen() throws BadConfig {
    String text = text("listen", "127.0.0.1:" + NodeConfig.DEFAULT_PORT);
    try {
      InstanceKey address = address(text);
      if (!InetAddress.getByName(address.host()).isLoopbackAddress()) {
        throw bad(
            "listen",
            "must be this machine's loopback (127.0.0.1, ::1 or localhost): whoever reaches "
                + "a node can reshape its clusters, and it does not ask for a password yet");
      }
      return address;
    } catch (IllegalArgumentException e) {
      throw new BadConfig(file + ": \"listen\" " + e.getMessage(), e);
    } catch (UnknownHostException e) {
      throw new BadConfig(file + ": \"listen\" names an unknown host, " + text, e);
    }
  }

  /** Without a port it is Topiary's own, not that of a database server. */
  private static InstanceKey address(String text) {
    InstanceKey address = InstanceKey.parse(text);
    boolean port =
        text.indexOf(']') >= 0
            ? text.contains("]:")
            : text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
    return port ? address : new InstanceKey(address.host(), NodeConfig.DEFAULT_PORT);
  }

  private Path dataFolder() throws BadConfig {
    String text = text("dataFolder", "");
    return text.isEmpty() ? Folders.data() : path("dataFolder", text);
  }

  private Path path(String key, String text) throws BadConfig {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new BadConfig(file + ": \"" + key + "\" is not a path: " + e.getReason(), e);
    }
  }

  private Duration poll() throws BadConfig {
    Object value = json.getOrDefault("pollSeconds", 5);
    if (value instanceof Number n && n.doubleValue() >= 0.1 && n.doubleValue() <= 3600) {
      return Duration.ofMillis(Math.round(n.doubleValue() * 1000));
    }
    throw bad("pollSeconds", "is a number of seconds from 0.1 to 3600");
  }

  private List<InstanceKey> servers() throws BadConfig {
    var servers = new ArrayList<InstanceKey>();
    for (Object item : list("servers")) {
      if (!(item instanceof String text)) {
        throw bad("servers", "must be a list of texts");
      }
      try {
        servers.add(InstanceKey.parse(text));
      } catch (IllegalArgumentException e) {
        throw new BadConfig(file + ": \"servers\" " + e.getMessage(), e);
      }
    }
    return servers;
  }

  private List<CredentialRule> credentials() throws BadConfig {
    var rules = new ArrayList<CredentialRule>();
    for (Object item : list("credentials")) {
      if (!(item instanceof Map<?, ?> rule)) {
        throw bad(
            "credentials", "is a list of {\"match\", \"user\", \"password\", \"tls\", \"ca\"}");
      }
      for (Object key : rule.keySet()) {
        if (!Set.of("match", "user", "password", "tls", "ca").contains(key)) {
          throw bad("credentials", "has an unknown key \"" + key + "\"");
        }
      }
      Object match = rule.containsKey("match") ? rule.get("match") : "*";
      if (!(match instanceof String pattern)) {
        // Taken for left out, it would give the password to every server.
        throw bad("credentials", "takes a text as \"match\"");
      }
      if (!(rule.get("user") instanceof String user) || user.isBlank()) {
        throw bad("credentials", "needs a \"user\" in each rule");
      }
      rules.add(new CredentialRule(pattern, user, source(rule.get("password")), tls(rule)));
    }
    return rules;
  }

  private Tls tls(Map<?, ?> rule) throws BadConfig {
    Object word = rule.containsKey("tls") ? rule.get("tls") : TlsMode.PREFERRED.word();
    TlsMode mode;
    try {
      mode = TlsMode.of(String.valueOf(word));
    } catch (IllegalArgumentException e) {
      throw new BadConfig(file + ": \"credentials\" " + e.getMessage(), e);
    }
    if (!rule.containsKey("ca")) {
      return new Tls(mode, Optional.empty());
    }
    boolean verified = mode == TlsMode.VERIFY_CA || mode == TlsMode.VERIFY_IDENTITY;
    if (!(rule.get("ca") instanceof String file) || file.isBlank() || !verified) {
      throw bad(
          "credentials",
          "takes as \"ca\" the path of a PEM file, with \"tls\" verify-ca or verify-identity");
    }
    return new Tls(mode, Optional.of(path("credentials", file)));
  }

  private CredentialRule.Source source(Object value) throws BadConfig {
    if (value instanceof Map<?, ?> m && m.size() == 1) {
      if (m.get("file") instanceof String path && !path.isBlank()) {
        return new CredentialRule.Source.InFile(path("credentials", path));
      }
      if (m.get("env") instanceof String name && !name.isBlank()) {
        return new CredentialRule.Source.InEnvironment(name);
      }
    }
    throw bad(
        "credentials",
        "takes a password from {\"file\": \"…\"} or {\"env\": \"…\"}, never written here");
  }

  private String text(String key, String otherwise) throws BadConfig {
    Object value = json.getOrDefault(key, otherwise);
    if (value instanceof String text) {
      return text;
    }
    throw bad(key, "must be text");
  }

  private List<?> list(String key) throws BadConfig {
    Object value = json.getOrDefault(key, List.of());
    if (value instanceof List<?> list) {
      return list;
    }
    throw bad(key, "must be a list");
  }

  private BadConfig bad(String key, String sentence) {
    return new BadConfig(file + ": \"" + key + "\" " + sentence);
  }
}
