package topiary.lab.sim;

import topiary.lab.sql.SyntaxError;

/** A statement that a server refuses, with the number and the words it does so. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String state;

  Refused(int code, String state, String message) {
    super(message, null, false, false);
    this.code = code;
    this.state = state;
  }

  int code() {
    return code;
  }

  String state() {
    return state;
  }

  static Refused syntax(Kind kind, SyntaxError error) {
    return syntax(kind, error.near(), error.line());
  }

  static Refused syntax(Kind kind, String near, int line) {
    return new Refused(
        1064,
        "42000",
        "You have an error in your SQL syntax; check the manual that corresponds to your "
            + kind.brand()
            + " server version for the right syntax to use near '"
            + near
            + "' at line "
            + line);
  }
}
