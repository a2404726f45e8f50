package topiary.lab.proxy;

import java.time.Duration;
import topiary.lab.base.LabException;

/**
 * What is wrong with a link. Several rules on one link add up.
 *
 * @param passing for {@code ONE_WAY}, else null
 * @param delayMillis how long every byte is held back, each way ({@code SLOW}), or the server's
 *     first bytes ({@code SLOW_HANDSHAKE}); 0 to 3600000
 * @param bytesPerSecond of one connection, each way; 0 for no limit
 */
public record Rule(Kind kind, Direction passing, long delayMillis, long bytesPerSecond) {
  private static final long MOST_MILLIS = 3_600_000;

  /** The kinds. */
  public enum Kind {
    /** Connections are reset, and new ones are refused or reset. */
    CUT,
    /** Connections stay open and new ones are accepted, but nothing passes, neither way. */
    BLACK_HOLE,
    /** Bytes pass in one direction only. */
    ONE_WAY,
    /** Bytes take longer. */
    SLOW,
    /** The server's greeting comes late; what follows is as quick as ever. */
    SLOW_HANDSHAKE,
    /** All connections that the server admits are taken. */
    TOO_MANY_CONNECTIONS
  }

  /** Checks the ranges. */
  public Rule {
    if (delayMillis < 0 || delayMillis > MOST_MILLIS || bytesPerSecond < 0) {
      throw new LabException(
          "a link can be slowed by 0 to %d ms and to 1 byte a second or more, not by %d ms to %d"
              .formatted(MOST_MILLIS, delayMillis, bytesPerSecond));
    }
    boolean delays = kind == Kind.SLOW || kind == Kind.SLOW_HANDSHAKE;
    if (delays && delayMillis == 0 && bytesPerSecond == 0) {
      throw new LabException("a link is slowed by a delay or a rate; give one of them");
    }
  }

  /** Connections are reset; nobody gets through. */
  public static Rule cut() {
    return new Rule(Kind.CUT, null, 0, 0);
  }

  /** Nothing passes and nothing is closed. */
  public static Rule blackHole() {
    return new Rule(Kind.BLACK_HOLE, null, 0, 0);
  }

  /** Only this direction passes. */
  public static Rule oneWay(Direction passing) {
    return new Rule(Kind.ONE_WAY, passing, 0, 0);
  }

  /**
   * Slower.
   *
   * @param delay each way
   * @param bytesPerSecond of one connection, each way; 0 for no limit
   */
  public static Rule slow(Duration delay, long bytesPerSecond) {
    return new Rule(Kind.SLOW, null, delay.toMillis(), bytesPerSecond);
  }

  /** The greeting of the server comes this late. */
  public static Rule slowHandshake(Duration delay) {
    return new Rule(Kind.SLOW_HANDSHAKE, null, delay.toMillis(), 0);
  }

  /** The server has no connection left. */
  public static Rule tooManyConnections() {
    return new Rule(Kind.TOO_MANY_CONNECTIONS, null, 0, 0);
  }

  /** What it does to a link, for example {@code is cut}. */
  @Override
  public String toString() {
    return switch (kind) {
      case CUT -> "is cut";
      case BLACK_HOLE -> "is a black hole: nothing passes, nothing is closed";
      case ONE_WAY -> "is one-way: only what goes " + passing + " passes";
      case SLOW ->
          "is slow:"
              + (delayMillis > 0 ? " " + delayMillis + " ms each way" : "")
              + (delayMillis > 0 && bytesPerSecond > 0 ? "," : "")
              + (bytesPerSecond > 0 ? " " + bytesPerSecond + " bytes a second" : "");
      case SLOW_HANDSHAKE -> "has slow handshakes: the greeting comes after " + delayMillis + " ms";
      case TOO_MANY_CONNECTIONS -> "has no connection left";
    };
  }
}
