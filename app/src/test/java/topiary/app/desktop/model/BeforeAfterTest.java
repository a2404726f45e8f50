package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.model.Topology;

/** What a plan makes different, as it is drawn and as it is said. */
class BeforeAfterTest {

  private static final Topology TREE =
      Samples.topology(
          7,
          Samples.primary("p"),
          Samples.replica("w1", "p"),
          Samples.replica("w2", "p"),
          Samples.replica("r1", "w1"),
          Samples.replica("r2", "w2"),
          Samples.replica("d1", "r2"),
          Samples.replica("d2", "d1"),
          Samples.replica("x", "w2"));

  private static InstanceKey key(String host) {
    return Samples.key(host);
  }

  private static BeforeAfter of(Intent intent) {
    return BeforeAfter.of(TREE, intent).orElseThrow();
  }

  private static String text(List<BeforeAfter.Branch> branches) {
    return branches.stream()
        .map(
            b ->
                (b.apart() ? "…" : "")
                    + (b.moved() ? "*" : "")
                    + b.key().host()
                    + (b.folded() == 0 ? "" : "+" + b.folded())
                    + (b.more() == 0 ? "" : "~" + b.more())
                    + (b.below().isEmpty() ? "" : "(" + text(b.below()) + ")"))
        .collect(Collectors.joining(","));
  }

  @Test
  void aMoveShowsHeadSourcesAndTheBranchThatGoesAlong() {
    BeforeAfter what = of(new Intent.Relocate(key("r2"), key("r1")));
    assertEquals("p(w2(*r2+2),…r1)", text(what.now()));
    assertEquals("p(w2,…r1(*r2+2))", text(what.afterwards()));
    assertEquals(
        "Now r2:3306 with 2 servers below it replicates from w2:3306; afterwards from r1:3306.",
        what.sentence());
  }

  @Test
  void aMoveUpToTheHeadShowsItOnce() {
    BeforeAfter what = of(new Intent.Relocate(key("x"), key("p")));
    assertEquals("p(w2(*x))", text(what.now()));
    assertEquals("p(w2,*x)", text(what.afterwards()));
    assertEquals("Now x:3306 replicates from w2:3306; afterwards from p:3306.", what.sentence());
  }

  @Test
  void valuesAreShownAsTheyAreAndWillBe() {
    assertEquals(
        "read-only of r1:3306: on → off", of(new Intent.SetReadOnly(key("r1"), false)).sentence());
    assertEquals(
        "receiving on r1:3306: running → stopped; applying on r1:3306: running → stopped",
        of(new Intent.StopReplication(key("r1"), Threads.BOTH)).sentence());
    assertEquals(
        "applying on r1:3306: running → running",
        of(new Intent.StartReplication(key("r1"), Threads.SQL)).sentence());
  }

  @Test
  void nothingIsDrawnOfWhatIsNotKnown() {
    assertEquals(
        Optional.empty(), BeforeAfter.of(TREE, new Intent.Relocate(key("r1"), key("nobody"))));
    assertEquals(Optional.empty(), BeforeAfter.of(TREE, new Intent.Relocate(key("p"), key("r1"))));
    assertEquals(
        Optional.empty(), BeforeAfter.of(TREE, new Intent.Undo(new PlanId("p0123456789ab"))));
  }

  @Test
  void aRingIsDrawnToo() {
    Topology ring =
        Samples.topology(
            8, Samples.replica("a", "b"), Samples.replica("b", "a"), Samples.primary("h"));
    BeforeAfter what = BeforeAfter.of(ring, new Intent.Relocate(key("a"), key("h"))).orElseThrow();
    assertEquals("b(*a),h", text(what.now()));
    assertEquals("h(*a(b))", text(what.afterwards()));
  }

  @Test
  void severalMovesAreDrawnInOneTree() {
    BeforeAfter what =
        of(
            new Intent.Moves(
                List.of(
                    new Intent.Relocate(key("r2"), key("p")),
                    new Intent.Relocate(key("x"), key("w1")))));
    assertEquals("p(w2(*r2+2,*x),w1)", text(what.now()));
    assertEquals("p(w2,w1(*x),*r2+2)", text(what.afterwards()));
    assertEquals(List.of(), what.changes());
    assertEquals(
        "Now r2:3306 with 2 servers below it replicates from w2:3306; afterwards from p:3306."
            + " Now x:3306 replicates from w2:3306; afterwards from w1:3306.",
        what.sentence());
  }

  @Test
  void whoeverIsMovedMayBeTheSourceOfAnotherThatIs() {
    BeforeAfter what = of(new Intent.InTree(key("d1"), new Reshaping.TakeSource(Optional.empty())));
    assertEquals("p(w2(*r2(*d1+1)))", text(what.now()));
    assertEquals("p(w2(*d1+1(*r2)))", text(what.afterwards()));
  }

  @Test
  void ofManyThatGoTheSameWayAFewAreShown() {
    Instance[] servers =
        Stream.concat(
                Stream.of(Samples.primary("p"), Samples.replica("w", "p")),
                IntStream.range(10, 60).mapToObj(i -> Samples.replica("r" + i, "p")))
            .toArray(Instance[]::new);
    var all = new Intent.InTree(key("p"), new Reshaping.Replicas(key("w"), Optional.empty()));
    BeforeAfter what = BeforeAfter.of(Samples.topology(9, servers), all).orElseThrow();
    assertEquals("p(w,*r10,*r11,*r12~47)", text(what.now()));
    assertEquals("p(w(*r10,*r11,*r12~47))", text(what.afterwards()));
    assertEquals(
        "Now r10:3306, r11:3306, r12:3306 and 47 more replicate from p:3306; afterwards from"
            + " w:3306.",
        what.sentence());
  }

  @Test
  void whatComesFromNobodyThatIsKnownIsSaidInWords() {
    BeforeAfter what =
        of(
            new Intent.Moves(
                List.of(
                    new Intent.Relocate(key("r2"), key("nobody")),
                    new Intent.Relocate(key("x"), key("w1")))));
    assertEquals(List.of(), what.now());
    assertEquals(
        "source of r2:3306: w2:3306 → nobody:3306; source of x:3306: w2:3306 → w1:3306",
        what.sentence());
  }

  @Test
  void pointedAnewAtItsSourceNothingStandsElsewhere() {
    assertEquals(
        Optional.empty(),
        BeforeAfter.of(TREE, new Intent.InTree(key("x"), new Reshaping.Repoint(Optional.empty()))));
  }
}
