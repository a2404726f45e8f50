package topiary.engine.execute;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;

/**
 * Whoever is connected to a server and may write there: not its replicas, nor its own threads, nor
 * anybody who logs in as Topiary does.
 */
final class Clients {

  /** So many are told one by one. */
  private static final int TOLD = 8;

  private static final Set<String> OWN_THREADS = Set.of("system user", "event_scheduler");

  private final FencedSession session;
  private final Fleet fleet;

  Clients(FencedSession session, Fleet fleet) {
    this.session = session;
    this.fleet = fleet;
  }

  /** A connection. */
  private record Connection(long id, String user, String host, String command) {

    static Connection of(Map<String, String> row) {
      return new Connection(
          Long.parseLong(row.get("Id")),
          text(row, "User"),
          text(row, "Host"),
          text(row, "Command"));
    }

    private static String text(Map<String, String> row, String column) {
      return Optional.ofNullable(row.get(column)).orElse("");
    }

    boolean isClient() {
      String what = command.toLowerCase(Locale.ROOT);
      return !OWN_THREADS.contains(user)
          && !what.startsWith("binlog dump")
          && !what.startsWith("slave_")
          && !what.equals("daemon");
    }

    /** Whose, from where; the port is another for each connection. */
    String whose() {
      int colon = host.lastIndexOf(':');
      return user + " from " + (colon > 0 ? host.substring(0, colon) : host);
    }
  }

  /** Ends their connections; who they were, in sentences, or empty when there were none. */
  Optional<String> end(InstanceKey server) throws DeedFailed {
    long own =
        session
            .ask(session.dialect().connection())
            .first()
            .map(row -> Long.parseLong(row.get("connection")))
            .orElseThrow();
    List<Connection> all =
        session.ask(session.dialect().connections()).rows().stream().map(Connection::of).toList();
    String ours =
        all.stream().filter(c -> c.id() == own).map(Connection::user).findFirst().orElse("");
    var ended = new ArrayList<Connection>();
    var left = new ArrayList<Connection>();
    for (Connection one : all) {
      if (one.id() == own || one.user().equals(ours) || !one.isClient()) {
        continue;
      }
      try {
        session.tell(session.dialect().kill(one.id()), fleet);
        ended.add(one);
      } catch (DeedFailed e) {
        if (e.getCause() instanceof ServerTrouble no && no.code() == Deeds.NOT_OWNER) {
          left.add(one);
        } else if (!FencedSession.isGone(e.getCause())) {
          throw e;
        }
      }
    }
    var words = new ArrayList<String>();
    if (!ended.isEmpty()) {
      words.add("Disconnected from " + server + ": " + words(ended) + ".");
    }
    if (!left.isEmpty()) {
      words.add(
          "Still connected to "
              + server
              + ", as Topiary's user may not end it: "
              + words(left)
              + ".");
    }
    return words.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", words));
  }

  private static String words(List<Connection> all) {
    Map<String, Long> by =
        all.stream()
            .collect(Collectors.groupingBy(Connection::whose, TreeMap::new, Collectors.counting()));
    String told =
        by.entrySet().stream()
            .limit(TOLD)
            .map(e -> e.getKey() + (e.getValue() > 1 ? " (" + e.getValue() + ")" : ""))
            .collect(Collectors.joining(", "));
    return told + (by.size() > TOLD ? " and " + (by.size() - TOLD) + " more" : "");
  }
}
