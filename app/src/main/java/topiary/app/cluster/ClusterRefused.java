package topiary.app.cluster;

/** What was wanted of the cluster is not done; the message is a sentence. */
public final class ClusterRefused extends Exception {

  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** Why. */
  public enum Kind {
    /** There is no such member. */
    UNKNOWN,
    /** It must not be done. */
    REFUSED,
    /** Another node is to be asked. */
    NOT_LEADING,
    /** It could not be done. */
    BROKEN
  }

  public ClusterRefused(Kind kind, String sentence) {
    super(sentence);
    this.kind = kind;
  }

  public ClusterRefused(Kind kind, String sentence, Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
