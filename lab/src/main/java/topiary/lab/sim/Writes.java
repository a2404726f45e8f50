package topiary.lab.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** When a server wrote its transactions: at which speed, from when on. */
final class Writes {

  /** Of older ones nobody lags behind. */
  private static final int KEPT = 32;

  private static final double MICROS = 1_000_000;

  /** From this number on at this moment, at so many a second. */
  private record Stretch(long from, long number, double rate) {
    long at(long now) {
      return number + (long) Math.floor((now - from) / MICROS * rate);
    }
  }

  /** The newest first. */
  private final Deque<Stretch> stretches = new ArrayDeque<>();

  /** From now on it goes on from a number, at a speed. */
  void goOn(long now, long number, double rate) {
    Stretch newest = stretches.peekFirst();
    if (newest != null && newest.number == number && newest.rate == 0 && rate == 0) {
      return;
    }
    stretches.addFirst(new Stretch(now, number, rate));
    if (stretches.size() > KEPT) {
      stretches.removeLast();
    }
  }

  /** The number it has come to. */
  long now(long now) {
    return stretches.isEmpty() ? 0 : stretches.peekFirst().at(now);
  }

  /** The number it had come to at some time; that of the oldest stretch for times before. */
  long at(long time) {
    long after = Long.MAX_VALUE;
    Stretch oldest = null;
    for (Stretch stretch : stretches) {
      if (stretch.from <= time) {
        return Math.min(after, stretch.at(time));
      }
      after = stretch.number;
      oldest = stretch;
    }
    return oldest == null ? Long.MAX_VALUE : oldest.number;
  }

  /** When a number was written; the beginning of the oldest stretch for those before. */
  long when(long number) {
    Iterator<Stretch> all = stretches.iterator();
    Stretch stretch = null;
    while (all.hasNext()) {
      stretch = all.next();
      if (stretch.number < number) {
        return stretch.rate == 0
            ? stretch.from
            : stretch.from + (long) Math.ceil((number - stretch.number) / stretch.rate * MICROS);
      }
    }
    return stretch == null ? 0 : stretch.from;
  }
}
