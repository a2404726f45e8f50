package topiary.engine.model;

/**
 * The last error of a replication thread, or what keeps it although it runs.
 *
 * @param code the server's error number, 0 when there is none
 * @param message the server's own words, empty when there is none
 */
public record ReplicationError(int code, String message) {

  public static final ReplicationError NONE = new ReplicationError(0, "");

  /**
   * The receiving thread finds no room for its relay log: MySQL's words for its state, as it calls
   * that no error and says that it runs.
   */
  public static final ReplicationError NO_ROOM = new ReplicationError(0, "Waiting for disk space");

  public boolean present() {
    return code != 0 || !message.isEmpty();
  }
}
