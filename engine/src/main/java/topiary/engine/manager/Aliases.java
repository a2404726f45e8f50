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
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** What came of a trial. */
  enum Proof {
    /** The lock was seen: one server. */
    SAME,
    /** Both were asked, and the lock was not seen: two servers. */
    DIFFERENT,
    /** One of them could not be asked. */
    UNKNOWN
  }

  private final Fleet fleet;
  private final Clock clock;
  private final Supplier<UUID> ids;

  Aliases(Fleet fleet, Clock clock, Supplier<UUID> ids) {
    this.fleet = fleet;
    this.clock = clock;
    this.ids = ids;
  }

  Proof prove(InstanceKey one, InstanceKey other) {
    String lock = "topiary.alias." + ids.get();
    Deadline deadline = Deadline.in(LIMIT, clock);
    try (Fleet.Session here = fleet.open(one, deadline);
        Fleet.Session there = fleet.open(other, deadline)) {
      Optional<String> own = value(here, "SELECT CONNECTION_ID() AS v", deadline);
      Optional<String> taken = value(here, "SELECT GET_LOCK('" + lock + "', 0) AS v", deadline);
      if (own.isEmpty() || taken.filter("1"::equals).isEmpty()) {
        return Proof.UNKNOWN;
      }
      Optional<String> holder = value(there, "SELECT IS_USED_LOCK('" + lock + "') AS v", deadline);
      return own.equals(holder) ? Proof.SAME : Proof.DIFFERENT;
    } catch (ServerTrouble trouble) {
      LOG.log(System.Logger.Level.DEBUG, one + " is not proven to be " + other, trouble);
      return Proof.UNKNOWN;
    }
  }

  private static Optional<String> value(Fleet.Session session, String sql, Deadline deadline)
      throws ServerTrouble {
    return session.ask(sql, deadline).first().map(row -> row.get("v"));
  }
}
