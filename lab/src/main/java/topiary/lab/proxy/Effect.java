package topiary.lab.proxy;

import java.util.List;

/**
 * What all rules together do to one connection.
 *
 * @param bytesPerSecond 0 for no limit
 */
record Effect(
    boolean cut,
    boolean toServer,
    boolean toClient,
    long delayNanos,
    long greetingNanos,
    long bytesPerSecond) {
  private static final long MILLI = 1_000_000;
  static final Effect NONE = new Effect(false, true, true, 0, 0, 0);

  static Effect of(List<Standing> standing, String client, String server) {
    Effect effect = NONE;
    for (Standing one : standing) {
      if (one.links().stream().anyMatch(l -> l.covers(client, server))) {
        effect = effect.and(one.rule());
      }
    }
    return effect;
  }

  private Effect and(Rule rule) {
    return switch (rule.kind()) {
      case CUT -> new Effect(true, toServer, toClient, delayNanos, greetingNanos, bytesPerSecond);
      case BLACK_HOLE -> new Effect(cut, false, false, delayNanos, greetingNanos, bytesPerSecond);
      case ONE_WAY ->
          new Effect(
              cut,
              toServer && rule.passing() == Direction.TO_SERVER,
              toClient && rule.passing() == Direction.TO_CLIENT,
              delayNanos,
              greetingNanos,
              bytesPerSecond);
      case SLOW ->
          new Effect(
              cut,
              toServer,
              toClient,
              Math.max(delayNanos, rule.delayMillis() * MILLI),
              greetingNanos,
              slower(rule.bytesPerSecond()));
      case SLOW_HANDSHAKE ->
          new Effect(
              cut,
              toServer,
              toClient,
              delayNanos,
              Math.max(greetingNanos, rule.delayMillis() * MILLI),
              bytesPerSecond);
      case TOO_MANY_CONNECTIONS -> this;
    };
  }

  private long slower(long other) {
    if (other == 0 || bytesPerSecond == 0) {
      return Math.max(other, bytesPerSecond);
    }
    return Math.min(other, bytesPerSecond);
  }

  boolean blackHole() {
    return !toServer && !toClient;
  }

  boolean passes(Direction direction) {
    return direction == Direction.TO_SERVER ? toServer : toClient;
  }
}
