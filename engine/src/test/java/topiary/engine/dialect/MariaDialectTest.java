package topiary.engine.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Step;

class MariaDialectTest {

  private static final InstanceKey R = new InstanceKey("r", 3306);
  private static final InstanceKey S = new InstanceKey("2001:db8::7", 3307);
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final Slot<Slot.Kind.Executed> SLOT = new Slot<>("r");
  private final Dialect dialect = new MariaDialect();

  @Test
  void everyStepHasItsStatements() {
    assertEquals("STOP SLAVE", sql(new Step.StopReplication(R, "", Threads.BOTH)));
    assertEquals("STOP SLAVE IO_THREAD", sql(new Step.StopReplication(R, "", Threads.IO)));
    assertEquals(
        "STOP SLAVE 'east' SQL_THREAD", sql(new Step.StopReplication(R, "east", Threads.SQL)));
    assertEquals("START SLAVE", sql(new Step.StartReplication(R, "", Threads.BOTH)));
    assertEquals(
        "START SLAVE 'east' IO_THREAD", sql(new Step.StartReplication(R, "east", Threads.IO)));
    assertEquals(
        "BEGIN NOT ATOMIC DECLARE own INT UNSIGNED DEFAULT @@global.slave_net_timeout;"
            + " DECLARE EXIT HANDLER FOR SQLEXCEPTION"
            + " BEGIN SET GLOBAL slave_net_timeout = own; RESIGNAL; END;"
            + " SET GLOBAL slave_net_timeout = LEAST(own, 1); START SLAVE 'east' IO_THREAD;"
            + " DO SLEEP(0.05); SET GLOBAL slave_net_timeout = own; END",
        sql(new Step.TryConnect(R, "east", LIMIT)));
    assertEquals("SHOW ALL SLAVES STATUS", sql(new Step.AwaitDrained(R, "", LIMIT)));
    assertEquals("SELECT @@gtid_slave_pos AS position", sql(new Step.ReadExecuted(R, SLOT)));
    assertEquals(
        "SELECT @@gtid_current_pos AS position", sql(new Step.AwaitLogged(R, SLOT, LIMIT)));
    assertEquals(
        "CHANGE MASTER TO MASTER_HOST='2001:db8::7', MASTER_PORT=3307, MASTER_USE_GTID=slave_pos",
        sql(new Step.PointAt(R, "", S, GtidUse.SLAVE_POS)));
    assertEquals(
        "CHANGE MASTER 'east' TO MASTER_HOST='2001:db8::7', MASTER_PORT=3307,"
            + " MASTER_USE_GTID=current_pos",
        sql(new Step.PointAt(R, "east", S, GtidUse.CURRENT_POS)));
    assertEquals("SHOW ALL SLAVES STATUS", sql(new Step.AwaitReplicating(R, "", S, LIMIT)));
    assertEquals(
        "CHANGE MASTER TO MASTER_HOST='//2001:db8::7', MASTER_PORT=3307,"
            + " MASTER_USE_GTID=slave_pos",
        sql(new Step.Detach(R, "", S, GtidUse.SLAVE_POS)));
    assertEquals(
        "CHANGE MASTER 'east' TO MASTER_HOST='2001:db8::7', MASTER_PORT=3307,"
            + " MASTER_USE_GTID=current_pos",
        sql(new Step.Attach(R, "east", S, GtidUse.CURRENT_POS)));
    assertEquals(
        "CHANGE MASTER TO MASTER_HOST='//2001:db8::7', MASTER_PORT=3307,"
            + " MASTER_LOG_FILE='<the noted file>', MASTER_LOG_POS=<the noted position>,"
            + " MASTER_USE_GTID=no",
        sql(new Step.DetachAtFile(R, "", S, new Slot<>("r"))));
    assertEquals("SET GLOBAL read_only = ON", sql(new Step.SetReadOnly(R, true)));
    assertEquals("SET GLOBAL read_only = OFF", sql(new Step.SetReadOnly(R, false)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "it's | STOP SLAVE 'it''s'",
        "a'; DROP TABLE x; -- | STOP SLAVE 'a''; DROP TABLE x; --'",
        "a\\ | STOP SLAVE 'a\\\\'",
        "a\\' OR '1 | STOP SLAVE 'a\\\\'' OR ''1'",
        "`a` | STOP SLAVE '`a`'",
      })
  void hostileChannelNamesStayInTheirQuotes(String channel, String sql) {
    assertEquals(sql, sql(new Step.StopReplication(R, channel, Threads.BOTH)));
  }

  @ParameterizedTest
  @EnumSource(
      value = GtidUse.class,
      names = {"NONE", "AUTO_POSITION"})
  void aUseOfGtidsThatMariaDbLacksIsNoStatement(GtidUse use) {
    var step = new Step.PointAt(R, "", S, use);
    assertThrows(IllegalArgumentException.class, () -> dialect.statements(step));
  }

  @Test
  void onlyMariaDbIsSpokenYet() {
    assertEquals(Optional.of(dialect), Dialect.of(Flavor.MARIADB, Set.of()));
    assertEquals(Optional.empty(), Dialect.of(Flavor.UNKNOWN, Set.of()));
  }

  @Test
  void aUserWithAllThatIsNeededLacksNothing() {
    assertEquals(
        List.of(),
        missing(
            "GRANT RELOAD, PROCESS, REPLICATION SLAVE, BINLOG MONITOR, CONNECTION ADMIN, READ_ONLY"
                + " ADMIN, REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, BINLOG ADMIN, SLAVE"
                + " MONITOR ON *.* TO `topiary`@`%` IDENTIFIED BY PASSWORD '*0'"));
    assertEquals(
        List.of(), missing("GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION"));
    assertEquals(
        List.of(),
        missing(
            "grant reload, process, replication slave, binlog monitor on *.* to `t`@`%`",
            "GRANT SELECT ON `x`.* TO `t`@`%`",
            "GRANT CONNECTION ADMIN, READ_ONLY ADMIN, REPLICATION SLAVE ADMIN, REPLICATION MASTER"
                + " ADMIN, BINLOG ADMIN, SLAVE MONITOR ON *.* TO `t`@`%`"));
  }

  @Test
  void eachMissingGrantIsNamedWithWhatItIsFor() {
    assertEquals(
        List.of(
            "lacks the grant BINLOG ADMIN: binary logs cannot be purged",
            "lacks the grant READ_ONLY ADMIN: read_only cannot be changed"),
        missing(
            "GRANT RELOAD, PROCESS, REPLICATION SLAVE, BINLOG MONITOR, CONNECTION ADMIN,"
                + " REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, SLAVE MONITOR ON *.* TO"
                + " `t`@`%`"));
  }

  @Test
  void rightsOnOneDatabaseAreNoRightsOnTheServer() {
    int all = dialect.needed().needed().size();
    assertEquals(all, missing("GRANT USAGE ON *.* TO `t`@`%`").size());
    assertEquals(all, missing("GRANT ALL PRIVILEGES ON `x`.* TO `t`@`%`").size());
    assertEquals(all, missing().size());
    // A right whose name is the beginning of another is not that other.
    assertTrue(
        missing("GRANT REPLICATION SLAVE ADMIN ON *.* TO `t`@`%`")
            .contains("lacks the grant REPLICATION SLAVE: relay logs cannot be read"));
  }

  @Test
  void theStatementsForANewUserGrantAllThatIsNeeded() {
    List<String> statements = dialect.needed().statements("topiary");
    assertEquals("CREATE USER 'topiary'@'%' IDENTIFIED BY '<password>';", statements.getFirst());
    assertEquals(List.of(), missing(statements.get(1)));
    assertEquals("GRANT EVENT, SET USER ON *.* TO 'topiary'@'%';", statements.getLast());
    assertEquals(List.of(), Dialect.EVENTS_SEEN.missing(statements));
  }

  /** What an event, its database and its definer are called is theirs to say. */
  @Test
  void whateverAnEventIsCalledItStaysItsDefiners() {
    assertEquals(
        "ALTER DEFINER=`o``'ne@x`@`%` EVENT `a``; DROP TABLE t; --`.`e'\\` ENABLE",
        dialect.alterEvent("a`; DROP TABLE t; --", "e'\\", "o`'ne@x", "%", true));
    assertEquals(
        "ALTER DEFINER=`a`@`h` EVENT `s`.`e` DISABLE ON SLAVE",
        dialect.alterEvent("s", "e", "a", "h", false));
  }

  private List<String> missing(String... shown) {
    return dialect.needed().missing(List.of(shown));
  }

  private String sql(Step step) {
    List<String> statements = dialect.statements(step);
    assertEquals(1, statements.size());
    return statements.getFirst();
  }
}
