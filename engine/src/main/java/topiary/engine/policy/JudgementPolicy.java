package topiary.engine.policy;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How servers are judged.
 *
 * @param patience how long a server may be silent, and its machine too, before it counts as dead; a
 *     server whose machine says that nothing listens there is dead at once
 * @param reasonableLag from how many seconds on a replica is late; orchestrator's {@code
 *     ReasonableReplicationLagSeconds}
 * @param lockedAfter for how long a primary that waits for semi-synchronous replicas may write
 *     nothing before it counts as locked; orchestrator's {@code
 *     ReasonableLockedSemiSyncMasterSeconds}
 * @param exactSemiSync whether more semi-synchronous replicas than a primary waits for are too
 *     many; orchestrator's {@code EnforceExactSemiSyncReplicas}
 * @param recoverReadOnly whether a read-only primary is to be made writeable; orchestrator's {@code
 *     RecoverNonWriteableMaster}
 * @param ignored hosts of which nothing is said; orchestrator's {@code
 *     RecoveryIgnoreHostnameFilters}, each found anywhere in a name
 */
public record JudgementPolicy(
    Duration patience,
    long reasonableLag,
    Duration lockedAfter,
    boolean exactSemiSync,
    boolean recoverReadOnly,
    List<Pattern> ignored) {

  public static final JudgementPolicy DEFAULT =
      new JudgementPolicy(
          Duration.ofSeconds(3), 10, Duration.ofSeconds(10), false, false, List.of());

  public JudgementPolicy {
    ignored = List.copyOf(ignored);
    if (patience.isNegative() || reasonableLag < 1 || lockedAfter.isNegative()) {
      throw new IllegalArgumentException(
          "patience and times must not be negative, and a replica is late after a second or later");
    }
  }

  /** The same with other times. */
  JudgementPolicy with(Duration waits, long late, Duration locked) {
    return new JudgementPolicy(waits, late, locked, exactSemiSync, recoverReadOnly, ignored);
  }

  /** The same with other things that count, or do not. */
  JudgementPolicy with(boolean exact, boolean readOnly, List<Pattern> hosts) {
    return new JudgementPolicy(patience, reasonableLag, lockedAfter, exact, readOnly, hosts);
  }

  /** Whether nothing is to be said of a host. */
  public boolean ignores(String host) {
    return ignored.stream().anyMatch(pattern -> pattern.matcher(host).find());
  }
}
