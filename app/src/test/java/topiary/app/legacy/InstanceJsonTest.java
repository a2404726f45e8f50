package topiary.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import topiary.engine.model.Background;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.Channel;
import topiary.engine.model.Detected;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Group;
import topiary.engine.model.Identity;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Settings;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.model.Version;

class InstanceJsonTest {

  /** The rows marked "both" of the reference, in their order. */
  private static final List<String> FIELDS =
      List.of(
          ("Key InstanceAlias Uptime ServerID ServerUUID Version VersionComment FlavorName ReadOnly"
                  + " Binlog_format BinlogRowImage LogBinEnabled LogSlaveUpdatesEnabled"
                  + " LogReplicationUpdatesEnabled SelfBinlogCoordinates MasterKey MasterUUID"
                  + " AncestryUUID IsDetachedMaster Slave_SQL_Running ReplicationSQLThreadRuning"
                  + " Slave_IO_Running ReplicationIOThreadRuning ReplicationSQLThreadState"
                  + " ReplicationIOThreadState HasReplicationFilters GTIDMode SupportsOracleGTID"
                  + " UsingOracleGTID UsingMariaDBGTID UsingPseudoGTID ReadBinlogCoordinates"
                  + " ExecBinlogCoordinates IsDetached RelaylogCoordinates LastSQLError LastIOError"
                  + " SecondsBehindMaster SQLDelay ExecutedGtidSet GtidPurged GtidErrant"
                  + " SlaveLagSeconds ReplicationLagSeconds SlaveHosts Replicas ClusterName"
                  + " SuggestedClusterAlias DataCenter Region PhysicalEnvironment ReplicationDepth"
                  + " IsCoMaster HasReplicationCredentials ReplicationCredentialsAvailable"
                  + " SemiSyncAvailable SemiSyncPriority SemiSyncMasterEnabled"
                  + " SemiSyncReplicaEnabled SemiSyncMasterTimeout"
                  + " SemiSyncMasterWaitForReplicaCount SemiSyncMasterStatus SemiSyncMasterClients"
                  + " SemiSyncReplicaStatus LastSeenTimestamp IsLastCheckValid IsUpToDate"
                  + " IsRecentlyChecked SecondsSinceLastSeen CountMySQLSnapshots IsCandidate"
                  + " PromotionRule IsDowntimed DowntimeReason DowntimeOwner DowntimeEndTimestamp"
                  + " ElapsedDowntime UnresolvedHostname AllowTLS Problems LastDiscoveryLatency"
                  + " ReplicationGroupName ReplicationGroupIsSinglePrimary"
                  + " ReplicationGroupMemberState ReplicationGroupMemberRole"
                  + " ReplicationGroupMembers ReplicationGroupPrimaryInstanceKey")
              .split(" "));

  @Test
  void hasThe87FieldsInOrder() {
    assertEquals(87, FIELDS.size());
    for (InstanceKey key : Samples.tree().instances().keySet()) {
      assertEquals(FIELDS, List.copyOf(json(Samples.tree(), key).keySet()));
    }
  }

  @Test
  void writesAnIntermediateMasterOfMariaDbExactly() {
    String expected =
        """
        {"Key":{"Hostname":"r2.example","Port":3306},"InstanceAlias":"","Uptime":3603,"ServerID":3,\
        "ServerUUID":"","Version":"11.4.5-MariaDB-log","VersionComment":"Source distribution",\
        "FlavorName":"MariaDB","ReadOnly":true,"Binlog_format":"ROW","BinlogRowImage":"FULL",\
        "LogBinEnabled":true,"LogSlaveUpdatesEnabled":true,"LogReplicationUpdatesEnabled":true,\
        "SelfBinlogCoordinates":{"LogFile":"bin.000007","LogPos":4711,"Type":0},\
        "MasterKey":{"Hostname":"p.example","Port":3306},"MasterUUID":"No","AncestryUUID":"",\
        "IsDetachedMaster":false,"Slave_SQL_Running":true,"ReplicationSQLThreadRuning":true,\
        "Slave_IO_Running":true,"ReplicationIOThreadRuning":true,"ReplicationSQLThreadState":1,\
        "ReplicationIOThreadState":1,"HasReplicationFilters":false,"GTIDMode":"",\
        "SupportsOracleGTID":false,"UsingOracleGTID":false,"UsingMariaDBGTID":true,\
        "UsingPseudoGTID":false,\
        "ReadBinlogCoordinates":{"LogFile":"bin.000007","LogPos":4711,"Type":0},\
        "ExecBinlogCoordinates":{"LogFile":"bin.000007","LogPos":4700,"Type":0},\
        "IsDetached":false,\
        "RelaylogCoordinates":{"LogFile":"relay.000002","LogPos":321,"Type":1},\
        "LastSQLError":"","LastIOError":"","SecondsBehindMaster":{"Int64":15,"Valid":true},\
        "SQLDelay":0,"ExecutedGtidSet":"","GtidPurged":"","GtidErrant":"",\
        "SlaveLagSeconds":{"Int64":15,"Valid":true},\
        "ReplicationLagSeconds":{"Int64":15,"Valid":true},\
        "SlaveHosts":[{"Hostname":"r3.example","Port":3306}],\
        "Replicas":[{"Hostname":"r3.example","Port":3306}],"ClusterName":"p.example:3306",\
        "SuggestedClusterAlias":"","DataCenter":"","Region":"","PhysicalEnvironment":"",\
        "ReplicationDepth":1,"IsCoMaster":false,"HasReplicationCredentials":true,\
        "ReplicationCredentialsAvailable":false,"SemiSyncAvailable":false,"SemiSyncPriority":0,\
        "SemiSyncMasterEnabled":false,"SemiSyncReplicaEnabled":false,"SemiSyncMasterTimeout":0,\
        "SemiSyncMasterWaitForReplicaCount":0,"SemiSyncMasterStatus":false,\
        "SemiSyncMasterClients":0,"SemiSyncReplicaStatus":false,\
        "LastSeenTimestamp":"2026-11-22 09:59:58","IsLastCheckValid":true,"IsUpToDate":true,\
        "IsRecentlyChecked":true,"SecondsSinceLastSeen":{"Int64":2,"Valid":true},\
        "CountMySQLSnapshots":0,"IsCandidate":false,"PromotionRule":"neutral",\
        "IsDowntimed":false,"DowntimeReason":"","DowntimeOwner":"","DowntimeEndTimestamp":"",\
        "ElapsedDowntime":0,"UnresolvedHostname":"","AllowTLS":true,\
        "Problems":["replication_lag"],"LastDiscoveryLatency":5000000,\
        "ReplicationGroupName":"","ReplicationGroupIsSinglePrimary":false,\
        "ReplicationGroupMemberState":"","ReplicationGroupMemberRole":"",\
        "ReplicationGroupMembers":[],\
        "ReplicationGroupPrimaryInstanceKey":{"Hostname":"","Port":0}}\
        """;
    Map<?, ?> json = json(Samples.tree(), Samples.R2);
    assertEquals(expected, JsonMapper.shared().writeValueAsString(json));
  }

  @Test
  void aDetachedReplicaHasItsSourceAsOrchestratorWritesIt() {
    Channel c = Samples.running(Samples.P, 0);
    var apart =
        new Channel(
            c.name(),
            c.source(),
            c.user(),
            c.gtid(),
            ThreadState.CONNECTING,
            c.sql(),
            false,
            false,
            0,
            c.progress(),
            c.ioError(),
            c.sqlError(),
            new Channel.Setup("", new TreeMap<>(), Channel.Encryption.NONE, true));
    var tree =
        Samples.topology(
            Samples.seen(Samples.P, Samples.facts(1, false, List.of())),
            Samples.seen(Samples.R1, Samples.facts(2, true, List.of(apart))));
    Map<?, ?> json = json(tree, Samples.R1);
    assertEquals(true, json.get("IsDetachedMaster"));
    assertEquals(Map.of("Hostname", "//p.example", "Port", 3306), json.get("MasterKey"));
    assertEquals("p.example:3306", json.get("ClusterName"));
    assertEquals(List.of("not_replicating"), json.get("Problems"));
  }

  @Test
  void whatIsKnownOfAMySqlServerIsTold() {
    var r = new InstanceKey("r.example", 3306);
    var p = Samples.P;
    Facts plain = Samples.facts(2, true, List.of(Samples.running(p, 0)));
    var facts =
        new Facts(
            new Identity(
                2,
                Optional.of("u2"),
                Flavor.MYSQL,
                Version.parse("8.4.6"),
                "",
                "r",
                Optional.empty(),
                Set.of()),
            new Settings(true, true, true, true, BinlogFormat.ROW, "FULL", false, "ON"),
            plain.channels(),
            List.of(),
            plain.positions(),
            List.of(),
            new SemiSync(
                true,
                new SemiSync.Source(true, true, 10_000, 2, false, 0),
                new SemiSync.Replica(true, true, true)),
            Optional.of(
                new Group("g", true, "RECOVERING", "SECONDARY", Optional.of(p), List.of(p))),
            new Background(
                Optional.empty(),
                Optional.of(true),
                List.of(),
                new Detected("dc1", "eu", "prod", "blue", Optional.of("prefer"), 3, "", "")),
            Optional.of(40L));
    Map<?, ?> json = json(Samples.topology(Samples.seen(r, facts)), r);
    assertEquals("ON", json.get("GTIDMode"));
    assertEquals(true, json.get("SupportsOracleGTID"));
    assertEquals(true, json.get("SemiSyncAvailable"));
    assertEquals(3, json.get("SemiSyncPriority"));
    assertEquals(true, json.get("SemiSyncMasterEnabled"));
    assertEquals(false, json.get("SemiSyncMasterStatus"));
    assertEquals(10_000L, json.get("SemiSyncMasterTimeout"));
    assertEquals(2, json.get("SemiSyncMasterWaitForReplicaCount"));
    assertEquals(true, json.get("SemiSyncReplicaStatus"));
    assertEquals("dc1", json.get("DataCenter"));
    assertEquals("eu", json.get("Region"));
    assertEquals("prod", json.get("PhysicalEnvironment"));
    assertEquals("blue", json.get("InstanceAlias"));
    assertEquals("prefer", json.get("PromotionRule"));
    assertEquals(true, json.get("IsCandidate"));
    assertEquals(true, json.get("ReplicationCredentialsAvailable"));
    assertEquals(Map.of("Int64", 40L, "Valid", true), json.get("ReplicationLagSeconds"));
    assertEquals(Map.of("Int64", 0L, "Valid", true), json.get("SecondsBehindMaster"));
    assertEquals("g", json.get("ReplicationGroupName"));
    assertEquals("SECONDARY", json.get("ReplicationGroupMemberRole"));
    assertEquals(
        List.of("replication_lag", "group_replication_member_not_online"), json.get("Problems"));
  }

  @Test
  void aHeadHasNoSourceAndNoLag() {
    Map<?, ?> json = json(Samples.tree(), Samples.P);
    assertEquals(Map.of("Hostname", "", "Port", 0), json.get("MasterKey"));
    assertEquals("", json.get("MasterUUID"));
    assertEquals(-1, json.get("ReplicationSQLThreadState"));
    assertEquals(-1, json.get("ReplicationIOThreadState"));
    assertEquals(Map.of("Int64", 0L, "Valid", false), json.get("ReplicationLagSeconds"));
    assertEquals(false, json.get("UsingMariaDBGTID"));
    assertEquals(List.of(), json.get("Problems"));
    assertEquals(
        List.of("gone.example", "r1.example", "r2.example", "stopped.example"),
        ((List<?>) json.get("Replicas"))
            .stream().map(k -> ((Map<?, ?>) k).get("Hostname")).toList());
  }

  @Test
  void anUnreachableServerKeepsItsFactsAndIsInvalid() {
    Map<?, ?> json = json(Samples.tree(), Samples.GONE);
    assertEquals("11.4.5-MariaDB-log", json.get("Version"));
    assertEquals("2026-11-22 09:58:58", json.get("LastSeenTimestamp"));
    assertEquals(false, json.get("IsLastCheckValid"));
    assertEquals(true, json.get("IsUpToDate"));
    assertEquals(true, json.get("IsRecentlyChecked"));
    assertEquals(Map.of("Int64", 62L, "Valid", true), json.get("SecondsSinceLastSeen"));
    assertEquals(List.of("last_check_invalid"), json.get("Problems"));
  }

  @Test
  void aStoppedThreadIsAProblemAndItsErrorIsQuoted() {
    Map<?, ?> json = json(Samples.tree(), Samples.STOPPED);
    assertEquals(false, json.get("Slave_SQL_Running"));
    assertEquals(0, json.get("ReplicationSQLThreadState"));
    assertEquals(1, json.get("ReplicationIOThreadState"));
    assertEquals("\"Duplicate entry \\\"Zo\\u00eb\\\"\"", json.get("LastSQLError"));
    assertEquals(Map.of("Int64", 0L, "Valid", false), json.get("SecondsBehindMaster"));
    assertEquals(List.of("not_replicating"), json.get("Problems"));
  }

  @Test
  void aServerNeverSeenIsUnknown() {
    var key = new InstanceKey("new.example", 3306);
    Map<?, ?> json = json(Samples.topology(Instance.unseen(key)), key);
    assertEquals("Unknown", json.get("Version"));
    assertEquals("unknown", json.get("FlavorName"));
    assertEquals("", json.get("LastSeenTimestamp"));
    assertEquals(Map.of("Int64", 0L, "Valid", false), json.get("SecondsSinceLastSeen"));
    assertEquals(false, json.get("IsRecentlyChecked"));
    assertEquals("new.example:3306", json.get("ClusterName"));
    assertEquals(List.of("last_check_invalid"), json.get("Problems"));
  }

  @Test
  void ageIsCountedInWholeSeconds() {
    Instance r1 = Samples.tree().instance(Samples.R1).orElseThrow();
    assertEquals(List.of(true, true), freshAfter(r1, Duration.ofMillis(3700)));
    assertEquals(List.of(false, true), freshAfter(r1, Duration.ofMillis(4000)));
    assertEquals(List.of(false, true), freshAfter(r1, Duration.ofMillis(23700)));
    assertEquals(List.of(false, false), freshAfter(r1, Duration.ofMillis(24000)));
  }

  private static List<Boolean> freshAfter(Instance instance, Duration later) {
    var picture =
        new Picture(Samples.topology(instance), Samples.NOW.plus(later), Duration.ofSeconds(5));
    LegacyInstance legacy = picture.instance(instance.key()).orElseThrow();
    assertEquals(
        legacy.recentlyChecked() ? List.of() : List.of("not_recently_checked"), legacy.problems());
    return List.of(legacy.upToDate(), legacy.recentlyChecked());
  }

  @Test
  void coMastersShareAClusterWithTheWriteableOnOnTop() {
    Topology ring =
        Samples.topology(
            Samples.seen(
                Samples.P, Samples.facts(1, true, List.of(Samples.running(Samples.R1, 0)))),
            Samples.seen(
                Samples.R1, Samples.facts(2, false, List.of(Samples.running(Samples.P, 0)))));
    Map<?, ?> top = json(ring, Samples.R1);
    Map<?, ?> other = json(ring, Samples.P);
    assertEquals("r1.example:3306", other.get("ClusterName"));
    assertEquals(List.of(true, 0), List.of(top.get("IsCoMaster"), top.get("ReplicationDepth")));
    assertEquals(List.of(true, 1), List.of(other.get("IsCoMaster"), other.get("ReplicationDepth")));
  }

  @Test
  void noFieldIsWrittenTwice() {
    Json json = new Json().with("a", 1);
    assertThrows(IllegalArgumentException.class, () -> json.with("a", 2));
  }

  @Test
  void quotesLikeGo() {
    assertEquals("", Text.quoted(""));
    assertEquals("\"a\\tb\\n\\\\ \\\"c\\\"\"", Text.quoted("a\tb\n\\ \"c\""));
    assertEquals("\"\\x00\\x1b\\x7f\\a\\v\"", Text.quoted("\u0000\u001b\u007f\u0007\u000b"));
    assertEquals("\"\\u20ac\\U0001f600\\ufffd\"", Text.quoted("€😀\ud800"));
  }

  private static Map<?, ?> json(Topology topology, InstanceKey key) {
    var picture = new Picture(topology, Samples.NOW, Duration.ofSeconds(5));
    Optional<LegacyInstance> instance = picture.instance(key);
    return (Map<?, ?>) InstanceJson.of(instance.orElseThrow());
  }
}
