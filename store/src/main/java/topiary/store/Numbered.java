package topiary.store;

import topiary.engine.state.Entry;

/**
 * An entry that has its place in the log.
 *
 * @param position its place
 * @param entry what stands there
 */
public record Numbered(Position position, Entry entry) {}
