package topiary.app.desktop.model;

import java.util.Locale;

/**
 * How well a text fits what somebody typed: every word of it must be there, whole, or letter by
 * letter in order. Beginnings count most, then beginnings of words, then nearness.
 */
final class Fuzzy {

  /** What does not fit at all. */
  static final int NONE = -1;

  private static final int WHOLE = 400;
  private static final int BEGINNING = 200;
  private static final int WORD = 120;
  private static final int LETTER = 40;

  private final String[] words;

  Fuzzy(String typed) {
    String stripped = lower(typed).strip();
    words = stripped.isEmpty() ? new String[0] : stripped.split("\\s+");
  }

  /** A text as it is to be given to {@link #score}. */
  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  boolean empty() {
    return words.length == 0;
  }

  /**
   * The same, but every word must be there whole: for sentences, in which letters are easily found.
   */
  int whole(String text) {
    int sum = 0;
    for (String word : words) {
      int one = whole(word, text);
      if (one == NONE) {
        return NONE;
      }
      sum += one;
    }
    return sum;
  }

  /** How well a text, in lower case, fits; the more the better; {@link #NONE} when it does not. */
  int score(String text) {
    int sum = 0;
    for (String word : words) {
      int one = whole(word, text);
      if (one == NONE) {
        one = letters(word, text);
      }
      if (one == NONE) {
        return NONE;
      }
      sum += one;
    }
    return sum;
  }

  /** A word that is there as it is. */
  private static int whole(String word, String text) {
    int best = NONE;
    for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      int place = at == 0 ? BEGINNING : begins(text, at) ? WORD : 0;
      best = Math.max(best, WHOLE + place - Math.min(text.length(), WORD / 2));
      if (place > 0) {
        return best;
      }
    }
    return best;
  }

  /** A word whose letters are there, in order, the first of them where a word begins. */
  private static int letters(String word, String text) {
    for (int start = text.indexOf(word.charAt(0));
        start >= 0;
        start = text.indexOf(word.charAt(0), start + 1)) {
      if (begins(text, start)) {
        int score = letters(word, text, start);
        if (score != NONE) {
          return score;
        }
      }
    }
    return NONE;
  }

  private static int letters(String word, String text, int start) {
    int score = LETTER;
    int at = start;
    for (int i = 1; i < word.length(); i++) {
      int next = near(word.charAt(i), text, at + 1);
      if (next < 0) {
        return NONE;
      }
      score += next == at + 1 ? 4 : begins(text, next) ? 3 : -Math.min(3, next - at - 1);
      at = next;
    }
    return Math.max(1, score);
  }

  /** The next letter: at once, else where a word begins, else anywhere. */
  private static int near(char letter, String text, int from) {
    if (from < text.length() && text.charAt(from) == letter) {
      return from;
    }
    for (int at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1)) {
      if (begins(text, at)) {
        return at;
      }
    }
    return text.indexOf(letter, from);
  }

  private static boolean begins(String text, int at) {
    return at == 0
        || !Character.isLetterOrDigit(text.charAt(at - 1))
        || Character.isDigit(text.charAt(at)) && !Character.isDigit(text.charAt(at - 1));
  }
}
