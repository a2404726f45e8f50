package topiary.raft.api;

/** The log does not take a command, or cannot say what became of it; the message is a sentence. */
public class LogException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public LogException(String message) {
    super(message);
  }

  public LogException(String message, Throwable cause) {
    super(message, cause);
  }
}
