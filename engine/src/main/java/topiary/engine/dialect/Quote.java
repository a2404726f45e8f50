package topiary.engine.dialect;

/** Text as SQL. */
final class Quote {

  private Quote() {}

  /** A text in quotes which nothing in it ends. */
  static String text(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** A name in quotes which nothing in it ends, whatever quotes texts have in a session. */
  static String name(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
