package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.desktop.model.Nodes.Standing;
import topiary.app.gateway.NodesSeen;
import topiary.app.gateway.SampleNodes;

/** What is said of a cluster of nodes. */
class NodesTest {

  private static Nodes of(SampleNodes nodes) {
    return of(nodes.seen(), 0);
  }

  private static Nodes of(NodesSeen seen, int leaderlessSeconds) {
    return Nodes.of(seen, Samples.NOW, Duration.ofSeconds(leaderlessSeconds));
  }

  private static Nodes.Row row(Nodes nodes, int number) {
    return nodes.row(SampleNodes.id(number)).orElseThrow();
  }

  @Test
  void threeThatAreWell() {
    Nodes nodes = of(SampleNodes.of(3));
    assertEquals(Standing.WELL, nodes.standing());
    assertEquals("n1", nodes.mine());
    assertEquals("n2 leads · 3 of 3 nodes", nodes.words());
    assertEquals("", nodes.sentence());
    assertEquals(
        "2 of 3 nodes decide together; 1 can be spared now. Feature level 2.", nodes.strength());
    assertEquals(List.of("follows", "leads", "follows"), parts(nodes));
    assertEquals(
        List.of("heard just now", "up to date", "snapshot 6 min old", "Topiary 0.5.0", "level 2"),
        row(nodes, 3).facts());
    assertEquals("10.0.0.3:10008 · http://10.0.0.3:3000", row(nodes, 3).places());
    assertEquals(
        "n1, follows, this window is on it, heard just now, up to date, snapshot 4 min old,"
            + " Topiary 0.5.0, level 2",
        row(nodes, 1).spoken());
    assertEquals("topiary node --config FILE --join http://10.0.0.2:3000", nodes.joinCommand());
  }

  private static List<String> parts(Nodes nodes) {
    return nodes.rows().stream().map(Nodes.Row::part).toList();
  }

  @Test
  void oneThatIsSilentIsSaidAndHowMuchCanStillBeLost() {
    Nodes nodes = of(SampleNodes.of(3).silent(3, Duration.ofSeconds(42)));
    assertEquals(Standing.WATCH, nodes.standing());
    assertEquals("n2 leads · 2 of 3 nodes", nodes.words());
    assertEquals(
        "n3 is silent. When one more node is lost, nothing can be changed any more.",
        nodes.sentence());
    assertEquals("2/3", nodes.brief());
    assertEquals("2 of 3 nodes decide together. Feature level 2.", nodes.strength());
    assertEquals("", nodes.halted());
    assertEquals(Mood.GONE, row(nodes, 3).mood());
    assertEquals("last heard 42 s ago", row(nodes, 3).facts().getFirst());
    assertEquals(
        "n3 is silent.",
        of(SampleNodes.of(5).silent(3, Duration.ofSeconds(42))).sentence(),
        "of five, another one may go");
  }

  @Test
  void oneThatIsFarBehindIsSaid() {
    Nodes nodes = of(SampleNodes.of(3).applied(3, 7_010).applied(1, 8_200));
    assertEquals(Standing.WATCH, nodes.standing());
    assertEquals("n3 is far behind.", nodes.sentence());
    assertTrue(row(nodes, 3).facts().contains("1,204 entries behind"));
    assertEquals(Mood.WELL, row(nodes, 1).mood(), "between two looks a few are no lag");
  }

  @Test
  void withoutAMajorityNothingCanBeChanged() {
    String none =
        "No majority of nodes: watching only; nothing can be changed until 2 of 3 are back.";
    Nodes alone = of(SampleNodes.of(3).leaderless().answering(1));
    assertEquals(Standing.HALTED, alone.standing());
    assertEquals(none, alone.halted());
    assertEquals("none leads · 1 of 3 nodes", alone.words());
    Nodes leader =
        of(
            SampleNodes.of(3)
                .silent(1, Duration.ofSeconds(4))
                .silent(3, Duration.ofSeconds(4))
                .answering(1, 2, 3));
    assertEquals(none, leader.halted(), "a leader that hears nobody decides nothing");
    for (int i = 1; i <= 3; i++) {
      assertEquals(none, leader.notRemove(row(leader, i)));
      assertEquals(none, leader.notLead(row(leader, i)));
    }
    assertEquals(none, leader.notStepDown());
  }

  @Test
  void anElectionIsNoTroubleUnlessItLasts() {
    NodesSeen seen = SampleNodes.of(3).leaderless().answering(1, 3).seen();
    Nodes nodes = of(seen, 2);
    assertEquals(Standing.WATCH, nodes.standing());
    assertEquals("No node leads at this moment; one is being elected.", nodes.sentence());
    assertEquals("", nodes.halted());
    Nodes later = of(seen, 12);
    assertEquals(Standing.HALTED, later.standing());
    assertEquals(
        "No node has led for 12 s, though 2 of 3 answer this window: watching only; nothing can be"
            + " changed until they reach each other again.",
        later.halted());
  }

  @Test
  void nodesThisComputerCannotReachAreNotSilentForThat() {
    Nodes nodes = of(SampleNodes.of(3).answering(1));
    assertEquals(Standing.WELL, nodes.standing());
    assertEquals("n2 leads · 3 of 3 nodes", nodes.words());
    assertTrue(row(nodes, 3).facts().contains("no answer to this window"));
  }

  @Test
  void whatANodeSaysIsWrongWithItIsShown() {
    Nodes nodes = of(SampleNodes.of(3).trouble("the disk of n1 is full"));
    assertEquals(Standing.WATCH, nodes.standing());
    assertEquals("The disk of n1 is full.", nodes.sentence());
    assertEquals(Mood.BROKEN, row(nodes, 1).mood());
  }

  @Test
  void beforeOneIsRemovedItIsSaidWhatRemains() {
    Nodes nodes = of(SampleNodes.of(3).silent(3, Duration.ofSeconds(42)));
    assertEquals("", nodes.notRemove(row(nodes, 3)));
    assertEquals(
        "3 → 2 nodes: the cluster then survives the loss of 0. n3 comes back only by joining anew,"
            + " with an empty data folder.",
        nodes.without(row(nodes, 3)));
    assertEquals(
        "Without n1 only 1 of 2 nodes would answer, which can decide nothing.",
        nodes.notRemove(row(nodes, 1)));
    Nodes five = of(SampleNodes.of(5).silent(3, Duration.ofSeconds(42)));
    assertEquals(
        "5 → 4 nodes: the cluster then survives the loss of 1. n2 leads; another node is elected."
            + " n3, which stays, is silent now. n2 comes back only by joining anew, with an empty"
            + " data folder.",
        five.without(row(five, 2)));
    assertTrue(five.without(row(five, 1)).contains("This window is on it, and goes on with"));
    assertEquals(
        "2 → 1 node: the cluster then survives the loss of 0.",
        of(SampleNodes.of(2)).without(row(of(SampleNodes.of(2)), 1)).split(" This")[0]);
  }

  @Test
  void whoCannotLeadIsSaid() {
    Nodes nodes = of(SampleNodes.of(3).silent(3, Duration.ofSeconds(42)));
    assertEquals("", nodes.notLead(row(nodes, 1)));
    assertEquals("n2 leads already.", nodes.notLead(row(nodes, 2)));
    assertEquals("n3 is silent.", nodes.notLead(row(nodes, 3)));
    assertEquals("", nodes.notStepDown());
  }

  @Test
  void oneOnItsOwn() {
    Nodes nodes = of(SampleNodes.of(1));
    assertEquals(Standing.ALONE, nodes.standing());
    assertEquals("alone", nodes.words());
    assertEquals("", nodes.strength());
    assertEquals("n1 is the only node.", nodes.notRemove(row(nodes, 1)));
    assertEquals("There is no other node.", nodes.notStepDown());
    assertEquals("topiary node --config FILE --join http://10.0.0.1:3000", nodes.joinCommand());
  }
}
