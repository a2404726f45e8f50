package topiary.engine.policy;

import java.time.Duration;

/**
 * How closely servers are watched that have replicas, beside being looked at in turn: their death
 * is everybody's below them.
 *
 * @param ping from one ping to the next at a server that has replicas, 50 ms or more; longer where
 *     there are so many of them that there would be too many pings
 * @param answer how long a server may take to answer one, 50 ms or more
 * @param most pings in a second at all servers together, 1 or more
 * @param round from one look at a server and its replicas out of turn to the next, at least
 * @param again from one look at one that has replicas and does not answer to the next, for a while
 * @param brief how long such a look may last, if it may not be shorter anyway
 * @param lasting for how long after it was first seen not to answer
 */
public record Vigil(
    Duration ping,
    Duration answer,
    int most,
    Duration round,
    Duration again,
    Duration brief,
    Duration lasting) {

  private static final Duration LEAST = Duration.ofMillis(50);

  public static final Vigil DEFAULT =
      new Vigil(
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          200,
          Duration.ofSeconds(1),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10));

  public Vigil {
    if (ping.compareTo(LEAST) < 0
        || answer.compareTo(LEAST) < 0
        || most < 1
        || round.compareTo(LEAST) < 0
        || again.compareTo(LEAST) < 0
        || brief.compareTo(LEAST) < 0
        || lasting.isNegative()) {
      throw new IllegalArgumentException(
          "nobody is watched as closely as " + LEAST.toMillis() + " ms");
    }
  }

  /**
   * From one ping at a server to the next.
   *
   * @param servers that are pinged
   */
  public Duration pause(int servers) {
    // Asked ten times a second; a duration divides itself by way of decimal numbers.
    Duration spread = Duration.ofNanos(servers * 1_000_000_000L / most);
    return spread.compareTo(ping) > 0 ? spread : ping;
  }
}
