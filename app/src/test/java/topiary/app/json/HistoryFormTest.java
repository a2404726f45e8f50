package topiary.app.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.app.Samples;
import topiary.engine.model.Change;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Observation;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.observe.Observatory;
import topiary.engine.port.History;
import topiary.store.history.Chronicle;
import topiary.store.history.Entry;
import topiary.store.history.HistoryLimits;
import topiary.store.history.HistoryStore;
import topiary.store.opening.Histories;

/** What was seen, written down and read back, is what was seen. */
class HistoryFormTest {

  private static final Duration SAMPLING = Duration.ofSeconds(60);
  private static final HistoryLimits LIMITS =
      new HistoryLimits(Duration.ofDays(9), HistoryLimits.LEAST);

  @TempDir Path folder;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private Topology topology = Topology.EMPTY;
  private final Map<InstanceKey, ClusterId> clusters = new HashMap<>();

  /** A moment as it was: the fold that what is read is compared with. */
  private record Then(Instant at, Topology topology, Map<InstanceKey, ClusterId> clusters) {}

  private void step(Instant now) {
    var key = Samples.key("s" + random.nextInt(8));
    switch (random.nextInt(12)) {
      case 0 -> topology = Observatory.without(topology, key);
      case 1 -> clusters.put(key, new ClusterId("c00000000000" + random.nextInt(3)));
      case 2, 3 -> topology = Observatory.with(topology, key);
      case 4 -> observe(Observation.failed(key, now, Duration.ofMillis(2), bad(), "no answer"));
      default -> observe(seen(key, now));
    }
  }

  private void observe(Observation seen) {
    topology = Observatory.fold(topology, seen);
  }

  private Condition bad() {
    return List.of(Condition.UNREACHABLE, Condition.HUNG, Condition.DENIED).get(random.nextInt(3));
  }

  private Observation seen(InstanceKey key, Instant now) {
    var channels = new ArrayList<Channel>();
    if (random.nextInt(3) > 0) {
      channels.add(
          Samples.channel(
              "s" + random.nextInt(3),
              ThreadState.RUNNING,
              random.nextInt(4) == 0 ? ThreadState.STOPPED : ThreadState.RUNNING,
              random.nextInt(4),
              ReplicationError.NONE,
              random.nextInt(5) == 0 ? new ReplicationError(1062, "no") : ReplicationError.NONE));
    }
    Instance like =
        Samples.seen(
            key.host(), channels, random.nextInt(5) == 0 ? List.of("complains") : List.of());
    return Observation.seen(key, now, Duration.ofMillis(3), like.facts().orElseThrow());
  }

  private static SortedRead read(HistoryStore store, Instant at) throws BadField {
    var servers = new TreeMap<InstanceKey, Instance>();
    var trees = new HashMap<InstanceKey, ClusterId>();
    for (var server : store.at(at).orElseThrow().servers().entrySet()) {
      Fields fields = Fields.old(server.getValue());
      servers.put(server.getKey(), InstanceReader.instance(fields));
      InstanceReader.cluster(fields).ifPresent(id -> trees.put(server.getKey(), id));
    }
    return new SortedRead(servers, trees);
  }

  private record SortedRead(
      TreeMap<InstanceKey, Instance> servers, Map<InstanceKey, ClusterId> clusters) {}

  @Test
  void everyMomentIsReadBackAsItWasButForPositionsSinceTheLastSample() throws Exception {
    var moments = new ArrayList<Then>();
    try (HistoryStore store = Histories.open(folder, LIMITS)) {
      var chronicle = new Chronicle(new HistoryForm(), SAMPLING);
      Instant now = Samples.NOW;
      int segments = 0;
      for (int i = 0; i < 1500; i++) {
        now = now.plusMillis(1 + random.nextInt(9_000));
        for (int many = random.nextInt(4); many > 0; many--) {
          step(now);
        }
        List<Entry> entries = chronicle.take(topology, Map.copyOf(clusters), now);
        if (store.begun()) {
          store.append(now, entries);
        }
        if (store.due(now) || random.nextInt(200) == 0) {
          store.begin(now, chronicle.everybody());
          segments++;
        }
        moments.add(new Then(now, topology, Map.copyOf(clusters)));
      }
      assertTrue(segments > 2, "seed " + seed);
      for (Then then : moments) {
        SortedRead read = read(store, then.at());
        String where = "at " + then.at() + ", seed " + seed;
        assertEquals(then.topology().instances().keySet(), read.servers().keySet(), where);
        for (Instance was : then.topology().instances().values()) {
          Instance is = read.servers().get(was.key());
          assertNotEquals(Change.NEWS, between(is, was), where + ": " + was + " is " + is);
          assertEquals(then.clusters().get(was.key()), read.clusters().get(was.key()), where);
        }
      }
      // Every flip of a condition is among the changes.
      assertEquals(flips(moments), told(store, moments), "seed " + seed);
    }
  }

  /** How long it has been up is not written down each time, and a restart is news. */
  private static Change between(Instance is, Instance was) {
    return Change.between(is.looked(was.look()), was);
  }

  private static long flips(List<Then> moments) {
    long flips = 0;
    for (int i = 1; i < moments.size(); i++) {
      Topology before = moments.get(i - 1).topology();
      for (Instance now : moments.get(i).topology().instances().values()) {
        Optional<Instance> was = before.instance(now.key());
        flips += was.filter(w -> w.condition() != now.condition()).isPresent() ? 1 : 0;
      }
    }
    return flips;
  }

  private static long told(HistoryStore store, List<Then> moments) {
    var asked =
        new History.Asked(
            moments.getFirst().at(), moments.getLast().at(), Optional.empty(), 1_000_000);
    return store.changes(asked).stream()
        .filter(e -> e.kind() == History.Kind.CHANGED && e.fields().containsKey("condition"))
        .count();
  }

  @Test
  void positionsAreThoseOfTheLastSample() throws Exception {
    try (HistoryStore store = Histories.open(folder, LIMITS)) {
      var chronicle = new Chronicle(new HistoryForm(), SAMPLING);
      InstanceKey key = Samples.key("s1");
      topology = Observatory.with(topology, key);
      Instant now = Samples.NOW;
      chronicle.take(topology, clusters, now);
      store.begin(now, chronicle.everybody());
      for (int second = 1; second <= 180; second++) {
        now = Samples.NOW.plusSeconds(second);
        var channel =
            Samples.channel(
                "s0",
                ThreadState.RUNNING,
                ThreadState.RUNNING,
                second,
                ReplicationError.NONE,
                ReplicationError.NONE);
        Instance like = Samples.seen("s1", List.of(channel), List.of());
        observe(Observation.seen(key, now, Duration.ofMillis(3), like.facts().orElseThrow()));
        store.append(now, chronicle.take(topology, clusters, now));
      }
      // The first look was news, and what it saw came with it; then there were samples.
      assertEquals(1L, behind(store, 59));
      assertEquals(60L, behind(store, 60));
      assertEquals(60L, behind(store, 119));
      assertEquals(120L, behind(store, 121));
    }
  }

  private static long behind(HistoryStore store, int second) throws BadField {
    Instance server = read(store, Samples.NOW.plusSeconds(second)).servers().get(Samples.key("s1"));
    return server.primaryChannel().orElseThrow().progress().secondsBehind().orElseThrow();
  }

  @Test
  void whatAnOlderVersionDidNotSeeIsAsIfNothingHadBeenSeen() throws Exception {
    Map<String, Object> old = new TreeMap<>(InstanceJson.of(Samples.replica("r", "p"), null));
    for (String field :
        List.of("gtidMode", "complaints", "readOnly", "logOffset", "binlogFormat")) {
      old.remove(field);
    }
    Instance read = InstanceReader.instance(Fields.old(old));
    assertEquals(Optional.of(Samples.key("p")), read.source());
    assertEquals(List.of(), read.facts().orElseThrow().complaints());
    assertEquals(0, read.facts().orElseThrow().positions().logEnd().offset());
  }
}
