package topiary.app.legacy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Group;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.said.Downtime;
import topiary.engine.said.OfServer;
import topiary.engine.said.Promotion;
import topiary.engine.said.Rule;

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
 * @param clusterAlias what the head of its cluster is told to be called by an operator's query
 * @param now the moment
 * @param poll from one look at it to the next
 * @param said what people say of it
 */
record LegacyInstance(
    Instance instance,
    String cluster,
    int depth,
    boolean coMaster,
    List<InstanceKey> replicas,
    String ancestry,
    Optional<String> errant,
    String clusterAlias,
    Instant now,
    Duration poll,
    OfServer said) {

  /** orchestrator's default for {@code ReasonableReplicationLagSeconds}. */
  private static final long REASONABLE_LAG = 10;

  /** orchestrator's default for {@code ReasonableMaintenanceReplicationLagSeconds}. */
  private static final long REASONABLE_MAINTENANCE_LAG = 20;

  /** After how many polls without a look a server is no longer "recently checked". */
  private static final int RECENT_POLLS = 5;

  /** All that its JSON follows from beside what is known of it by looking, but for what moves. */
  record Besides(
      String cluster,
      int depth,
      boolean coMaster,
      List<InstanceKey> replicas,
      String ancestry,
      Optional<String> errant,
      String calledCluster,
      OfServer said,
      boolean downtimed,
      Rule rule) {

    /** As a record's own, which is slow where code is compiled quickly. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Besides b
          && depth == b.depth
          && coMaster == b.coMaster
          && downtimed == b.downtimed
          && rule == b.rule
          && (said == b.said || said.equals(b.said))
          && cluster.equals(b.cluster)
          && replicas.equals(b.replicas)
          && ancestry.equals(b.ancestry)
          && errant.equals(b.errant)
          && calledCluster.equals(b.calledCluster);
    }

    @Override
    public int hashCode() {
      return cluster.hashCode();
    }
  }

  Besides besides() {
    return new Besides(
        cluster,
        depth,
        coMaster,
        replicas,
        ancestry,
        errant,
        calledCluster(),
        said,
        downtime().isPresent(),
        rule());
  }

  InstanceKey key() {
    return instance.key();
  }

  /** Its downtime, while it lasts. */
  Optional<Downtime> downtime() {
    return said.downtime().filter(d -> d.holds(now));
  }

  /** How much it is wanted as a primary. */
  Rule rule() {
    return said.promotion()
        .filter(p -> p.holds(now))
        .map(Promotion::rule)
        .or(this::detectedRule)
        .orElse(Rule.NEUTRAL);
  }

  /** What an operator's query tells; what somebody says by hand is more. */
  private Optional<Rule> detectedRule() {
    return facts()
        .flatMap(f -> f.background().detected().promotionRule())
        .flatMap(
            word -> Stream.of(Rule.values()).filter(rule -> rule.word().equals(word)).findFirst());
  }

  /** What its cluster is called: what somebody says is more than what a query tells. */
  String calledCluster() {
    return said.clusterAlias().isEmpty() ? clusterAlias : said.clusterAlias();
  }

  /** Its tags, as a drawing shows them. */
  String tags() {
    return said.tags().entrySet().stream()
        .map(t -> t.getValue().isEmpty() ? t.getKey() : t.getKey() + "=" + t.getValue())
        .collect(Collectors.joining(",", "[", "]"));
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

  String gtidMode() {
    return facts().map(f -> f.settings().gtidMode()).orElse("");
  }

  boolean supportsOracleGtid() {
    return !gtidMode().isEmpty() && !gtidMode().equals("OFF");
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

  /** How late it is: by the operator's own query, else what it says itself. */
  Optional<Long> lag() {
    return facts().flatMap(Facts::lag).map(s -> Math.max(0, s));
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

  /** Whole seconds; 0 for what is to come. */
  long secondsSince(Instant then) {
    return Math.max(0, now.getEpochSecond() - then.getEpochSecond());
  }

  /** What is wrong with it, in orchestrator's codes: one of the first four, and any other. */
  List<String> problems() {
    var problems = new ArrayList<String>();
    if (!lastCheckValid()) {
      problems.add("last_check_invalid");
    } else if (!recentlyChecked()) {
      problems.add("not_recently_checked");
    } else if (channel().isPresent() && !replicates()) {
      problems.add("not_replicating");
    } else if (lag().filter(s -> Math.abs(s - delay()) > REASONABLE_LAG).isPresent()) {
      problems.add("replication_lag");
    }
    if (errantTold()) {
      problems.add("errant_gtid");
    }
    if (facts().flatMap(Facts::group).filter(g -> !g.online()).isPresent()) {
      problems.add("group_replication_member_not_online");
    }
    return problems;
  }

  /** A MariaDB's are told in Topiary's own API only, as orchestrator knows of none there. */
  private boolean errantTold() {
    return errant.isPresent()
        && facts().filter(f -> f.identity().flavor() == Flavor.MARIADB).isEmpty();
  }

  /** Whether it gets its changes from the primary of a group. */
  boolean groupSecondary() {
    return facts().flatMap(Facts::group).filter(Group::secondary).isPresent();
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
    if (isReplica() && (!replicates() || lag().isEmpty())) {
      return "null";
    }
    return lag().orElse(0L) + "s";
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
    if (usingGtid() || supportsOracleGtid()) {
      extras.add(errantTold() ? "GTID:errant" : "GTID");
    }
    facts()
        .map(Facts::semiSync)
        .ifPresent(
            s -> {
              if (s.source().active()) {
                extras.add("semi:master");
              }
              if (s.replica().active()) {
                extras.add("semi:replica");
              }
            });
    if (downtime().isPresent()) {
      extras.add("downtimed");
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
        Text.of(key()),
        said.clusterAlias());
  }
}
