package topiary.engine.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;

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
}
