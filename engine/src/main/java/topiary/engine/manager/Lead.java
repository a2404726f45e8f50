package topiary.engine.manager;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import topiary.engine.port.Leadership;

/** Since when this node was seen to lead in its present term. Thread-safe. */
final class Lead {

  private final AtomicReference<Term> seen = new AtomicReference<>(new Term(-1, Instant.EPOCH));

  private record Term(long number, Instant since) {}

  /**
   * It leads.
   *
   * @param now what is seen first in a term is its beginning
   */
  void in(Leadership its, Instant now) {
    seen.updateAndGet(was -> was.number() == its.term() ? was : new Term(its.term(), now));
  }

  /** Long ago, as long as it has not led. */
  Instant since() {
    return seen.get().since();
  }
}
