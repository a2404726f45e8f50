package topiary.engine.model;

/** Which of a channel's threads a step is about. */
public enum Threads {
  BOTH("replication"),
  IO("receiving"),
  SQL("applying");

  private final String words;

  Threads(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }
}
