package topiary.engine.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.engine.model.Capability;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Step;

class MySqlDialectTest {

  private static final InstanceKey R = new InstanceKey("r", 3306);
  private static final InstanceKey S = new InstanceKey("2001:db8::7", 3307);
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final Slot<Slot.Kind.Executed> SLOT = new Slot<>("r");

  private static final Slot<Slot.Kind.Pending> PENDING = new Slot<>("r");
  private static final MySqlDialect NEWEST = MySqlDialect.NEWEST;
  private static final MySqlDialect OLDEST =
      new MySqlDialect(Set.of(Capability.GTID_SETS, Capability.BINLOG_FORMATS));

  private static List<Step> steps(String channel) {
    return List.of(
        new Step.StopReplication(R, channel, Threads.BOTH),
        new Step.StopReplication(R, channel, Threads.IO),
        new Step.StartReplication(R, channel, Threads.SQL),
        new Step.AwaitDrained(R, channel, LIMIT),
        new Step.ReadExecuted(R, SLOT),
        new Step.AwaitLogged(R, SLOT, LIMIT),
        new Step.ReadPending(R, channel, PENDING),
        new Step.AwaitSendable(R, PENDING, LIMIT),
        new Step.PointAt(R, channel, S, GtidUse.AUTO_POSITION),
        new Step.AwaitReplicating(R, channel, S, LIMIT),
        new Step.SetReadOnly(R, true),
        new Step.SetReadOnly(R, false));
  }

  private static List<String> sql(Dialect dialect, String channel) {
    return steps(channel).stream().flatMap(s -> dialect.statements(s).stream()).toList();
  }

  @Test
  void aServerThatKnowsOnlyTheNewWordsHearsOnlyThose() {
    assertEquals(
        List.of(
            "STOP REPLICA FOR CHANNEL ''",
            "STOP REPLICA IO_THREAD FOR CHANNEL ''",
            "START REPLICA SQL_THREAD FOR CHANNEL ''",
            "SHOW REPLICA STATUS",
            "SELECT @@global.gtid_executed AS position",
            "SELECT @@global.gtid_executed AS position",
            "SHOW REPLICA STATUS",
            "SELECT @@global.gtid_executed AS position",
            "SELECT GTID_SUBTRACT(@@global.gtid_executed, @@global.gtid_purged) AS position",
            "CHANGE REPLICATION SOURCE TO SOURCE_HOST='2001:db8::7', SOURCE_PORT=3307,"
                + " SOURCE_AUTO_POSITION=1 FOR CHANNEL ''",
            "SHOW REPLICA STATUS",
            "SET GLOBAL super_read_only = ON",
            "SET GLOBAL read_only = OFF"),
        sql(NEWEST, ""));
    assertEquals("SHOW BINARY LOG STATUS", NEWEST.logEnd());
    assertEquals("SHOW REPLICAS", NEWEST.replicas());
    var old = Pattern.compile("(?i)\\b(SLAVE|MASTER)");
    Stream.concat(
            sql(NEWEST, "east").stream(),
            Stream.of(NEWEST.identity(), NEWEST.logEnd(), NEWEST.replicas(), NEWEST.channels()))
        .forEach(text -> assertFalse(old.matcher(text).find(), text));
  }

  @Test
  void aDetachedHostIsOneThatCannotBeAndNothingElseIsSaid() {
    assertEquals(
        List.of(
            "CHANGE REPLICATION SOURCE TO SOURCE_HOST='//2001:db8::7', SOURCE_PORT=3307"
                + " FOR CHANNEL ''"),
        NEWEST.statements(new Step.Detach(R, "", S, GtidUse.AUTO_POSITION)));
    assertEquals(
        List.of("CHANGE MASTER TO MASTER_HOST='2001:db8::7', MASTER_PORT=3307"),
        OLDEST.statements(new Step.Attach(R, "", S, GtidUse.AUTO_POSITION)));
    assertEquals(
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST='//2001:db8::7', SOURCE_PORT=3307,"
            + " SOURCE_AUTO_POSITION=0, SOURCE_LOG_FILE='bin.000001', SOURCE_LOG_POS=4 FOR CHANNEL"
            + " 'east'",
        NEWEST.detachAtFile(
            new Step.DetachAtFile(R, "east", S, new Slot<>("r")), "bin.000001", "4"));
  }

  @Test
  void aServerThatKnowsOnlyTheOldWordsHearsOnlyThose() {
    assertEquals(
        List.of(
            "STOP SLAVE",
            "STOP SLAVE IO_THREAD",
            "START SLAVE SQL_THREAD",
            "SHOW SLAVE STATUS",
            "SELECT @@global.gtid_executed AS position",
            "SELECT @@global.gtid_executed AS position",
            "SHOW SLAVE STATUS",
            "SELECT @@global.gtid_executed AS position",
            "SELECT GTID_SUBTRACT(@@global.gtid_executed, @@global.gtid_purged) AS position",
            "CHANGE MASTER TO MASTER_HOST='2001:db8::7', MASTER_PORT=3307,"
                + " MASTER_AUTO_POSITION=1",
            "SHOW SLAVE STATUS",
            "SET GLOBAL read_only = ON",
            "SET GLOBAL read_only = OFF"),
        sql(OLDEST, ""));
    assertEquals("SHOW MASTER STATUS", OLDEST.logEnd());
    assertEquals("SHOW SLAVE HOSTS", OLDEST.replicas());
    assertFalse(OLDEST.identity().contains("super_read_only"));
  }

  @Test
  void betweenTheTwoEveryCapabilityCountsByItself() {
    var between = new MySqlDialect(EnumSet.complementOf(EnumSet.of(Capability.BINARY_LOG_STATUS)));
    assertEquals("SHOW MASTER STATUS", between.logEnd());
    assertEquals("SHOW REPLICAS", between.replicas());
    var withoutSets = new MySqlDialect(Set.of());
    assertFalse(withoutSets.identity().contains("gtid"), withoutSets.identity());
    assertTrue(withoutSets.identity().contains("'ROW' AS binlog_format"));
  }

  @Test
  void capabilitiesAreToldByVariables() {
    assertEquals(
        Set.of(Capability.GTID_SETS, Capability.CHANNELS),
        MySqlDialect.toldBy(Set.of("gtid_mode", "session_track_gtids", "port", "")));
    for (Capability c : Capability.values()) {
      assertEquals(
          !c.variable().isEmpty(), MySqlDialect.abilities().contains("'" + c.variable() + "'"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "it's | STOP REPLICA FOR CHANNEL 'it''s'",
        "a'; DROP TABLE x; -- | STOP REPLICA FOR CHANNEL 'a''; DROP TABLE x; --'",
        "a\\' OR '1 | STOP REPLICA FOR CHANNEL 'a\\\\'' OR ''1'",
      })
  void hostileChannelNamesStayInTheirQuotes(String channel, String text) {
    assertEquals(text, sql(NEWEST, channel).getFirst());
  }

  @ParameterizedTest
  @EnumSource(value = GtidUse.class, names = "AUTO_POSITION", mode = EnumSource.Mode.EXCLUDE)
  void otherUsesOfGtidsAreRefused(GtidUse use) {
    assertThrows(
        IllegalArgumentException.class, () -> NEWEST.statements(new Step.PointAt(R, "", S, use)));
  }

  @Test
  void eventsAreDisabledInTheWordsOfTheServer() {
    assertEquals(
        "ALTER DEFINER=`a`@`h` EVENT `s`.`e` DISABLE ON REPLICA",
        NEWEST.alterEvent("s", "e", "a", "h", false));
    assertEquals(
        "ALTER DEFINER=`a`@`h` EVENT `s`.`e` DISABLE ON SLAVE",
        OLDEST.alterEvent("s", "e", "a", "h", false));
    assertEquals(List.of("EVENT", "SET_ANY_DEFINER"), NEWEST.needed().forEvents());
    assertEquals(List.of("EVENT"), OLDEST.needed().forEvents());
  }

  @Test
  void superBringsTheFinerRightsWithIt() {
    Grants fine = NEWEST.needed();
    String basics = "GRANT PROCESS, RELOAD, REPLICATION CLIENT, REPLICATION SLAVE";
    assertEquals(List.of(), fine.missing(List.of(basics + ", SUPER ON *.* TO `t`@`%`")));
    assertEquals(
        List.of("lacks the grant CONNECTION_ADMIN: another manager's connection cannot be ended"),
        fine.missing(
            List.of(
                basics + " ON *.* TO `t`@`%`",
                "GRANT BINLOG_ADMIN,REPLICATION_SLAVE_ADMIN,SYSTEM_VARIABLES_ADMIN ON *.* TO"
                    + " `t`@`%`")));
    assertEquals(
        List.of("lacks the grant SUPER: replication and read_only cannot be changed"),
        OLDEST.needed().missing(List.of(basics + " ON *.* TO 't'@'%'")));
  }
}
