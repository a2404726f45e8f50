package topiary.app.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
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
import topiary.engine.said.Downtime;
import topiary.engine.said.Maintenance;
import topiary.engine.said.OfServer;

/** Servers that are not there, in trees a few deep, most of them well; always the same. */
public final class SampleFleet {

  private static final List<String> WORDS =
      List.of("shop", "orders", "billing", "search", "mail", "stock", "users");

  /** Of so many clusters of different sizes one has trouble. */
  private static final int ONE_OF = 9;

  /** Whom each replicates from; -1 for the head of a tree. */
  private final int[] sources;

  /** Which tree each is of. */
  private final int[] trees;

  /** Whether trouble is everywhere, or only in some trees. */
  private final boolean everywhere;

  private final Map<InstanceKey, ClusterId> clusters = new HashMap<>();

  private SampleFleet(int[] sources, int[] trees, boolean everywhere) {
    this.sources = sources;
    this.trees = trees;
    this.everywhere = everywhere;
    for (int i = 0; i < trees.length; i++) {
      clusters.put(key(i), new ClusterId(String.format("c%012x", trees[i])));
    }
  }

  /** Trees of fifty, with a source for every nine replicas. */
  public static SampleFleet ofTrees(int servers) {
    return of(servers, 50, 10);
  }

  /** One tree, with a source for every ninety-nine replicas; up to a hundred are a star. */
  public static SampleFleet ofOneTree(int servers) {
    return of(servers, servers, 100);
  }

  /** Trees of four to sixteen, ten on the average; most have no trouble. */
  public static SampleFleet ofClusters(int clusters) {
    var sizes = new int[clusters];
    int all = 0;
    for (int c = 0; c < clusters; c++) {
      sizes[c] = 4 + c * 7 % 13;
      all += sizes[c];
    }
    var sources = new int[all];
    var trees = new int[all];
    int i = 0;
    for (int c = 0; c < clusters; c++) {
      int head = i;
      // A star, a tree of two or three branches, a chain of branches: by turns.
      int branch = 3 + c % 5;
      for (int place = 0; place < sizes[c]; place++) {
        sources[i] = source(head, place, branch);
        trees[i] = c;
        i++;
      }
    }
    return new SampleFleet(sources, trees, false);
  }

  private static SampleFleet of(int servers, int tree, int branch) {
    var sources = new int[servers];
    var trees = new int[servers];
    for (int i = 0; i < servers; i++) {
      trees[i] = i / tree;
      sources[i] = source(i - i % tree, i % tree, branch);
    }
    return new SampleFleet(sources, trees, true);
  }

  /** The first of a tree feeds some of it, which feed those after them. */
  private static int source(int head, int place, int branch) {
    if (place == 0) {
      return -1;
    }
    return place % branch == 0 ? head : head + place / branch * branch;
  }

  /** How many. */
  public int servers() {
    return trees.length;
  }

  /** The tree each is of. */
  public Map<InstanceKey, ClusterId> clusters() {
    return clusters;
  }

  /** How they are at a look, having written so much. */
  public Topology at(Instant now, long revision, long written) {
    var all = new TreeMap<InstanceKey, Instance>();
    for (int i = 0; i < servers(); i++) {
      all.put(key(i), instance(i, now, written));
    }
    return new Topology(revision, all);
  }

  /**
   * What people say of some: what a few clusters are called, a tag, a pool, a downtime.
   *
   * @param now when they begin what has an end
   */
  public Map<InstanceKey, OfServer> said(Instant now) {
    Map<InstanceKey, OfServer> said = new HashMap<>();
    Instant until = now.plus(Duration.ofHours(2));
    for (int i = 0; i < servers(); i++) {
      int c = trees[i];
      String alias = c % 4 == 1 ? WORDS.get(c % WORDS.size()) + "-" + c : "";
      boolean last = i + 1 == servers() || trees[i + 1] != c;
      var tags = new TreeMap<String, String>();
      var pools = new TreeSet<String>();
      if (last && c % 3 == 0) {
        tags.put("role", "backup");
      } else if (sources[i] >= 0 && c % 3 == 1) {
        pools.add("readers-" + c);
      }
      Optional<Downtime> downtime =
          last && c % 23 == 6
              ? Optional.of(new Downtime("ann", "new disks", now, until))
              : Optional.empty();
      Optional<Maintenance> maintenance =
          last && c % 41 == 7
              ? Optional.of(new Maintenance(c, "ben", "upgrade", now, until))
              : Optional.empty();
      var of = new OfServer(alias, Optional.empty(), downtime, maintenance, tags, pools);
      if (!of.equals(OfServer.NOTHING)) {
        said.put(key(i), of);
      }
    }
    return said;
  }

  /** The address of one. */
  public static InstanceKey key(int i) {
    return new InstanceKey(String.format("db-%05d.sample.example", i), InstanceKey.DEFAULT_PORT);
  }

  private Optional<InstanceKey> source(int i) {
    return sources[i] < 0 ? Optional.empty() : Optional.of(key(sources[i]));
  }

  /** Whether there may be trouble with it. */
  private boolean fallible(int i) {
    return everywhere || trees[i] % ONE_OF == 4;
  }

  /** How one is at a look, having written so much. */
  public Instance instance(int i, Instant now, long written) {
    Instance seen =
        Instance.unseen(key(i))
            .after(Observation.seen(key(i), now, Duration.ofMillis(3), facts(i, written)));
    return i % 17 == 5 && fallible(i)
        ? seen.after(
            Observation.failed(
                key(i), now, Duration.ofMillis(3), Condition.UNREACHABLE, "connection refused"))
        : seen;
  }

  private Facts facts(int i, long written) {
    var here = new BinlogPosition("binlog.000042", 4 + written);
    String gtid = "0-1-" + (1 + written);
    long behind = i % 13 == 7 && fallible(i) ? 42 : 0;
    var channels =
        source(i)
            .map(
                source ->
                    new Channel(
                        "",
                        source,
                        "repl",
                        GtidUse.SLAVE_POS,
                        ThreadState.RUNNING,
                        i % 19 == 11 && fallible(i) ? ThreadState.STOPPED : ThreadState.RUNNING,
                        false,
                        false,
                        0,
                        new Channel.Progress(here, here, here, gtid, Optional.of(behind)),
                        ReplicationError.NONE,
                        ReplicationError.NONE))
            .map(List::of)
            .orElse(List.of());
    return new Facts(
        new Identity(
            i + 1,
            Optional.of(String.format("uid-%05d", i)),
            Flavor.MARIADB,
            Version.parse("11.4.5-MariaDB"),
            "MariaDB Server",
            key(i).host(),
            Optional.empty(),
            Set.of()),
        new Settings(!channels.isEmpty(), false, true, true, BinlogFormat.ROW, "FULL", true, ""),
        channels,
        List.of(),
        new Positions(here, gtid, gtid, "", "", 60),
        List.of());
  }
}
