package topiary.app.gateway;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import topiary.engine.model.InstanceKey;

/**
 * What would stop a recovery of a cluster now, and what is set for it, as a node tells it.
 *
 * @param head the server at its root
 * @param obstacles what, in sentences without a full stop; empty when it would begin by itself
 * @param freeze when nothing is done by itself, now or later; empty for never
 * @param rules how its servers are judged and recovered
 */
public record WhyNotView(
    InstanceKey head, List<String> obstacles, Optional<Freeze> freeze, List<Rule> rules) {

  public WhyNotView {
    obstacles = List.copyOf(obstacles);
    rules = List.copyOf(rules);
  }

  /**
   * A time in which nothing is done by itself about a cluster's failures.
   *
   * @param owner who says so
   * @param reason why; empty where that is not told
   * @param since from when on, which may be to come
   * @param until when it ends
   */
  public record Freeze(String owner, String reason, Instant since, Instant until) {}

  /**
   * A rule.
   *
   * @param name of it
   * @param value how it is for this cluster; empty for nothing
   * @param setFor {@code cluster}, {@code all}, or empty when it is as shipped
   * @param help what it is
   */
  public record Rule(String name, String value, String setFor, String help) {}
}
