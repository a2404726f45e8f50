package topiary.engine.said;

import java.util.regex.Pattern;

/** The bounds of what people may say, so that nobody fills the log with it. */
public final class SaidText {

  /** So many letters has the longest name of a tag, pool, owner, cluster or attribute. */
  public static final int NAME = 128;

  /** So many letters has the longest value of a tag or attribute, and the longest reason. */
  public static final int VALUE = 1024;

  /** A surrogate without the other: no text has it, and a reader of JSON may refuse it. */
  private static final Pattern HALF = Pattern.compile("\\p{Cs}");

  private SaidText() {}

  /**
   * A name without what surrounds it: clients send a line end behind it.
   *
   * @param what it is the name of, for the sentence
   * @throws IllegalArgumentException with a sentence, when it is empty, too long or has signs that
   *     cannot be seen
   */
  public static String name(String what, String given) {
    String name = value(what, given, NAME);
    if (name.isEmpty()) {
      throw new IllegalArgumentException(what + " is empty");
    }
    return name;
  }

  /**
   * A value without what surrounds it; it may be empty.
   *
   * @param what it is the value of, for the sentence
   * @throws IllegalArgumentException with a sentence, when it is too long or has signs that cannot
   *     be seen
   */
  public static String value(String what, String given) {
    return value(what, given, VALUE);
  }

  private static String value(String what, String given, int longest) {
    String value = given.strip();
    if (value.length() > longest) {
      throw new IllegalArgumentException(
          what + " has " + value.length() + " letters; " + longest + " are the most");
    }
    if (HALF.matcher(value).find()) {
      throw new IllegalArgumentException(
          what + " has half a letter, which cannot be written: \"" + shown(value) + "\"");
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          what + " has signs that cannot be seen: \"" + shown(value) + "\"");
    }
    return value;
  }

  /** What somebody sent, fit to be shown in a sentence. */
  static String shown(String sent) {
    String shown = sent.length() > 80 ? sent.substring(0, 80) + "…" : sent;
    return shown.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
  }
}
