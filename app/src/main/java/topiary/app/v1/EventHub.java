package topiary.app.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.json.FindingJson;
import topiary.app.json.InstanceJson;
import topiary.app.json.Json;
import topiary.engine.analysis.Found;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.port.Publisher;
import topiary.engine.said.OfServer;
import topiary.engine.said.Said;

/**
 * The stream of changes. It keeps no queue for anybody: {@link Changes} knows when each server
 * changed last, so a subscriber that was slow, or away, gets what changed since, once. Whoever was
 * away for longer than removals are remembered, or talked to another process, gets a snapshot.
 */
public final class EventHub implements Publisher, AutoCloseable {

  private final String epoch;
  private final Supplier<Map<InstanceKey, ClusterId>> clusters;
  private final Supplier<Said> said;
  private final Supplier<? extends Map<InstanceKey, Found>> found;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Changes changes = new Changes();
  private Said saidLast = Said.NOTHING;
  private Map<InstanceKey, ClusterId> clustersLast = Map.of();
  private Map<InstanceKey, OfServer> saidOf = Map.of();
  private boolean closed;

  /**
   * A hub.
   *
   * @param epoch this run of the process
   * @param clusters the tree each server belongs to; the same object as long as none does to
   *     another
   */
  public EventHub(String epoch, Supplier<Map<InstanceKey, ClusterId>> clusters) {
    this(epoch, clusters, () -> Said.NOTHING, Map::of);
  }

  /**
   * A hub.
   *
   * @param epoch this run of the process
   * @param clusters the tree each server belongs to
   * @param said what people say of servers and clusters
   * @param found what is found of servers; the same object as long as nothing else is
   */
  public EventHub(
      String epoch,
      Supplier<Map<InstanceKey, ClusterId>> clusters,
      Supplier<Said> said,
      Supplier<? extends Map<InstanceKey, Found>> found) {
    this.epoch = epoch;
    this.clusters = clusters;
    this.said = said;
    this.found = found;
  }

  @Override
  public void published(Topology next, Collection<InstanceKey> touched) {
    lock.lock();
    try {
      Map<InstanceKey, ClusterId> trees = clusters.get();
      changes.take(next, touched, trees, saidOf(trees), found.get());
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Made anew only when something else is said: topologies come thousands of times a second. */
  private Map<InstanceKey, OfServer> saidOf(Map<InstanceKey, ClusterId> trees) {
    Said now = said.get();
    boolean same = now == saidLast && (trees == clustersLast || trees.equals(clustersLast));
    if (!same) {
      Map<InstanceKey, OfServer> next = now.of(trees);
      saidOf = next.equals(saidOf) ? saidOf : Map.copyOf(next);
    }
    saidLast = now;
    clustersLast = trees;
    return saidOf;
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
    boolean takes(
        Topology topology,
        Map<InstanceKey, ClusterId> clusters,
        Map<InstanceKey, OfServer> said,
        Map<InstanceKey, Found> found);
  }

  /**
   * Tells somebody in this process what is seen, merged and paced as a stream is, until they have
   * enough or the node ends.
   */
  public void follow(Listener listener) throws InterruptedException {
    tell(-1, told -> listener.takes(told.topology(), clusters.get(), told.said(), told.found()));
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
    data.put(
        "instances", InstanceJson.all(told.changed(), clusters.get(), told.said(), Instant.MIN));
    if (!told.whole()) {
      data.put("looked", told.looked().stream().map(InstanceJson::look).toList());
    }
    data.put(
        "findings",
        told.judged().stream()
            .map(key -> FindingJson.found(key, Optional.ofNullable(told.found().get(key))))
            .toList());
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
