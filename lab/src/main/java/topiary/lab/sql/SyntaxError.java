package topiary.lab.sql;

/** A text that is no statement of the part of SQL that is understood here. */
public final class SyntaxError extends Exception {
  private static final long serialVersionUID = 1L;

  private final String near;
  private final int line;

  SyntaxError(String near, int line) {
    super("near '" + near + "' at line " + line, null, false, false);
    this.near = near;
    this.line = line;
  }

  /** The rest of the text from where it is not understood. */
  public String near() {
    return near;
  }

  /** The line of that, from 1. */
  public int line() {
    return line;
  }
}
