package topiary.engine.state;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Hooks that are to be run, one after the other, by whichever node leads: of its own file, as no
 * node runs what another has.
 *
 * @param facts what they are told, by the names of orchestrator's placeholders
 * @param ended so many have ended
 * @param attempt how often the next one was begun: more than once when a node that ran it led no
 *     more; 0 when it was not
 * @param failure why the first that failed did
 * @param settled whether all are over that are run at all
 */
public record HookDuty(
    SortedMap<String, String> facts,
    int ended,
    int attempt,
    Optional<String> failure,
    boolean settled) {

  /** Of somebody who wants none. */
  static final HookDuty SKIPPED = new HookDuty(new TreeMap<>(), 0, 0, Optional.empty(), true);

  public HookDuty {
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }

  static HookDuty of(SortedMap<String, String> facts) {
    return new HookDuty(facts, 0, 0, Optional.empty(), false);
  }

  /** Whether somebody has said that none is to be run. */
  public boolean skipped() {
    return facts.isEmpty();
  }

  HookDuty begun(int which) {
    return new HookDuty(facts, ended, which, failure, settled);
  }

  HookDuty ended(Optional<String> why, boolean last) {
    return new HookDuty(facts, ended + 1, 0, failure.or(() -> why), last);
  }
}
