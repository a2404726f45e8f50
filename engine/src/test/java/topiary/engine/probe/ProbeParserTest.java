package topiary.engine.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.engine.dialect.MariaDialect;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Group;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.Settings;
import topiary.engine.model.ThreadState;

/** Reads what a MariaDB 11.4.5 in the middle of {@code p(r1(r2))} really answered. */
class ProbeParserTest {

  private static final MariaDialect DIALECT = new MariaDialect();

  private final Map<String, List<Map<String, String>>> captured = captured();
  private final Map<String, String> identity = captured.get(DIALECT.identity()).getFirst();
  private final Map<String, String> channel = captured.get(DIALECT.channels()).getFirst();
  private final Map<String, String> replica = captured.get(DIALECT.replicas()).getFirst();

  @Test
  void aRealAnswerIsReadWhole() {
    Facts facts = parse();
    assertEquals(2, facts.identity().serverId());
    assertEquals(Optional.empty(), facts.identity().uuid());
    assertEquals(Flavor.MARIADB, facts.identity().flavor());
    assertEquals(11, facts.identity().version().major());
    assertEquals("MariaDB Server", facts.identity().versionComment());
    assertEquals(Optional.of(new InstanceKey("127.0.0.1", 3307)), facts.identity().reported());
    assertTrue(facts.settings().readOnly());
    assertTrue(facts.settings().logBin());
    assertTrue(facts.settings().logReplicaUpdates());
    assertTrue(facts.settings().gtidStrict());
    assertEquals(BinlogFormat.ROW, facts.settings().binlogFormat());
    assertEquals("FULL", facts.settings().binlogRowImage());
    assertEquals(new BinlogPosition("bin.000001", 572), facts.positions().logEnd());
    assertEquals("0-1-2", facts.positions().executedGtid());
    assertEquals("0-1-2", facts.positions().loggedGtid());
    assertEquals(2, facts.positions().uptimeSeconds());
    assertEquals(List.of(new InstanceKey("127.0.0.1", 3308)), facts.reportedReplicas());
    assertEquals(List.of(), facts.complaints());
    Channel c = facts.primaryChannel().orElseThrow();
    assertEquals("", c.name());
    assertEquals(new InstanceKey("127.0.0.1", 3306), c.source());
    assertEquals("repl", c.user());
    assertEquals(GtidUse.SLAVE_POS, c.gtid());
    assertTrue(c.replicating());
    assertFalse(c.filtered());
    assertFalse(c.tls());
    assertEquals(0, c.delaySeconds());
    assertEquals(new BinlogPosition("bin.000001", 572), c.progress().read());
    assertEquals(new BinlogPosition("bin.000001", 572), c.progress().executed());
    assertEquals(new BinlogPosition("relay.000002", 865), c.progress().relay());
    assertEquals("0-1-2", c.progress().receivedGtid());
    assertEquals(Optional.of(0L), c.progress().secondsBehind());
    assertEquals(ReplicationError.NONE, c.ioError());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"version", "server_id", "read_only", "log_bin", "log_updates", "binlog_format"})
  void withoutAColumnThatDecidesNothingIsKnown(String column) {
    identity.remove(column);
    var e = assertThrows(IllegalArgumentException.class, this::parse);
    assertEquals("the server's answer has no column " + column, e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Slave_IO_Running", "Slave_SQL_Running"})
  void withoutAThreadsStateNothingIsKnown(String column) {
    channel.remove(column);
    var e = assertThrows(IllegalArgumentException.class, this::parse);
    assertEquals(
        "the server's answer has no column " + column.replace("Slave", "Replica"), e.getMessage());
  }

  @Test
  void aReceiverThatWaitsForSpaceSaysThatItRuns() {
    channel.put("Slave_IO_State", "Waiting for disk space");
    Channel c = parse().channels().getFirst();
    assertTrue(c.lacksRoom());
    assertTrue(c.replicating());
    assertEquals(new ReplicationError(0, "Waiting for disk space"), c.ioError());
    channel.put("Slave_IO_State", "Waiting for master to send event");
    assertFalse(parse().channels().getFirst().lacksRoom());
  }

  @Test
  void aColumnThatDecidesNothingMayBeMissing() {
    for (String column : List.of("version_comment", "hostname", "report_host", "executed_gtid")) {
      identity.remove(column);
    }
    for (String column : List.of("SQL_Delay", "Gtid_IO_Pos", "Last_IO_Errno", "Master_User")) {
      channel.remove(column);
    }
    channel.remove("Seconds_Behind_Master");
    Facts facts = parse();
    assertEquals(Optional.empty(), facts.identity().reported());
    assertEquals(Optional.empty(), facts.channels().getFirst().progress().secondsBehind());
    assertEquals(List.of(), facts.complaints());
  }

  @Test
  void anAddressThatCannotBeUsedBecomesAComplaint() {
    identity.put("report_host", "db'; DROP TABLE x");
    replica.put("Port", "0");
    Facts facts = parse();
    assertEquals(Optional.empty(), facts.identity().reported());
    assertEquals(List.of(), facts.reportedReplicas());
    assertEquals(
        List.of(
            "its report_host cannot be used: not a host name: \"db'; DROP TABLE x\"",
            "its address of a replica cannot be used: not a port (1 to 65535): 0"),
        facts.complaints());
  }

  @Test
  void aReplicaThatReportsNoHostIsNoHint() {
    replica.put("Host", "");
    assertEquals(List.of(), parse().reportedReplicas());
    assertEquals(List.of(), parse().complaints());
  }

  @Test
  void aDetachedReplicaIsOneOfItsSource() {
    InstanceKey source = parse().channels().getFirst().source();
    assertFalse(parse().channels().getFirst().detached());
    channel.put("Master_Host", "//" + source.host());
    Facts facts = parse();
    assertEquals(source, facts.channels().getFirst().source());
    assertTrue(facts.channels().getFirst().detached());
    assertEquals("//" + source, facts.channels().getFirst().told());
    assertEquals(List.of(), facts.complaints());
  }

  @Test
  void aChannelWithoutASourceBecomesAComplaint() {
    channel.put("Master_Host", "");
    Facts facts = parse();
    assertEquals(List.of(), facts.channels());
    assertEquals(
        List.of("its source address cannot be used: not a host name: \"\""), facts.complaints());
  }

  @ParameterizedTest
  @CsvSource({
    "server_id, x",
    "binlog_format, NONE",
  })
  void aValueThatIsNotWhatTheManualSaysIsRefused(String column, String value) {
    identity.put(column, value);
    assertThrows(IllegalArgumentException.class, this::parse);
  }

  @ParameterizedTest
  @CsvSource({"0, false", "OFF, false", "1, true", "ON, true", "NO_LOCK_NO_ADMIN, true"})
  void everyKindOfReadOnlyIsRead(String value, boolean readOnly) {
    identity.put("read_only", value);
    assertEquals(readOnly, parse().settings().readOnly());
  }

  @ParameterizedTest
  @CsvSource({
    "Yes, RUNNING",
    "No, STOPPED",
    "Connecting, CONNECTING",
    "Preparing, CONNECTING",
  })
  void everyThreadStateIsRead(String text, ThreadState state) {
    channel.put("Slave_IO_Running", text);
    assertEquals(state, parse().channels().getFirst().io());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Replicate_Do_DB",
        "Replicate_Ignore_DB",
        "Replicate_Do_Table",
        "Replicate_Ignore_Table",
        "Replicate_Wild_Do_Table",
        "Replicate_Wild_Ignore_Table",
        "Replicate_Do_Domain_Ids",
        "Replicate_Ignore_Domain_Ids",
        "Replicate_Ignore_Server_Ids"
      })
  void everythingThatKeepsRowsAwayIsAFilter(String column) {
    assertTrue(channel.containsKey(column));
    channel.put(column, "5");
    assertTrue(parse().channels().getFirst().filtered());
  }

  @Test
  void aThreadsLastErrorIsKept() {
    channel.put("Last_SQL_Errno", "1062");
    channel.put("Last_SQL_Error", "Duplicate entry");
    channel.put("Using_Gtid", "No");
    channel.put("Master_SSL_Allowed", "Yes");
    Channel c = parse().channels().getFirst();
    assertEquals(new ReplicationError(1062, "Duplicate entry"), c.sqlError());
    assertEquals(GtidUse.NONE, c.gtid());
    assertTrue(c.tls());
  }

  @Test
  void aHeadWithoutABinaryLogIsReadToo() {
    Facts facts =
        ProbeParser.parse(
            new ProbeParser.Answers(
                identity,
                Set.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                Map.of(),
                List.of(),
                List.of("could not ask")));
    assertEquals(Optional.empty(), facts.primaryChannel());
    assertEquals(BinlogPosition.NONE, facts.positions().logEnd());
    assertEquals(List.of("could not ask"), facts.complaints());
  }

  private Facts parse() {
    return ProbeParser.parse(
        new ProbeParser.Answers(
            identity,
            Set.of(),
            List.of(channel),
            captured.get(DIALECT.logEnd()).stream().findFirst(),
            List.of(replica),
            ProbeParser.byName(captured.get(DIALECT.uptime())),
            List.of(),
            List.of()));
  }

  @Test
  void theChannelWithoutANameComesFirstAndThenByName() {
    List<Map<String, String>> rows = new ArrayList<>();
    for (String name : List.of("west", "", "group_replication_applier", "east")) {
      var row = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
      row.putAll(channel);
      row.put("Connection_name", name);
      rows.add(row);
    }
    assertEquals(
        List.of("", "east", "west"),
        ProbeParser.channelsOf(rows).stream().map(Channel::name).toList());
    assertEquals(
        List.of("east", "west"),
        ProbeParser.channelsOf(List.of(rows.get(0), rows.get(3))).stream()
            .map(Channel::name)
            .toList());
  }

  @Test
  void aMemberOfAGroupSaysWhoTheOthersAre() {
    identity.put("server_uuid", "u2");
    identity.put("group_replication_group_name", "g");
    identity.put("group_replication_single_primary_mode", "1");
    Group group =
        parse(
                List.of(
                    member("u1", "a", "ONLINE", "PRIMARY"),
                    member("u2", "b", "RECOVERING", "SECONDARY"),
                    member("u3", "c", "UNREACHABLE", "SECONDARY"),
                    member("u4", "d", "OFFLINE", "")))
            .group()
            .orElseThrow();
    assertEquals(
        new Group(
            "g",
            true,
            "RECOVERING",
            "SECONDARY",
            Optional.of(new InstanceKey("a", 3306)),
            List.of(new InstanceKey("a", 3306), new InstanceKey("c", 3306))),
        group);
    assertEquals(Optional.empty(), parse(List.of()).group());
    Group several =
        parse(
                List.of(
                    member("u1", "a", "ONLINE", "PRIMARY"), member("u2", "b", "ONLINE", "PRIMARY")))
            .group()
            .orElseThrow();
    assertEquals(Optional.empty(), several.primary());
    identity.put("group_replication_group_name", "");
    assertEquals(Optional.empty(), parse(List.of(member("u2", "b", "OFFLINE", ""))).group());
  }

  private static Map<String, String> member(String id, String host, String state, String role) {
    return Map.of(
        "MEMBER_ID", id,
        "MEMBER_HOST", host,
        "MEMBER_PORT", "3306",
        "MEMBER_STATE", state,
        "MEMBER_ROLE", role);
  }

  private Facts parse(List<Map<String, String>> group) {
    return ProbeParser.parse(
        new ProbeParser.Answers(
            identity,
            Set.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            Map.of(),
            group,
            List.of()));
  }

  /** By question, the rows of its answer. */
  private static Map<String, List<Map<String, String>>> captured() {
    var answers = new LinkedHashMap<String, List<Map<String, String>>>();
    List<Map<String, String>> rows = List.of();
    boolean between = true;
    for (String line : text().lines().toList()) {
      if (line.startsWith("> ")) {
        rows = new ArrayList<>();
        answers.put(line.substring(2), rows);
        between = true;
      } else if (line.isEmpty()) {
        between = true;
      } else {
        if (between) {
          rows.add(new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
          between = false;
        }
        int equals = line.indexOf('=');
        rows.getLast().put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return answers;
  }

  private static String text() {
    try (var in = ProbeParserTest.class.getResourceAsStream("mariadb-11.4.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void takes(Boolean available, boolean required) {
    assertEquals(
        new Settings.Tls(Optional.ofNullable(available), required), parse().settings().tls());
  }

  @Test
  void howConnectionsAreTakenIsReadWhicheverVariablesTellOfIt() {
    takes(null, false);
    identity.put("have_ssl", "DISABLED");
    takes(false, false);
    identity.put("have_ssl", "YES");
    identity.put("require_secure_transport", "1");
    takes(true, true);
    // As MySQL 9.7 tells it: of a certificate that it does not have, nothing.
    identity.remove("have_ssl");
    takes(false, true);
    identity.put("tls_version", "TLSv1.2,TLSv1.3");
    takes(false, true);
    identity.put("ssl_cert", "server-cert.pem");
    takes(true, true);
    identity.put("require_secure_transport", "0");
    identity.put("tls_version", "");
    takes(false, false);
  }
}
