package topiary.app.gateway;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * When something changed.
 *
 * @param from since when it was counted
 * @param to until when
 * @param since when the node's history begins; empty when it has not begun yet
 * @param counts how much changed in each part of the time in which something did, in order
 */
public record Counted(Instant from, Instant to, Optional<Instant> since, List<Count> counts) {

  /**
   * How much changed in a part of the time.
   *
   * @param at when the part begins
   * @param changes how many changes of servers, one or more
   */
  public record Count(Instant at, int changes) {}

  public Counted {
    counts = List.copyOf(counts);
  }
}
