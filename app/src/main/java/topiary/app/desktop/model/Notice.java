package topiary.app.desktop.model;

import java.time.Instant;
import java.util.Optional;
import topiary.engine.model.InstanceKey;

/**
 * Something that happened.
 *
 * @param about what kind of thing it is about
 * @param severity how much it matters
 * @param sentence what
 * @param at when this window heard of it
 * @param server the one it is about, or the first of several
 */
public record Notice(
    About about, Severity severity, String sentence, Instant at, Optional<InstanceKey> server) {

  /** What something is about. */
  public enum About {
    NODE,
    SERVERS,
    PLAN
  }

  /** How much something matters. */
  public enum Severity {
    /** Worth knowing. */
    NEWS,
    /** Something is well again, or done. */
    GOOD,
    /** Worth a look. */
    WARNING,
    /** Something is wrong; it stays until it is put away, or well again. */
    ERROR
  }

  /** Whether this says that what another one told is well again. */
  boolean settles(Notice other) {
    return severity == Severity.GOOD && about == other.about && server.equals(other.server);
  }
}
