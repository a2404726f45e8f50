package topiary.app.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import topiary.engine.policy.Detection;
import topiary.engine.policy.Detection.Trait;

/** Reads what a node's file says an operator's own queries and patterns are to tell of servers. */
final class DetectReader {

  static final String KEY = "detect";

  private static final Map<String, Trait> TRAITS = new LinkedHashMap<>();

  static {
    TRAITS.put("dataCenter", Trait.DATA_CENTER);
    TRAITS.put("region", Trait.REGION);
    TRAITS.put("environment", Trait.ENVIRONMENT);
    TRAITS.put("alias", Trait.ALIAS);
    TRAITS.put("promotionRule", Trait.PROMOTION_RULE);
    TRAITS.put("semiSyncPriority", Trait.SEMI_SYNC_PRIORITY);
    TRAITS.put("clusterAlias", Trait.CLUSTER_ALIAS);
    TRAITS.put("clusterDomain", Trait.CLUSTER_DOMAIN);
  }

  private final Path file;

  private DetectReader(Path file) {
    this.file = file;
  }

  /** Nothing is detected when the file says nothing. */
  static Detection read(Path file, Map<String, Object> json) throws BadConfig {
    if (!json.containsKey(KEY)) {
      return Detection.NONE;
    }
    var reader = new DetectReader(file);
    if (!(json.get(KEY) instanceof Map<?, ?> detect)) {
      throw reader.bad("is {\"lag\": {\"query\": \"…\"}, …}");
    }
    return reader.read(detect);
  }

  private Detection read(Map<?, ?> detect) throws BadConfig {
    Duration every = Detection.NONE.every();
    Optional<Detection.Query> lag = Optional.empty();
    var traits = new EnumMap<Trait, Detection.Teller>(Trait.class);
    for (Map.Entry<?, ?> entry : detect.entrySet()) {
      String key = String.valueOf(entry.getKey());
      switch (key) {
        case "everySeconds" -> every = every(entry.getValue());
        case "lag" -> lag = teller(key, entry.getValue(), false).query();
        default -> {
          Trait trait = TRAITS.get(key);
          if (trait == null) {
            throw bad(
                "has an unknown key \""
                    + key
                    + "\"; there are everySeconds, lag, "
                    + String.join(", ", TRAITS.keySet()));
          }
          traits.put(trait, teller(key, entry.getValue(), trait.inHostName()));
        }
      }
    }
    return new Detection(every, lag, traits);
  }

  private Duration every(Object value) throws BadConfig {
    if (value instanceof Number n && n.doubleValue() >= 1 && n.doubleValue() <= 86_400) {
      return Duration.ofMillis(Math.round(n.doubleValue() * 1000));
    }
    throw bad("takes as \"everySeconds\" a number of seconds from 1 to 86400");
  }

  private Detection.Teller teller(String key, Object value, boolean patterns) throws BadConfig {
    Set<String> known = patterns ? Set.of("query", "pattern") : Set.of("query");
    boolean fits =
        value instanceof Map<?, ?> m
            && !m.isEmpty()
            && m.keySet().stream().allMatch(known::contains)
            && m.values().stream().allMatch(String.class::isInstance);
    if (!fits) {
      List<String> words = known.stream().sorted().map(k -> "\"" + k + "\": \"…\"").toList();
      throw bad("takes as \"" + key + "\" {" + String.join("} or {", words) + "}");
    }
    Map<?, ?> teller = (Map<?, ?>) value;
    return new Detection.Teller(
        teller.containsKey("query")
            ? Optional.of(query(key, (String) teller.get("query")))
            : Optional.empty(),
        teller.containsKey("pattern")
            ? Optional.of(pattern(key, (String) teller.get("pattern")))
            : Optional.empty());
  }

  private Detection.Query query(String key, String sql) throws BadConfig {
    try {
      return new Detection.Query(sql);
    } catch (IllegalArgumentException e) {
      throw new BadConfig(file + ": \"" + KEY + "\": \"" + key + "\" " + e.getMessage(), e);
    }
  }

  private Pattern pattern(String key, String regex) throws BadConfig {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new BadConfig(
          file + ": \"" + KEY + "\": \"" + key + "\" is not a pattern: " + e.getDescription(), e);
    }
  }

  private BadConfig bad(String sentence) {
    return new BadConfig(file + ": \"" + KEY + "\" " + sentence);
  }
}
