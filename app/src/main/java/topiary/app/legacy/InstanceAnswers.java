package topiary.app.legacy;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;

/** What is asked about servers. */
final class InstanceAnswers {

  private final Fleetview fleet;
  private final Supplier<Picture> now;
  private final InstantSource clock;

  InstanceAnswers(Fleetview fleet, Supplier<Picture> now, InstantSource clock) {
    this.fleet = fleet;
    this.now = now;
    this.clock = clock;
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
    return Answer.raw(picture.json(picture.replicas(key)));
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
    Picture picture = now.get();
    if (sought.isEmpty()) {
      return picture.everybody();
    }
    String lower = sought.toLowerCase(Locale.ROOT);
    return picture.json(picture.inSearchOrder().stream().filter(i -> matches(i, lower)).toList());
  }

  private static boolean matches(LegacyInstance i, String sought) {
    return i.searchable().anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(sought))
        || sought.equals(Integer.toString(i.key().port()))
        || i.facts().filter(f -> sought.equals("" + f.identity().serverId())).isPresent();
  }

  Answer problems(Call call) {
    Pattern cluster = like(call.path("clusterName"));
    Picture picture = now.get();
    List<LegacyInstance> troubled =
        picture.all().stream()
            .filter(i -> i.downtime().isEmpty())
            .filter(i -> !i.problems().isEmpty() && cluster.matcher(i.cluster()).matches())
            .toList();
    return Answer.raw(troubled.isEmpty() ? null : picture.json(troubled));
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

  /**
   * The statements that run long on a server; for how long says {@code ?seconds=}, else a minute,
   * as orchestrator had it while it had this path.
   */
  Answer longQueries(Call call) throws Trouble, RequestRefused {
    InstanceKey key = known(now.get(), call).key();
    String seconds = call.query().getOrDefault("seconds", "60");
    if (!seconds.matches("\\d{1,8}")) {
      throw new Trouble("Not a number of seconds: " + seconds);
    }
    return Answer.raw(
        fleet.longQueries(key, Integer.parseInt(seconds)).stream()
            .map(query -> process(key, query))
            .toList());
  }

  private Object process(InstanceKey key, LongQuery query) {
    var json = new Json();
    json.with("InstanceHostname", key.host());
    json.with("InstancePort", key.port());
    json.with("Id", query.id());
    json.with("User", query.user());
    json.with("Host", query.host());
    json.with("Db", query.database());
    json.with("Command", query.command());
    json.with("Time", query.seconds());
    json.with("State", query.state());
    json.with("Info", query.text());
    json.with("StartedAt", Text.stamp(clock.instant().minusSeconds(query.seconds())));
    return json.map();
  }

  Answer keys(Call call) {
    List<Map<String, Object>> keys = Json.keys(now.get().keys());
    return Answer.raw(keys.isEmpty() ? null : keys);
  }
}
