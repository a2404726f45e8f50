package topiary.engine.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;

/** What a former primary has that the one in its place has not. */
class FormerPrimaryTest {

  private static final String PRIMARY = "00000000-0000-0000-0000-000000000001";
  private static final String OTHER = "00000000-0000-0000-0000-00000000000a";
  private static final InstanceKey P = Trees.key("p");
  private static final InstanceKey A = Trees.key("a");

  private static Trees mysql(String p, String a) {
    return Trees.of("p a(b)").with("p", s -> has(s, p)).with("a", s -> has(s, a));
  }

  private static void has(Trees.Server server, String gtids) {
    server.version = "8.4.0";
    server.gtid = GtidUse.AUTO_POSITION;
    server.gtidMode = "ON";
    server.executed = gtids;
  }

  private static Trees maria(String p, String a) {
    return Trees.of("p a(b)").with("p", s -> s.history = p).with("a", s -> s.history = a);
  }

  private static FormerPrimary former(Trees trees) {
    return FormerPrimary.of(trees.topology(), P, A).orElseThrow();
  }

  @Test
  void ofMySqlTheSetIsToldAndHowToReadIt() {
    FormerPrimary p = former(mysql(PRIMARY + ":1-12", PRIMARY + ":1-10," + OTHER + ":1-3"));
    assertEquals(Optional.of(PRIMARY + ":11-12"), p.own());
    assertTrue(p.words().contains("p:3306 is back, takes writes, and has transactions"), p.words());
    assertTrue(p.words().contains("--include-gtids='" + PRIMARY + ":11-12'"), p.words());
    assertTrue(p.words().contains("built anew from a copy of a:3306"), p.words());
  }

  @Test
  void ofMariaDbItIsToldFromWhereToWhere() {
    FormerPrimary p = former(maria("0-1-12", "0-1-10,0-2-15"));
    assertEquals(Optional.of("after 0-1-10 up to 0-1-12"), p.own());
    assertTrue(
        p.words().contains("--start-position=0-1-10 --stop-position=0-1-12 on its"), p.words());
    assertEquals(Optional.of("up to 0-1-12"), former(maria("0-1-12", "0-2-15")).own());
  }

  @Test
  void oneThatHasNothingOfItsOwnMayReplicate() {
    FormerPrimary p = former(mysql(PRIMARY + ":1-10", PRIMARY + ":1-10," + OTHER + ":1-3"));
    assertEquals(Optional.empty(), p.own());
    assertTrue(p.words().contains("\"rejoin p:3306\" has it replicate from that"), p.words());
    assertEquals(Optional.empty(), former(maria("0-1-10", "0-1-10,0-2-15")).own());
  }

  @Test
  void whatOneHasThatReplicatesFromItsSuccessorIsToldToo() {
    Trees mysql =
        Trees.of("a(p)")
            .with("p", s -> has(s, PRIMARY + ":1-12"))
            .with("p", s -> s.received = OTHER + ":1-3")
            .with("a", s -> has(s, PRIMARY + ":1-10"));
    FormerPrimary p = former(mysql);
    assertEquals(Optional.of(PRIMARY + ":11-12"), p.own());
    assertTrue(p.words().contains("p:3306 is back, replicates from a:3306, and has"), p.words());
    Trees maria =
        Trees.of("a(p)").with("p", s -> own(s, 1, "0-1-12")).with("a", s -> own(s, 2, "0-1-10"));
    FormerPrimary other = former(maria);
    assertEquals(Optional.of("up to 0-1-12"), other.own());
    assertTrue(other.words().contains("mariadb-binlog --verbose --stop-position=0-1-12 on"));
    assertEquals(
        Optional.empty(),
        FormerPrimary.of(Trees.of("b(p) a").topology(), P, A),
        "it replicates from another");
  }

  private static void own(Trees.Server server, long id, String history) {
    server.serverId = id;
    server.executed = history;
    server.history = history;
    server.received = "0-1-10";
  }

  @Test
  void oneThatIsAwayOrReplicatesIsNotToldOf() {
    Trees away = mysql(PRIMARY + ":1-12", "").with("p", s -> s.condition = Condition.UNREACHABLE);
    assertEquals(Optional.empty(), FormerPrimary.of(away.topology(), P, A));
    assertEquals(Optional.empty(), FormerPrimary.of(Trees.of("a(p)").topology(), P, A));
  }
}
