package topiary.app.desktop.model;

import java.util.Locale;

/** Sentences for people. */
final class Words {

  private Words() {}

  /** What somebody said in passing, as a sentence of its own; names stay as they are. */
  static String sentence(String words) {
    boolean name = !words.matches("(?s)[a-z]+\\b[ ,].*");
    String whole =
        name ? words : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    return whole.endsWith(".") ? whole : whole + ".";
  }
}
