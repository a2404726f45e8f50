package topiary.lab.base;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for a condition, never longer than a limit. */
public final class Await {
  private static final long PAUSE_MILLIS = 15;

  private Await() {}

  /** Whether the condition came true within the limit; it is asked at least once. */
  public static boolean holds(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabException("interrupted while waiting", e);
      }
    }
    return true;
  }

  /**
   * The first value that {@code source} gives within the limit.
   *
   * @param otherwise the sentence to fail with when none came
   */
  public static <T> T value(
      Duration limit, Supplier<Optional<T>> source, Supplier<String> otherwise) {
    var found =
        new Object() {
          Optional<T> value = Optional.empty();
        };
    holds(
        limit,
        () -> {
          found.value = source.get();
          return found.value.isPresent();
        });
    return found.value.orElseThrow(() -> new LabException(otherwise.get()));
  }
}
