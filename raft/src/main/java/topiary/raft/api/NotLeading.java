package topiary.raft.api;

/** Only who leads may do what was asked for, and this node does not. The message is a sentence. */
public final class NotLeading extends LogException {

  private static final long serialVersionUID = 1L;

  public NotLeading(String message) {
    super(message);
  }
}
