package topiary.engine.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The part of an {@link Instance} that another look changes though the server is as it was.
 *
 * @param lastAttempt when it was last looked at
 * @param lastSeen when it was last seen
 * @param latency how long the last look took
 * @param uptimeSeconds how long it had been up when it was last seen; 0 when it never was
 */
public record Look(
    Optional<Instant> lastAttempt,
    Optional<Instant> lastSeen,
    Duration latency,
    long uptimeSeconds) {}
