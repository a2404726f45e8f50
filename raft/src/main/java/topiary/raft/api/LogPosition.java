package topiary.raft.api;

/**
 * A place in the log.
 *
 * @param term the reign of the leader that put the entry there, from 1; 0 before the first entry
 * @param index counted through the log from 1, never given twice; 0 before the first entry
 */
public record LogPosition(long term, long index) {}
