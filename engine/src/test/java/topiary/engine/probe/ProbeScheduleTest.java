package topiary.engine.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static topiary.engine.fake.Trees.key;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeScheduleTest {

  private final ProbeSchedule schedule = new ProbeSchedule(100);

  @Test
  void theFirstLookIsDueAtOnceAndTheNextAfterTheInterval() {
    schedule.add(key("b"), 5);
    schedule.add(key("a"), 5);
    assertEquals(List.of(key("a"), key("b")), schedule.take(5));
    schedule.done(key("a"));
    schedule.done(key("b"));
    assertEquals(List.of(), schedule.take(104));
    assertEquals(List.of(key("a"), key("b")), schedule.take(105));
  }

  @Test
  void whoIsBeingLookedAtIsNotLookedAtTwice() {
    schedule.add(key("a"), 0);
    assertEquals(List.of(key("a")), schedule.take(0));
    assertEquals(List.of(), schedule.take(1_000));
    schedule.done(key("a"));
    assertEquals(List.of(key("a")), schedule.take(1_000));
  }

  @Test
  void aLateLookIsNotMadeUpForByABurst() {
    schedule.add(key("a"), 0);
    assertEquals(List.of(key("a")), schedule.take(0));
    schedule.done(key("a"));
    assertEquals(List.of(key("a")), schedule.take(950));
    schedule.done(key("a"));
    assertEquals(List.of(), schedule.take(1_049));
    assertEquals(List.of(key("a")), schedule.take(1_050));
  }

  @Test
  void addingAgainChangesNothingAndRemovingEndsIt() {
    schedule.add(key("a"), 0);
    schedule.take(0);
    schedule.done(key("a"));
    schedule.add(key("a"), 1);
    assertEquals(List.of(), schedule.take(1));
    schedule.remove(key("a"));
    assertEquals(List.of(), schedule.take(1_000));
    schedule.done(key("a"));
  }

  @Test
  void aClockThatWrapsAroundIsNoTrouble() {
    schedule.add(key("a"), Long.MAX_VALUE - 10);
    assertEquals(List.of(key("a")), schedule.take(Long.MAX_VALUE - 10));
    schedule.done(key("a"));
    assertEquals(List.of(), schedule.take(Long.MAX_VALUE));
    assertEquals(List.of(key("a")), schedule.take(Long.MIN_VALUE + 95));
  }
}
