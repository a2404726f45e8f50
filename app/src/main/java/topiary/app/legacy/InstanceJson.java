package topiary.app.legacy;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.ThreadState;

/**
 * orchestrator's Instance: 87 fields in the order openark's 3.2.6 declares them, twins of old and
 * new names included.
 *
 * <p>Topiary does not know these yet, so they carry what orchestrator writes when it does not know
 * them either:
 *
 * <ul>
 *   <li>nothing configured that would tell: {@code InstanceAlias}, {@code SuggestedClusterAlias},
 *       {@code DataCenter}, {@code Region}, {@code PhysicalEnvironment}, {@code UsingPseudoGTID},
 *       {@code SemiSyncPriority}, {@code UnresolvedHostname}, {@code CountMySQLSnapshots} (agents)
 *   <li>nobody can say so yet: {@code IsCandidate}, {@code PromotionRule} (neutral), the downtime
 *   <li>the probe does not ask: semi-sync, group replication, {@code GTIDMode}, {@code
 *       SupportsOracleGTID}, {@code GtidPurged}, {@code GtidErrant}, {@code
 *       ReplicationCredentialsAvailable}; for MariaDB orchestrator leaves all but semi-sync so too
 *   <li>our addresses cannot hold orchestrator's mark for it: {@code IsDetachedMaster}
 * </ul>
 */
final class InstanceJson {

  private static final int NO_THREAD = -1;

  private final LegacyInstance of;
  private final Json json = new Json();

  private InstanceJson(LegacyInstance of) {
    this.of = of;
  }

  static Object of(LegacyInstance instance) {
    return new InstanceJson(instance).write();
  }

  static List<Object> all(List<LegacyInstance> instances) {
    return instances.stream().map(InstanceJson::of).toList();
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
    json.with("Problems", of.problems());
    json.with("LastDiscoveryLatency", of.instance().latency().toNanos());
    group();
    return json.map();
  }

  private void identity() {
    json.with("Key", Json.key(of.key()));
    json.with("InstanceAlias", "");
    json.with("Uptime", facts(f -> f.positions().uptimeSeconds(), 0L));
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
    BinlogPosition end = facts(f -> f.positions().logEnd(), BinlogPosition.NONE);
    json.with("SelfBinlogCoordinates", Json.position(end, Json.BINARY_LOG));
  }

  private void source() {
    Optional<InstanceKey> source = of.instance().source();
    json.with("MasterKey", source.map(Json::key).orElse(Json.NO_KEY));
    // MariaDB's replica status has no such column, for which orchestrator writes "No".
    json.with("MasterUUID", source.isPresent() ? "No" : "");
    json.with("AncestryUUID", of.ancestry());
    json.with("IsDetachedMaster", false);
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
    json.with("GTIDMode", "");
    json.with("SupportsOracleGTID", false);
    json.with("UsingOracleGTID", of.usingOracleGtid());
    json.with("UsingMariaDBGTID", of.usingMariaGtid());
    json.with("UsingPseudoGTID", false);
  }

  private void progress() {
    BinlogPosition none = BinlogPosition.NONE;
    BinlogPosition read = channel(c -> c.progress().read(), none);
    BinlogPosition relay = channel(c -> c.progress().relay(), none);
    json.with("ReadBinlogCoordinates", Json.position(read, Json.BINARY_LOG));
    json.with("ExecBinlogCoordinates", Json.position(of.executed(), Json.BINARY_LOG));
    json.with("IsDetached", of.detached());
    json.with("RelaylogCoordinates", Json.position(relay, Json.RELAY_LOG));
    json.with("LastSQLError", error(channel(Channel::sqlError, ReplicationError.NONE)));
    json.with("LastIOError", error(channel(Channel::ioError, ReplicationError.NONE)));
  }

  private static String error(ReplicationError error) {
    return Text.quoted(error.message());
  }

  private void lag() {
    json.with("SecondsBehindMaster", Json.nullable(of.secondsBehind()));
    json.with("SQLDelay", of.delay());
    // orchestrator reads no GTID set of a MariaDB.
    boolean maria = facts(f -> f.identity().flavor() == Flavor.MARIADB, true);
    json.with("ExecutedGtidSet", maria ? "" : facts(f -> f.positions().executedGtid(), ""));
    json.with("GtidPurged", maria ? "" : facts(f -> f.positions().purgedGtid(), ""));
    json.with("GtidErrant", maria ? "" : of.errant().orElse(""));
    json.with("SlaveLagSeconds", Json.nullable(of.secondsBehind()));
    json.with("ReplicationLagSeconds", Json.nullable(of.secondsBehind()));
  }

  private void place() {
    json.with("SlaveHosts", Json.keys(of.replicas()));
    json.with("Replicas", Json.keys(of.replicas()));
    json.with("ClusterName", of.cluster());
    json.with("SuggestedClusterAlias", "");
    json.with("DataCenter", "");
    json.with("Region", "");
    json.with("PhysicalEnvironment", "");
    json.with("ReplicationDepth", of.depth());
    json.with("IsCoMaster", of.coMaster());
    json.with("HasReplicationCredentials", channel(c -> !c.user().isEmpty(), false));
    json.with("ReplicationCredentialsAvailable", false);
  }

  private void semiSync() {
    json.with("SemiSyncAvailable", false);
    json.with("SemiSyncPriority", 0);
    json.with("SemiSyncMasterEnabled", false);
    json.with("SemiSyncReplicaEnabled", false);
    json.with("SemiSyncMasterTimeout", 0);
    json.with("SemiSyncMasterWaitForReplicaCount", 0);
    json.with("SemiSyncMasterStatus", false);
    json.with("SemiSyncMasterClients", 0);
    json.with("SemiSyncReplicaStatus", false);
  }

  private void freshness() {
    json.with("LastSeenTimestamp", of.instance().lastSeen().map(Text::stamp).orElse(""));
    json.with("IsLastCheckValid", of.lastCheckValid());
    json.with("IsUpToDate", of.upToDate());
    json.with("IsRecentlyChecked", of.recentlyChecked());
    json.with("SecondsSinceLastSeen", Json.nullable(of.secondsSinceSeen()));
    json.with("CountMySQLSnapshots", 0);
  }

  private void promotionAndDowntime() {
    json.with("IsCandidate", false);
    json.with("PromotionRule", "neutral");
    json.with("IsDowntimed", false);
    json.with("DowntimeReason", "");
    json.with("DowntimeOwner", "");
    json.with("DowntimeEndTimestamp", "");
    json.with("ElapsedDowntime", 0);
  }

  private void group() {
    json.with("ReplicationGroupName", "");
    json.with("ReplicationGroupIsSinglePrimary", false);
    json.with("ReplicationGroupMemberState", "");
    json.with("ReplicationGroupMemberRole", "");
    json.with("ReplicationGroupMembers", List.of());
    json.with("ReplicationGroupPrimaryInstanceKey", Json.NO_KEY);
  }

  private <T> T facts(Function<Facts, T> read, T otherwise) {
    return of.facts().map(read).orElse(otherwise);
  }

  private <T> T channel(Function<Channel, T> read, T otherwise) {
    return of.channel().map(read).orElse(otherwise);
  }
}
