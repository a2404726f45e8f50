package topiary.raft.api;

import java.util.Optional;

/**
 * Who leads, as one node sees it.
 *
 * @param leading whether this node does, and has applied everything that was committed before it
 *     began to
 * @param term the reign that this is said of; grows with every election
 * @param leader who does, as far as this node knows
 */
public record Leadership(boolean leading, long term, Optional<String> leader) {}
