package topiary.store.orchestrator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import topiary.engine.model.Background;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.Condition;
import topiary.engine.model.Detected;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Group;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Identity;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Positions;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Settings;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Version;

/** A row of {@code database_instance} as one of our servers. */
final class InstanceRows {

  /**
   * A check that was begun so long after the last good one counts as failed, answered or not:
   * {@code InstancePollSeconds} and one more, which the database does not tell.
   */
  private static final Duration OVERDUE = Duration.ofSeconds(6);

  /** As it is written of a thread that runs and has no connection. */
  private static final long OTHER = 2;

  private InstanceRows() {}

  /** When a server was looked at, however that ended. */
  static Stream<Instant> looks(Instance i) {
    return Stream.concat(i.lastAttempt().stream(), i.lastSeen().stream());
  }

  static Instance instance(Row row, InstanceKey key) {
    Optional<Instant> checked = row.time("last_checked");
    Optional<Instant> attempted = row.time("last_attempted_check");
    Optional<Instant> seen = row.time("last_seen");
    Condition condition = condition(row, checked, attempted, seen);
    Optional<Instant> last = attempted.or(() -> checked).or(() -> seen);
    boolean fails = condition == Condition.UNREACHABLE || condition == Condition.HALF;
    return new Instance(
        key,
        condition,
        fails ? sentence(condition, seen) : "",
        facts(row, key, seen.isPresent()),
        Stream.concat(last.stream(), checked.stream()).max(Instant::compareTo),
        seen,
        Duration.ofNanos(Math.max(0, row.number("last_discovery_latency").orElse(0L))),
        Optional.empty(),
        fails ? seen.or(() -> checkBefore(last)) : Optional.empty());
  }

  /** Of a server that was never seen: it was not at the check before the last either. */
  private static Optional<Instant> checkBefore(Optional<Instant> last) {
    return last.map(at -> at.minus(OVERDUE));
  }

  /** How it was at its last check, by the times of its own checks alone. */
  private static Condition condition(
      Row row, Optional<Instant> checked, Optional<Instant> attempted, Optional<Instant> seen) {
    if (seen.isEmpty()) {
      boolean tried = checked.isPresent() || attempted.isPresent();
      return tried ? Condition.UNREACHABLE : Condition.UNSEEN;
    }
    Instant good = seen.get();
    boolean valid =
        checked.filter(good::isBefore).isEmpty()
            && attempted.filter(good.plus(OVERDUE)::isBefore).isEmpty();
    if (valid) {
      return Condition.SEEN;
    }
    return row.is("last_check_partial_success") ? Condition.HALF : Condition.UNREACHABLE;
  }

  private static String sentence(Condition condition, Optional<Instant> seen) {
    String since = seen.map(at -> "not seen since " + at).orElse("never seen");
    return condition == Condition.HALF ? "answered in part only; " + since : since;
  }

  /** What was last seen of it; empty for one that is known by name only. */
  private static Optional<Facts> facts(Row row, InstanceKey key, boolean seen) {
    List<Channel> channels = channel(row).stream().toList();
    if (!seen && channels.isEmpty() && row.text("version").isEmpty()) {
      return Optional.empty();
    }
    String executed = row.text("executed_gtid_set");
    return Optional.of(
        new Facts(
            identity(row, key),
            settings(row),
            channels,
            Hosts.in(row, "slave_hosts"),
            new Positions(
                position(row, "binary_log_file", "binary_log_pos"),
                executed,
                executed,
                row.text("gtid_purged"),
                "",
                row.number("uptime").orElse(0L)),
            List.of(),
            semiSync(row),
            group(row),
            new Background(
                Optional.empty(),
                Optional.of(row.is("replication_credentials_available")),
                List.of(),
                detected(row)),
            row.number("slave_lag_seconds").filter(lag -> lag >= 0)));
  }

  private static Identity identity(Row row, InstanceKey key) {
    String version = row.text("version");
    String comment = row.text("version_comment");
    return new Identity(
        row.number("server_id").orElse(0L),
        Optional.of(row.text("server_uuid")).filter(uuid -> !uuid.isEmpty()),
        Flavor.of(version, comment),
        Version.parse(version),
        comment,
        key.host(),
        Optional.empty(),
        Set.of());
  }

  private static Settings settings(Row row) {
    return new Settings(
        row.is("read_only"),
        false,
        row.is("log_bin"),
        row.is("log_slave_updates"),
        format(row),
        row.text("binlog_row_image"),
        false,
        row.text("gtid_mode"));
  }

  private static BinlogFormat format(Row row) {
    String text = row.text("binlog_format");
    if (text.isEmpty()) {
      return BinlogFormat.ROW;
    }
    try {
      return BinlogFormat.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      row.tell("binlog_format", text, "is no format of a binary log");
      return BinlogFormat.ROW;
    }
  }

  /** The stream into it: there is one at the most, the others were never stored. */
  private static Optional<Channel> channel(Row row) {
    String host = row.text("master_host");
    boolean detached = host.startsWith(Channel.DETACHED);
    var named = new TreeMap<>(row.values());
    named.put("master_host", detached ? host.substring(Channel.DETACHED.length()) : host);
    return new Row(row.subject(), named, row.odd())
        .key("master_host", "master_port")
        .map(source -> channel(row, source, detached));
  }

  private static Channel channel(Row row, InstanceKey source, boolean detached) {
    return new Channel(
        "",
        source,
        "",
        gtid(row),
        thread(row, "slave_io_running", "replication_io_thread_state"),
        thread(row, "slave_sql_running", "replication_sql_thread_state"),
        row.is("has_replication_filters"),
        row.is("allow_tls"),
        row.count("sql_delay"),
        new Channel.Progress(
            position(row, "master_log_file", "read_master_log_pos"),
            position(row, "relay_master_log_file", "exec_master_log_pos"),
            position(row, "relay_log_file", "relay_log_pos"),
            "",
            row.number("seconds_behind_master").filter(behind -> behind >= 0)),
        Quoted.error(row.text("last_io_error")),
        Quoted.error(row.text("last_sql_error")),
        new Channel.Setup(
            row.text("master_uuid"), new TreeMap<>(), Channel.Encryption.NONE, detached));
  }

  private static GtidUse gtid(Row row) {
    if (row.is("oracle_gtid")) {
      return GtidUse.AUTO_POSITION;
    }
    return row.is("mariadb_gtid") ? GtidUse.SLAVE_POS : GtidUse.NONE;
  }

  /**
   * Old versions have stored only whether it runs; then one that connects is as one that stands.
   */
  private static ThreadState thread(Row row, String running, String state) {
    if (row.is(running)) {
      return ThreadState.RUNNING;
    }
    boolean other = row.number(state).filter(n -> n == OTHER).isPresent();
    return other ? ThreadState.CONNECTING : ThreadState.STOPPED;
  }

  private static BinlogPosition position(Row row, String file, String offset) {
    String name = row.text(file);
    long at = row.number(offset).orElse(0L);
    return name.isEmpty() ? BinlogPosition.NONE : new BinlogPosition(name, Math.max(0, at));
  }

  private static SemiSync semiSync(Row row) {
    boolean available = row.is("semi_sync_available");
    boolean source = row.is("semi_sync_master_enabled");
    boolean replica = row.is("semi_sync_replica_enabled");
    return new SemiSync(
        false,
        new SemiSync.Source(
            available || source,
            source,
            Math.max(0, row.number("semi_sync_master_timeout").orElse(0L)),
            row.count("semi_sync_master_wait_for_slave_count"),
            row.is("semi_sync_master_status"),
            row.count("semi_sync_master_clients")),
        new SemiSync.Replica(available || replica, replica, row.is("semi_sync_replica_status")));
  }

  private static Optional<Group> group(Row row) {
    String name = row.text("replication_group_name");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Group(
            name,
            row.is("replication_group_is_single_primary_mode"),
            row.text("replication_group_member_state"),
            row.text("replication_group_member_role"),
            row.key("replication_group_primary_host", "replication_group_primary_port"),
            Hosts.in(row, "replication_group_members")));
  }

  private static Detected detected(Row row) {
    return new Detected(
        row.text("data_center"),
        row.text("region"),
        row.text("physical_environment"),
        row.text("instance_alias"),
        Optional.empty(),
        row.count("semi_sync_enforced"),
        row.text("suggested_cluster_alias"),
        "");
  }
}
