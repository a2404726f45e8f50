package topiary.engine.model;

import java.util.Iterator;

/**
 * How much a server has changed from one look to the next, least first. The one place that decides
 * it, for whoever passes changes on.
 */
public enum Change {
  /** It is the same value. */
  NONE,
  /** It was looked at again and is as it was: the times are others, and it has been up longer. */
  LOOKED,
  /** It has come further: its positions, or those of its channels. */
  MOVED,
  /** Anything else: how it is and why, who it is, how it is set up, whom it follows; a restart. */
  NEWS;

  /** The change from one value of a server to the next. */
  public static Change between(Instance before, Instance now) {
    // Mostly it is a later look, which need not be compared whole to know that.
    if (before == now || before.lastAttempt().equals(now.lastAttempt()) && before.equals(now)) {
      return NONE;
    }
    boolean same =
        before.key().equals(now.key())
            && before.condition() == now.condition()
            && before.sentence().equals(now.sentence())
            && before.facts().isPresent() == now.facts().isPresent();
    return same
        ? before.facts().map(f -> between(f, now.facts().orElseThrow())).orElse(LOOKED)
        : NEWS;
  }

  private static Change between(Facts before, Facts now) {
    long uptime = now.positions().uptimeSeconds();
    if (uptime < before.positions().uptimeSeconds()) {
      return NEWS;
    }
    if (!before.standsAs(now)) {
      return NEWS;
    }
    return before.isAsFarAs(now) ? LOOKED : MOVED;
  }

  /** The largest change of any server; one that came or went is news. */
  public static Change between(Topology before, Topology now) {
    if (before == now) {
      return NONE;
    }
    if (!before.instances().keySet().equals(now.instances().keySet())) {
      return NEWS;
    }
    Change largest = NONE;
    Iterator<Instance> old = before.instances().values().iterator();
    for (Instance next : now.instances().values()) {
      largest = larger(largest, between(old.next(), next));
    }
    return largest;
  }

  /** The larger of two. */
  public static Change larger(Change a, Change b) {
    return a.compareTo(b) < 0 ? b : a;
  }
}
