package topiary.app.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import topiary.engine.model.Change;

class PaceTest {

  private static final long BEGAN = -7;
  private final Pace pace = new Pace(BEGAN);

  private long millis(Change waiting, long later) {
    return Duration.ofNanos(pace.wait(waiting, BEGAN + Duration.ofMillis(later).toNanos()))
        .toMillis();
  }

  @Test
  void theFirstWordIsSaidAtOnceWhateverItIs() {
    for (Change change : Change.values()) {
      assertEquals(change == Change.NONE ? 15_000 : 0, millis(change, 0));
    }
    assertEquals(0, millis(Change.NEWS, 40));
  }

  @Test
  void afterAWordTheSmallerTheChangeTheLongerTheWait() {
    pace.told(BEGAN);
    assertEquals(150, millis(Change.NEWS, 100));
    assertEquals(900, millis(Change.MOVED, 100));
    assertEquals(4_900, millis(Change.LOOKED, 100));
    assertEquals(14_900, millis(Change.NONE, 100));
    assertTrue(millis(Change.NEWS, 300) <= 0);
    assertTrue(millis(Change.NONE, 15_000) <= 0, "a sign of life");
  }
}
