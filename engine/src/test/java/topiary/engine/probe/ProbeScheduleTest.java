package topiary.engine.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.Detection;
import topiary.engine.policy.ProbePolicy;

class ProbeScheduleTest {

  private final ProbeSchedule schedule = new ProbeSchedule(policy(300, 100));

  /** An interval of 100 ms, at most a second; times here are in milliseconds. */
  private static ProbePolicy policy(int answering, int silent) {
    Duration interval = Duration.ofMillis(100);
    return new ProbePolicy(
        interval,
        interval,
        interval,
        Duration.ofSeconds(1),
        new ProbePolicy.Lanes(answering, silent),
        Detection.NONE);
  }

  private static long ms(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  private static List<InstanceKey> take(ProbeSchedule from, long millis) {
    return from.take(ms(millis));
  }

  private List<InstanceKey> take(long millis) {
    return take(schedule, millis);
  }

  private void add(String name, long millis) {
    schedule.add(key(name), ms(millis));
  }

  private void done(String name, long millis) {
    schedule.done(key(name), true, ms(millis));
  }

  @Test
  void whoWasLookedAtBeforeItWasKnownIsDueAnIntervalLater() {
    add("a", 5);
    add("b", 5);
    schedule.looked(key("a"), ms(6));
    schedule.looked(key("stranger"), ms(6));
    assertEquals(List.of(key("b")), take(7));
    // Somebody looks at it now: that look counts, and is the only one.
    schedule.looked(key("b"), ms(8));
    assertEquals(List.of(key("a")), take(106));
    assertEquals(List.of(), take(300));
    done("b", 301);
    assertEquals(List.of(key("b")), take(301));
  }

  @Test
  void theFirstLookIsDueAtOnceAndTheNextWithinTheInterval() {
    add("b", 5);
    add("a", 5);
    assertEquals(List.of(key("a"), key("b")), take(5));
    done("a", 0);
    done("b", 0);
    // By a seventh of the interval sooner, so that what is known is never older than it.
    assertEquals(List.of(), take(90));
    assertEquals(List.of(key("a"), key("b")), take(91));
  }

  @Test
  void whoIsBeingLookedAtIsNotLookedAtTwice() {
    add("a", 0);
    assertEquals(List.of(key("a")), take(0));
    assertEquals(List.of(), take(1_000));
    done("a", 0);
    assertEquals(List.of(key("a")), take(1_000));
  }

  @Test
  void aLateLookIsNotMadeUpForByABurst() {
    add("a", 0);
    assertEquals(List.of(key("a")), take(0));
    done("a", 0);
    assertEquals(List.of(key("a")), take(950));
    done("a", 0);
    assertEquals(List.of(), take(1_035));
    assertEquals(List.of(key("a")), take(1_036));
  }

  @Test
  void aCrowdOfNewcomersGoesBeforeUsualLooksForAnIntervalAtMost() {
    add("a", 0);
    assertEquals(List.of(key("a")), take(0));
    done("a", 0);
    add("b", 95);
    assertEquals(List.of(key("b")), schedule.take(ms(95), true));
    assertEquals(List.of(), schedule.take(ms(185), true));
    assertEquals(List.of(key("a")), schedule.take(ms(186), true));
  }

  @Test
  void addingAgainChangesNothingAndRemovingEndsIt() {
    add("a", 0);
    take(0);
    done("a", 0);
    add("a", 1);
    assertEquals(List.of(), take(1));
    schedule.remove(key("a"));
    assertEquals(List.of(), take(1_000));
    done("a", 0);
  }

  @Test
  void aClockThatWrapsAroundIsNoTrouble() {
    schedule.add(key("a"), Long.MAX_VALUE - ms(10));
    schedule.add(key("b"), Long.MAX_VALUE - ms(10));
    assertEquals(List.of(key("a"), key("b")), schedule.take(Long.MAX_VALUE - ms(10)));
    schedule.done(key("a"), true, Long.MAX_VALUE - ms(5));
    schedule.done(key("b"), true, Long.MAX_VALUE - ms(5));
    assertEquals(List.of(), schedule.take(Long.MAX_VALUE));
    assertEquals(List.of(key("a"), key("b")), schedule.take(Long.MIN_VALUE + ms(95)));
  }

  @Test
  void whoDoesNotAnswerIsLookedAtLessAndLessOftenUpToALimit() {
    add("a", 0);
    long now = 0;
    for (long pause : List.of(100, 100, 100, 150, 225, 337, 506, 759, 1000, 1000)) {
      assertEquals(List.of(key("a")), take(now), "at " + now);
      schedule.done(key("a"), false, ms(now + 50));
      assertEquals(List.of(), take(now + pause - 1), "after " + now);
      now += pause;
    }
    assertEquals(List.of(key("a")), take(now));
    done("a", now);
    assertEquals(List.of(key("a")), take(now + 100));
  }

  @Test
  void whoWasSeenToAnswerOutOfTurnIsLookedAtAsOftenAsTheOthersAgain() {
    add("a", 0);
    long now = 0;
    for (int i = 0; i < 10; i++) {
      assertEquals(List.of(key("a")), take(now));
      schedule.done(key("a"), false, ms(now));
      now += 1000;
    }
    schedule.answered(key("a"), ms(now - 999));
    assertEquals(List.of(key("a")), take(now - 899));
  }

  @Test
  void thoseWhoDoNotAnswerKeepNobodyWaiting() {
    var small = new ProbeSchedule(policy(2, 1));
    List<InstanceKey> silent = IntStream.range(0, 5).mapToObj(i -> key("s" + i)).toList();
    silent.forEach(key -> small.add(key, 0));
    for (InstanceKey key : silent) {
      // Unknown yet, they go with the others, two at a time.
      assertTrue(small.take(0).size() <= 2);
      small.done(key, false, 0);
    }
    small.add(key("a"), ms(100));
    assertEquals(List.of(key("a"), key("s0")), small.take(ms(100)));
    assertFalse(small.done(key("a"), true, ms(110)));
    assertEquals(List.of(), small.take(ms(150)));
    assertEquals(List.of(key("a")), small.take(ms(200)));
    assertTrue(small.done(key("s0"), false, ms(200)));
    assertEquals(List.of(key("s1")), small.take(ms(200)));
  }

  @Test
  void whoWaitsForAPlaceGetsTheNextOne() {
    var small = new ProbeSchedule(policy(2, 1));
    List.of("a", "b", "c").forEach(name -> small.add(key(name), 0));
    assertEquals(List.of(key("a"), key("b")), small.take(0));
    assertEquals(List.of(), small.take(ms(10)));
    assertTrue(small.done(key("a"), true, ms(10)));
    assertEquals(List.of(key("c")), small.take(ms(10)));
    assertFalse(small.done(key("b"), true, ms(10)));
  }

  @Test
  void whoIsForgottenWhileLookedAtIsNotPlannedAnew() {
    add("a", 0);
    take(0);
    schedule.remove(key("a"));
    assertFalse(schedule.done(key("a"), true, 0));
    assertEquals(List.of(), take(1_000));
    add("a", 1_000);
    assertEquals(List.of(key("a")), take(1_000));
  }

  @Test
  void whoIsHastenedComesBeforeAllWhoWait() {
    var small = new ProbeSchedule(policy(1, 1));
    List.of("a", "b", "c").forEach(name -> small.add(key(name), 0));
    assertEquals(List.of(key("a")), small.take(0));
    small.hasten(key("c"), true, ms(1));
    small.hasten(key("stranger"), true, ms(1));
    assertEquals(List.of(), small.take(ms(2)));
    small.done(key("a"), true, ms(3));
    assertEquals(List.of(key("c")), small.take(ms(3)));
    assertTrue(small.brief(key("c")));
    small.done(key("c"), true, ms(4));
    assertEquals(List.of(key("b")), small.take(ms(4)));
    assertFalse(small.brief(key("b")));
    small.done(key("b"), true, ms(5));
    // Its next look is an ordinary one again, in its time.
    small.done(key("a"), true, ms(5));
    assertEquals(List.of(key("a")), small.take(ms(102)));
    small.done(key("a"), true, ms(103));
    assertEquals(List.of(key("c")), small.take(ms(103)));
    assertFalse(small.brief(key("c")));
  }

  @Test
  void whoIsHastenedWhileLookedAtIsLookedAtOnceMore() {
    add("a", 0);
    take(0);
    schedule.hasten(key("a"), false, ms(10));
    schedule.hasten(key("a"), false, ms(11));
    assertEquals(List.of(), take(11));
    assertTrue(schedule.done(key("a"), true, ms(12)));
    assertEquals(List.of(key("a")), take(12));
    done("a", 13);
    assertEquals(List.of(), take(14));
    assertEquals(List.of(key("a")), take(112));
  }

  @Test
  void whoHasReplicasAndDoesNotAnswerIsLookedAtSoonAndBrieflyWhileThatIsNew() {
    var slow = new ProbeSchedule(new ProbePolicy(Duration.ofSeconds(5), Duration.ofSeconds(2)));
    slow.add(key("a"), 0);
    assertEquals(List.of(key("a")), slow.take(0));
    assertFalse(slow.brief(key("a")));
    slow.done(key("a"), false, true, 0);
    long now = 0;
    while (now < 10_000) {
      assertTrue(slow.fails(key("a"), ms(now)));
      assertEquals(List.of(), slow.take(ms(now + 499)));
      now += 500;
      assertEquals(List.of(key("a")), slow.take(ms(now)), "at " + now);
      assertTrue(slow.brief(key("a")));
      slow.done(key("a"), false, true, ms(now));
    }
    assertFalse(slow.fails(key("a"), ms(now)));
    assertEquals(List.of(), slow.take(ms(now + 29_999)));
    assertEquals(List.of(key("a")), slow.take(ms(now + 30_000)));
    assertFalse(slow.brief(key("a")));
    slow.done(key("a"), true, true, ms(now + 30_000));
    // It is new again when it fails again.
    assertEquals(List.of(key("a")), slow.take(ms(now + 35_000)));
    slow.done(key("a"), false, true, ms(now + 35_000));
    assertEquals(List.of(key("a")), slow.take(ms(now + 35_500)));
  }
}
