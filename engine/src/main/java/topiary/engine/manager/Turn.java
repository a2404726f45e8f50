package topiary.engine.manager;

import java.util.List;
import java.util.Optional;
import topiary.engine.finding.Finding;
import topiary.engine.model.InstanceKey;

/**
 * A server is judged otherwise than before.
 *
 * @param subject which
 * @param is how it fails now; empty for not at all
 * @param replicas who replicates from it
 */
record Turn(InstanceKey subject, Optional<Finding> is, List<InstanceKey> replicas) {}
