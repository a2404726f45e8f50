package topiary.app.legacy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
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

/**
 * One tree to look at: {@code p} with {@code r1}, {@code r2}, {@code gone} (unreachable for a
 * minute) and {@code stopped} below it, and {@code r3} below {@code r2}.
 */
final class Samples {

  static final Instant NOW = Instant.parse("2026-11-22T10:00:00.250Z");

  static final InstanceKey P = new InstanceKey("p.example", 3306);
  static final InstanceKey R1 = new InstanceKey("r1.example", 3306);
  static final InstanceKey R2 = new InstanceKey("r2.example", 3306);
  static final InstanceKey R3 = new InstanceKey("r3.example", 3306);
  static final InstanceKey GONE = new InstanceKey("gone.example", 3307);
  static final InstanceKey STOPPED = new InstanceKey("stopped.example", 3306);

  private static final String VERSION = "11.4.5-MariaDB-log";

  private Samples() {}

  static Topology tree() {
    return topology(
        seen(P, facts(1, false, List.of())),
        seen(R1, facts(2, true, List.of(running(P, 0)))),
        seen(R2, facts(3, true, List.of(running(P, 15)))),
        seen(R3, facts(4004, true, List.of(running(R2, 25)))),
        gone(),
        seen(STOPPED, facts(6, true, List.of(stopped(P)))));
  }

  private static Instance gone() {
    return Instance.unseen(GONE)
        .after(
            Observation.seen(
                GONE,
                NOW.minusSeconds(62),
                Duration.ofMillis(3),
                facts(5, true, List.of(running(P, 0)))))
        .after(
            Observation.failed(
                GONE,
                NOW.minusSeconds(2),
                Duration.ofMillis(4),
                Condition.UNREACHABLE,
                "no route to host"));
  }

  static Topology topology(Instance... instances) {
    var all = new TreeMap<InstanceKey, Instance>();
    for (Instance i : instances) {
      all.put(i.key(), i);
    }
    return new Topology(1, all);
  }

  static Instance seen(InstanceKey key, Facts facts) {
    return Instance.unseen(key)
        .after(Observation.seen(key, NOW.minusSeconds(2), Duration.ofMillis(5), facts));
  }

  static Facts facts(long serverId, boolean readOnly, List<Channel> channels) {
    return new Facts(
        new Identity(
            serverId,
            Optional.empty(),
            Flavor.MARIADB,
            Version.parse(VERSION),
            "Source distribution",
            "host" + serverId,
            Optional.empty(),
            Set.of()),
        new Settings(readOnly, false, true, true, BinlogFormat.ROW, "FULL", true, ""),
        channels,
        List.of(),
        new Positions(
            new BinlogPosition("bin.000007", 4711), "0-1-100", "0-1-100", "", "", 3600 + serverId),
        List.of());
  }

  static Channel running(InstanceKey source, long behind) {
    return channel(source, ThreadState.RUNNING, Optional.of(behind), ReplicationError.NONE);
  }

  static Channel stopped(InstanceKey source) {
    return channel(
        source,
        ThreadState.STOPPED,
        Optional.empty(),
        new ReplicationError(1062, "Duplicate entry \"Zoë\""));
  }

  private static Channel channel(
      InstanceKey source, ThreadState state, Optional<Long> behind, ReplicationError sqlError) {
    return new Channel(
        "",
        source,
        "repl",
        GtidUse.SLAVE_POS,
        ThreadState.RUNNING,
        state,
        false,
        true,
        0,
        new Channel.Progress(
            new BinlogPosition("bin.000007", 4711),
            new BinlogPosition("bin.000007", 4700),
            new BinlogPosition("relay.000002", 321),
            "0-1-100",
            behind),
        ReplicationError.NONE,
        sqlError);
  }
}
