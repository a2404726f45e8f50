package topiary.engine.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static topiary.engine.fake.Trees.key;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.Observation;
import topiary.engine.model.Topology;

class ObservatoryTest {

  private static final Instant NOW = Instant.ofEpochSecond(100);
  private static final Duration TOOK = Duration.ofMillis(7);
  private final Topology topology = Trees.of("p(r)").topology();
  private final Facts facts = topology.instance(key("r")).orElseThrow().facts().orElseThrow();

  @Test
  void aFailedLookKeepsWhatWasLastSeen() {
    Topology next =
        Observatory.fold(
            topology, Observation.failed(key("r"), NOW, TOOK, Condition.HUNG, "it hangs"));
    Instance r = next.instance(key("r")).orElseThrow();
    assertEquals(Condition.HUNG, r.condition());
    assertEquals("it hangs", r.sentence());
    assertEquals(Optional.of(facts), r.facts());
    assertEquals(Optional.of(Instant.EPOCH), r.lastSeen());
    assertEquals(Optional.of(NOW), r.lastAttempt());
    assertEquals(Optional.of(key("p")), r.source());
    assertEquals(topology.revision() + 1, next.revision());
  }

  @Test
  void aGoodLookReplacesIt() {
    Topology unseen = Observatory.with(Topology.EMPTY, key("r"));
    Topology next = Observatory.fold(unseen, Observation.seen(key("r"), NOW, TOOK, facts));
    Instance r = next.instance(key("r")).orElseThrow();
    assertEquals(
        new Instance(
            key("r"),
            Condition.SEEN,
            "",
            Optional.of(facts),
            Optional.of(NOW),
            Optional.of(NOW),
            TOOK,
            Optional.of(NOW.plus(TOOK)),
            Optional.empty()),
        r);
  }

  @Test
  void itIsKnownSinceWhenAServerReplicatesFromWhomItDoes() {
    Topology now = Observatory.with(Topology.EMPTY, key("r"));
    now = Observatory.fold(now, Observation.seen(key("r"), NOW, TOOK, facts));
    Instant first = NOW.plus(TOOK);
    Instant later = NOW.plusSeconds(60);
    now = Observatory.fold(now, Observation.seen(key("r"), later, TOOK, facts));
    assertEquals(Optional.of(first), since(now));
    now = Observatory.fold(now, Observation.failed(key("r"), later, TOOK, Condition.HUNG, "hung"));
    assertEquals(Optional.of(first), since(now));
    Facts elsewhere =
        Trees.of("p(r)").below("r", "q").topology().instance(key("r")).get().facts().get();
    now = Observatory.fold(now, Observation.seen(key("r"), later, TOOK, elsewhere));
    assertEquals(Optional.of(later.plus(TOOK)), since(now));
    Facts head = Trees.of("r").topology().instance(key("r")).get().facts().get();
    Instant last = later.plusSeconds(60);
    now = Observatory.fold(now, Observation.seen(key("r"), last, TOOK, head));
    assertEquals(Optional.of(last.plus(TOOK)), since(now));
  }

  private static Optional<Instant> since(Topology topology) {
    return topology.instance(key("r")).orElseThrow().sourcesSince();
  }

  @Test
  void aStrangerIsNotTakenInByBeingSeen() {
    assertSame(topology, Observatory.fold(topology, Observation.seen(key("x"), NOW, TOOK, facts)));
  }

  @Test
  void takingInAndLettingGoChangeNothingTwice() {
    Topology more = Observatory.with(topology, key("x"));
    assertEquals(Optional.of(Instance.unseen(key("x"))), more.instance(key("x")));
    assertSame(more, Observatory.with(more, key("x")));
    Topology less = Observatory.without(more, key("x"));
    assertEquals(topology.instances(), less.instances());
    assertSame(less, Observatory.without(less, key("x")));
  }

  @Test
  void factsBelongToASeenServerAndToNoOther() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Observation.failed(key("r"), NOW, TOOK, Condition.SEEN, ""));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Observation(key("r"), NOW, TOOK, Condition.HUNG, "", Optional.of(facts)));
  }
}
