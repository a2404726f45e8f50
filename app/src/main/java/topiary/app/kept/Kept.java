package topiary.app.kept;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.said.OfServer;
import topiary.engine.said.Said;

/**
 * Everything that is kept for answers: made when it is asked for first, let go of when nobody asks.
 * Thread-safe.
 */
public final class Kept {

  /** Forms of more than ten thousand servers for both APIs; who has more waits for some. */
  private static final long BUDGET = 96L << 20;

  private final AtomicLong budget;
  private final Errants errants = new Errants();
  private final List<Parts<?>> parts = new CopyOnWriteArrayList<>();
  private final List<Once<?>> values = new CopyOnWriteArrayList<>();
  private final Once<Map<InstanceKey, OfServer>> said = new Once<>();
  private final Once<Set<InstanceKey>> servers = new Once<>();
  private final AtomicBoolean asked = new AtomicBoolean();

  public Kept() {
    this(BUDGET);
  }

  /**
   * Nothing yet.
   *
   * @param budget how many bytes of forms may be kept
   */
  Kept(long budget) {
    this.budget = new AtomicLong(budget);
  }

  /** Forms of one kind. */
  public <T> Parts<T> parts() {
    var more = new Parts<T>(budget);
    parts.add(more);
    return more;
  }

  /** One value, which is let go of when nobody asks. */
  public <V> Once<V> once() {
    var more = new Once<V>();
    values.add(more);
    return more;
  }

  public Errants errants() {
    return errants;
  }

  /** What people say of each server. */
  public Map<InstanceKey, OfServer> said(Said all, Map<InstanceKey, ClusterId> clusters) {
    return said.of(() -> all.of(clusters), all, clusters);
  }

  /** To be told of every topology that is answered of, so that whoever is gone is let go of. */
  public void answering(Topology topology) {
    asked.set(true);
    servers.of(() -> only(topology), topology.trees());
  }

  private Set<InstanceKey> only(Topology topology) {
    Set<InstanceKey> all = topology.instances().keySet();
    errants.keep(all);
    parts.forEach(some -> some.keep(all));
    return Set.of();
  }

  /** Lets go of everything when nobody has asked since this was called last. */
  public void rest() {
    if (!asked.getAndSet(false)) {
      errants.clear();
      parts.forEach(some -> some.keep(Set.of()));
      values.forEach(Once::clear);
    }
  }
}
