package topiary.app.main;

import java.util.function.LongSupplier;

/**
 * Keeps the heap near what lives in it. The serial collector, which takes least for the few
 * megabytes that a node needs, does not look at what is old before it has all it may have; and each
 * look at each server leaves a little that is old by the time it is of no use. Not thread-safe.
 */
final class HeapKeeper {

  /** So much may be of no use in any case, in bytes: it is not collected for less. */
  private static final long LEAST = 48L << 20;

  private final LongSupplier used;
  private final Runnable collecting;
  private long lived;

  /** That of this process. */
  HeapKeeper() {
    this(() -> Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory(), System::gc);
  }

  /**
   * Another one.
   *
   * @param used bytes in use, of use or not
   * @param collecting lets go of those of no use
   */
  HeapKeeper(LongSupplier used, Runnable collecting) {
    this.used = used;
    this.collecting = collecting;
  }

  /** Has it collected if twice as much is in use as was after it was collected last. */
  void look() {
    if (used.getAsLong() > Math.max(2 * lived, lived + LEAST)) {
      collecting.run();
      lived = used.getAsLong();
    }
  }
}
