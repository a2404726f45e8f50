package topiary.engine.intent;

import java.util.Locale;

/** How a replica that is moved finds its place at its new source. */
public enum Way {
  /** As it replicates now. */
  AUTO,
  /** By GTID, which it uses from then on. */
  GTID,
  /** By file and position. */
  FILE;

  /** As it is written in a call. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a word.
   *
   * @throws IllegalArgumentException when it is none of them
   */
  public static Way parse(String word) {
    for (Way way : values()) {
      if (way.word().equals(word)) {
        return way;
      }
    }
    throw new IllegalArgumentException("\"" + word + "\" is none of auto, gtid, file");
  }

  String words() {
    return this == FILE ? "by file and position" : "by GTID";
  }
}
