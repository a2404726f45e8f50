package topiary.app.security;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Wrong passwords by the machine they came from. After a few in a row, the next try has to wait,
 * ever longer. Safe for use by many threads.
 */
public final class Tries {

  /** So many wrong ones cost nothing. */
  static final int FREE = 5;

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** Whoever comes from more addresses than these finds the first ones forgotten. */
  private static final int MOST = 10_000;

  private record Wrong(int count, Instant until) {}

  private final InstantSource clock;
  private final Map<String, Wrong> wrong =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Wrong> eldest) {
          return size() > MOST;
        }
      };

  public Tries(InstantSource clock) {
    this.clock = clock;
  }

  /** How long an address has to wait before it may try again; zero when it may now. */
  public synchronized Duration wait(String address) {
    Wrong before = wrong.get(address);
    Instant now = clock.instant();
    return before == null || !before.until().isAfter(now)
        ? Duration.ZERO
        : Duration.between(now, before.until());
  }

  /** A password was wrong. */
  public synchronized void failed(String address) {
    Wrong before = wrong.remove(address);
    int count = before == null ? 1 : Math.min(before.count() + 1, 2 * FREE + 1);
    Duration pause =
        count < FREE ? Duration.ZERO : FIRST.multipliedBy(1L << Math.min(count - FREE, FREE));
    wrong.put(
        address,
        new Wrong(count, clock.instant().plus(pause.compareTo(LONGEST) > 0 ? LONGEST : pause)));
  }

  /** One was right. */
  public synchronized void succeeded(String address) {
    wrong.remove(address);
  }
}
