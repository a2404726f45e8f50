package topiary.engine.policy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an operator's own queries and patterns are to tell of servers.
 *
 * @param every how often a server is asked what hardly ever changes, 1 s or more
 * @param lag a query that tells how late a server is, in seconds; asked at every look
 * @param traits how each trait is told; those that nothing tells are left out
 */
public record Detection(Duration every, Optional<Query> lag, Map<Trait, Teller> traits) {

  /** Nothing is told. */
  public static final Detection NONE =
      new Detection(Duration.ofMinutes(5), Optional.empty(), Map.of());

  public Detection {
    traits = Map.copyOf(traits);
    if (every.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("servers are asked every 1 s at the most: " + every);
    }
  }

  /** What can be told of a server. */
  public enum Trait {
    DATA_CENTER("data centre"),
    REGION("region"),
    ENVIRONMENT("environment"),
    ALIAS("alias"),
    PROMOTION_RULE("promotion rule"),
    SEMI_SYNC_PRIORITY("semi-sync priority"),
    /** Only a head is asked. */
    CLUSTER_ALIAS("cluster's alias"),
    /** Only a head is asked. */
    CLUSTER_DOMAIN("cluster's domain");

    private final String words;

    Trait(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }

    /** Whether only the head of a cluster can tell. */
    public boolean ofCluster() {
      return this == CLUSTER_ALIAS || this == CLUSTER_DOMAIN;
    }

    /** Whether a host name can tell. */
    public boolean inHostName() {
      return this == DATA_CENTER || this == REGION || this == ENVIRONMENT;
    }
  }

  /**
   * How a trait is told. The query counts where both tell.
   *
   * @param query the first column of its first row
   * @param pattern the first group of its first match in the host name
   */
  public record Teller(Optional<Query> query, Optional<Pattern> pattern) {

    /** What a host name tells; empty for nothing. */
    public String in(String host) {
      return pattern
          .map(p -> p.matcher(host))
          .filter(Matcher::find)
          .map(m -> m.groupCount() == 0 ? m.group() : m.group(1))
          .orElse("");
    }
  }

  /**
   * An operator's query, sent as it is.
   *
   * @param sql one statement that only reads
   */
  public record Query(String sql) {

    private static final Pattern READS = Pattern.compile("(?is)[\\s(]*(select|show)\\b.*");
    private static final Pattern WRITES =
        Pattern.compile("(?is).*\\b(into\\s+(outfile|dumpfile|@)|for\\s+update)\\b.*");

    /** What is in quotes, and comments, which may hold anything. */
    private static final Pattern OPAQUE =
        Pattern.compile(
            "'(?:[^'\\\\]|\\\\.|'')*'|\"(?:[^\"\\\\]|\\\\.|\"\")*\"|`[^`]*`", Pattern.DOTALL);

    public Query {
      String bare = OPAQUE.matcher(sql).replaceAll("''").strip();
      String one = bare.endsWith(";") ? bare.substring(0, bare.length() - 1) : bare;
      if (!READS.matcher(one).matches() || WRITES.matcher(one).matches() || one.contains(";")) {
        throw new IllegalArgumentException(
            "takes one statement that only reads, SELECT … or SHOW …");
      }
    }
  }
}
