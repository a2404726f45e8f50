package topiary.engine.execute;

/** A step could not be done; the message says why, for people. */
final class DeedFailed extends Exception {

  private static final long serialVersionUID = 1L;

  DeedFailed(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
