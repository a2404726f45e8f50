package topiary.engine.policy;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which clusters are meant, as orchestrator's {@code RecoverMasterClusterFilters} say it: by name
 * or alias as it is, {@code alias=} an alias, {@code alias~=} a pattern found in an alias, {@code
 * *} for all, or a pattern found in a name, which is that of the head with its port.
 *
 * @param filters none of them with a space in it
 */
public record ClusterFilters(List<String> filters) {

  public static final ClusterFilters NONE = new ClusterFilters(List.of());

  private static final String IS = "alias=";
  private static final String FITS = "alias~=";

  public ClusterFilters {
    filters = List.copyOf(filters);
  }

  /**
   * Reads them, with spaces between.
   *
   * @throws IllegalArgumentException with a sentence, when one is no pattern
   */
  public static ClusterFilters parse(String text) {
    var all =
        new ClusterFilters(
            Arrays.stream(text.split("\\s+")).filter(word -> !word.isEmpty()).toList());
    try {
      all.match("", "");
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("not a pattern: " + e.getDescription(), e);
    }
    return all;
  }

  /** With spaces between. */
  public String text() {
    return String.join(" ", filters);
  }

  /** Whether no cluster is meant, whatever its name. */
  public boolean isNone() {
    return filters.isEmpty();
  }

  /**
   * Whether a cluster is meant.
   *
   * @param name its head, as host:port
   * @param alias what people call it; empty for nothing
   */
  public boolean match(String name, String alias) {
    // All are tried, so that one that is no pattern is found by whoever tries.
    return filters.stream().filter(filter -> match(filter, name, alias)).count() > 0;
  }

  private static boolean match(String filter, String name, String alias) {
    if (filter.startsWith(FITS)) {
      return Pattern.compile(filter.substring(FITS.length())).matcher(alias).find();
    }
    if (filter.startsWith(IS)) {
      return filter.substring(IS.length()).equals(alias);
    }
    return filter.equals("*")
        || filter.equals(name)
        || filter.equals(alias)
        || Pattern.compile(filter).matcher(name).find();
  }
}
