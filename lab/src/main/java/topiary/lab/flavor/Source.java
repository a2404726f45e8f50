package topiary.lab.flavor;

/**
 * Whom a replica is to follow.
 *
 * @param channel the name of the connection; empty for the only or first one
 */
public record Source(String channel, String host, int port, Credentials credentials) {}
