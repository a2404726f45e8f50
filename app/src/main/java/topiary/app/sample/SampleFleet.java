package topiary.app.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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

/** Servers that are not there: trees three deep, most of them well; always the same. */
public final class SampleFleet {

  private final int servers;
  private final int tree;
  private final int branch;
  private final Map<InstanceKey, ClusterId> clusters = new HashMap<>();

  private SampleFleet(int servers, int tree, int branch) {
    this.servers = servers;
    this.tree = tree;
    this.branch = branch;
    for (int i = 0; i < servers; i++) {
      clusters.put(key(i), new ClusterId(String.format("c%012x", i / tree)));
    }
  }

  /** Trees of fifty, with a source for every nine replicas. */
  public static SampleFleet ofTrees(int servers) {
    return new SampleFleet(servers, 50, 10);
  }

  /** One tree, with a source for every ninety-nine replicas; up to a hundred are a star. */
  public static SampleFleet ofOneTree(int servers) {
    return new SampleFleet(servers, servers, 100);
  }

  /** The tree each is of. */
  public Map<InstanceKey, ClusterId> clusters() {
    return clusters;
  }

  /** How they are at a look, having written so much. */
  public Topology at(Instant now, long revision, long written) {
    var all = new TreeMap<InstanceKey, Instance>();
    for (int i = 0; i < servers; i++) {
      all.put(key(i), instance(i, now, written));
    }
    return new Topology(revision, all);
  }

  private static InstanceKey key(int i) {
    return new InstanceKey(String.format("db-%05d.sample.example", i), InstanceKey.DEFAULT_PORT);
  }

  /** The first of a tree feeds some of it, which feed those after them. */
  private Optional<InstanceKey> source(int i) {
    int place = i % tree;
    if (place == 0) {
      return Optional.empty();
    }
    int head = i - place;
    return Optional.of(key(place % branch == 0 ? head : head + place / branch * branch));
  }

  private Instance instance(int i, Instant now, long written) {
    Instance seen =
        Instance.unseen(key(i))
            .after(Observation.seen(key(i), now, Duration.ofMillis(3), facts(i, written)));
    return i % 17 == 5
        ? seen.after(
            Observation.failed(
                key(i), now, Duration.ofMillis(3), Condition.UNREACHABLE, "connection refused"))
        : seen;
  }

  private Facts facts(int i, long written) {
    var here = new BinlogPosition("binlog.000042", 4 + written);
    String gtid = "0-1-" + (1 + written);
    long behind = i % 13 == 7 ? 42 : 0;
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
                        i % 19 == 11 ? ThreadState.STOPPED : ThreadState.RUNNING,
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
