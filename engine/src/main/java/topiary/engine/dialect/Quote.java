package topiary.engine.dialect;

/** Text as SQL. */
final class Quote {

  private Quote() {}

  /** A text in quotes which nothing in it ends. */
  static String text(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
