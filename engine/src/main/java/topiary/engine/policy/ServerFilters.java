package topiary.engine.policy;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import topiary.engine.model.InstanceKey;

/**
 * Which servers are meant, as orchestrator's {@code PromotionIgnoreHostnameFilters} say it: each is
 * a pattern that is found in a server's address, which is host:port.
 *
 * @param patterns none of them with a space in it
 */
public record ServerFilters(List<String> patterns) {

  public static final ServerFilters NONE = new ServerFilters(List.of());

  public ServerFilters {
    patterns = List.copyOf(patterns);
  }

  /**
   * Reads them, with spaces between.
   *
   * @throws IllegalArgumentException with a sentence, when one is no pattern
   */
  public static ServerFilters parse(String text) {
    try {
      var all =
          new ServerFilters(
              Arrays.stream(text.split("\\s+")).filter(word -> !word.isEmpty()).toList());
      all.patterns.forEach(Pattern::compile);
      return all;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("not a pattern: " + e.getDescription(), e);
    }
  }

  /** With spaces between. */
  public String text() {
    return String.join(" ", patterns);
  }

  /** Whether a server is meant. */
  public boolean match(InstanceKey server) {
    return patterns.stream()
        .anyMatch(pattern -> Pattern.compile(pattern).matcher(server.toString()).find());
  }
}
