package topiary.engine.intent;

/** Whose place a recovery is for. */
public enum RecoveryKind {
  /** The server that takes the writes: another takes its place. */
  PRIMARY("primary"),
  /** A source below it: its replicas go below another. */
  INTERMEDIATE("intermediate source"),
  /** A primary that lives: somebody wants another to take its place. None begins by itself. */
  TAKEOVER("living primary");

  private final String words;

  RecoveryKind(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }
}
