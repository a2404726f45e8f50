package topiary.engine.manager;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Clock;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;

/** Whether two names reach one server: proven by a lock taken through one and seen by the other. */
final class Aliases {

  private static final System.Logger LOG = System.getLogger(Aliases.class.getName());
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final Fleet fleet;
  private final Clock clock;
  private final Supplier<UUID> ids;

  Aliases(Fleet fleet, Clock clock, Supplier<UUID> ids) {
    this.fleet = fleet;
    this.clock = clock;
    this.ids = ids;
  }

  boolean same(InstanceKey one, InstanceKey other) {
    String lock = "topiary.alias." + ids.get();
    Deadline deadline = Deadline.in(LIMIT, clock);
    try (Fleet.Session here = fleet.open(one, deadline);
        Fleet.Session there = fleet.open(other, deadline)) {
      Optional<String> own = value(here, "SELECT CONNECTION_ID() AS v", deadline);
      value(here, "SELECT GET_LOCK('" + lock + "', 0) AS v", deadline);
      Optional<String> holder = value(there, "SELECT IS_USED_LOCK('" + lock + "') AS v", deadline);
      return own.isPresent() && own.equals(holder);
    } catch (ServerTrouble trouble) {
      LOG.log(System.Logger.Level.INFO, one + " is not proven to be " + other, trouble);
      return false;
    }
  }

  private static Optional<String> value(Fleet.Session session, String sql, Deadline deadline)
      throws ServerTrouble {
    return session.ask(sql, deadline).first().map(row -> row.get("v"));
  }
}
