package topiary.engine.manager;

import topiary.engine.execute.Scribe;

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
    /** Another node of the cluster decides; the sentence says which. */
    NOT_LEADING,
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

  /** Why a command that was asked for did not come into force. */
  static RequestRefused of(Scribe.NotCommitted e) {
    Kind kind =
        switch (e.why()) {
          case REJECTED -> Kind.REFUSED;
          case NOT_LEADING -> Kind.NOT_LEADING;
          case BROKEN -> Kind.BROKEN;
        };
    return new RequestRefused(kind, e.getMessage(), e);
  }

  public Kind kind() {
    return kind;
  }
}
