package topiary.store.orchestrator;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import topiary.engine.model.ReplicationError;

/** Texts that orchestrator writes between quotes, with escapes as programs in Go have them. */
final class Quoted {

  private static final Pattern ESCAPE =
      Pattern.compile("\\\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))");

  /** Where servers tell the number of an error in its words. */
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?:errno|error_code|fatal error|error code)[:=]?\\s*(?:MY-0*)?(\\d{1,9})",
          Pattern.CASE_INSENSITIVE);

  private Quoted() {}

  /** What was between the quotes; the same text when there are none. */
  static String text(String stored) {
    if (stored.length() < 2 || !stored.startsWith("\"") || !stored.endsWith("\"")) {
      return stored;
    }
    return ESCAPE
        .matcher(stored.substring(1, stored.length() - 1))
        .replaceAll(match -> Matcher.quoteReplacement(sign(match)));
  }

  private static String sign(MatchResult escape) {
    for (int group = 1; group <= 3; group++) {
      if (escape.group(group) != null) {
        int code = Integer.parseUnsignedInt(escape.group(group), 16);
        return Character.isValidCodePoint(code) ? Character.toString(code) : "?";
      }
    }
    return switch (escape.group(4)) {
      case "n" -> "\n";
      case "t" -> "\t";
      case "r" -> "\r";
      case "a", "b", "f", "v" -> " ";
      case String itself -> itself;
    };
  }

  /** The error of a replication thread, of which only the words were kept. */
  static ReplicationError error(String stored) {
    String words = text(stored).strip();
    if (words.isEmpty()) {
      return ReplicationError.NONE;
    }
    Matcher number = NUMBER.matcher(words);
    return new ReplicationError(number.find() ? Integer.parseInt(number.group(1)) : 0, words);
  }
}
