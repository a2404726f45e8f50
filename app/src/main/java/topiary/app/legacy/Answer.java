package topiary.app.legacy;

/**
 * What a path answers.
 *
 * @param status the HTTP status
 * @param body a tree of {@code LinkedHashMap}, {@code List}, {@code String}, {@code Number}, {@code
 *     Boolean} and {@code null}, to be written as JSON in the order it has
 */
public record Answer(int status, Object body) {

  static final int OK = 200;

  /** orchestrator's status for every error, whoever is at fault. */
  static final int ERROR = 500;

  /** A bare body, without an envelope. */
  static Answer raw(Object body) {
    return new Answer(OK, body);
  }

  /** The envelope of what went well; {@code details} may be null. */
  static Answer ok(String message, Object details) {
    return new Answer(OK, envelope("OK", message, details));
  }

  /** The envelope of what did not. */
  static Answer error(String message) {
    return error(message, null);
  }

  /** The envelope of what did not go well, with what there is to see nevertheless. */
  static Answer error(String message, Object details) {
    return new Answer(ERROR, envelope("ERROR", message, details));
  }

  private static Object envelope(String code, String message, Object details) {
    return new Json().with("Code", code).with("Message", message).with("Details", details).map();
  }
}
