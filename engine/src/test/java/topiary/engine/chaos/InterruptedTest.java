package topiary.engine.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.engine.manager.RequestRefused;
import topiary.lab.sim.Kind;

/**
 * Every kind of operation, broken off after each of its steps, and asked for again: the same end is
 * reached, and no state between is unsafe. Every moment of each step: {@code
 * -Dtopiary.chaos.moments=all}; otherwise some.
 */
class InterruptedTest {

  private static final boolean ALL = "all".equals(System.getProperty("topiary.chaos.moments"));

  /** Otherwise one moment of so many steps. */
  private static final int SAMPLE = 12;

  /** These alone, by a part of their names; all when it is not given. */
  private static final String ONLY = System.getProperty("topiary.chaos.only", "");

  /** Each of hundreds of plans says that it is left to another node, which is what is wanted. */
  private static final Logger TALK = Logger.getLogger("topiary.engine.execute.Interpreter");

  @BeforeAll
  static void hush() {
    TALK.setLevel(Level.SEVERE);
  }

  @AfterAll
  static void talk() {
    TALK.setLevel(null);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whateverIsBrokenOffIsBroughtToTheSameEnd(Kind kind) throws Exception {
    var wrong = new ArrayList<String>();
    int turn = kind.ordinal();
    int broken = 0;
    int number = kind.ordinal();
    for (Cases.Case what : new Cases(FakeField::keyOf).all()) {
      // Otherwise each operation on one kind, in turn.
      boolean mine = ALL || !ONLY.isEmpty() || number++ % Kind.values().length == 0;
      if (!mine || !what.isFor(kind) || !what.name().contains(ONLY)) {
        continue;
      }
      int steps;
      try (var field = new FakeField(kind)) {
        steps = new Interrupted(what, field).steps();
      }
      for (int step = 0; step <= steps; step++) {
        for (Interrupted.Moment moment : Interrupted.Moment.values()) {
          int each = Interrupted.Moment.values().length;
          if (ALL || turn % SAMPLE == 0 && moment.ordinal() == turn / SAMPLE % each) {
            String where = what + ", " + moment + " " + step + ": ";
            broken++;
            try (var field = new FakeField(kind)) {
              new Interrupted(what, field)
                  .run(step, moment)
                  .forEach(sentence -> wrong.add(where + sentence));
            } catch (IllegalStateException | AssertionError | RequestRefused e) {
              wrong.add(where + e.getMessage());
            }
          }
        }
        turn++;
      }
    }
    System.out.println(kind + ": broken off at " + broken + " moments");
    assertEquals(List.of(), wrong);
  }
}
