package topiary.app.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiary.app.face.Role;

/** Reads the keys of a node's file that say who may come in. */
final class AccessReader {

  static final Set<String> KEYS = Set.of("tls", "users", "open", "hosts");

  private final Path file;
  private final Map<String, Object> json;

  AccessReader(Path file, Map<String, Object> json) {
    this.file = file;
    this.json = json;
  }

  Access read() throws BadConfig {
    var access = new Access(tls(), users(), open(), hosts());
    if (access.open() && access.guarded()) {
      throw bad(
          "open",
          "lets in whoever comes, while \"tls\" and \"users\" say who may; leave one of them out");
    }
    return access;
  }

  private Optional<TlsFiles> tls() throws BadConfig {
    if (!json.containsKey("tls")) {
      return Optional.empty();
    }
    String needs = "is {\"certificate\": FILE, \"key\": FILE, \"authority\": FILE}";
    if (!(json.get("tls") instanceof Map<?, ?> tls)
        || !tls.keySet().equals(Set.of("certificate", "key", "authority"))) {
      throw bad("tls", needs);
    }
    var paths = new ArrayList<Path>();
    for (String key : List.of("certificate", "key", "authority")) {
      if (!(tls.get(key) instanceof String text) || text.isBlank()) {
        throw bad("tls", needs);
      }
      paths.add(path("tls", text));
    }
    return Optional.of(new TlsFiles(paths.get(0), paths.get(1), paths.get(2)));
  }

  private List<NodeUser> users() throws BadConfig {
    var users = new ArrayList<NodeUser>();
    var names = new HashSet<String>();
    for (Object item : list("users")) {
      if (!(item instanceof Map<?, ?> user)
          || !user.keySet().equals(Set.of("name", "password", "role"))) {
        throw bad("users", "is a list of {\"name\", \"password\", \"role\"}");
      }
      // A colon ends the name where both are sent.
      if (!(user.get("name") instanceof String name) || name.isBlank() || name.contains(":")) {
        throw bad("users", "needs a \"name\" without a colon for each");
      }
      if (!names.add(name)) {
        throw bad("users", "has \"" + name + "\" twice");
      }
      Optional<Role> role =
          Role.named(String.valueOf(user.get("role"))).filter(r -> r != Role.NODE);
      users.add(
          new NodeUser(
              name,
              password(user.get("password")),
              role.orElseThrow(
                  () -> bad("users", "has as \"role\" one of \"reader\" and \"operator\""))));
    }
    return users;
  }

  private CredentialRule.Source password(Object value) throws BadConfig {
    if (value instanceof Map<?, ?> m && m.size() == 1) {
      if (m.get("file") instanceof String text && !text.isBlank()) {
        return new CredentialRule.Source.InFile(path("users", text));
      }
      if (m.get("env") instanceof String name && !name.isBlank()) {
        return new CredentialRule.Source.InEnvironment(name);
      }
    }
    throw bad(
        "users", "takes a password from {\"file\": \"…\"} or {\"env\": \"…\"}, never written here");
  }

  private boolean open() throws BadConfig {
    if (json.getOrDefault("open", false) instanceof Boolean open) {
      return open;
    }
    throw bad("open", "is true or false");
  }

  private List<String> hosts() throws BadConfig {
    var hosts = new ArrayList<String>();
    for (Object item : list("hosts")) {
      if (!(item instanceof String host) || host.isBlank() || host.contains("/")) {
        throw bad("hosts", "is a list of names by which this node is asked, without ports");
      }
      hosts.add(host);
    }
    return hosts;
  }

  private List<?> list(String key) throws BadConfig {
    if (json.getOrDefault(key, List.of()) instanceof List<?> list) {
      return list;
    }
    throw bad(key, "must be a list");
  }

  private Path path(String key, String text) throws BadConfig {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new BadConfig(file + ": \"" + key + "\" is not a path: " + e.getReason(), e);
    }
  }

  private BadConfig bad(String key, String sentence) {
    return new BadConfig(file + ": \"" + key + "\" " + sentence);
  }
}
