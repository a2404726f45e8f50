package topiary.engine.probe;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import topiary.engine.dialect.Dialect;
import topiary.engine.dialect.MySqlDialect;
import topiary.engine.model.Capability;
import topiary.engine.model.Condition;
import topiary.engine.model.Flavor;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;

/**
 * A server's dialect, found over a fresh connection: whose server it is says its greeting, what it
 * can do says its answers.
 *
 * @param dialect how it is spoken to
 * @param capabilities what it can do
 */
public record Introduction(Dialect dialect, Set<Capability> capabilities) {

  private static final int SYNTAX_ERROR = 1064;

  /**
   * Gets to know a server.
   *
   * @throws ServerTrouble when it cannot be asked, or is of a family nobody here knows
   */
  public static Introduction to(InstanceKey key, Fleet.Session session, Deadline deadline)
      throws ServerTrouble {
    return to(key, session, List.of(), deadline);
  }

  /**
   * Gets to know a server, as above.
   *
   * @param next what it will be asked after that; sent in the same breath if it is MySQL's and the
   *     capabilities say {@link Capability#REPLICA_WORDS}
   * @throws ServerTrouble when it cannot be asked, or is of a family nobody here knows
   */
  static Introduction to(
      InstanceKey key, Fleet.Session session, List<String> next, Deadline deadline)
      throws ServerTrouble {
    Flavor flavor = Flavor.of(session.version(), "");
    Set<Capability> capabilities =
        flavor == Flavor.MYSQL ? ask(session, next, deadline) : Set.<Capability>of();
    Optional<Dialect> dialect = Dialect.of(flavor, capabilities);
    if (dialect.isEmpty()) {
      throw new ServerTrouble(
          Condition.UNSUPPORTED,
          0,
          key + " runs " + session.version() + "; Topiary manages MySQL, Percona and MariaDB",
          null);
    }
    return new Introduction(dialect.get(), capabilities);
  }

  private static Set<Capability> ask(Fleet.Session session, List<String> next, Deadline deadline)
      throws ServerTrouble {
    var all = new ArrayList<>(List.of(MySqlDialect.abilities(), MySqlDialect.binaryLogStatus()));
    all.addAll(next);
    // Few are so old that they do not understand the second, and nothing more is asked then.
    session.foretell(all, deadline);
    Set<String> variables =
        session.ask(MySqlDialect.abilities(), deadline).rows().stream()
            .map(row -> row.getOrDefault("Variable_name", "").toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    Set<Capability> can = EnumSet.noneOf(Capability.class);
    can.addAll(MySqlDialect.toldBy(variables));
    if (can.contains(Capability.REPLICA_WORDS) && understands(session, deadline)) {
      can.add(Capability.BINARY_LOG_STATUS);
    }
    return can;
  }

  private static boolean understands(Fleet.Session session, Deadline deadline)
      throws ServerTrouble {
    try {
      session.ask(MySqlDialect.binaryLogStatus(), deadline);
      return true;
    } catch (ServerTrouble trouble) {
      if (trouble.condition() != Condition.SEEN) {
        throw trouble;
      }
      // Whoever refuses it for lack of a right has understood it.
      return trouble.code() != SYNTAX_ERROR;
    }
  }
}
