package topiary.app.legacy;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import topiary.engine.model.InstanceKey;

/** What is asked about servers. */
final class InstanceAnswers {

  private static final Comparator<LegacyInstance> SEARCH_ORDER =
      Comparator.comparing(LegacyInstance::depth)
          .thenComparing(i -> i.replicas().size(), Comparator.reverseOrder())
          .thenComparing(LegacyInstance::cluster)
          .thenComparing(LegacyInstance::key);

  private final Supplier<Picture> now;

  InstanceAnswers(Supplier<Picture> now) {
    this.now = now;
  }

  /** The server that a path names by host and port. */
  static LegacyInstance known(Picture picture, Call call) throws Trouble {
    InstanceKey key = Hints.server(picture, call.path("host"), call.path("port"));
    return picture
        .instance(key)
        .orElseThrow(() -> new Trouble("Cannot read instance: " + Text.of(key)));
  }

  Answer one(Call call) throws Trouble {
    return Answer.raw(InstanceJson.of(known(now.get(), call)));
  }

  /** Who replicates from a server, even from one that is known by its replicas only. */
  Answer replicas(Call call) throws Trouble {
    Picture picture = now.get();
    InstanceKey key = Hints.server(picture, call.path("host"), call.path("port"));
    return Answer.raw(InstanceJson.all(picture.replicas(key)));
  }

  Answer all(Call call) {
    return Answer.raw(found(""));
  }

  Answer search(Call call) {
    String inPath = call.path("searchString");
    String sought = inPath.isEmpty() ? call.query().getOrDefault("s", "") : inPath;
    return Answer.raw(found(sought.strip()));
  }

  private List<Object> found(String sought) {
    String lower = sought.toLowerCase(Locale.ROOT);
    return InstanceJson.all(
        now.get().all().stream().filter(i -> matches(i, lower)).sorted(SEARCH_ORDER).toList());
  }

  private static boolean matches(LegacyInstance i, String sought) {
    return i.searchable().anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(sought))
        || sought.equals(Integer.toString(i.key().port()))
        || i.facts().filter(f -> sought.equals("" + f.identity().serverId())).isPresent();
  }

  Answer problems(Call call) {
    Pattern cluster = like(call.path("clusterName"));
    List<LegacyInstance> troubled =
        now.get().all().stream()
            .filter(i -> !i.problems().isEmpty() && cluster.matcher(i.cluster()).matches())
            .toList();
    return Answer.raw(troubled.isEmpty() ? null : InstanceJson.all(troubled));
  }

  /** SQL's LIKE, which orchestrator compares cluster names with here; nothing means everything. */
  private static Pattern like(String sql) {
    String regex =
        sql.isEmpty()
            ? ".*"
            : sql.chars()
                .mapToObj(
                    c ->
                        switch (c) {
                          case '%' -> ".*";
                          case '_' -> ".";
                          default -> Pattern.quote(Character.toString(c));
                        })
                .collect(Collectors.joining());
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }

  Answer keys(Call call) {
    List<Map<String, Object>> keys = Json.keys(now.get().keys());
    return Answer.raw(keys.isEmpty() ? null : keys);
  }
}
