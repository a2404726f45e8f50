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
 * @param successor who has it; empty when nobody has
 * @param at when it ended
 */
public record EndedRecovery(
    RecoveryId id, InstanceKey failed, Optional<InstanceKey> successor, Instant at) {}
