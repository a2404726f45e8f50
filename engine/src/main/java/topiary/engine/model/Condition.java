package topiary.engine.model;

/** What came of the last attempt to look at a server. */
public enum Condition {
  /** Named by another server or by a person, and not looked at yet. */
  UNSEEN("not looked at yet"),
  /** Answered everything. */
  SEEN("seen"),
  /** Nothing listens there, says the machine: the server's process is not running. */
  ABSENT("not running"),
  /** No connection and no answer: no route, no such name, what is sent gets lost. */
  UNREACHABLE("unreachable"),
  /** Takes connections, or took one, and says nothing within the time limit. */
  HUNG("hung"),
  /** Refuses the user or the password, or lacks a grant without which nothing is known. */
  DENIED("denied"),
  /** Answered some questions and failed at another. */
  HALF("half-answering"),
  /** Something listens there, but it is not a database server. */
  ALIEN("not a database server"),
  /** A database server this version cannot manage. */
  UNSUPPORTED("not supported");

  private final String words;

  Condition(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }

  /** Whether there is a server that takes part in the conversation, be it half of it. */
  public boolean answering() {
    return this == SEEN || this == HALF;
  }
}
