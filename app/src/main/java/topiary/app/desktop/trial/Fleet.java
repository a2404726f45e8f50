package topiary.app.desktop.trial;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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

/** One tree of any size, always the same for the same size; some of its servers are in trouble. */
final class Fleet {

  /** How many replicas an intermediate source has. */
  private static final int BRANCH = 100;

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final BinlogPosition POSITION = new BinlogPosition("binlog.000042", 4711);

  private Fleet() {}

  /** A tree of so many servers; up to a hundred and one of them are a star. */
  static Topology of(int size) {
    var servers = new TreeMap<InstanceKey, Instance>();
    for (int i = 0; i < size; i++) {
      Instance server = server(i, size);
      servers.put(server.key(), server);
    }
    return new Topology(1, servers);
  }

  private static InstanceKey key(int number) {
    return new InstanceKey(String.format("db-%05d.eu.example.com", number), 3306);
  }

  /** Server 0 is the head; in a large tree every hundredth is a source of those after it. */
  private static InstanceKey source(int number, int size) {
    boolean star = size <= BRANCH + 1;
    return key(star || number % BRANCH == 1 ? 0 : (number - 1) / BRANCH * BRANCH + 1);
  }

  private static Instance server(int number, int size) {
    InstanceKey key = key(number);
    if (number == 0) {
      return Instance.unseen(key).after(seen(key, List.of()));
    }
    boolean broken = number % 97 == 41;
    long behind = number % 41 == 17 ? 12 : 0;
    var channel =
        new Channel(
            "",
            source(number, size),
            "repl",
            GtidUse.SLAVE_POS,
            ThreadState.RUNNING,
            broken ? ThreadState.STOPPED : ThreadState.RUNNING,
            false,
            false,
            0,
            new Channel.Progress(POSITION, POSITION, POSITION, "0-1-42", Optional.of(behind)),
            ReplicationError.NONE,
            broken
                ? new ReplicationError(1062, "Duplicate entry '7' for key 'PRIMARY'")
                : ReplicationError.NONE);
    Instance server = Instance.unseen(key).after(seen(key, List.of(channel)));
    return number % 211 == 61
        ? server.after(
            Observation.failed(
                key, NOW, Duration.ZERO, Condition.UNREACHABLE, "connection refused"))
        : server;
  }

  private static Observation seen(InstanceKey key, List<Channel> channels) {
    var identity =
        new Identity(
            key.hashCode() & 0xffff_ffffL,
            Optional.of("uid-" + key.host()),
            Flavor.MARIADB,
            Version.parse("11.4.5-MariaDB"),
            "MariaDB Server",
            key.host(),
            Optional.empty());
    var settings = new Settings(!channels.isEmpty(), true, true, BinlogFormat.ROW, "FULL", true);
    var facts =
        new Facts(
            identity,
            settings,
            channels,
            List.of(),
            new Positions(POSITION, "0-1-42", "0-1-42", 60),
            List.of());
    return Observation.seen(key, NOW, Duration.ofMillis(3), facts);
  }
}
