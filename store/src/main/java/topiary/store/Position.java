package topiary.store;

/**
 * A place in the log.
 *
 * @param term the reign of the leader that put the entry there; 0 before the first entry
 * @param index counted through the log from 1; 0 before the first entry
 */
public record Position(long term, long index) {}
