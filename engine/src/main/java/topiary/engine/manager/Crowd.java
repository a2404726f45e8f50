package topiary.engine.manager;

import java.time.Duration;

/**
 * Whether newcomers come in a crowd, as while a fleet is found: the machine has enough to do with
 * them then, and each usual look at somebody who is known already keeps one of them waiting. Not
 * thread-safe.
 */
final class Crowd {

  /** So many within so long are a crowd. */
  private static final int MANY = 30;

  private static final long WITHIN = Duration.ofMillis(500).toNanos();

  private int came;
  private long since;
  private boolean crowd;
  private long last;

  /** Somebody was taken in who had been seen before. */
  void came(long now) {
    if (came == 0 || now - since > WITHIN) {
      came = 0;
      since = now;
    }
    came++;
    crowd |= came >= MANY;
    last = now;
  }

  /** Whether more of them may be expected. */
  boolean atDoor(long now) {
    crowd &= now - last <= WITHIN;
    return crowd;
  }
}
