package topiary.app.main;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Takes out what nobody but its owner is to read. */
final class Redaction {

  /** What stands where a secret stood. */
  static final String SECRET = "<secret>";

  /** Shorter ones are found everywhere by chance, and taking them out would tell what they are. */
  private static final int LEAST = 4;

  private Redaction() {}

  /** A node's file without secrets: where a password is kept stays, what somebody wrote in goes. */
  static Object config(Object json) {
    return switch (json) {
      case Map<?, ?> map -> {
        var kept = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> kept.put(String.valueOf(key), config(key, value)));
        yield kept;
      }
      case List<?> list -> list.stream().map(Redaction::config).toList();
      case String text -> text.replaceAll("(?<=://)[^/@\\s]*@", SECRET + "@");
      case null, default -> json;
    };
  }

  private static Object config(Object key, Object value) {
    String name = String.valueOf(key).toLowerCase(Locale.ROOT);
    boolean secret =
        name.contains("password")
            || name.contains("secret")
            || name.contains("token")
            || name.equals("webhook");
    if (!secret || value == null) {
      return config(value);
    }
    boolean source =
        value instanceof Map<?, ?> map
            && map.size() == 1
            && Set.of("file", "env").containsAll(map.keySet())
            && map.values().iterator().next() instanceof String;
    return source ? value : SECRET;
  }

  /** A text without these secrets. */
  static String text(String text, Collection<String> secrets) {
    // All at once, so that none is looked for in what stands for another; one may be a part of
    // another, so the longer ones first.
    String any =
        secrets.stream()
            .filter(secret -> secret.length() >= LEAST)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return any.isEmpty() ? text : text.replaceAll(any, SECRET);
  }
}
