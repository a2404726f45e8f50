package topiary.engine.state;

import java.util.Optional;
import topiary.engine.intent.RecoveryKind;

/**
 * Which recoveries begin by themselves.
 *
 * @param primary of a dead primary
 * @param intermediate of a dead source below it
 */
public record AutoRecovery(boolean primary, boolean intermediate) {

  public static final AutoRecovery NONE = new AutoRecovery(false, false);

  public boolean of(RecoveryKind kind) {
    return switch (kind) {
      case PRIMARY -> primary;
      case INTERMEDIATE -> intermediate;
      case TAKEOVER -> false;
    };
  }

  /** The same with one of them, or with both, turned on or off. */
  public AutoRecovery with(Optional<RecoveryKind> kind, boolean on) {
    return new AutoRecovery(
        kind.filter(k -> k != RecoveryKind.PRIMARY).isPresent() ? primary : on,
        kind.filter(k -> k != RecoveryKind.INTERMEDIATE).isPresent() ? intermediate : on);
  }

  /** In words, to go after "recovers by itself: ". */
  public String words() {
    return primary && intermediate
        ? "dead primaries and intermediate sources"
        : primary ? "dead primaries" : intermediate ? "dead intermediate sources" : "nothing";
  }
}
