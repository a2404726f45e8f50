package topiary.lab.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
          p(r1))   | position 6 (')')       | one head
          p,q      | position 2 (',')       | one head
          p(r,r)   | position 5 ('r')       | not used before
          p(r(p))  | position 5 ('p')       | not used before
          p(é)     | position 3 ('é')       | a name
          """)
  void aWrongTreeIsRefusedWithPositionAndExpectation(
      String text, String position, String expected) {
    String message = assertThrows(LabException.class, () -> Tree.parse(text)).getMessage();
    assertTrue(message.contains(position.strip()), message);
    assertTrue(message.contains(expected.strip()), message);
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
