package topiary.engine.said;

import java.time.Instant;

/**
 * Something said of a host, that Topiary keeps for whoever asks.
 *
 * @param host of which; orchestrator's users also put names of domains here
 * @param name what
 * @param value how
 * @param since when it was said
 */
public record Attribute(String host, String name, String value, Instant since) {}
