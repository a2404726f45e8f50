package topiary.engine.model;

/** What a replication thread does. */
public enum ThreadState {
  /** Not running: stopped by somebody, or by an error. */
  STOPPED,
  /** Running, and for the receiving thread: connected. */
  RUNNING,
  /** Started, but without a connection to its source. */
  CONNECTING;

  /** Reads the server's {@code Yes}, {@code No}, {@code Connecting}, {@code Preparing}. */
  public static ThreadState of(String text) {
    return switch (text) {
      case "Yes" -> RUNNING;
      case "No" -> STOPPED;
      default -> CONNECTING;
    };
  }
}
