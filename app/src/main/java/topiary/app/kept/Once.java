package topiary.app.kept;

import java.util.function.Supplier;

/**
 * A value that follows from others, made anew only when one of those is another object.
 * Thread-safe; two who ask at once may both make it.
 */
public final class Once<V> {

  private record Made<V>(Object[] of, V value) {}

  private volatile Made<V> made;

  /**
   * The value.
   *
   * @param how makes it
   * @param of all that it follows from; values that are never changed
   */
  public V of(Supplier<V> how, Object... of) {
    Made<V> known = made;
    if (known == null || !same(known.of, of)) {
      known = new Made<>(of, how.get());
      made = known;
    }
    return known.value;
  }

  /** Lets go of it. */
  void clear() {
    made = null;
  }

  private static boolean same(Object[] one, Object[] other) {
    for (int i = 0; i < one.length; i++) {
      if (one[i] != other[i]) {
        return false;
      }
    }
    return true;
  }
}
