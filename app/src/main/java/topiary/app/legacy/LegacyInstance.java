package topiary.app.legacy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;

/**
 * One server at one moment, and what orchestrator derives from what is known of it.
 *
 * @param instance what is known
 * @param cluster the name of its cluster
 * @param depth its distance from the head of its cluster
 * @param coMaster whether its source replicates from it in turn
 * @param replicas who replicates from it, in order of their address
 * @param ancestry the ids of the servers from the head down to it, joined by commas
 * @param errant its errant transactions
 * @param now the moment
 * @param poll from one look at it to the next
 */
record LegacyInstance(
    Instance instance,
    String cluster,
    int depth,
    boolean coMaster,
    List<InstanceKey> replicas,
    String ancestry,
    Optional<String> errant,
    Instant now,
    Duration poll) {

  /** orchestrator's default for {@code ReasonableReplicationLagSeconds}. */
  private static final long REASONABLE_LAG = 10;

  /** orchestrator's default for {@code ReasonableMaintenanceReplicationLagSeconds}. */
  private static final long REASONABLE_MAINTENANCE_LAG = 20;

  /** After how many polls without a look a server is no longer "recently checked". */
  private static final int RECENT_POLLS = 5;

  InstanceKey key() {
    return instance.key();
  }

  Optional<Facts> facts() {
    return instance.facts();
  }

  Optional<Channel> channel() {
    return instance.primaryChannel();
  }

  /** orchestrator's word for a server nobody has seen yet, too. */
  String version() {
    return facts().map(f -> f.identity().version().text()).orElse("Unknown");
  }

  boolean readOnly() {
    return facts().map(f -> f.settings().readOnly()).orElse(false);
  }

  boolean logBin() {
    return facts().map(f -> f.settings().logBin()).orElse(false);
  }

  boolean logReplicaUpdates() {
    return facts().map(f -> f.settings().logReplicaUpdates()).orElse(false);
  }

  String binlogFormat() {
    return facts().map(f -> f.settings().binlogFormat().name()).orElse("");
  }

  boolean usingMariaGtid() {
    return gtid() == GtidUse.SLAVE_POS || gtid() == GtidUse.CURRENT_POS;
  }

  boolean usingOracleGtid() {
    return gtid() == GtidUse.AUTO_POSITION;
  }

  private GtidUse gtid() {
    return channel().map(Channel::gtid).orElse(GtidUse.NONE);
  }

  private boolean usingGtid() {
    return usingMariaGtid() || usingOracleGtid();
  }

  boolean ioRuns() {
    return channel().filter(c -> c.io() == ThreadState.RUNNING).isPresent();
  }

  boolean sqlRuns() {
    return channel().filter(c -> c.sql() == ThreadState.RUNNING).isPresent();
  }

  BinlogPosition executed() {
    return channel().map(c -> c.progress().executed()).orElse(BinlogPosition.NONE);
  }

  /** Whether its place was written over by an old orchestrator, to break replication on purpose. */
  boolean detached() {
    return executed().file().startsWith("//");
  }

  boolean isReplica() {
    return channel().filter(c -> !c.progress().read().file().isEmpty() || usingGtid()).isPresent();
  }

  private boolean replicates() {
    return isReplica() && ioRuns() && sqlRuns();
  }

  /** How far it says to be behind; empty for a head, and when it cannot say. */
  Optional<Long> secondsBehind() {
    return channel().flatMap(c -> c.progress().secondsBehind()).map(s -> Math.max(0, s));
  }

  int delay() {
    return channel().map(Channel::delaySeconds).orElse(0);
  }

  /** Whether the latest look was a good one. */
  boolean lastCheckValid() {
    Optional<Instant> tried = instance.lastAttempt();
    return instance.lastSeen().filter(s -> tried.filter(t -> t.isAfter(s)).isEmpty()).isPresent();
  }

  boolean upToDate() {
    return checkedWithin(1);
  }

  boolean recentlyChecked() {
    return checkedWithin(RECENT_POLLS);
  }

  private boolean checkedWithin(int polls) {
    // orchestrator counts in whole seconds, so an interval below one counts as one.
    long limit = Math.max(1, poll.toSeconds()) * polls;
    return instance.lastAttempt().map(this::secondsSince).filter(age -> age <= limit).isPresent();
  }

  Optional<Long> secondsSinceSeen() {
    return instance.lastSeen().map(this::secondsSince);
  }

  private long secondsSince(Instant then) {
    return Math.max(0, now.getEpochSecond() - then.getEpochSecond());
  }

  /** What is wrong with it, in orchestrator's codes: none, or one. */
  List<String> problems() {
    if (!lastCheckValid()) {
      return List.of("last_check_invalid");
    }
    if (!recentlyChecked()) {
      return List.of("not_recently_checked");
    }
    if (channel().isPresent() && !replicates()) {
      return List.of("not_replicating");
    }
    if (secondsBehind().filter(s -> Math.abs(s - delay()) > REASONABLE_LAG).isPresent()) {
      return List.of("replication_lag");
    }
    return List.of();
  }

  /** Whether a plus stands before it in a drawing. */
  boolean healthyReplica() {
    return replicates() && lastCheckValid() && recentlyChecked();
  }

  /** The columns behind its name in a drawing; the last may be empty. */
  List<String> description() {
    return List.of(
        lagText(),
        statusText(),
        version(),
        readOnly() ? "ro" : "rw",
        logBin() ? binlogFormat() : "nobinlog",
        String.join(",", extras()));
  }

  private String lagText() {
    if (detached()) {
      return "detached";
    }
    if (!lastCheckValid() || !recentlyChecked()) {
      return "unknown";
    }
    if (isReplica() && (!replicates() || secondsBehind().isEmpty())) {
      return "null";
    }
    return secondsBehind().orElse(0L) + "s";
  }

  private String statusText() {
    if (!lastCheckValid()) {
      return "invalid";
    }
    if (!recentlyChecked()) {
      return "unchecked";
    }
    if (isReplica() && !replicates()) {
      return "nonreplicating";
    }
    return isReplica() && lagsTooMuchToMove() ? "lag" : "ok";
  }

  private boolean lagsTooMuchToMove() {
    long behind = secondsBehind().orElse(0L);
    long off = delay() > 0 ? Math.abs(behind - delay()) : behind;
    return off > REASONABLE_MAINTENANCE_LAG;
  }

  private List<String> extras() {
    var extras = new ArrayList<String>();
    if (logBin() && logReplicaUpdates()) {
      extras.add(">>");
    }
    if (usingGtid()) {
      extras.add("GTID");
    }
    return extras;
  }

  /** The texts a search looks into. */
  Stream<String> searchable() {
    return Stream.of(
        key().host(),
        cluster,
        version(),
        facts().map(f -> f.identity().versionComment()).orElse(""),
        Text.of(key()));
  }
}
