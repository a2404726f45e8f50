package topiary.engine.probe;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import topiary.engine.model.InstanceKey;

/**
 * Who is due to be looked at. It is asked; it does not call. Not thread-safe: its owner guards it.
 */
public final class ProbeSchedule {

  private final long intervalNanos;
  private final Map<InstanceKey, Long> due = new HashMap<>();
  private final Set<InstanceKey> busy = new HashSet<>();

  /**
   * A schedule without servers.
   *
   * @param intervalNanos from one look at a server to the next
   */
  public ProbeSchedule(long intervalNanos) {
    this.intervalNanos = intervalNanos;
  }

  /** Looks after a server from now on; the first look is due at once. */
  public void add(InstanceKey key, long now) {
    due.putIfAbsent(key, now);
  }

  public void remove(InstanceKey key) {
    due.remove(key);
  }

  /** The servers to look at now; each is busy until it is told {@link #done}. */
  public List<InstanceKey> take(long now) {
    List<InstanceKey> ready =
        due.entrySet().stream()
            .filter(e -> e.getValue() - now <= 0 && !busy.contains(e.getKey()))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    busy.addAll(ready);
    ready.forEach(key -> due.put(key, now + intervalNanos));
    return ready;
  }

  /** A look at a server has ended. */
  public void done(InstanceKey key) {
    busy.remove(key);
  }
}
