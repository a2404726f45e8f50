package topiary.lab.sql;

/**
 * One word of a statement.
 *
 * @param kind what it is
 * @param text a word as it is written, a text without its quotes, a symbol
 * @param start where it begins
 * @param end where it has ended
 */
record Token(Kind kind, String text, int start, int end) {

  /** What a token is. */
  enum Kind {
    WORD,
    /** A name in backquotes, which is never a keyword. */
    NAME,
    TEXT,
    NUMBER,
    SYMBOL,
    END
  }

  boolean is(String word) {
    return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(word);
  }
}
