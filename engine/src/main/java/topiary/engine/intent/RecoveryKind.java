package topiary.engine.intent;

/** Whose death a recovery is for. */
public enum RecoveryKind {
  /** The server that takes the writes: another takes its place. */
  PRIMARY("primary"),
  /** A source below it: its replicas go below another. */
  INTERMEDIATE("intermediate source");

  private final String words;

  RecoveryKind(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }
}
