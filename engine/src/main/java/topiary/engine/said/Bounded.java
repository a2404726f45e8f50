package topiary.engine.said;

import java.time.Instant;

/** Something that ends by itself. */
public interface Bounded {

  /** When it ends. */
  Instant until();

  /** Whether it has not ended yet. */
  default boolean holds(Instant now) {
    return until().isAfter(now);
  }
}
