package topiary.app.legacy;

/** A request that cannot be answered; the message says why, and becomes an ERROR envelope. */
final class Trouble extends Exception {

  private static final long serialVersionUID = 1L;

  Trouble(String sentence) {
    super(sentence);
  }

  Trouble(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
