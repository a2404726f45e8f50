package topiary.app.desktop.model;

import java.util.Locale;

/** Sentences for people. */
public final class Words {

  private Words() {}

  /** What somebody said in passing, as it begins a line; a server's name stays as it is. */
  public static String capital(String words) {
    boolean word = words.matches("(?s)[a-z]+(:? .*|,.*)?");
    return word ? words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) : words;
  }

  /** The same as a sentence of its own. */
  static String sentence(String words) {
    String whole = capital(words);
    return whole.endsWith(".") ? whole : whole + ".";
  }
}
