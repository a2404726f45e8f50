package topiary.engine.state;

/** How a recovery ended. */
public enum RecoveryEnd {
  /** Another server has the place of the dead one, and every replica that answers is below it. */
  DONE("done"),
  /** Another server has the place of the dead one, and some replica could not be moved below it. */
  DONE_IN_PART("done in part"),
  /** The dead one was back before another had its place; all is as before. */
  NOT_NEEDED("not needed"),
  /** Nobody has the place of the dead one. */
  FAILED("failed");

  private final String words;

  RecoveryEnd(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }

  /** Whether another server has the place of the dead one. */
  public boolean successful() {
    return this == DONE || this == DONE_IN_PART;
  }
}
