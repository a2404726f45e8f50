package topiary.lab.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import topiary.lab.base.LabException;

class TreeTest {
  @Test
  void everyMemberComesAfterItsSource() {
    Tree tree = Tree.parse(" p ( r1, r2(r3,r4) ) ");
    assertEquals("p", tree.head());
    assertEquals(
        "p:- r1:p r2:p r3:r2 r4:r2",
        tree.members().stream()
            .map(m -> m.name() + ":" + m.source().orElse("-"))
            .collect(Collectors.joining(" ")));
  }

  @Test
  void aSingleServerIsATree() {
    assertEquals(Optional.empty(), Tree.parse("only_one-1").members().getFirst().source());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''       | position 1 (the end)   | a name
          1p       | position 1 ('1')       | begins with a letter
          p(       | position 3 (the end)   | a name
          p()      | position 3 (')')       | a name
          p(r1     | position 5 (the end)   | ',' or ')'
          p(r1;r2) | position 5 (';')       | ',' or ')'
          p(r1,)   | position 6 (')')       | a name
          p(r1))   | position 6 (')')       | the end, or ','
          p,       | position 3 (the end)   | a name
          p,p      | position 3 ('p')       | not used before
          p(r),r   | position 6 ('r')       | not used before
          p(r,r)   | position 5 ('r')       | not a second 'r' below p
          p(r(p))  | position 5 ('p')       | only co-masters may go in a circle
          p(r(r))  | position 5 ('r')       | only co-masters may go in a circle
          p,q(p)   | position 5 ('p')       | which is a head
          p(m),q(m(r)) | position 9 ('(')   | stands where it is first named
          p(é)     | position 3 ('é')       | a name
          p<q      | position 3 ('q')       | '>'
          p<>q<>r  | position 5 ('<')       | co-masters are two
          p<>p     | position 4 ('p')       | not used before
          p<>q(p)  | position 6 ('p')       | only co-masters may go in a circle
          p(r<>s)  | position 4 ('<')       | ',' or ')'
          """)
  void aWrongTreeIsRefusedWithPositionAndExpectation(
      String text, String position, String expected) {
    String message = assertThrows(LabException.class, () -> Tree.parse(text)).getMessage();
    assertTrue(message.contains(position.strip()), message);
    assertTrue(message.contains(expected.strip()), message);
  }

  @Test
  void coMastersReplicateFromEachOtherAndTheFirstTakesWrites() {
    Tree tree = Tree.parse("p(r1)<>q(r2)");
    assertEquals("p:[q] r1:[p] q:[p] r2:[q]", sources(tree));
    assertEquals(List.of("p"), tree.heads());
    assertEquals(List.of("p"), tree.headsAbove("r2"));
    assertEquals(List.of(), tree.headsAbove("p"));
    assertFalse(tree.multiSource());
  }

  @Test
  void aNameAgainIsAFurtherSource() {
    Tree tree = Tree.parse("p(m(r)), q ( m ), s");
    assertEquals("p:[] m:[p, q] r:[m] q:[] s:[]", sources(tree));
    assertEquals(List.of("p", "q", "s"), tree.heads());
    assertEquals(List.of("p", "q"), tree.headsAbove("r"));
    assertTrue(tree.multiSource());
    assertEquals("p:[] a:[p] m:[a, b] b:[p]", sources(Tree.parse("p(a(m),b(m))")));
  }

  private static String sources(Tree tree) {
    return tree.members().stream()
        .map(m -> m.name() + ":" + m.sources())
        .collect(Collectors.joining(" "));
  }

  @Test
  void sixtyServersAreTheMost() {
    String replicas =
        IntStream.range(1, 60).mapToObj(i -> "r" + i).collect(Collectors.joining(","));
    assertEquals(60, Tree.parse("p(" + replicas + ")").members().size());
    var e = assertThrows(LabException.class, () -> Tree.parse("p(" + replicas + ",r60)"));
    assertTrue(e.getMessage().contains("at most 60"), e.getMessage());
  }

  @Test
  void namesHaveALimitSinceTheyAreDirectories() {
    assertEquals(1, Tree.parse("p".repeat(40)).members().size());
    assertThrows(LabException.class, () -> Tree.parse("p".repeat(41)));
  }
}
