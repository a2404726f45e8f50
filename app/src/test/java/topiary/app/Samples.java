package topiary.app;

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

/** Servers that need no server. */
public final class Samples {

  public static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private static final String GTID = "0-1-42";

  private Samples() {}

  /** Port 3306 of a host. */
  public static InstanceKey key(String host) {
    return new InstanceKey(host, InstanceKey.DEFAULT_PORT);
  }

  /** A head that takes writes. */
  public static Instance primary(String host) {
    return seen(host, List.of(), List.of());
  }

  /** A replica that is well. */
  public static Instance replica(String host, String source) {
    return replica(host, channel(source, ThreadState.RUNNING, ThreadState.RUNNING));
  }

  /** A replica that came upon a row that is there already. */
  public static Instance broken(String host, String source) {
    return replica(
        host,
        channel(
            source,
            ThreadState.RUNNING,
            ThreadState.STOPPED,
            0,
            ReplicationError.NONE,
            new ReplicationError(
                1062, "Could not execute Write_rows event on table shop.orders: Duplicate entry")));
  }

  public static Instance replica(String host, Channel channel) {
    return seen(host, List.of(channel), List.of());
  }

  /** A channel without errors and lag. */
  public static Channel channel(String source, ThreadState io, ThreadState sql) {
    return channel(source, io, sql, 0, ReplicationError.NONE, ReplicationError.NONE);
  }

  public static Channel channel(
      String source,
      ThreadState io,
      ThreadState sql,
      long behind,
      ReplicationError ioError,
      ReplicationError sqlError) {
    var position = new BinlogPosition("binlog.000001", 4);
    return new Channel(
        "",
        key(source),
        "repl",
        GtidUse.SLAVE_POS,
        io,
        sql,
        false,
        false,
        0,
        new Channel.Progress(position, position, position, GTID, Optional.of(behind)),
        ioError,
        sqlError);
  }

  /** The same, set up in another way, and so late. */
  public static Channel set(Channel c, GtidUse gtid, boolean filtered, int delay, long behind) {
    var at = c.progress();
    return new Channel(
        c.name(),
        c.source(),
        c.user(),
        gtid,
        c.io(),
        c.sql(),
        filtered,
        c.tls(),
        delay,
        new Channel.Progress(
            at.read(), at.executed(), at.relay(), at.receivedGtid(), Optional.of(behind)),
        c.ioError(),
        c.sqlError());
  }

  /** A channel of several, as well as its threads are. */
  public static Channel channel(String name, String source, ThreadState sql, long behind) {
    Channel c =
        channel(
            source, ThreadState.RUNNING, sql, behind, ReplicationError.NONE, ReplicationError.NONE);
    return new Channel(
        name,
        c.source(),
        c.user(),
        c.gtid(),
        c.io(),
        c.sql(),
        c.filtered(),
        c.tls(),
        c.delaySeconds(),
        c.progress(),
        c.ioError(),
        c.sqlError());
  }

  /** A replica of several sources. */
  public static Instance replica(String host, Channel... channels) {
    return seen(host, List.of(channels), List.of());
  }

  public static Instance seen(String host, List<Channel> channels, List<String> complaints) {
    long id = host.chars().asLongStream().reduce(7, (a, b) -> (31 * a + b) % 1_000_003);
    var facts =
        new Facts(
            new Identity(
                id,
                Optional.of("uid-" + host),
                Flavor.MARIADB,
                Version.parse("11.4.5-MariaDB"),
                "MariaDB Server",
                host,
                Optional.empty(),
                Set.of()),
            new Settings(
                !channels.isEmpty(), false, true, true, BinlogFormat.ROW, "FULL", true, ""),
            channels,
            List.of(),
            new Positions(new BinlogPosition("binlog.000001", 1000), GTID, GTID, "", "", 60),
            complaints);
    return Instance.unseen(key(host))
        .after(Observation.seen(key(host), NOW, Duration.ofMillis(3), facts));
  }

  /** The same server, which could not be seen ten seconds later. */
  public static Instance lost(Instance instance, Condition condition, String sentence) {
    return instance.after(
        Observation.failed(
            instance.key(), NOW.plusSeconds(10), Duration.ZERO, condition, sentence));
  }

  public static Topology topology(long revision, Instance... instances) {
    var all = new TreeMap<InstanceKey, Instance>();
    for (Instance i : instances) {
      all.put(i.key(), i);
    }
    return new Topology(revision, all);
  }
}
