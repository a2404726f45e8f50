package topiary.engine.said;

import java.time.Instant;

/**
 * A server's trouble is known and nobody is to act on it.
 *
 * @param owner who says so
 * @param reason why
 * @param since when it was said
 * @param until when it ends by itself
 */
public record Downtime(String owner, String reason, Instant since, Instant until)
    implements Bounded {}
