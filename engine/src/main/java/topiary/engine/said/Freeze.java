package topiary.engine.said;

import java.time.Instant;

/**
 * A time in which nothing is done by itself about a cluster's failures. They are found and told all
 * the same.
 *
 * @param owner who says so
 * @param reason why
 * @param since from when on, which may be to come
 * @param until when it ends by itself
 */
public record Freeze(String owner, String reason, Instant since, Instant until) implements Bounded {

  /** Whether it is so at a moment. */
  public boolean on(Instant now) {
    return !since.isAfter(now) && holds(now);
  }

  /** In words, to go on with after the cluster's name. */
  public String words() {
    return "is frozen by "
        + owner
        + (reason.isEmpty() ? "" : " (" + reason + ")")
        + " until "
        + until;
  }
}
