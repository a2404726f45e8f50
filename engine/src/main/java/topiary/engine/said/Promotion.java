package topiary.engine.said;

import java.time.Instant;

/**
 * How much a server is wanted as a primary.
 *
 * @param rule how much
 * @param since when it was said last
 * @param until when it is forgotten unless it is said again
 */
public record Promotion(Rule rule, Instant since, Instant until) implements Bounded {}
