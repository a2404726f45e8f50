package topiary.engine.manager;

import java.util.List;
import java.util.Optional;
import topiary.engine.finding.Finding;
import topiary.engine.model.InstanceKey;

/**
 * A server is judged otherwise than before.
 *
 * @param subject which
 * @param was how it failed; empty for not at all
 * @param is how it fails now; empty for not at all
 * @param replicas who replicates from it
 */
record Turn(
    InstanceKey subject, Optional<Finding> was, Optional<Finding> is, List<InstanceKey> replicas) {

  /** Both turns in one; empty when they come to nothing. */
  Optional<Turn> then(Turn next) {
    boolean back = was.map(Finding::code).equals(next.is.map(Finding::code));
    return back ? Optional.empty() : Optional.of(new Turn(subject, was, next.is, next.replicas));
  }
}
