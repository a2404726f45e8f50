package topiary.engine.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What one probe of one server saw: a fact, not a verdict.
 *
 * @param key whom it asked
 * @param at when it began
 * @param took how long it lasted
 * @param condition what came of it
 * @param sentence why, when not {@link Condition#SEEN}; empty otherwise
 * @param facts what was seen; present exactly when {@link Condition#SEEN}
 */
public record Observation(
    InstanceKey key,
    Instant at,
    Duration took,
    Condition condition,
    String sentence,
    Optional<Facts> facts) {

  public Observation {
    if ((condition == Condition.SEEN) != facts.isPresent()) {
      throw new IllegalArgumentException("facts belong to a seen server: " + key);
    }
  }

  public static Observation seen(InstanceKey key, Instant at, Duration took, Facts facts) {
    return new Observation(key, at, took, Condition.SEEN, "", Optional.of(facts));
  }

  public static Observation failed(
      InstanceKey key, Instant at, Duration took, Condition condition, String sentence) {
    return new Observation(key, at, took, condition, sentence, Optional.empty());
  }
}
