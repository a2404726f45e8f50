package topiary.engine.execute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.port.Clock;
import topiary.engine.port.Fleet;

/**
 * The fences of servers on which somebody else has acted: taken from whomever holds them, so that
 * he does nothing more there, and held until this is closed.
 */
public final class Fences implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Fences.class.getName());

  private final List<FencedSession> held = new ArrayList<>();
  private final TreeMap<InstanceKey, String> missed = new TreeMap<>();

  private Fences() {}

  /**
   * Takes the fences of these servers; those that cannot be reached are {@link #missed}.
   *
   * @param mandate on which they are taken
   * @return empty when the mandate has lapsed: whoever leads now does it
   */
  public static Optional<Fences> take(
      Set<InstanceKey> servers, Fleet fleet, Clock clock, PlanPolicy policy, Mandate mandate) {
    var fences = new Fences();
    for (InstanceKey server : servers) {
      try {
        fences.held.add(FencedSession.open(server, fleet, clock, policy.statement(), mandate));
      } catch (Mandate.Lapsed e) {
        LOG.log(System.Logger.Level.INFO, "fences are left to others: " + e.getMessage());
        fences.close();
        return Optional.empty();
      } catch (DeedFailed e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the fence of " + server + " is not taken: " + e.getMessage());
        fences.missed.put(server, e.getMessage());
      }
    }
    return Optional.of(fences);
  }

  /** What is left open, in sentences; empty when every fence is held. */
  public List<String> missed() {
    return missed.entrySet().stream()
        .map(
            e ->
                "The fence of "
                    + e.getKey()
                    + " could not be taken ("
                    + e.getValue()
                    + "): what was begun there may still be carried out.")
        .toList();
  }

  @Override
  public void close() {
    held.forEach(FencedSession::close);
    held.clear();
  }
}
