package topiary.app.gateway;

/** A node's no, or none of its answers; the message is a sentence for people. */
public final class GatewayException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What it means for whoever asked. */
  public enum Kind {
    /** The node says no. */
    REFUSED,
    /** The servers have changed since the plan was shown, so that it must be made again. */
    CHANGED,
    /** No answer came; nothing was done. */
    UNREACHABLE,
    /** No answer came to what was asked, so that nobody knows whether it was done. */
    UNKNOWN
  }

  private final Kind kind;

  public GatewayException(String sentence, Kind kind, Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
