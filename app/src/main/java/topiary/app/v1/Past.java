package topiary.app.v1;

import java.util.Optional;
import topiary.engine.port.Audit;
import topiary.engine.port.History;

/**
 * What a node knows of what was.
 *
 * @param audit who did what; empty where nothing is kept
 * @param auditDays for how many days that is kept, by this node's file; 0 where nothing is
 * @param history what was seen; empty where nothing is kept
 */
public record Past(Optional<Audit> audit, int auditDays, Optional<History> history) {

  /** A node that keeps nothing. */
  public static final Past NONE = new Past(Optional.empty(), 0, Optional.empty());
}
