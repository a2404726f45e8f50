package topiary.app.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.json.InstanceJson;
import topiary.app.json.Json;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.port.Publisher;

/**
 * The stream of changes. It keeps no queue for anybody: {@link Changes} knows when each server
 * changed last, so a subscriber that was slow, or away, gets what changed since, once. Whoever was
 * away for longer than removals are remembered, or talked to another process, gets a snapshot.
 */
public final class EventHub implements Publisher, AutoCloseable {

  private final String epoch;
  private final Supplier<Map<InstanceKey, ClusterId>> clusters;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Changes changes = new Changes();
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
      changes.take(next, clusters.get());
      news.signalAll();
    } finally {
      lock.unlock();
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
  public Reply subscribe(Request request) {
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

  private void feed(OutputStream out, long from) throws IOException {
    try {
      tell(
          from,
          told -> {
            out.write(text(told).getBytes(StandardCharsets.UTF_8));
            out.flush();
            return true;
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
    tell(-1, told -> listener.takes(told.topology(), clusters.get()));
  }

  private interface Teller<E extends Exception> {
    boolean tell(Changes.Told told) throws E;
  }

  private <E extends Exception> void tell(long from, Teller<E> to) throws E, InterruptedException {
    long seen = from;
    var pace = new Pace(System.nanoTime());
    Optional<Changes.Told> told = next(seen, pace);
    while (told.isPresent() && to.tell(told.get())) {
      seen = told.get().revision();
      pace.told(System.nanoTime());
      told = next(seen, pace);
    }
  }

  /** Waits until something is to be told; empty when the node is being stopped. */
  private Optional<Changes.Told> next(long seen, Pace pace) throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long left = pace.wait(changes.since(seen), System.nanoTime());
        if (left <= 0) {
          // Values only: their JSON is made after the lock is let go, so that a large snapshot for
          // one subscriber keeps nobody from publishing.
          return Optional.of(changes.tell(seen));
        }
        news.awaitNanos(left);
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private String text(Changes.Told told) {
    if (told.nothing()) {
      return ": alive\n\n";
    }
    var data = new LinkedHashMap<String, Object>();
    data.put("epoch", epoch);
    data.put("revision", told.revision());
    data.put("instances", InstanceJson.all(told.changed(), clusters.get()));
    if (!told.whole()) {
      data.put("looked", told.looked().stream().map(InstanceJson::look).toList());
    }
    data.put("removed", told.removed().stream().map(InstanceKey::toString).toList());
    return "id: "
        + epoch
        + ":"
        + told.revision()
        + "\nevent: "
        + (told.whole() ? "snapshot" : "delta")
        + "\ndata: "
        + Json.text(data)
        + "\n\n";
  }
}
