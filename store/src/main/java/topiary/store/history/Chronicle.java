package topiary.store.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.model.Change;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * Finds in one topology after the other what is worth being written down: news at once, and how far
 * servers have come now and then. Keeps what was written down last, of each server. Touches nothing
 * outside; for one thread.
 */
public final class Chronicle {

  private final Form form;
  private final long samplingMillis;
  private final Map<InstanceKey, Known> known = new HashMap<>();
  private Topology last = Topology.EMPTY;
  private Map<InstanceKey, ClusterId> lastClusters = Map.of();
  private long previousMillis;
  private long lastMillis;
  private long sampled = Long.MIN_VALUE;

  /** A server as it was written down, in bytes, as there may be ten thousand. */
  private static final class Known {
    private Instance instance;
    private ClusterId cluster;
    private byte[] document;
    private boolean moved;
  }

  /**
   * A chronicle of nothing yet.
   *
   * @param sampling from one look at how far everybody has come to the next
   */
  public Chronicle(Form form, Duration sampling) {
    this.form = form;
    samplingMillis = sampling.toMillis();
  }

  /**
   * What is to be written down.
   *
   * @param clusters the tree each server belongs to
   * @param now never before that of the call before; an earlier one counts as that
   */
  public List<Entry> take(Topology topology, Map<InstanceKey, ClusterId> clusters, Instant now) {
    return take(topology, topology.instances().keySet(), clusters, now);
  }

  /**
   * What is to be written down.
   *
   * @param touched the servers that may be other than in the call before
   * @param clusters the tree each server belongs to; the same object as in the call before when
   *     none does to another
   * @param now never before that of the call before; an earlier one counts as that
   */
  public List<Entry> take(
      Topology topology,
      Collection<InstanceKey> touched,
      Map<InstanceKey, ClusterId> clusters,
      Instant now) {
    previousMillis = lastMillis;
    lastMillis = Math.max(lastMillis, now.toEpochMilli());
    var entries = new ArrayList<Entry>();
    if (topology != last || clusters != lastClusters) {
      // Ten thousand servers are not gone through four times a second for those that moved.
      boolean some = clusters == lastClusters;
      for (InstanceKey key : some ? touched : topology.instances().keySet()) {
        Instance server = topology.instance(key).orElse(null);
        if (server != null) {
          look(server, clusters.get(key), entries);
        }
      }
      if (known.size() > topology.instances().size()) {
        known
            .keySet()
            .removeIf(
                key -> {
                  boolean gone = !topology.has(key);
                  if (gone) {
                    entries.add(new Entry(lastMillis, key, Entry.Kind.GONE, Map.of()));
                  }
                  return gone;
                });
      }
      last = topology;
      lastClusters = clusters;
    }
    if (sampled == Long.MIN_VALUE) {
      sampled = lastMillis;
    } else if (lastMillis - sampled >= samplingMillis) {
      sampled = lastMillis;
      known.forEach((key, server) -> sample(key, server, entries));
    }
    entries.sort(Comparator.comparingLong(Entry::millis));
    return entries;
  }

  /** When it was seen to be different: after what was taken before, and not after now. */
  private long seen(Optional<Instant> before, Instance now) {
    Optional<Instant> looked = now.lastAttempt();
    if (looked.isEmpty() || looked.equals(before)) {
      return lastMillis;
    }
    long ended = looked.get().plus(now.latency()).toEpochMilli();
    return Math.min(lastMillis, Math.max(previousMillis + 1, ended));
  }

  private void look(Instance server, ClusterId cluster, List<Entry> entries) {
    Known before = known.get(server.key());
    if (before == null) {
      before = new Known();
      known.put(server.key(), before);
      before.document = bytes(server, cluster);
      long at = seen(Optional.empty(), server);
      Map<String, Object> document = Pack.document(before.document);
      entries.add(new Entry(at, server.key(), Entry.Kind.CAME, document));
    } else {
      boolean same = before.cluster == null ? cluster == null : before.cluster.equals(cluster);
      Change change = same ? Change.between(before.instance, server) : Change.NEWS;
      before.moved |= change == Change.MOVED || change == Change.NEWS;
      if (change == Change.NEWS) {
        Map<String, Object> was = Pack.document(before.document);
        Map<String, Object> is = form.still(Pack.document(bytes(server, cluster)), was);
        long at = seen(before.instance.lastAttempt(), server);
        Map<String, Object> patch = Patch.between(was, is);
        if (!patch.isEmpty()) {
          entries.add(new Entry(at, server.key(), Entry.Kind.NEWS, patch));
          before.document = Pack.bytes(is);
        }
      }
    }
    before.instance = server;
    before.cluster = cluster;
  }

  private void sample(InstanceKey key, Known server, List<Entry> entries) {
    if (server.moved) {
      server.moved = false;
      byte[] is = bytes(server.instance, server.cluster);
      // Most of a fleet has moved within a minute: each is read once, and written once.
      Map<String, Object> patch = Patch.between(Pack.document(server.document), Pack.document(is));
      if (!patch.isEmpty()) {
        entries.add(new Entry(lastMillis, key, Entry.Kind.SAMPLE, patch));
        server.document = is;
      }
    }
  }

  /** As it comes back when it is read: numbers by their size, and nothing that is null. */
  private byte[] bytes(Instance server, ClusterId cluster) {
    return Pack.bytes(form.document(server, cluster));
  }

  /** Everybody as they were written down last: what a segment begins with. */
  public List<Entry> everybody() {
    SortedMap<InstanceKey, Known> sorted = new TreeMap<>(known);
    return sorted.entrySet().stream()
        .map(
            e ->
                new Entry(
                    lastMillis, e.getKey(), Entry.Kind.CAME, Pack.document(e.getValue().document)))
        .toList();
  }

  /** When {@link #take} was called last. */
  public Instant at() {
    return Instant.ofEpochMilli(lastMillis);
  }
}
