package topiary.app.desktop.model;

/** How a server is, as a card shows it: each with a word, and a shape of its own. */
public enum Mood {
  WELL("ok"),
  LATE("behind"),
  ERRANT("errant GTID"),
  DETACHED("detached"),
  HALTED("stopped"),
  BROKEN("error"),
  GONE("gone"),
  UNKNOWN("not seen yet");

  private final String word;

  Mood(String word) {
    this.word = word;
  }

  /** For people. */
  public String word() {
    return word;
  }

  /** Whether a replica in this state receives and applies. */
  public boolean replicates() {
    return this == WELL || this == LATE || this == ERRANT;
  }

  /** Whether somebody should look. */
  public boolean troubled() {
    return this != WELL && this != LATE;
  }
}
