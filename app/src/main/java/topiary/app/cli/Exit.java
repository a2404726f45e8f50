package topiary.app.cli;

/** What the process ends with. */
public enum Exit {
  /** Done. */
  OK(0),
  /** Refused or failed; the sentence says why. */
  FAILED(1),
  /** The command line is not one of ours. */
  USAGE(2),
  /** No node answers at the address. */
  UNREACHABLE(3),
  /** The servers have changed since the plan was shown; nothing was done. */
  CHANGED(4),
  /** The configuration cannot be used. */
  CONFIG(5),
  /** The node's data folder cannot be used. */
  STORE(6);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
