package topiary.raft.api;

/**
 * A member of a log that is shared.
 *
 * @param id its name, given once and never to another
 * @param address where it takes part in the log, as host:port; looked up when used
 */
public record Peer(String id, String address) {}
