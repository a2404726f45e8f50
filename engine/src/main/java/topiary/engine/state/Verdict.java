package topiary.engine.state;

/** What applying a command came to. */
public sealed interface Verdict {

  Verdict ACCEPTED = new Accepted();

  /** It changed the state, or there was nothing to change. */
  record Accepted() implements Verdict {}

  /**
   * It did not fit the state, and changed nothing.
   *
   * @param reason why, in a sentence
   */
  record Rejected(String reason) implements Verdict {}
}
