package topiary.engine.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Topology;

/** What is lost when a replica takes the place of its source, and who has more than it. */
class LossTest {

  private static final String PRIMARY = "00000000-0000-0000-0000-000000000001";
  private static final String OWN = "00000000-0000-0000-0000-00000000000a";
  private static final InstanceKey P = Trees.key("p");
  private static final InstanceKey A = Trees.key("a");
  private static final InstanceKey B = Trees.key("b");

  private static Topology tree(String p, String a, String b) {
    return Trees.of("p(a,b)")
        .with("p", s -> has(s, p))
        .with("p", s -> s.condition = Condition.UNREACHABLE)
        .with("a", s -> has(s, a))
        .with("b", s -> has(s, b))
        .topology();
  }

  private static void has(Trees.Server server, String gtids) {
    server.version = "8.4.0";
    server.gtid = GtidUse.AUTO_POSITION;
    server.gtidMode = "ON";
    server.executed = gtids;
    server.received = gtids;
  }

  private static String to(int last) {
    return PRIMARY + ":1-" + last;
  }

  private static Loss loss(Topology now, Map<InstanceKey, String> errant) {
    return Loss.of(now, now, P, B, Instant.EPOCH.plusSeconds(2), errant);
  }

  @Test
  void nothingIsKnownToBeLostWhereTheSuccessorHasAllThatAnybodyHas() {
    Topology now = tree(to(10), to(9), to(10));
    assertEquals(List.of(), Loss.ahead(now, P, B, Map.of()));
    assertEquals(Optional.empty(), loss(now, Map.of()).known());
  }

  @Test
  void whatTheDeadHadWrittenAndWhatASiblingHasIsTold() {
    Topology now = tree(to(12), to(11), to(10));
    assertEquals(List.of(A), Loss.ahead(now, P, B, Map.of()));
    Loss loss = loss(now, Map.of());
    assertEquals(Optional.of(PRIMARY + ":11-12"), loss.known());
    assertTrue(loss.words().contains("a:3306 has " + PRIMARY + ":11, which b:3306"), loss.words());
  }

  @Test
  void whatOneFurtherDownHasIsToldToo() {
    Topology now =
        Trees.of("p(b(a))")
            .with("p", s -> has(s, to(9)))
            .with("p", s -> s.condition = Condition.UNREACHABLE)
            .with("b", s -> has(s, to(9)))
            .with("a", s -> has(s, to(11)))
            .topology();
    assertEquals(List.of(A), Loss.ahead(now, P, B, Map.of()), "it was moved below one with less");
    Loss loss = loss(now, Map.of());
    assertTrue(loss.known().isPresent(), loss::words);
    assertTrue(loss.words().contains("a:3306 has " + PRIMARY + ":10-11, which b:3306"));
    assertEquals(List.of(), Loss.ahead(now, P, B, Map.of(A, PRIMARY + ":10-11")), "passed on");
  }

  @Test
  void withoutGtidsPlacesInTheLogOfTheDeadTell() {
    Trees trees = Trees.of("p(a,b)").with("p", s -> s.condition = Condition.UNREACHABLE);
    for (String name : List.of("a", "b")) {
      trees.with(name, s -> s.gtid = GtidUse.NONE);
    }
    assertEquals(Optional.empty(), loss(trees.topology(), Map.of()).known());
    // It has received more, and the dead one had written more still.
    trees.with("a", s -> s.pending = 20).with("p", s -> s.position = 150);
    assertEquals(List.of(A), Loss.ahead(trees.topology(), P, B, Map.of()));
    Loss loss = loss(trees.topology(), Map.of());
    assertEquals(Optional.of("its log after bin.000001:100 up to bin.000001:150"), loss.known());
    assertTrue(
        loss.words()
            .contains(
                "a:3306 has received the log of p:3306 up to bin.000001:120, and b:3306 up to"
                    + " bin.000001:100."),
        loss.words());
  }

  @Test
  void whatOnlyAnErrantSiblingHasIsNotMissed() {
    Topology now = tree(to(10), to(10) + "," + OWN + ":1-3", to(10));
    assertEquals(List.of(A), Loss.ahead(now, P, B, Map.of()), "as far as that is not known");
    Map<InstanceKey, String> errant = Map.of(A, OWN + ":1-3");
    assertEquals(List.of(), Loss.ahead(now, P, B, errant));
    assertEquals(Optional.empty(), loss(now, errant).known());
  }

  @Test
  void whatAnErrantSiblingHasOfTheDeadIsMissed() {
    Topology now = tree(to(10), to(11) + "," + OWN + ":1-3", to(10));
    Map<InstanceKey, String> errant = Map.of(A, OWN + ":1-3");
    assertEquals(List.of(A), Loss.ahead(now, P, B, errant));
    String words = loss(now, errant).words();
    assertTrue(words.contains("a:3306 has " + PRIMARY + ":11, which"), words);
    assertFalse(words.contains(OWN), words);
  }

  private static String semiSync(int timeoutMillis) {
    Topology now =
        Trees.of("p(a,b)")
            .with("p", s -> has(s, to(10)))
            .with("p", s -> s.condition = Condition.UNREACHABLE)
            .with("p", s -> s.semiSync = waiting(timeoutMillis))
            .with("p", s -> s.lastSeen = Instant.EPOCH)
            .with("a", s -> has(s, to(10)))
            .with("a", s -> s.semiSync = ACKNOWLEDGING)
            .with("b", s -> has(s, to(10)))
            .with("b", s -> s.semiSync = ACKNOWLEDGING)
            .topology();
    return loss(now, Map.of()).words();
  }

  private static SemiSync waiting(int timeoutMillis) {
    return new SemiSync(
        true, new SemiSync.Source(true, true, timeoutMillis, 1, true, 2), SemiSync.NONE.replica());
  }

  private static final SemiSync ACKNOWLEDGING =
      new SemiSync(true, SemiSync.NONE.source(), new SemiSync.Replica(true, true, true));

  @Test
  void nothingAcknowledgedIsLostAsLongAsThePrimaryCannotHaveGoneOnAlone() {
    assertTrue(semiSync(10_000).startsWith("Nothing that was acknowledged is lost: "));
    String alone = semiSync(1_000);
    assertTrue(alone.startsWith("Nothing is lost that was acknowledged while commits"), alone);
    assertTrue(alone.contains("After 1000 ms without them it goes on alone"), alone);
    assertTrue(alone.endsWith("sent to nobody, is not known."), alone);
  }
}
