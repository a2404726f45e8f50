package topiary.engine.model;

/**
 * An event that a server has, to be run at times by its event scheduler.
 *
 * @param schema the database it is in
 * @param name its name there
 * @param altered when it was last altered, in seconds since 1970; the same on a server and on its
 *     replicas
 * @param runs whether it is enabled
 */
public record ScheduledEvent(String schema, String name, long altered, boolean runs) {}
