package topiary.store.history;

import java.time.Duration;

/**
 * How much of a history is kept.
 *
 * @param kept nothing that is older, but for the rest of its segment
 * @param bytes on the disk, with all that belongs to it; at least {@link #LEAST}
 */
public record HistoryLimits(Duration kept, long bytes) {

  /** As little as a history can do with: 8 MiB. */
  public static final long LEAST = 8L << 20;

  public HistoryLimits {
    if (bytes < LEAST) {
      throw new IllegalArgumentException("a history takes " + LEAST + " bytes at the least");
    }
  }
}
