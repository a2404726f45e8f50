package topiary.engine.state;

/**
 * A command as it stands in the log.
 *
 * @param header who, when, why
 * @param command what
 */
public record Entry(Header header, Command command) {}
