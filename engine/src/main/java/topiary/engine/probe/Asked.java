package topiary.engine.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import topiary.engine.model.Cloud;
import topiary.engine.model.Events;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;
import topiary.engine.model.ScheduledEvent;
import topiary.engine.model.Settings;
import topiary.engine.model.Startup;

/** Reads what a server is asked only now and then. Pure. */
final class Asked {

  private static final Pattern CLIENT = Pattern.compile("\\[?(.*?)]?:\\d{1,5}");

  /** Set while it ran, or persisted once. */
  private static final Set<String> FLEETING = Set.of("DYNAMIC", "SQL", "PERSISTED");

  private static final Set<String> BUILT_IN = Set.of("COMPILED", "COMPILE-TIME", "AUTO", "");

  private Asked() {}

  /**
   * Who manages a server.
   *
   * @param variables by name in lower case
   * @param version as it says it
   */
  static Optional<Cloud> cloud(Map<String, String> variables, String version) {
    if (variables.containsKey("aurora_version")) {
      return Optional.of(Cloud.AURORA);
    }
    if (variables.getOrDefault("basedir", "").startsWith("/rdsdbbin/")
        || variables.getOrDefault("datadir", "").startsWith("/rdsdbdata/")) {
      return Optional.of(Cloud.RDS);
    }
    if (variables.containsKey("aad_auth_only")) {
      return Optional.of(Cloud.AZURE);
    }
    return version.endsWith("-google") ? Optional.of(Cloud.CLOUD_SQL) : Optional.empty();
  }

  /**
   * Who may replicate from a server without having reported it. Every replica registers with its
   * source, under its name or without one; so where as many have a name as read the log, there is
   * nobody else.
   *
   * @param clients the hosts of those that read its binary log, as its process list has them
   * @param server the server
   * @param reported the replicas that have reported a name
   */
  static List<InstanceKey> dumpers(
      List<String> clients, InstanceKey server, List<InstanceKey> reported) {
    if (clients.size() <= reported.size()) {
      return List.of();
    }
    Set<String> named = new HashSet<>();
    reported.forEach(r -> named.add(r.host()));
    var hints = new ArrayList<InstanceKey>();
    for (String client : clients) {
      Matcher m = CLIENT.matcher(client);
      // Whoever comes by the socket, as "localhost" without a port, is no other server.
      if (m.matches() && !named.contains(m.group(1))) {
        key(m.group(1), server.port()).filter(k -> !k.equals(server)).ifPresent(hints::add);
      }
    }
    return hints;
  }

  /**
   * How a server that is read-only will start.
   *
   * @param rows what says whether it is read-only, as {@code Dialect.startup} asks
   * @param now how it is set up
   */
  static Optional<Startup> startup(List<Map<String, String>> rows, Settings now) {
    var origins = new HashMap<String, String>();
    var persisted = new HashMap<String, String>();
    for (Map<String, String> row : rows) {
      String name = row.getOrDefault("name", "").toLowerCase(Locale.ROOT);
      origins.put(name, row.getOrDefault("origin", ""));
      Optional.ofNullable(row.get("persisted")).ifPresent(value -> persisted.put(name, value));
    }
    boolean fromStart = now.superReadOnly() && kept(origins.get("super_read_only"));
    if (persisted.containsValue("ON") || fromStart) {
      return Optional.of(Startup.READ_ONLY);
    }
    // What is persisted comes after the option file.
    if (persisted.containsKey("read_only")) {
      return Optional.of(Startup.WRITABLE);
    }
    // SET GLOBAL super_read_only leaves this as it was, so that it tells of the option file still.
    if (kept(origins.get("read_only"))) {
      return Optional.of(Startup.READ_ONLY);
    }
    return origins.values().stream().anyMatch(FLEETING::contains)
        ? Optional.of(Startup.UNSAID)
        : Optional.empty();
  }

  /**
   * The events of a server; empty for none.
   *
   * @param rows as {@code Dialect.events} asks for them
   */
  static Optional<Events> events(List<Map<String, String>> rows) {
    List<EventRow> all = rows.stream().map(EventRow::of).toList();
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Events(
                all.getFirst().scheduler().equals("ON"),
                all.stream()
                    .map(e -> new ScheduledEvent(e.schema(), e.name(), e.altered(), e.isEnabled()))
                    .toList()));
  }

  /** Whether a value comes from where it will come from at the next start. */
  private static boolean kept(String origin) {
    return origin != null && !FLEETING.contains(origin) && !BUILT_IN.contains(origin);
  }

  /** A statement that runs, from a row of the process list. */
  static LongQuery longQuery(Map<String, String> row) {
    return new LongQuery(
        Long.parseLong(row.getOrDefault("id", "0")),
        row.getOrDefault("user", ""),
        row.getOrDefault("host", ""),
        row.getOrDefault("db", ""),
        row.getOrDefault("command", ""),
        Long.parseLong(row.getOrDefault("seconds", "0")),
        row.getOrDefault("state", ""),
        row.getOrDefault("info", ""));
  }

  private static Optional<InstanceKey> key(String host, int port) {
    try {
      return Optional.of(new InstanceKey(host, port));
    } catch (IllegalArgumentException e) {
      // Not a name a server could be reached by: no hint.
      return Optional.empty();
    }
  }
}
