package topiary.lab.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What simulated servers do as time goes by; nothing is listened to here. */
class ServerTest {

  private static final long SECOND = 1_000_000;

  private final SimFleet fleet = new SimFleet();
  private long now = 1_800_000_000L * SECOND;

  private Server server(Kind kind, int number) {
    String uuid = "00000000-0000-0000-0000-%012d".formatted(number);
    return fleet.add(new Address("127.1.0." + number, 3306), kind, number, uuid, now);
  }

  /** A head that writes ten a second after its first hundred, r1 below it, r2 below r1. */
  private void tree(Kind kind) {
    Server p = server(kind, 1);
    p.head(100, 10, 0, now);
    server(kind, 2).replica("", p, "repl", now);
    server(kind, 3).replica("", at(2), "repl", now);
  }

  private Server at(int number) {
    return fleet.find(new Address("127.1.0." + number, 3306));
  }

  private Map<String, Object> ask(int number, String sql) {
    return ask(at(number).login("t", "127.0.0.1:9", now), sql);
  }

  private Map<String, Object> ask(Session session, String sql) {
    Answer answer = session.execute(sql, now, now);
    Answer.Rows rows = assertInstanceOf(Answer.Rows.class, answer, answer::toString);
    var row = new HashMap<String, Object>();
    if (!rows.rows().isEmpty()) {
      for (int i = 0; i < rows.columns().list().size(); i++) {
        row.put(rows.columns().list().get(i).name(), rows.rows().getFirst()[i]);
      }
    }
    return row;
  }

  private void tell(int number, String... statements) {
    for (String sql : statements) {
      Answer answer = at(number).login("t", "127.0.0.1:9", now).execute(sql, now, now);
      assertInstanceOf(Answer.Done.class, answer, answer::toString);
    }
  }

  private Answer.No refused(int number, String sql) {
    Answer answer = at(number).login("t", "127.0.0.1:9", now).execute(sql, now, now);
    return assertInstanceOf(Answer.No.class, answer, answer::toString);
  }

  private String executed(int number) {
    return ask(number, "SELECT @@global.gtid_executed AS e").get("e").toString();
  }

  private String current(int number) {
    return ask(number, "SELECT @@gtid_current_pos AS e").get("e").toString();
  }

  @Test
  void whatTheHeadWritesArrivesEverywhere() {
    tree(Kind.MYSQL);
    now += 5 * SECOND;
    String all = "00000000-0000-0000-0000-000000000001:1-150";
    assertEquals(all, executed(3));
    assertEquals(all, executed(1));
    now += SECOND;
    Map<String, Object> status = ask(2, "SHOW REPLICA STATUS");
    assertEquals("Yes", status.get("Replica_IO_Running"));
    assertEquals(0L, status.get("Seconds_Behind_Source"));
    Map<String, Object> end = ask(1, "SHOW BINARY LOG STATUS");
    assertEquals(end.get("Position"), status.get("Read_Source_Log_Pos"));
    assertEquals(end.get("Position"), status.get("Exec_Source_Log_Pos"));
  }

  /** They can be asked for all that is told of events, and have none. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void nobodyHasEvents(Kind kind) {
    tree(kind);
    String asked =
        "SELECT EVENT_NAME AS event_name, DEFINER AS definer, STATUS AS event_status, ORIGINATOR"
            + " AS originator, UNIX_TIMESTAMP(LAST_ALTERED) AS altered, CHARACTER_SET_CLIENT AS"
            + " charset, @@session.collation_connection AS own, @@global.event_scheduler AS"
            + " scheduler FROM information_schema.EVENTS ORDER BY EVENT_SCHEMA, EVENT_NAME";
    assertEquals(Map.of(), ask(1, asked));
    assertEquals(1109, refused(1, asked.replace("EVENTS", "NOTHING")).code());
  }

  @Test
  void anApplyingThreadStopsByItselfAfterWhatItWasTold() {
    tree(Kind.MYSQL);
    tell(2, "STOP REPLICA SQL_THREAD");
    now += 10 * SECOND;
    String origin = "00000000-0000-0000-0000-000000000001:";
    tell(2, "START REPLICA SQL_THREAD UNTIL SQL_AFTER_GTIDS = '" + origin + "101-150'");
    assertEquals(origin + "1-150", executed(2));
    assertEquals("No", ask(2, "SHOW REPLICA STATUS").get("Replica_SQL_Running"));
    tell(2, "START REPLICA SQL_THREAD");
    assertEquals(origin + "1-200", executed(2));
    assertEquals("Yes", ask(2, "SHOW REPLICA STATUS").get("Replica_SQL_Running"));
    assertEquals(
        1772, refused(2, "START REPLICA SQL_THREAD UNTIL SQL_AFTER_GTIDS = 'none'").code());
  }

  @Test
  void mariaDbCountsADomain() {
    tree(Kind.MARIADB);
    now += 5 * SECOND;
    assertEquals("0-1-150", current(3));
    assertEquals("0-1-150", ask(3, "SELECT @@gtid_slave_pos AS e").get("e"));
    assertEquals("", ask(1, "SELECT @@gtid_slave_pos AS e").get("e"));
    assertEquals("0-1-150", ask(1, "SHOW GLOBAL VARIABLES LIKE 'gtid_binlog_state'").get("Value"));
  }

  @Test
  void aLateReplicaHasReceivedAllAndAppliedWhatIsOldEnough() {
    tree(Kind.MYSQL);
    now += 10 * SECOND;
    at(2).lag(4, now);
    now += 10 * SECOND;
    Map<String, Object> status = ask(2, "SHOW REPLICA STATUS");
    assertEquals("00000000-0000-0000-0000-000000000001:1-300", status.get("Retrieved_Gtid_Set"));
    assertEquals("00000000-0000-0000-0000-000000000001:1-260", status.get("Executed_Gtid_Set"));
    assertEquals(3L, status.get("Seconds_Behind_Source"));
    // Who replicates from it has no more than it.
    assertEquals("00000000-0000-0000-0000-000000000001:1-260", executed(3));
    at(2).lag(0, now);
    now += SECOND;
    assertEquals(executed(1), executed(3));
  }

  @Test
  void whatADeadSourceHadSentHasArrivedAndNoMore() {
    tree(Kind.MYSQL);
    now += 10 * SECOND;
    at(1).kill(now);
    now += 10 * SECOND;
    assertEquals("00000000-0000-0000-0000-000000000001:1-200", executed(2));
    Map<String, Object> status = ask(2, "SHOW REPLICA STATUS");
    assertEquals("Connecting", status.get("Replica_IO_Running"));
    assertEquals(2003L, status.get("Last_IO_Errno"));
    assertTrue(status.get("Last_IO_Error").toString().contains("127.1.0.1:3306"));
    // The grand-replica notices nothing.
    assertEquals("Yes", ask(3, "SHOW REPLICA STATUS").get("Replica_IO_Running"));
    at(1).revive(now);
    assertEquals(1L, ask(1, "SELECT @@read_only AS r").get("r"));
    now += 10 * SECOND;
    assertEquals("00000000-0000-0000-0000-000000000001:1-200", executed(1));
    tell(1, "SET GLOBAL read_only = OFF");
    now += SECOND;
    assertEquals("00000000-0000-0000-0000-000000000001:1-210", executed(3));
  }

  @Test
  void aHungSourceIsNoticedWhenPatienceEnds() {
    tree(Kind.MARIADB);
    tell(2, "SET GLOBAL slave_net_timeout = 4");
    now += SECOND;
    at(1).hang(now);
    now += 3 * SECOND;
    assertEquals("Yes", ask(2, "SHOW ALL SLAVES STATUS").get("Slave_IO_Running"));
    now += 2 * SECOND;
    assertEquals("Connecting", ask(2, "SHOW ALL SLAVES STATUS").get("Slave_IO_Running"));
    at(1).revive(now);
    now += SECOND;
    assertEquals("Yes", ask(2, "SHOW ALL SLAVES STATUS").get("Slave_IO_Running"));
    // Nothing was written while it hung.
    assertEquals("0-1-120", current(2));
  }

  @Test
  void aReplicaIsPointedElsewhereAndGoesOn() {
    tree(Kind.MYSQL);
    now += SECOND;
    tell(3, "STOP REPLICA FOR CHANNEL ''");
    now += SECOND;
    assertEquals(
        3081,
        refused(2, "CHANGE REPLICATION SOURCE TO SOURCE_HOST='x', SOURCE_AUTO_POSITION=1").code());
    tell(
        3,
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.1.0.1', SOURCE_PORT=3306,"
            + " SOURCE_AUTO_POSITION=1 FOR CHANNEL ''");
    assertEquals("", ask(3, "SHOW REPLICA STATUS").get("Source_Log_File"));
    tell(3, "START REPLICA FOR CHANNEL ''");
    Map<String, Object> status = ask(3, "SHOW REPLICA STATUS");
    assertEquals("Yes", status.get("Replica_IO_Running"));
    assertEquals("bin.000001", status.get("Source_Log_File"));
    assertEquals(1L, status.get("Source_Server_Id"));
    assertEquals("00000000-0000-0000-0000-000000000001:1-120", executed(3));
    assertEquals(Map.of(), ask(2, "SHOW REPLICAS"));
  }

  @Test
  void mariaDbThrowsAwayWhatItHadReceivedWhenItStartsFromAStandstill() {
    tree(Kind.MARIADB);
    tell(2, "STOP SLAVE SQL_THREAD");
    now += SECOND;
    tell(2, "STOP SLAVE");
    assertEquals("0-1-110", ask(2, "SHOW ALL SLAVES STATUS").get("Gtid_IO_Pos"));
    at(1).kill(now);
    tell(2, "START SLAVE SQL_THREAD");
    assertEquals("0-1-100", ask(2, "SHOW ALL SLAVES STATUS").get("Gtid_IO_Pos"));
  }

  @Test
  void anErrantTransactionStopsMariaDbAndStaysUnseenByMySql() {
    tree(Kind.MYSQL);
    at(3).errant(2, now);
    now += SECOND;
    assertEquals(
        "00000000-0000-0000-0000-000000000001:1-110,\n00000000-0000-0000-0000-000000000003:1-2",
        executed(3));
    assertEquals(
        "00000000-0000-0000-0000-000000000003:1-2",
        ask(1, "SELECT GTID_SUBTRACT('%s', @@global.gtid_executed) AS e".formatted(executed(3)))
            .get("e"));
  }

  @Test
  void anErrantTransactionIsOutOfOrderOnMariaDb() {
    tree(Kind.MARIADB);
    at(3).errant(1, now);
    now += SECOND;
    Map<String, Object> status = ask(3, "SHOW ALL SLAVES STATUS");
    assertEquals("No", status.get("Slave_SQL_Running"));
    assertEquals(1950L, status.get("Last_SQL_Errno"));
    assertEquals("0-3-101", current(3));
  }

  @Test
  void aSourceThatLacksWhatAReplicaHasIsRefused() {
    tree(Kind.MARIADB);
    Server other = server(Kind.MARIADB, 4);
    other.head(5, 0, 0, now);
    tell(3, "STOP SLAVE", "CHANGE MASTER TO MASTER_HOST='127.1.0.4'", "START SLAVE");
    Map<String, Object> status = ask(3, "SHOW ALL SLAVES STATUS");
    assertEquals("No", status.get("Slave_IO_Running"));
    assertEquals(1236L, status.get("Last_IO_Errno"));
  }

  @Test
  void twoThatReplicateFromEachOtherHaveTheSame() {
    Server p = server(Kind.MYSQL, 1);
    p.head(100, 10, 0, now);
    Server q = server(Kind.MYSQL, 2);
    q.replica("", p, "repl", now);
    p.replica("", q, "repl", now);
    now += SECOND;
    assertEquals("00000000-0000-0000-0000-000000000001:1-110", executed(2));
    assertEquals("00000000-0000-0000-0000-000000000001:1-110", executed(1));
    assertEquals("Yes", ask(1, "SHOW REPLICA STATUS").get("Replica_IO_Running"));
  }

  @Test
  void aLockBelongsToOneSessionUntilItEnds() {
    tree(Kind.MYSQL);
    Session one = at(1).login("t", "127.0.0.1:1", now);
    Session two = at(1).login("t", "127.0.0.1:2", now);
    assertEquals(1L, ask(one, "SELECT GET_LOCK('topiary.fence', 0) AS got").get("got"));
    assertEquals(0L, ask(two, "SELECT GET_LOCK('topiary.fence', 0) AS got").get("got"));
    assertEquals(one.id(), ask(two, "SELECT IS_USED_LOCK('topiary.fence') AS h").get("h"));
    String wait = "SELECT GET_LOCK('topiary.fence', 3) AS got";
    long since = now;
    assertInstanceOf(Answer.Wait.class, two.execute(wait, now, since));
    now += SECOND;
    assertInstanceOf(Answer.Wait.class, two.execute(wait, now, since));
    tell(1, "KILL CONNECTION " + one.id());
    var got = assertInstanceOf(Answer.Rows.class, two.execute(wait, now, since));
    assertEquals(1L, got.rows().getFirst()[0]);
    assertEquals(
        1L, ask(two, "SELECT IS_USED_LOCK('topiary.fence') = CONNECTION_ID() AS m").get("m"));
    assertEquals(1094, refused(1, "KILL " + one.id()).code());
  }

  @Test
  void variablesAreThoseOfTheFlavour() {
    tree(Kind.MYSQL);
    Server maria = server(Kind.MARIADB, 9);
    maria.head(1, 0, 0, now);
    assertEquals("9.7.4-2", ask(1, "SELECT @@version AS v").get("v"));
    assertEquals(1193, refused(9, "SELECT @@super_read_only").code());
    assertEquals(1193, refused(1, "SELECT @@gtid_current_pos").code());
    assertEquals(1064, refused(1, "SHOW SLAVE STATUS").code());
    assertTrue(refused(1, "SHOW SLAVE STATUS").message().contains("near 'SLAVE STATUS' at line 1"));
    tell(2, "SET GLOBAL super_read_only = OFF");
    assertEquals(1L, ask(2, "SELECT @@read_only AS r").get("r"));
    tell(1, "SET GLOBAL super_read_only = ON");
    assertEquals("ON", ask(1, "SHOW GLOBAL VARIABLES LIKE 'read_only'").get("Value"));
    assertEquals(1238, refused(1, "SET GLOBAL server_uuid = 'x'").code());
    assertEquals(
        "ON",
        ask(
                1,
                "SELECT variable_value AS v FROM performance_schema.global_variables WHERE"
                    + " variable_name = 'super_read_only'")
            .get("v"));
  }

  @Test
  void semiSyncIsCounted() {
    tree(Kind.MARIADB);
    tell(1, "SET GLOBAL rpl_semi_sync_master_enabled = ON");
    String clients = "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_clients'";
    assertEquals("0", ask(1, clients).get("Value"));
    tell(2, "SET GLOBAL rpl_semi_sync_slave_enabled = ON");
    assertEquals("1", ask(1, clients).get("Value"));
    assertEquals("ON", ask(2, "SHOW STATUS LIKE 'rpl_semi_sync_slave_status'").get("Value"));
  }

  @Test
  void positionsNeverGoBackHoweverOftenIsAsked() {
    tree(Kind.MYSQL);
    long last = 0;
    for (int i = 0; i < 500; i++) {
      now += 37_000;
      long has = MySqlGtids.parse(executed(3)).last(at(1).uuid());
      assertTrue(has >= last, has + " after " + last);
      last = has;
    }
    assertEquals(Optional.of(285L), Optional.of(last));
  }
}
