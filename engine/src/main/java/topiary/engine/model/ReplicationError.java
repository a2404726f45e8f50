package topiary.engine.model;

/**
 * The last error of a replication thread.
 *
 * @param code the server's error number, 0 when there is none
 * @param message the server's own words, empty when there is none
 */
public record ReplicationError(int code, String message) {

  public static final ReplicationError NONE = new ReplicationError(0, "");

  public boolean present() {
    return code != 0 || !message.isEmpty();
  }
}
