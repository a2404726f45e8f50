package topiary.app.config;

/** A configuration that cannot be used; the message names the file, the key and what to do. */
public final class BadConfig extends Exception {

  private static final long serialVersionUID = 1L;

  public BadConfig(String sentence) {
    super(sentence);
  }

  public BadConfig(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
