package topiary.engine.state;

import java.time.Instant;
import java.util.Optional;
import topiary.engine.intent.RecoveryId;
import topiary.engine.model.InstanceKey;

/**
 * The latest recovery of a cluster that nobody has acknowledged: for a while it keeps another from
 * beginning by itself, so that a tree is not torn to pieces by one fault.
 *
 * @param id which
 * @param failed whose place was taken
 * @param successor who takes the writes in its place; empty when nobody does, and where it took
 *     none. One with a successor stays the latest when the replicas of a source below it are moved
 *     later
 * @param at when it, or a later one, ended
 */
public record EndedRecovery(
    RecoveryId id, InstanceKey failed, Optional<InstanceKey> successor, Instant at) {

  /** The same, until another has ended. */
  EndedRecovery until(Instant later) {
    return new EndedRecovery(id, failed, successor, later);
  }
}
