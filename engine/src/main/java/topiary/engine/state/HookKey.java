package topiary.engine.state;

import java.util.Comparator;
import topiary.engine.intent.RecoveryId;
import topiary.engine.policy.HookList;

/**
 * Hooks that are run for something.
 *
 * @param of the recovery, or whatever else they are run for
 * @param list which
 */
public record HookKey(RecoveryId of, HookList list) implements Comparable<HookKey> {

  private static final Comparator<HookKey> ORDER =
      Comparator.comparing(HookKey::of).thenComparing(HookKey::list);

  @Override
  public int compareTo(HookKey other) {
    return ORDER.compare(this, other);
  }
}
