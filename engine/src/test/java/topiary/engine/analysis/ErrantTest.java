package topiary.engine.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.model.Condition;

class ErrantTest {

  private static final String P = "00000000-0000-0000-0000-00000000000a";
  private static final String R = "00000000-0000-0000-0000-00000000000b";
  private static final String S = "00000000-0000-0000-0000-00000000000c";

  private static Trees mysql() {
    var trees = Trees.of("p(r(s))");
    server(trees, "p", P, P + ":1-10");
    server(trees, "r", R, P + ":1-10");
    server(trees, "s", S, P + ":1-10");
    return trees;
  }

  private static void server(Trees trees, String name, String uuid, String executed) {
    trees.with(
        name,
        s -> {
          s.version = "9.7.0";
          s.uuid = Optional.of(uuid);
          s.executed = executed;
          s.received = P + ":1-10";
        });
  }

  private static Optional<String> errant(Trees trees, String name) {
    return Errant.of(trees.topology(), Trees.key(name));
  }

  @Test
  void aReplicaThatHasWhatItsSourceHasHasNothingOfItsOwn() {
    assertEquals(Optional.empty(), errant(mysql(), "p"));
    assertEquals(Optional.empty(), errant(mysql(), "r"));
  }

  @Test
  void whatTheServersAboveWriteMayBeSeenLaterAtTheSource() {
    Trees trees = mysql();
    server(trees, "s", S, P + ":1-12");
    assertEquals(Optional.empty(), errant(trees, "s"), "written by the head meanwhile");
    server(trees, "s", S, P + ":1-10," + R + ":1");
    assertEquals(Optional.empty(), errant(trees, "s"), "written by its source meanwhile");
  }

  @Test
  void whatWasWrittenOnAReplicaIsItsOwnAndNotThatOfThoseBelowIt() {
    Trees trees = mysql();
    server(trees, "r", R, P + ":1-10," + R + ":1-2");
    server(trees, "s", S, P + ":1-10," + R + ":1-2," + S + ":1:7");
    assertEquals(Optional.of(R + ":1-2"), errant(trees, "r"));
    assertEquals(Optional.of(S + ":1:7"), errant(trees, "s"));
    assertEquals(
        Optional.of(R + ":1-2," + S + ":1:7"),
        Errant.below(trees.topology(), Trees.key("s"), Trees.key("p")));
  }

  @Test
  void tagsCountToo() {
    Trees trees = mysql();
    server(trees, "r", R, P + ":1-10," + R + ":cron:1");
    assertEquals(Optional.of(R + ":cron:1"), errant(trees, "r"));
  }

  @Test
  void inARingEverybodyMayWrite() {
    Trees trees = mysql().below("p", "r");
    server(trees, "p", P, P + ":1-11");
    server(trees, "r", R, P + ":1-10," + R + ":1");
    assertEquals(Optional.empty(), errant(trees, "p"));
    assertEquals(Optional.empty(), errant(trees, "r"));
  }

  @Test
  void whatIsNotKnownIsNotGuessed() {
    Trees trees = mysql().with("p", s -> s.everSeen = false);
    server(trees, "r", R, R + ":1");
    assertEquals(Optional.empty(), errant(trees, "r"));
    server(trees, "s", S, "nonsense");
    assertEquals(Optional.empty(), errant(trees, "s"));
  }

  @Test
  void whatAnyServerAboveHasIsOnlyLate() {
    String former = "00000000-0000-0000-0000-00000000000d";
    Trees trees = mysql();
    server(trees, "p", P, P + ":1-10," + former + ":1-7");
    server(trees, "r", R, P + ":1-10," + former + ":1-6");
    server(trees, "s", S, P + ":1-10," + former + ":1-7");
    assertEquals(Optional.empty(), errant(trees, "s"), "the head has it, r will");
    server(trees, "p", P, P + ":1-10," + former + ":1-6");
    assertEquals(Optional.of(former + ":7"), errant(trees, "s"), "nobody above has it");
  }

  @Test
  void whatWasReceivedFromASourceThatWasSeenBeforeIsOnlyLate() {
    String former = "00000000-0000-0000-0000-00000000000d";
    Trees trees = mysql();
    server(trees, "p", P, P + ":1-10," + former + ":1-6");
    server(trees, "r", R, P + ":1-10," + former + ":1-7," + R + ":1");
    trees.with(
        "r",
        s -> {
          s.received = former + ":7";
          s.lastSeen = Instant.EPOCH.plusSeconds(1);
        });
    assertEquals(Optional.of(R + ":1"), errant(trees, "r"), "its own it did not receive");
    assertEquals(
        Optional.of(former + ":7"),
        Errant.below(trees.topology(), Trees.key("r"), Trees.key("s")),
        "s was not who sent it");
    trees.with("p", s -> s.lastSeen = Instant.EPOCH.plusSeconds(2));
    assertEquals(Optional.of(R + ":1," + former + ":7"), errant(trees, "r"), "p has it not now");
  }

  /** The primary p has been replaced by r, and is below it now; r was last seen before that. */
  private static Trees takenOver(String executed) {
    Trees trees = Trees.of("r(p)");
    server(trees, "r", R, P + ":1-10");
    server(trees, "p", P, executed);
    Instant after = Instant.EPOCH.plusSeconds(10);
    trees.with(
        "p",
        s -> {
          s.lastSeen = after;
          s.sourcesSince = Optional.of(after.plusMillis(1));
        });
    return trees;
  }

  @Test
  void aFormerPrimaryIsJudgedByWhatItsSuccessorHasSinceThen() {
    Trees trees = takenOver(P + ":1-12");
    assertEquals(Optional.empty(), errant(trees, "p"), "r has not been seen since");
    trees.with("r", s -> s.lastSeen = Instant.EPOCH.plusSeconds(10));
    assertEquals(Optional.empty(), errant(trees, "p"), "the looks were at the same time");
    trees.with("r", s -> s.lastSeen = Instant.EPOCH.plusSeconds(11));
    assertEquals(Optional.of(P + ":11-12"), errant(trees, "p"), "r has never got them");
    server(trees, "r", R, P + ":1-12," + R + ":1");
    assertEquals(Optional.empty(), errant(trees, "p"), "it had got all of it");
  }

  @Test
  void theSameAtAnyDepth() {
    Trees trees = Trees.of("r(s(p))");
    server(trees, "r", R, P + ":1-10");
    server(trees, "s", S, P + ":1-10");
    server(trees, "p", P, P + ":1-12");
    Instant after = Instant.EPOCH.plusSeconds(10);
    trees.with("p", s -> s.sourcesSince = Optional.of(after));
    trees.with("s", s -> s.lastSeen = after);
    assertEquals(Optional.empty(), errant(trees, "p"), "s may lag, and r have it");
    trees.with("r", s -> s.lastSeen = after);
    assertEquals(Optional.of(P + ":11-12"), errant(trees, "p"));
    trees.with("s", s -> s.received = P + ":9-12");
    assertEquals(Optional.empty(), errant(trees, "p"), "s has received them, and will have them");
    trees.with("s", s -> s.received = P + ":1-10");
    trees.with(
        "r",
        s -> {
          s.lastSeen = Instant.EPOCH;
          s.condition = Condition.UNREACHABLE;
        });
    assertEquals(Optional.of(P + ":11-12"), errant(trees, "p"), "r is gone, and tells no more");
  }

  @Test
  void aSourceThatWasLookedAtDuringTheLookAtItsReplicaMayBeBehindIt() {
    String former = "00000000-0000-0000-0000-00000000000d";
    Trees trees = mysql();
    server(trees, "r", R, P + ":1-10," + former + ":7");
    trees.with("r", s -> s.received = former + ":7");
    assertEquals(Optional.empty(), errant(trees, "r"), "both began at once");
    trees.with("p", s -> s.lastSeen = Instant.EPOCH.plusMillis(1));
    assertEquals(Optional.of(former + ":7"), errant(trees, "r"), "p was looked at after that");
  }

  @Test
  void belowARingOnlyWhatItsMembersDidNotWriteIsErrant() {
    Trees trees = mysql().below("p", "r");
    server(trees, "s", S, P + ":1-12," + R + ":1-3," + S + ":1");
    assertEquals(Optional.of(S + ":1"), errant(trees, "s"));
  }

  private static Trees maria() {
    return Trees.of("p(r)")
        .with("p", s -> history(s, "0-1-10", "0-1-10"))
        .with("r", s -> history(s, "0-1-10", "0-1-10"));
  }

  private static void history(Trees.Server s, String executed, String history) {
    s.executed = executed;
    s.history = history;
  }

  @Test
  void aMariaDbReplicaThatWroteItselfIsSeen() {
    assertEquals(Optional.empty(), errant(maria(), "r"));
    Trees ahead = maria().with("r", s -> history(s, "0-2-11", "0-1-10,0-2-11"));
    assertEquals(Optional.of("0-2-11"), errant(ahead, "r"));
    Trees overtaken =
        maria()
            .with("p", s -> history(s, "0-1-15", "0-1-15"))
            .with("r", s -> history(s, "0-1-15", "0-2-11,0-1-15"));
    assertEquals(Optional.empty(), errant(overtaken, "r"), "the source's history begins later");
    Trees known = maria().with("p", s -> history(s, "0-1-15", "0-9-3,0-1-15"));
    known.with("r", s -> history(s, "0-1-15", "0-9-3,0-2-11,0-1-15"));
    assertEquals(Optional.of("0-2-11"), errant(known, "r"));
  }

  @Test
  void whatAMariaDbFurtherUpHasIsNotErrant() {
    Trees trees = Trees.of("p(m(r))").with("p", s -> history(s, "0-1-15", "0-9-3,0-3-11,0-1-15"));
    trees.with("m", s -> history(s, "0-1-15", "0-9-3,0-1-15"));
    trees.with("r", s -> history(s, "0-1-15", "0-9-3,0-3-11,0-1-15"));
    assertEquals(Optional.empty(), errant(trees, "r"));
    trees.with("p", s -> history(s, "0-1-15", "0-9-3,0-1-15"));
    assertEquals(Optional.of("0-3-11"), errant(trees, "r"));
  }

  @Test
  void aFormerPrimaryBelowItsSuccessorHasNothingOfItsOwn() {
    Trees trees =
        maria()
            .with("p", s -> history(s, "0-1-15", "0-2-9,0-1-15"))
            .with("r", s -> history(s, "0-1-15", "0-2-9,0-1-15"));
    assertEquals(Optional.empty(), errant(trees, "r"));
    Trees fresh = trees.with("p", s -> history(s, "0-1-15", "0-1-15"));
    assertEquals(Optional.empty(), errant(fresh, "r"), "the successor came from a backup");
    Trees tail =
        trees
            .with("p", s -> history(s, "0-1-15", "0-2-9,0-1-15"))
            .with("r", s -> history(s, "0-1-15", "0-2-12,0-1-15"));
    assertEquals(Optional.of("0-2-12"), errant(tail, "r"), "written after it was replaced");
  }

  @Test
  void aFormerMariaDbPrimaryIsJudgedByWhatItsSuccessorHasSinceThen() {
    Instant after = Instant.EPOCH.plusSeconds(10);
    Trees trees =
        Trees.of("r(p)")
            .with("r", s -> history(s, "0-1-10", "0-1-10"))
            .with("p", s -> history(s, "0-1-12", "0-1-12"))
            .with("p", s -> s.sourcesSince = Optional.of(after));
    trees.with("r", s -> s.serverId = 2).with("p", s -> s.serverId = 1);
    assertEquals(Optional.empty(), errant(trees, "p"), "r has not been seen since");
    trees.with("r", s -> s.lastSeen = after);
    assertEquals(Optional.of("0-1-12"), errant(trees, "p"));
    trees.with("r", s -> history(s, "0-2-13", "0-1-12,0-2-13"));
    assertEquals(Optional.empty(), errant(trees, "p"));
  }
}
