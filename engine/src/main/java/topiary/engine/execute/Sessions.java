package topiary.engine.execute;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Clock;
import topiary.engine.port.Fleet;

/**
 * The connections of one plan to its servers, one to each, made when the first step goes there and
 * shared by stages that are done side by side.
 */
final class Sessions implements AutoCloseable {

  private final Fleet fleet;
  private final Clock clock;
  private final Duration limit;
  private final Mandate mandate;
  private final Map<InstanceKey, Place> places = new ConcurrentHashMap<>();

  private static final class Place {
    private final ReentrantLock lock = new ReentrantLock();
    private FencedSession session;
  }

  /**
   * No connections yet.
   *
   * @param limit within which a server has to answer
   * @param mandate without which nothing is done
   */
  Sessions(Fleet fleet, Clock clock, Duration limit, Mandate mandate) {
    this.fleet = fleet;
    this.clock = clock;
    this.limit = limit;
    this.mandate = mandate;
  }

  /** The one to a server, made anew when it was lost. */
  FencedSession to(InstanceKey key) throws DeedFailed {
    Place place = places.computeIfAbsent(key, k -> new Place());
    place.lock.lock();
    try {
      if (place.session == null) {
        place.session = FencedSession.open(key, fleet, clock, limit, mandate);
      } else if (!place.session.holds()) {
        place.session.close();
        place.session = place.session.again(fleet);
      }
      return place.session;
    } finally {
      place.lock.unlock();
    }
  }

  @Override
  public void close() {
    places.values().stream()
        .filter(place -> place.session != null)
        .forEach(place -> place.session.close());
    places.clear();
  }
}
