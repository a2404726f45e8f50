package topiary.lab.sql;

import java.util.ArrayList;
import java.util.List;

/** Cuts a text into words, without its comments. */
final class Lexer {

  private static final List<String> SYMBOLS = List.of("<=>", "@@", ":=", "<=", ">=", "<>", "!=");

  private final String text;
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  static List<Token> tokens(String text) throws SyntaxError {
    var lexer = new Lexer(text);
    var all = new ArrayList<Token>();
    do {
      all.add(lexer.next());
    } while (all.getLast().kind() != Token.Kind.END);
    return all;
  }

  private Token next() throws SyntaxError {
    skip();
    int start = at;
    if (at == text.length()) {
      return new Token(Token.Kind.END, "", start, start);
    }
    char c = text.charAt(at);
    if (c == '\'' || c == '"') {
      return new Token(Token.Kind.TEXT, quoted(c), start, at);
    }
    if (c == '`') {
      return new Token(Token.Kind.NAME, quoted(c), start, at);
    }
    if (Character.isDigit(c)) {
      while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
        at++;
      }
      return new Token(Token.Kind.NUMBER, text.substring(start, at), start, at);
    }
    if (wordly(c)) {
      while (at < text.length() && wordly(text.charAt(at))) {
        at++;
      }
      return new Token(Token.Kind.WORD, text.substring(start, at), start, at);
    }
    String symbol =
        SYMBOLS.stream()
            .filter(s -> text.startsWith(s, start))
            .findFirst()
            .orElse(String.valueOf(c));
    at += symbol.length();
    return new Token(Token.Kind.SYMBOL, symbol, start, at);
  }

  private static boolean wordly(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }

  private void skip() {
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        at = end < 0 ? text.length() : end + 2;
      } else if (text.charAt(at) == '#' || text.startsWith("-- ", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end + 1;
      } else {
        return;
      }
    }
  }

  /** The text up to the closing quote, which stands for itself when it is doubled. */
  private String quoted(char quote) throws SyntaxError {
    int start = at++;
    var content = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == quote) {
        if (at < text.length() && text.charAt(at) == quote) {
          at++;
        } else {
          return content.toString();
        }
      } else if (c == '\\' && quote != '`' && at < text.length()) {
        c = text.charAt(at++);
        switch (c) {
          case 'n' -> c = '\n';
          case 't' -> c = '\t';
          case '0' -> c = 0;
          case '%', '_' -> content.append('\\');
          default -> {}
        }
      }
      content.append(c);
    }
    throw new SyntaxError(text.substring(start), 1);
  }
}
