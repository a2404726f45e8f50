package topiary.engine.catalogue;

/** An argument is missing, unknown or not what it should be; the message is for people. */
public final class BadArgument extends Exception {

  private static final long serialVersionUID = 1L;

  public BadArgument(String sentence) {
    super(sentence);
  }

  BadArgument(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
