package topiary.engine.execute;

/** A step could not be done; the message says why, for people. */
sealed class DeedFailed extends Exception permits Mandate.Lapsed {

  private static final long serialVersionUID = 1L;

  DeedFailed(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
