package topiary.app.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.json.InstanceJson;
import topiary.app.json.Json;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.port.Publisher;

/**
 * The stream of changes. It keeps no queue for anybody: it knows at which revision each server
 * changed last, so a subscriber that was slow, or away, gets what changed since, once. Whoever was
 * away for longer than removals are remembered, or talked to another process, gets a snapshot.
 */
public final class EventHub implements Publisher, AutoCloseable {

  /** At most four deltas a second for each subscription. */
  private static final long PACE_NANOS = 250_000_000;

  private static final long KEEP_ALIVE_NANOS = 15_000_000_000L;
  private static final int REMOVALS_KEPT = 10_000;

  private final String epoch;
  private final Supplier<Map<InstanceKey, ClusterId>> clusters;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Map<InstanceKey, Long> changedAt = new HashMap<>();
  private final TreeMap<Long, List<InstanceKey>> removedAt = new TreeMap<>();
  private Topology topology = Topology.EMPTY;
  private long removalsKnownSince;
  private boolean closed;

  /**
   * A hub.
   *
   * @param epoch this run of the process
   * @param clusters the tree each server belongs to
   */
  public EventHub(String epoch, Supplier<Map<InstanceKey, ClusterId>> clusters) {
    this.epoch = epoch;
    this.clusters = clusters;
  }

  @Override
  public void published(Topology next) {
    lock.lock();
    try {
      note(next);
      topology = next;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void note(Topology next) {
    next.instances()
        .forEach(
            (key, instance) -> {
              if (topology.instances().get(key) != instance) {
                changedAt.put(key, next.revision());
              }
            });
    var gone = new ArrayList<>(topology.instances().keySet());
    gone.removeAll(next.instances().keySet());
    if (!gone.isEmpty()) {
      gone.forEach(changedAt::remove);
      removedAt.put(next.revision(), List.copyOf(gone));
    }
    while (removedAt.size() > REMOVALS_KEPT) {
      removalsKnownSince = removedAt.pollFirstEntry().getKey();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Starts a subscription; it goes on after the event the request says it has had last. */
  Reply subscribe(Request request) {
    Optional<String> last =
        request.header("last-event-id").or(() -> Optional.ofNullable(request.query().get("after")));
    return new Reply.Stream("text/event-stream; charset=UTF-8", out -> feed(out, since(last)));
  }

  /** The revision a subscriber has seen, or -1 when it needs a snapshot. */
  private long since(Optional<String> lastId) {
    if (lastId.isEmpty() || !lastId.get().startsWith(epoch + ":")) {
      return -1;
    }
    try {
      return Long.parseLong(lastId.get().substring(epoch.length() + 1));
    } catch (NumberFormatException e) {
      // An id this process never gave: what it stands for is not known, so all is told.
      return -1;
    }
  }

  /** Takes what is seen; whether there is to be more. */
  public interface Listener {
    boolean takes(Topology topology, Map<InstanceKey, ClusterId> clusters);
  }

  /**
   * Tells somebody in this process what is seen, merged and paced as a stream is, until they have
   * enough or the node ends.
   */
  public void follow(Listener listener) throws InterruptedException {
    long seen = -1;
    while (true) {
      Topology now;
      lock.lock();
      try {
        if (!awaitNews(seen)) {
          return;
        }
        now = topology;
      } finally {
        lock.unlock();
      }
      if (!listener.takes(now, clusters.get())) {
        return;
      }
      seen = now.revision();
      pace();
    }
  }

  private void feed(OutputStream out, long from) throws IOException {
    long seen = from;
    try {
      while (true) {
        Optional<Event> event = next(seen);
        if (event.isEmpty()) {
          return;
        }
        write(out, event.get());
        seen = event.get().revision();
        pace();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for something to tell; empty when the node is being stopped. */
  private Optional<Event> next(long seen) throws InterruptedException {
    lock.lock();
    try {
      if (!awaitNews(seen)) {
        return Optional.empty();
      }
      if (topology.revision() == seen) {
        return Optional.of(Event.keepAlive(seen));
      }
      boolean gap = seen < removalsKnownSince || seen > topology.revision();
      return Optional.of(gap ? snapshot() : delta(seen));
    } finally {
      lock.unlock();
    }
  }

  /** Waits for news, or the time of a sign of life; false when the node is being stopped. */
  private boolean awaitNews(long seen) throws InterruptedException {
    long left = KEEP_ALIVE_NANOS;
    while (topology.revision() == seen && !closed && left > 0) {
      left = news.awaitNanos(left);
    }
    return !closed;
  }

  /**
   * One event. It holds values only: its JSON is made after the lock is let go, so that a large
   * snapshot for one subscriber keeps nobody from publishing.
   *
   * @param name empty for a sign of life
   * @param instances those that changed, or all
   * @param removed those that are gone
   */
  private record Event(
      String name, long revision, List<Instance> instances, List<InstanceKey> removed) {
    static Event keepAlive(long revision) {
      return new Event("", revision, List.of(), List.of());
    }
  }

  private Event snapshot() {
    return new Event(
        "snapshot", topology.revision(), List.copyOf(topology.instances().values()), List.of());
  }

  private Event delta(long seen) {
    List<Instance> changed =
        topology.instances().values().stream()
            .filter(i -> changedAt.getOrDefault(i.key(), 0L) > seen)
            .toList();
    List<InstanceKey> removed =
        removedAt.tailMap(seen, false).values().stream()
            .flatMap(List::stream)
            .filter(key -> !topology.instances().containsKey(key))
            .distinct()
            .toList();
    return new Event("delta", topology.revision(), changed, removed);
  }

  private String data(Event event) {
    var data = new LinkedHashMap<String, Object>();
    data.put("epoch", epoch);
    data.put("revision", event.revision());
    data.put("instances", InstanceJson.all(event.instances(), clusters.get()));
    data.put("removed", event.removed().stream().map(InstanceKey::toString).toList());
    return Json.text(data);
  }

  private void write(OutputStream out, Event event) throws IOException {
    String text =
        event.name().isEmpty()
            ? ": alive\n\n"
            : "id: "
                + epoch
                + ":"
                + event.revision()
                + "\nevent: "
                + event.name()
                + "\ndata: "
                + data(event)
                + "\n\n";
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private void pace() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(PACE_NANOS);
  }
}
