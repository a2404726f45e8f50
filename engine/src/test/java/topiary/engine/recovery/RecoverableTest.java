package topiary.engine.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.ThreadState;

/** Who is made to find out whether a silent source is dead, and when it is. */
class RecoverableTest {

  private static final InstanceKey P = Trees.key("p");
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final SemiSync REPLICA =
      new SemiSync(false, new SemiSync.Source(true, false, 0, 1, false, 0), acknowledging(true));

  private final Trees trees = Trees.of("p(a,b)").with("p", s -> s.condition = Condition.HUNG);

  private static SemiSync.Replica acknowledging(boolean is) {
    return new SemiSync.Replica(true, is, is);
  }

  private static SemiSync source(int waitsFor) {
    return new SemiSync(
        false, new SemiSync.Source(true, true, 10_000, waitsFor, true, 2), acknowledging(false));
  }

  private List<InstanceKey> unaware() {
    return Recoverable.unaware(trees.topology(), P).stream().map(Recoverable.Unaware::key).toList();
  }

  private static List<InstanceKey> keys(String... names) {
    return List.of(names).stream().map(Trees::key).toList();
  }

  @Test
  void whoIsConnectedAndAppliesMayBeAsked() {
    assertEquals(keys("a", "b"), unaware());
  }

  @Test
  void whoDoesNotApplyIsLeftAlone() {
    trees.with("a", s -> s.sql = ThreadState.STOPPED);
    assertEquals(keys("b"), unaware());
  }

  @Test
  void whoWasStoppedOrTriesAlreadyIsLeftAlone() {
    trees.with("a", s -> s.io = ThreadState.STOPPED);
    trees.with("b", s -> s.io = ThreadState.CONNECTING);
    assertEquals(keys(), unaware());
    assertEquals(keys("b"), Recoverable.witnesses(trees.topology(), P));
  }

  @Test
  void whoseAcknowledgementsAreNeededIsLeftAlone() {
    trees.with("p", s -> s.semiSync = source(1));
    trees.with("a", s -> s.semiSync = REPLICA);
    assertEquals(keys("b"), unaware(), "the last that acknowledges");
    trees.with("b", s -> s.semiSync = REPLICA);
    assertEquals(keys("a", "b"), unaware(), "one of them is enough");
    trees.with("p", s -> s.semiSync = source(2));
    assertEquals(keys(), unaware(), "both are waited for");
  }

  @Test
  void aSourceIsDeadOnceItWasSilentForLongAndSomebodyTriedForAWhile() {
    assertTrue(dead(3000, 1000));
    assertFalse(dead(2999, 2999), "it may answer yet");
    assertFalse(dead(60_000, 999), "whoever tries may be there in a moment");
  }

  private static boolean dead(long silent, long trying) {
    return Recoverable.isDead(Duration.ofMillis(silent), Duration.ofMillis(trying), PATIENCE);
  }
}
