package topiary.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import topiary.app.json.HistoryForm;
import topiary.app.wire.StateFile;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Identity;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Observation;
import topiary.engine.model.Positions;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.Settings;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.model.Version;
import topiary.engine.port.History;
import topiary.lab.base.Disk;
import topiary.store.history.Chronicle;
import topiary.store.history.Entry;
import topiary.store.history.HistoryLimits;
import topiary.store.history.HistoryStore;

/**
 * What a history of servers that are not there takes: bytes for a change and for a sample, and how
 * long it takes to read a moment. Every server moves all the time; each minute two of a hundred
 * stop or start, or are lost or found.
 */
final class HistoryWork implements Measurement {

  private static final List<Integer> SIZES = List.of(100, 1_000);
  private static final int MINUTES = 240;

  /** For changes alone. */
  private static final Duration NEVER = Duration.ofDays(365);

  private static final int READS = 40;
  private static final Instant BEGIN = Instant.parse("2026-11-27T00:00:00Z");
  private static final HistoryLimits LIMITS = new HistoryLimits(Duration.ofDays(30), 256L << 20);

  private final Random random = new Random(1);

  @Override
  public List<Figures> run(Program program) throws IOException {
    var all = new ArrayList<Figures>();
    for (int size : SIZES) {
      all.addAll(run(size, NEVER));
      all.addAll(run(size, Duration.ofMinutes(1)));
    }
    return all;
  }

  private List<Figures> run(int size, Duration sampling) throws IOException {
    Path folder = Files.createTempDirectory("topiary-history");
    try (HistoryStore store = StateFile.history(folder, LIMITS)) {
      return measure(size, sampling, store);
    } finally {
      Disk.delete(folder);
    }
  }

  private List<Figures> measure(int size, Duration sampling, HistoryStore store) {
    var chronicle = new Chronicle(new HistoryForm(), sampling);
    var trees = new TreeMap<InstanceKey, ClusterId>();
    for (int i = 0; i < size; i++) {
      trees.put(key(i), new ClusterId("c%012x".formatted(i / 20)));
    }
    var takes = new ArrayList<Double>();
    long news = 0;
    long samples = 0;
    boolean[] odd = new boolean[size];
    for (int half = 0; half < 2 * MINUTES; half++) {
      Instant now = BEGIN.plusSeconds(30L * half);
      for (int i = 0; half > 0 && i < Math.max(1, size / 100); i++) {
        odd[random.nextInt(size)] ^= true;
      }
      Topology topology = fleet(size, odd, now, half);
      long began = System.nanoTime();
      List<Entry> entries = chronicle.take(topology, trees, now);
      if (store.begun()) {
        store.append(now, entries);
      }
      if (store.due(now)) {
        store.begin(now, chronicle.everybody());
      }
      takes.add((System.nanoTime() - began) / 1e6);
      news += entries.stream().filter(e -> e.kind() == Entry.Kind.NEWS).count();
      samples += entries.stream().filter(e -> e.kind() == Entry.Kind.SAMPLE).count();
    }
    History.Extent extent = store.extent();
    var reads = new ArrayList<Double>();
    for (int i = 0; i < READS; i++) {
      Instant at = BEGIN.plusSeconds(random.nextInt(60 * MINUTES));
      long began = System.nanoTime();
      if (store.at(at).orElseThrow().servers().size() != size) {
        throw new IllegalStateException("servers are missing at " + at);
      }
      reads.add((System.nanoTime() - began) / 1e6);
    }
    String of = size + " servers, " + (samples == 0 ? "changes alone, " : "");
    double bytes = extent.bytes();
    return List.of(
        new Figures(of + news + " changes, " + samples + " samples", "MB", List.of(bytes / 1e6)),
        new Figures(of + "each of them", "bytes", List.of(bytes / (news + samples))),
        new Figures(of + "half a minute written", "ms", takes),
        new Figures(of + "a moment read", "ms", reads));
  }

  private static InstanceKey key(int i) {
    return new InstanceKey("db%05d.example.net".formatted(i), 3306);
  }

  private Topology fleet(int size, boolean[] odd, Instant now, int half) {
    var servers = new TreeMap<InstanceKey, Instance>();
    for (int i = 0; i < size; i++) {
      var took = Duration.ofNanos(700_000 + random.nextInt(900_000));
      Instant at = now.minusNanos(random.nextInt(1_000_000_000));
      servers.put(
          key(i),
          Instance.unseen(key(i))
              .after(Observation.seen(key(i), at, took, facts(i, odd[i], half))));
    }
    return new Topology(half, servers);
  }

  private Facts facts(int i, boolean odd, int half) {
    int head = i / 20 * 20;
    long position = 1_000_000L * half + random.nextInt(900_000);
    String uuid = "3e11fa47-71ca-11e1-9e33-%012x".formatted(head);
    String gtid = uuid + ":1-" + (half * 5_000L + random.nextInt(4_000));
    var place = new BinlogPosition("binlog.%06d".formatted(half / 100 + 1), position);
    ThreadState sql = odd ? ThreadState.STOPPED : ThreadState.RUNNING;
    List<Channel> channels =
        i == head
            ? List.of()
            : List.of(
                new Channel(
                    "",
                    key(head),
                    "repl",
                    GtidUse.AUTO_POSITION,
                    ThreadState.RUNNING,
                    sql,
                    false,
                    true,
                    0,
                    new Channel.Progress(
                        place, place, place, gtid, Optional.of((long) random.nextInt(3))),
                    ReplicationError.NONE,
                    ReplicationError.NONE));
    return new Facts(
        new Identity(
            i + 1,
            Optional.of("3e11fa47-71ca-11e1-9e33-%012x".formatted(i)),
            Flavor.MYSQL,
            Version.parse("8.4.6"),
            "MySQL Community Server - GPL",
            "db%05d".formatted(i),
            Optional.empty(),
            Set.of()),
        new Settings(i != head, i != head, true, true, BinlogFormat.ROW, "FULL", false, "ON"),
        channels,
        List.of(),
        new Positions(place, gtid, gtid, "", "", 30L * half + 100),
        List.of());
  }
}
