package topiary.engine.port;

import topiary.engine.model.Condition;

/** A server could not be reached, or refused. Its message is a sentence for people. */
public final class ServerTrouble extends Exception {

  private static final long serialVersionUID = 1L;

  private final Condition condition;
  private final int code;

  /**
   * Trouble with a server.
   *
   * @param condition what it says of the server; {@link Condition#SEEN} when the server is well and
   *     refused a statement
   * @param code the server's error number, 0 when it did not give one
   * @param sentence for people
   * @param cause what happened, may be null
   */
  public ServerTrouble(Condition condition, int code, String sentence, Throwable cause) {
    super(sentence, cause);
    this.condition = condition;
    this.code = code;
  }

  public Condition condition() {
    return condition;
  }

  public int code() {
    return code;
  }
}
