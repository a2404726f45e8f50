package topiary.engine.model;

/**
 * A statement that runs on a server.
 *
 * @param id the connection it runs on, by which it could be killed
 * @param user whose it is
 * @param host where that connection comes from, as the server writes it
 * @param database the connection's default schema; empty for none
 * @param command what the connection does, in the server's words, as Query
 * @param seconds for how long
 * @param state the server's words for how far it is; may be empty
 * @param text the first 1,024 characters of the statement; may be empty
 */
public record LongQuery(
    long id,
    String user,
    String host,
    String database,
    String command,
    long seconds,
    String state,
    String text) {}
