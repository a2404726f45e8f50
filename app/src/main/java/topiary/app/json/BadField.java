package topiary.app.json;

/** A field of a JSON object that is not what it should be; the message names it. */
public final class BadField extends Exception {

  private static final long serialVersionUID = 1L;

  BadField(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
