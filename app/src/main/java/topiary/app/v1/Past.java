package topiary.app.v1;

import java.util.Optional;
import topiary.engine.port.Audit;
import topiary.engine.port.History;

/**
 * What a node knows of what was.
 *
 * @param audit who did what; empty where nothing is kept
 * @param history what was seen; empty where nothing is kept
 */
public record Past(Optional<Audit> audit, Optional<History> history) {

  /** A node that keeps nothing. */
  public static final Past NONE = new Past(Optional.empty(), Optional.empty());
}
