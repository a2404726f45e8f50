package topiary.store.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.engine.finding.Finding;
import topiary.engine.model.Channel;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.policy.JudgementPolicy;
import topiary.engine.said.Rule;
import topiary.engine.said.TagKey;
import topiary.store.StoreException;

class BackendTest {

  private static final Instant NOW = BackendFile.NOW;

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("orch ü?.db");
  }

  private static InstanceKey key(String host) {
    return new InstanceKey(host, 3306);
  }

  private static Map<String, Object> server(String host, String source) {
    return BackendFile.server(host, 7, Optional.ofNullable(source));
  }

  private static Map<String, Object> with(Map<String, Object> row, Object... more) {
    for (int i = 0; i < more.length; i += 2) {
      row.put((String) more[i], more[i + 1]);
    }
    return row;
  }

  private static Map<String, Object> of(String host, Object... more) {
    return with(new HashMap<>(Map.of("hostname", host, "port", 3306)), more);
  }

  @Test
  void factsAreRead() {
    try (BackendFile file = BackendFile.make(file())) {
      file.add("database_instance", server("p", null));
      file.add(
          "database_instance",
          with(
              server("a", "p"),
              "mariadb_gtid",
              0,
              "oracle_gtid",
              1,
              "version",
              "8.0.36",
              "server_uuid",
              "u-a",
              "executed_gtid_set",
              "u-p:1-5",
              "gtid_purged",
              "u-p:1",
              "gtid_mode",
              "ON",
              "sql_delay",
              60,
              "seconds_behind_master",
              null,
              "slave_lag_seconds",
              null,
              "master_log_file",
              "bin.000007",
              "read_master_log_pos",
              4_294_967_300L,
              "last_sql_error",
              "\"Could not \\\"apply\\\" \\u00fc; Error_code: MY-001062\"",
              "slave_hosts",
              "[{\"Hostname\":\"b\",\"Port\":3307}]",
              "semi_sync_enforced",
              2,
              "data_center",
              "east",
              "last_discovery_latency",
              3_000_000));
    }
    Instance a = Backend.read(file()).instances().get(key("a"));
    Facts facts = a.facts().orElseThrow();
    Channel channel = facts.primaryChannel().orElseThrow();
    assertEquals(Condition.SEEN, a.condition());
    assertEquals(Optional.of(NOW), a.lastSeen());
    assertEquals(Duration.ofMillis(3), a.latency());
    assertEquals(key("p"), channel.source());
    assertEquals(GtidUse.AUTO_POSITION, channel.gtid());
    assertEquals(60, channel.delaySeconds());
    assertEquals(Optional.empty(), facts.lag());
    assertEquals(4_294_967_300L, channel.progress().read().offset());
    assertEquals(
        new ReplicationError(1062, "Could not \"apply\" ü; Error_code: MY-001062"),
        channel.sqlError());
    assertEquals(List.of(new InstanceKey("b", 3307)), facts.reportedReplicas());
    assertEquals("u-p:1-5", facts.positions().executedGtid());
    assertEquals(2, facts.background().detected().semiSyncPriority());
    assertEquals("east", facts.background().detected().dataCenter());
  }

  @Test
  void oddValuesAreLeftOutAndTold() {
    try (BackendFile file = BackendFile.make(file())) {
      file.add("database_instance", server("p", null));
      file.add("database_instance", with(server("a", "p"), "last_seen", "0000-00-00 00:00:00"));
      file.add("database_instance", with(server("b", "p"), "last_seen", null));
      file.add(
          "database_instance",
          with(
              server("c", "p"),
              "last_checked",
              "2026-13-01 00:00:00",
              "seconds_behind_master",
              "many",
              "binlog_format",
              "PAPER",
              "sql_delay",
              -1,
              "slave_hosts",
              "[{\"Hostname\":\"x y\",\"Port\":1},{\"Hostname\":\"d\",\"Port\":2}]"));
      file.add(
          "database_instance",
          with(
              server("d", "p"),
              "slave_hosts",
              "\"[{\\\"Hostname\\\":\\\"e\\\",\\\"Port\\\":3}]\""));
      file.add("database_instance", with(server("e", "_"), "slave_hosts", "[{\"Host"));
      file.add("database_instance", with(server("f", "bad host")));
      file.add("database_instance", with(server("g", "p"), "version", new byte[] {'8', '.', '4'}));
      file.add("database_instance", with(server("", null)));
      file.add("database_instance", with(server("a;drop", null)));
    }
    Stored stored = Backend.read(file());
    assertEquals(
        List.of(
            "a:3306: last_seen \"0000-00-00 00:00:00\" is no time",
            "c:3306: last_checked \"2026-13-01 00:00:00\" is no time",
            "c:3306: sql_delay \"-1\" is out of range",
            "c:3306: seconds_behind_master \"many\" is no number",
            "c:3306: binlog_format \"PAPER\" is no format of a binary log",
            "c:3306: slave_hosts \"{\"Hostname\":\"x y\",\"Port\":1}\" is no address of a server",
            "e:3306: slave_hosts \"[{\"Host\" is no list of servers",
            "f:3306: master_host \"bad host:3306\" is no address of a server",
            "database_instance: hostname \"a;drop:3306\" is no address of a server",
            "a row of database_instance is left out: it names no server",
            "a row of database_instance is left out: it names no server"),
        stored.odd().stream().sorted((a, b) -> order(a) - order(b)).toList());
    assertEquals(Condition.UNREACHABLE, stored.instances().get(key("a")).condition());
    assertEquals(Condition.UNREACHABLE, stored.instances().get(key("b")).condition());
    assertEquals("never seen", stored.instances().get(key("b")).sentence());
    assertEquals(Condition.SEEN, stored.instances().get(key("c")).condition());
    assertEquals(
        List.of(new InstanceKey("d", 2)),
        stored.instances().get(key("c")).facts().orElseThrow().reportedReplicas());
    assertEquals(
        List.of(new InstanceKey("e", 3)),
        stored.instances().get(key("d")).facts().orElseThrow().reportedReplicas());
    assertTrue(stored.instances().get(key("e")).source().isEmpty());
    assertEquals(
        "8.4", stored.instances().get(key("g")).facts().orElseThrow().identity().version().text());
  }

  /** Servers by name, then what has none. */
  private static int order(String sentence) {
    int known = Arrays.asList("a:", "c:", "e:", "f:").indexOf(sentence.substring(0, 2));
    return known >= 0 ? known : sentence.startsWith("database") ? 8 : 9;
  }

  @Test
  void timesOfAllKindsAreRead() {
    Instant at = Instant.parse("2026-11-28T03:00:00Z");
    for (String text :
        List.of(
            "2026-11-28 03:00:00",
            "2026-11-28T03:00:00Z",
            "2026-11-28 03:00:00+00:00",
            "2026-11-28 05:00:00 +0200",
            "2026-11-28 03:00:00 +0000 UTC",
            "2026-11-28 03:00:00.000",
            Long.toString(at.getEpochSecond()))) {
      assertEquals(Optional.of(at), Times.parse(text), text);
    }
    for (String text :
        List.of("", "yesterday", "0000-00-00 00:00:00", "2026-02-30 00:00:00", "12", "NULL")) {
      assertEquals(Optional.empty(), Times.parse(text), text);
    }
  }

  /** What has never happened is a time in 1971 there, and no time is missing. */
  @Test
  void whoWasNeverLookedAtIsUnseen() {
    try (BackendFile file = BackendFile.make(file())) {
      file.add("database_instance", server("p", null));
      file.add(
          "database_instance",
          of("new", "last_checked", "1971-01-01 00:00:00", "last_attempted_check", ""));
    }
    Stored stored = Backend.read(file());
    assertEquals(Condition.UNSEEN, stored.instances().get(key("new")).condition());
    assertEquals(Optional.empty(), stored.instances().get(key("new")).facts());
    assertEquals(List.of(), stored.odd());
    assertEquals(List.of(), stored.judged(JudgementPolicy.DEFAULT));
  }

  @Test
  void aCheckThatHangsForLongHasFailed() {
    try (BackendFile file = BackendFile.make(file())) {
      for (int late : List.of(6, 7)) {
        Map<String, Object> row = server("late" + late, null);
        row.put("last_seen", BackendFile.ago(late));
        row.put("last_checked", BackendFile.ago(late));
        file.add("database_instance", row);
      }
    }
    Stored stored = Backend.read(file());
    assertEquals(Condition.SEEN, stored.instances().get(key("late6")).condition());
    Instance hangs = stored.instances().get(key("late7"));
    assertEquals(Condition.UNREACHABLE, hangs.condition());
    assertEquals(Optional.of(NOW.minusSeconds(7)), hangs.failingSince());
  }

  /** The same however long ago it was stored: only how the times stand to each other counts. */
  @Test
  void anOldPictureIsJudgedAsANewOne() {
    try (BackendFile file = BackendFile.make(file())) {
      for (String host : List.of("p", "a")) {
        Map<String, Object> row = server(host, host.equals("p") ? null : "p");
        row.replaceAll(
            (column, value) -> value.equals(BackendFile.ago(0)) ? "2003-05-01 12:00:00" : value);
        if (host.equals("p")) {
          row.put("last_seen", "2003-05-01 11:59:50");
        } else {
          row.put("slave_io_running", 0);
          row.put("replication_io_thread_state", 2);
        }
        file.add("database_instance", row);
      }
    }
    Stored stored = Backend.read(file());
    assertEquals(Instant.parse("2003-05-01T12:00:00Z"), stored.now());
    assertEquals(
        List.of("DeadMaster"),
        stored.judged(JudgementPolicy.DEFAULT).stream()
            .flatMap(j -> j.failure().stream())
            .map(Finding::code)
            .map(code -> code.word())
            .toList());
  }

  @Test
  void replicasThatNameWhatAHostResolvesToAreItsReplicas() {
    try (BackendFile file = BackendFile.make(file())) {
      file.add("database_instance", server("p", null));
      file.add("database_instance", server("a", "p.example"));
      file.add("hostname_resolve", Map.of("hostname", "p", "resolved_hostname", "p.example"));
    }
    Stored stored = Backend.read(file());
    assertEquals(Optional.of(key("p")), stored.instances().get(key("a")).source());
    assertEquals(stored.clusters().get(key("p")), stored.clusters().get(key("a")));
  }

  @Test
  void whatIsSaidIsRead() {
    try (BackendFile file = BackendFile.make(file())) {
      file.add("database_instance", server("p", null));
      file.add("database_instance", server("a", "p"));
      file.add("cluster_alias", Map.of("cluster_name", "p:3306", "alias", "found"));
      file.add("cluster_alias_override", Map.of("cluster_name", "p:3306", "alias", "shop"));
      file.add(
          "cluster_domain_name", Map.of("cluster_name", "p:3306", "domain_name", "shop.example"));
      file.add("database_instance_tags", of("a", "tag_name", "role", "tag_value", "backup"));
      file.add(
          "database_instance_pool",
          of("a", "pool", "reading", "registered_at", BackendFile.ago(100_000)));
      file.add(
          "candidate_database_instance",
          of("a", "promotion_rule", "prefer", "last_suggested", BackendFile.ago(10)));
      file.add("candidate_database_instance", of("p", "promotion_rule", "must"));
      file.add(
          "database_instance_downtime",
          of("a", "downtime_active", 1, "end_timestamp", BackendFile.ago(-5), "owner", "ann"));
      file.add(
          "database_instance_downtime",
          of("p", "downtime_active", 1, "end_timestamp", BackendFile.ago(5), "owner", "ann"));
      file.add(
          "database_instance_maintenance",
          of("p", "maintenance_active", 1, "end_timestamp", BackendFile.ago(-5)));
    }
    Stored stored = Backend.read(file());
    var cluster = stored.clusters().get(key("p"));
    assertEquals(Map.of(cluster, "shop"), stored.said().aliases());
    assertEquals(Map.of(cluster, "shop.example"), stored.said().domains());
    assertEquals(Map.of(new TagKey(key("a"), "role"), "backup"), stored.said().tags());
    assertEquals(1, stored.said().pools().get("reading").servers().size());
    assertEquals(Rule.PREFER, stored.said().promotions().get(key("a")).rule());
    assertEquals(1, stored.said().promotions().size());
    assertEquals(List.of(key("a")), List.copyOf(stored.said().downtimes().keySet()));
    assertEquals(List.of(key("p")), List.copyOf(stored.said().maintenance().keySet()));
    assertEquals(
        List.of("p:3306: promotion_rule \"must\" is no promotion rule here"), stored.odd());
  }

  @Test
  void nothingIsFoundOfServersSomebodyWorksOn() {
    try (BackendFile file = BackendFile.make(file())) {
      file.add("database_instance", with(server("p", null), "last_seen", BackendFile.ago(60)));
      file.add("database_instance", server("alone", null));
      file.add(
          "database_instance_maintenance",
          of("p", "maintenance_active", 1, "end_timestamp", BackendFile.ago(-5)));
    }
    assertEquals(List.of(), Backend.read(file()).judged(JudgementPolicy.DEFAULT));
  }

  @Test
  void anOldVersionHasFewerTablesAndColumns() {
    try (BackendFile file = BackendFile.empty(file())) {
      file.run(
          "create table database_instance (hostname text, port int, last_checked timestamp,"
              + " last_seen timestamp, version text, master_host text, master_port int,"
              + " slave_io_running int, slave_sql_running int, last_io_error text)");
      file.add(
          "database_instance",
          of("p", "last_checked", BackendFile.ago(0), "last_seen", BackendFile.ago(9)));
      file.add(
          "database_instance",
          of(
              "a",
              "last_checked",
              BackendFile.ago(0),
              "last_seen",
              BackendFile.ago(0),
              "version",
              "5.6.51-log",
              "master_host",
              "p",
              "master_port",
              3306,
              "slave_sql_running",
              1,
              "last_io_error",
              "error connecting to master 'r@p:3306'"));
    }
    Stored stored = Backend.read(file());
    assertEquals(
        "DeadMaster",
        stored.judged(JudgementPolicy.DEFAULT).getFirst().failure().orElseThrow().code().word());
    assertEquals("p:3306", stored.names().get(key("a")));
    assertEquals(List.of(), stored.odd());
  }

  @Test
  void whatIsNotOrchestratorsIsRefused() throws Exception {
    Path none = folder.resolve("none.db");
    assertTrue(message(none).contains("is not there"));
    assertTrue(Files.notExists(none));
    Path text = Files.writeString(folder.resolve("text.db"), "hello, this is no database at all");
    assertTrue(message(text).contains("cannot be read"));
    try (BackendFile file = BackendFile.empty(file())) {
      file.run("create table other (a int)");
    }
    assertTrue(message(file()).contains("it has no table \"database_instance\""));
  }

  private static String message(Path file) {
    return assertThrows(StoreException.class, () -> Backend.read(file)).getMessage();
  }

  /** It may be in use: nothing waits, and nothing is written. */
  @Test
  void aFileInUseIsReadAsItWasCommittedLast() throws Exception {
    try (BackendFile file = BackendFile.make(file())) {
      file.run("pragma journal_mode = wal");
      file.add("database_instance", server("p", null));
      file.run("begin immediate");
      file.add("database_instance", server("q", null));
      byte[] before = Files.readAllBytes(file());
      assertEquals(1, Backend.read(file()).instances().size());
      assertEquals(0, Arrays.compare(before, Files.readAllBytes(file())));
      file.run("rollback");
    }
  }
}
