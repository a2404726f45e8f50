package topiary.raft.api;

/**
 * A command that has its place. Two are the same only when they are one object, as their bytes are
 * compared by nobody.
 *
 * @param position its place
 * @param command as it was submitted; not to be changed
 */
public record LogEntry(LogPosition position, byte[] command) {}
