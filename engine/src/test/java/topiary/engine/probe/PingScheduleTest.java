package topiary.engine.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.Vigil;

class PingScheduleTest {

  private final PingSchedule schedule = new PingSchedule(Vigil.DEFAULT);

  private static Set<InstanceKey> servers(int count) {
    return IntStream.range(0, count).mapToObj(i -> key("s" + i)).collect(Collectors.toSet());
  }

  /** Who was pinged when, in milliseconds, asked every 20 ms. */
  private Map<InstanceKey, List<Long>> pinged(Set<InstanceKey> sources, long from, long until) {
    var all = new HashMap<InstanceKey, List<Long>>();
    for (long ms = from; ms < until; ms += 20) {
      for (InstanceKey key : schedule.take(sources, Duration.ofMillis(ms).toNanos())) {
        all.computeIfAbsent(key, k -> new ArrayList<>()).add(ms);
      }
    }
    return all;
  }

  @Test
  void eachIsPingedEveryHalfSecondAndNotAllAtOnce() {
    Set<InstanceKey> sources = servers(10);
    Map<InstanceKey, List<Long>> pinged = pinged(sources, 0, 10_000);
    assertEquals(sources, pinged.keySet());
    pinged.forEach((key, times) -> assertTrue(Math.abs(times.size() - 20) <= 1, times::toString));
    assertEquals(
        10, pinged.values().stream().map(List::getFirst).distinct().count(), pinged::toString);
  }

  @Test
  void whereThereAreManyTheyArePingedLessOften() {
    Set<InstanceKey> sources = servers(1_000);
    Map<InstanceKey, List<Long>> pinged = pinged(sources, 0, 10_000);
    assertEquals(sources, pinged.keySet());
    int all = pinged.values().stream().mapToInt(List::size).sum();
    assertTrue(all <= 2_000 && all > 1_950, "200 in a second: " + all);
    for (List<Long> times : pinged.values()) {
      assertTrue(times.getFirst() <= 5_000, times::toString);
      assertTrue(times.size() == 1 || times.get(1) - times.getFirst() >= 5_000, times::toString);
    }
  }

  @Test
  void whoComesIsPingedAndWhoGoesIsNot() {
    pinged(servers(2), 0, 2_000);
    Set<InstanceKey> others = new HashSet<>(Set.of(key("s1"), key("s2")));
    Map<InstanceKey, List<Long>> pinged = pinged(others, 2_000, 4_000);
    assertEquals(others, pinged.keySet());
    pinged.forEach((key, times) -> assertEquals(4, times.size(), key + ": " + times));
    assertEquals(Map.of(), pinged(Set.of(), 4_000, 6_000));
  }

  @Test
  void lateOnesAreNotMadeUpFor() {
    Set<InstanceKey> sources = servers(1);
    assertEquals(1, schedule.take(sources, 0).size());
    assertEquals(1, schedule.take(sources, Duration.ofSeconds(60).toNanos()).size());
    assertEquals(0, schedule.take(sources, Duration.ofMillis(60_499).toNanos()).size());
  }
}
