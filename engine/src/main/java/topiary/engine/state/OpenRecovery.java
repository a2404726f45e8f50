package topiary.engine.state;

import java.time.Instant;
import java.util.Optional;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;

/**
 * A recovery that is under way.
 *
 * @param cluster the tree
 * @param failed whose place is taken
 * @param kind whether that was the primary
 * @param code how it failed, as {@link topiary.engine.finding.Code#word}
 * @param forced whether somebody asked for it, and nothing that stops one by itself counts
 * @param wanted who is to take the place; empty for whoever suits best
 * @param successor who takes the place; empty until that is decided, and final then, as long as it
 *     lives
 * @param since when it was opened
 */
public record OpenRecovery(
    ClusterId cluster,
    InstanceKey failed,
    RecoveryKind kind,
    String code,
    boolean forced,
    Optional<InstanceKey> wanted,
    Optional<InstanceKey> successor,
    Instant since) {

  OpenRecovery by(InstanceKey chosen) {
    return new OpenRecovery(
        cluster, failed, kind, code, forced, wanted, Optional.of(chosen), since);
  }
}
