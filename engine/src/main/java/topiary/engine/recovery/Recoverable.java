package topiary.engine.recovery;

import java.util.Optional;
import topiary.engine.finding.Code;
import topiary.engine.intent.RecoveryKind;

/** Which findings a recovery is for. */
public final class Recoverable {

  private Recoverable() {}

  /** The kind of recovery that a finding is due; empty for none. */
  public static Optional<RecoveryKind> by(Code code) {
    return switch (code) {
      case DEAD_MASTER, DEAD_MASTER_AND_SOME_REPLICAS -> Optional.of(RecoveryKind.PRIMARY);
      case DEAD_INTERMEDIATE_MASTER,
          DEAD_INTERMEDIATE_MASTER_AND_SOME_REPLICAS,
          DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT ->
          Optional.of(RecoveryKind.INTERMEDIATE);
      default -> Optional.empty();
    };
  }
}
