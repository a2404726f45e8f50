package topiary.raft.api;

/**
 * Nothing of a batch was applied and nothing was changed, for a reason that may pass: the next may
 * well be applied. The message is a sentence.
 */
public final class NotApplied extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public NotApplied(String message, Throwable cause) {
    super(message, cause);
  }
}
