package topiary.engine.dialect;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rights Topiary's user needs on a server, and what is missing without each.
 *
 * @param needed by right, what it is needed for
 * @param partsOfSuper those of them that SUPER brings with it
 * @param readable tables that say more where it may read them; nothing is missing without
 * @param forEvents rights that let scheduled events be taken along; nothing is missing without
 *     where there are none
 */
public record Grants(
    Map<String, String> needed,
    Set<String> partsOfSuper,
    List<String> readable,
    List<String> forEvents) {

  private static final Pattern GLOBAL = Pattern.compile("(?is)^GRANT (.*?) ON \\*\\.\\* TO .*");

  public Grants {
    needed = Map.copyOf(needed);
    partsOfSuper = Set.copyOf(partsOfSuper);
    readable = List.copyOf(readable);
    forEvents = List.copyOf(forEvents);
  }

  /** Rights where no table says more. */
  public Grants(Map<String, String> needed, Set<String> partsOfSuper) {
    this(needed, partsOfSuper, List.of(), List.of());
  }

  /**
   * One sentence for each right that is missing.
   *
   * @param shown the lines of {@code SHOW GRANTS}
   */
  public List<String> missing(List<String> shown) {
    Set<String> held =
        shown.stream()
            .map(GLOBAL::matcher)
            .filter(Matcher::matches)
            .flatMap(m -> Arrays.stream(m.group(1).split(",")))
            .map(right -> right.strip().toUpperCase(Locale.ROOT))
            .collect(Collectors.toSet());
    if (held.contains("ALL PRIVILEGES")) {
      return List.of();
    }
    return needed.entrySet().stream()
        .filter(e -> !held.contains(e.getKey()))
        .filter(e -> !(held.contains("SUPER") && partsOfSuper.contains(e.getKey())))
        .map(e -> "lacks the grant " + e.getKey() + ": " + e.getValue())
        .sorted()
        .toList();
  }

  /** The statements that make a user with these rights; the password is left to fill in. */
  public List<String> statements(String user) {
    String rights = needed.keySet().stream().sorted().collect(Collectors.joining(", "));
    return Stream.concat(
            Stream.of(
                "CREATE USER '" + user + "'@'%' IDENTIFIED BY '<password>';",
                "GRANT " + rights + " ON *.* TO '" + user + "'@'%';"),
            Stream.concat(
                readable.stream()
                    .map(table -> "GRANT SELECT ON " + table + " TO '" + user + "'@'%';"),
                forEvents.isEmpty()
                    ? Stream.of()
                    : Stream.of(
                        "GRANT "
                            + String.join(", ", forEvents)
                            + " ON *.* TO '"
                            + user
                            + "'@'%';")))
        .toList();
  }
}
