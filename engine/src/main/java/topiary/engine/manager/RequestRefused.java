package topiary.engine.manager;

/** Something that was asked for cannot be done; the message says why, for people. */
public final class RequestRefused extends Exception {

  private static final long serialVersionUID = 1L;

  /** What kind of no it is. */
  public enum Kind {
    /** Nothing goes by that name. */
    UNKNOWN,
    /** The state of things does not allow it, now. */
    REFUSED,
    /** What was approved is not what would be done now. */
    CHANGED,
    /** A server could not be reached. */
    UNREACHABLE,
    /** Topiary itself cannot, for example because its disk is full. */
    BROKEN
  }

  private final Kind kind;

  public RequestRefused(Kind kind, String sentence) {
    super(sentence);
    this.kind = kind;
  }

  public RequestRefused(Kind kind, String sentence, Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
