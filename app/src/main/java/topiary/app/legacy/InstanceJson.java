package topiary.app.legacy;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import topiary.app.json.JsonBytes;
import topiary.app.json.Moving;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.Detected;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Group;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.SemiSync;
import topiary.engine.model.ThreadState;
import topiary.engine.said.Downtime;
import topiary.engine.said.Rule;

/**
 * orchestrator's Instance: 87 fields in the order openark's 3.2.6 declares them, twins of old and
 * new names included.
 *
 * <p>What each is from, and which are constants here and why, stands in docs/orchestrator.md.
 */
final class InstanceJson {

  private static final int NO_THREAD = -1;

  private final LegacyInstance of;
  private final boolean form;
  private final Json json = new Json();

  private InstanceJson(LegacyInstance of, boolean form) {
    this.of = of;
    this.form = form;
  }

  static Object of(LegacyInstance instance) {
    return new InstanceJson(instance, false).write();
  }

  /** The same, with all that moves to be filled in. */
  static Object form(LegacyInstance instance) {
    return new InstanceJson(instance, true).write();
  }

  /** What is another for each look at the server. */
  private Object moving(Function<LegacyInstance, ?> value) {
    return form ? Moving.ofLook(value) : value.apply(of);
  }

  /** What is another at each moment. */
  private Object momentary(Function<LegacyInstance, ?> value) {
    return form ? new Moving<>(value) : value.apply(of);
  }

  private Object position(Function<LegacyInstance, BinlogPosition> position, int type) {
    return form
        ? Moving.<LegacyInstance>ofLook(i -> new Place(position.apply(i), type))
        : Json.position(position.apply(of), type);
  }

  private Object nullable(Function<LegacyInstance, Optional<Long>> number) {
    return form
        ? Moving.<LegacyInstance>ofLook(i -> new Nullable(number.apply(i)))
        : Json.nullable(number.apply(of));
  }

  private Object secondsSinceSeen() {
    return form
        ? new Moving<LegacyInstance>(i -> new Nullable(i.secondsSinceSeen()))
        : Json.nullable(of.secondsSinceSeen());
  }

  /** As {@link Json#position} has it. */
  private record Place(BinlogPosition position, int type) implements JsonBytes.Value {

    @Override
    public void write(JsonBytes out) throws IOException {
      out.json("{\"LogFile\":");
      out.text(position.file());
      out.json(",\"LogPos\":");
      out.number(position.offset());
      out.json(type == Json.BINARY_LOG ? ",\"Type\":0}" : ",\"Type\":1}");
    }
  }

  /** As {@link Json#nullable} has it. */
  private record Nullable(Optional<Long> number) implements JsonBytes.Value {

    @Override
    public void write(JsonBytes out) throws IOException {
      out.json("{\"Int64\":");
      out.number(number.orElse(0L));
      out.json(number.isPresent() ? ",\"Valid\":true}" : ",\"Valid\":false}");
    }
  }

  private Object write() {
    identity();
    binlog();
    source();
    threads();
    gtidUse();
    progress();
    lag();
    place();
    semiSync();
    freshness();
    promotionAndDowntime();
    json.with("UnresolvedHostname", "");
    json.with("AllowTLS", channel(Channel::tls, false));
    json.with("Problems", momentary(LegacyInstance::problems));
    json.with("LastDiscoveryLatency", moving(i -> i.instance().latency().toNanos()));
    group();
    return json.map();
  }

  private void identity() {
    json.with("Key", Json.key(of.key()));
    json.with("InstanceAlias", detected(Detected::alias, ""));
    json.with("Uptime", moving(i -> facts(i, f -> f.positions().uptimeSeconds(), 0L)));
    json.with("ServerID", facts(f -> f.identity().serverId(), 0L));
    json.with("ServerUUID", facts(f -> f.identity().uuid().orElse(""), ""));
    json.with("Version", of.version());
    json.with("VersionComment", facts(f -> f.identity().versionComment(), ""));
    json.with("FlavorName", facts(f -> f.identity().flavor(), Flavor.UNKNOWN).label());
  }

  private void binlog() {
    json.with("ReadOnly", of.readOnly());
    json.with("Binlog_format", of.binlogFormat());
    json.with("BinlogRowImage", facts(f -> f.settings().binlogRowImage(), ""));
    json.with("LogBinEnabled", of.logBin());
    json.with("LogSlaveUpdatesEnabled", of.logReplicaUpdates());
    json.with("LogReplicationUpdatesEnabled", of.logReplicaUpdates());
    json.with(
        "SelfBinlogCoordinates",
        position(i -> facts(i, f -> f.positions().logEnd(), BinlogPosition.NONE), Json.BINARY_LOG));
  }

  private void source() {
    Optional<InstanceKey> source = of.channel().map(Channel::source);
    boolean detached = channel(Channel::detached, false);
    json.with(
        "MasterKey",
        source.map(s -> detached ? Json.detached(s) : Json.key(s)).orElse(Json.NO_KEY));
    // Where a replica status has no such column, as MariaDB's, orchestrator writes "No".
    json.with("MasterUUID", channel(InstanceJson::sourceUuid, ""));
    json.with("AncestryUUID", of.ancestry());
    json.with("IsDetachedMaster", detached);
  }

  private static String sourceUuid(Channel channel) {
    String uuid = channel.setup().sourceUuid();
    return uuid.isEmpty() ? "No" : uuid;
  }

  private void threads() {
    json.with("Slave_SQL_Running", of.sqlRuns());
    json.with("ReplicationSQLThreadRuning", of.sqlRuns());
    json.with("Slave_IO_Running", of.ioRuns());
    json.with("ReplicationIOThreadRuning", of.ioRuns());
    json.with("ReplicationSQLThreadState", channel(c -> number(c.sql()), NO_THREAD));
    json.with("ReplicationIOThreadState", channel(c -> number(c.io()), NO_THREAD));
    json.with("HasReplicationFilters", channel(Channel::filtered, false));
  }

  private static int number(ThreadState state) {
    return switch (state) {
      case STOPPED -> 0;
      case RUNNING -> 1;
      case CONNECTING -> 2;
    };
  }

  private void gtidUse() {
    json.with("GTIDMode", of.gtidMode());
    json.with("SupportsOracleGTID", of.supportsOracleGtid());
    json.with("UsingOracleGTID", of.usingOracleGtid());
    json.with("UsingMariaDBGTID", of.usingMariaGtid());
    json.with("UsingPseudoGTID", false);
  }

  private void progress() {
    BinlogPosition none = BinlogPosition.NONE;
    json.with(
        "ReadBinlogCoordinates",
        position(i -> channel(i, c -> c.progress().read(), none), Json.BINARY_LOG));
    json.with("ExecBinlogCoordinates", position(LegacyInstance::executed, Json.BINARY_LOG));
    json.with("IsDetached", moving(LegacyInstance::detached));
    json.with(
        "RelaylogCoordinates",
        position(i -> channel(i, c -> c.progress().relay(), none), Json.RELAY_LOG));
    json.with("LastSQLError", error(channel(Channel::sqlError, ReplicationError.NONE)));
    json.with("LastIOError", error(channel(Channel::ioError, ReplicationError.NONE)));
  }

  private static String error(ReplicationError error) {
    return Text.quoted(error.message());
  }

  private void lag() {
    json.with("SecondsBehindMaster", nullable(LegacyInstance::secondsBehind));
    json.with("SQLDelay", of.delay());
    // orchestrator reads no GTID set of a MariaDB.
    boolean maria = facts(f -> f.identity().flavor() == Flavor.MARIADB, true);
    json.with(
        "ExecutedGtidSet",
        maria ? "" : moving(i -> facts(i, f -> f.positions().executedGtid(), "")));
    json.with(
        "GtidPurged", maria ? "" : moving(i -> facts(i, f -> f.positions().purgedGtid(), "")));
    json.with("GtidErrant", maria ? "" : of.errant().orElse(""));
    json.with("SlaveLagSeconds", nullable(LegacyInstance::lag));
    json.with("ReplicationLagSeconds", nullable(LegacyInstance::lag));
  }

  private void place() {
    json.with("SlaveHosts", Json.keys(of.replicas()));
    json.with("Replicas", Json.keys(of.replicas()));
    json.with("ClusterName", of.cluster());
    json.with("SuggestedClusterAlias", of.calledCluster());
    json.with("DataCenter", detected(Detected::dataCenter, ""));
    json.with("Region", detected(Detected::region, ""));
    json.with("PhysicalEnvironment", detected(Detected::environment, ""));
    json.with("ReplicationDepth", of.depth());
    json.with("IsCoMaster", of.coMaster());
    json.with("HasReplicationCredentials", channel(c -> !c.user().isEmpty(), false));
    json.with(
        "ReplicationCredentialsAvailable",
        facts(f -> f.background().credentials().orElse(false), false));
  }

  private void semiSync() {
    SemiSync semiSync = facts(Facts::semiSync, SemiSync.NONE);
    json.with("SemiSyncAvailable", semiSync.available());
    json.with("SemiSyncPriority", detected(Detected::semiSyncPriority, 0));
    json.with("SemiSyncMasterEnabled", semiSync.source().enabled());
    json.with("SemiSyncReplicaEnabled", semiSync.replica().enabled());
    json.with("SemiSyncMasterTimeout", semiSync.source().timeoutMillis());
    json.with("SemiSyncMasterWaitForReplicaCount", semiSync.source().waitFor());
    json.with("SemiSyncMasterStatus", semiSync.source().active());
    json.with("SemiSyncMasterClients", semiSync.source().clients());
    json.with("SemiSyncReplicaStatus", semiSync.replica().active());
  }

  private void freshness() {
    json.with(
        "LastSeenTimestamp", moving(i -> i.instance().lastSeen().map(Text::stamp).orElse("")));
    json.with("IsLastCheckValid", moving(LegacyInstance::lastCheckValid));
    json.with("IsUpToDate", momentary(LegacyInstance::upToDate));
    json.with("IsRecentlyChecked", momentary(LegacyInstance::recentlyChecked));
    json.with("SecondsSinceLastSeen", secondsSinceSeen());
    json.with("CountMySQLSnapshots", 0);
  }

  private void promotionAndDowntime() {
    json.with("IsCandidate", of.rule() == Rule.PREFER);
    json.with("PromotionRule", of.rule().word());
    Optional<Downtime> downtime = of.downtime();
    json.with("IsDowntimed", downtime.isPresent());
    json.with("DowntimeReason", downtime.map(Downtime::reason).orElse(""));
    json.with("DowntimeOwner", downtime.map(Downtime::owner).orElse(""));
    json.with("DowntimeEndTimestamp", downtime.map(d -> Text.stamp(d.until())).orElse(""));
    // Whole seconds, in nanoseconds.
    json.with(
        "ElapsedDowntime", downtime.isEmpty() ? 0L : momentary(InstanceJson::elapsedDowntime));
  }

  private static long elapsedDowntime(LegacyInstance of) {
    return of.downtime().map(d -> 1_000_000_000L * of.secondsSince(d.since())).orElse(0L);
  }

  private void group() {
    Optional<Group> group = of.facts().flatMap(Facts::group);
    json.with("ReplicationGroupName", group.map(Group::name).orElse(""));
    json.with("ReplicationGroupIsSinglePrimary", group.filter(Group::singlePrimary).isPresent());
    json.with("ReplicationGroupMemberState", group.map(Group::state).orElse(""));
    json.with("ReplicationGroupMemberRole", group.map(Group::role).orElse(""));
    json.with("ReplicationGroupMembers", Json.keys(group.map(Group::members).orElse(List.of())));
    json.with(
        "ReplicationGroupPrimaryInstanceKey",
        group.flatMap(Group::primary).map(Json::key).orElse(Json.NO_KEY));
  }

  private <T> T detected(Function<Detected, T> read, T otherwise) {
    return facts(f -> read.apply(f.background().detected()), otherwise);
  }

  private <T> T facts(Function<Facts, T> read, T otherwise) {
    return facts(of, read, otherwise);
  }

  private static <T> T facts(LegacyInstance of, Function<Facts, T> read, T otherwise) {
    return of.facts().map(read).orElse(otherwise);
  }

  private <T> T channel(Function<Channel, T> read, T otherwise) {
    return channel(of, read, otherwise);
  }

  private static <T> T channel(LegacyInstance of, Function<Channel, T> read, T otherwise) {
    return of.channel().map(read).orElse(otherwise);
  }
}
