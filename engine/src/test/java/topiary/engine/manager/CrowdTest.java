package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CrowdTest {

  private static final long MS = Duration.ofMillis(1).toNanos();

  /** The machine's clock may be below nothing. */
  private static final long START = -100 * MS;

  private final Crowd crowd = new Crowd();

  @Test
  void manyAtOnceAreACrowdUntilNobodyComesAnyMore() {
    assertFalse(crowd.atDoor(START));
    come(30, START, 10);
    assertTrue(crowd.atDoor(START + 300 * MS));
    come(1, START + 700 * MS, 1);
    assertTrue(crowd.atDoor(START + 1_100 * MS));
    assertFalse(crowd.atDoor(START + 1_300 * MS));
    assertFalse(crowd.atDoor(START + 1_301 * MS));
  }

  @Test
  void whoComesOneByOneIsNone() {
    come(100, START, 100);
    assertFalse(crowd.atDoor(START + 9_900 * MS));
  }

  private void come(int many, long from, int apart) {
    for (int i = 0; i < many; i++) {
      crowd.came(from + i * apart * MS);
    }
  }
}
