package topiary.app.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long whoever guesses has to wait. */
final class TriesTest {

  private Instant now = Instant.EPOCH;
  private final Tries tries = new Tries(() -> now);

  @Test
  void afterAFewEachTakesLonger() {
    var waits = new ArrayList<Long>();
    for (int i = 0; i < 14; i++) {
      tries.failed("a");
      waits.add(tries.wait("a").toSeconds());
    }
    assertEquals(List.of(0L, 0L, 0L, 0L, 1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L, 30L, 30L), waits);
    assertEquals(Duration.ZERO, tries.wait("b"), "others do not wait");
    now = now.plusSeconds(29);
    assertEquals(Duration.ofSeconds(1), tries.wait("a"));
    now = now.plusSeconds(1);
    assertEquals(Duration.ZERO, tries.wait("a"));
    tries.failed("a");
    assertEquals(Duration.ofSeconds(30), tries.wait("a"), "it is not forgotten meanwhile");
  }

  @Test
  void aRightOneEndsIt() {
    for (int i = 0; i < Tries.FREE; i++) {
      tries.failed("a");
    }
    assertTrue(tries.wait("a").isPositive());
    tries.succeeded("a");
    tries.failed("a");
    assertEquals(Duration.ZERO, tries.wait("a"));
  }

  @Test
  void whoComesFromEverywhereFillsNoMemory() {
    for (int i = 0; i < Tries.FREE; i++) {
      tries.failed("first");
    }
    for (int i = 0; i < 10_000; i++) {
      tries.failed("address " + i);
    }
    assertEquals(Duration.ZERO, tries.wait("first"), "the first are forgotten");
  }
}
