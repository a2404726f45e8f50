package topiary.engine.finding;

import java.time.Instant;
import java.util.Optional;
import topiary.engine.model.InstanceKey;

/**
 * Something a finding rests on.
 *
 * @param server who said it, or about whom it was seen
 * @param at when; empty when that is not known
 * @param words what, without naming the server
 */
public record Evidence(InstanceKey server, Optional<Instant> at, String words) {}
