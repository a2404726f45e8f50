package topiary.app.v1;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import topiary.app.text.LongQueryText;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;

/** Which statements run for long, asked of the servers at once. */
final class LongQueries {

  /** orchestrator's, while it had this. */
  static final int SECONDS = 60;

  /** Asks one server; for so long or longer. */
  interface Server {
    List<LongQuery> ask(InstanceKey key, int seconds) throws RequestRefused;
  }

  private final Server server;

  LongQueries(Server server) {
    this.server = server;
  }

  Answer of(InstanceKey key, int seconds) throws RequestRefused {
    var found = new ArrayList<LongQueryText.Line>();
    server.ask(key, seconds).forEach(query -> found.add(new LongQueryText.Line(key, query)));
    return answer(seconds, found, Map.of());
  }

  /** Those who cannot be asked are told with why, and keep nobody from being answered. */
  Answer of(List<Instance> members, int seconds) {
    var found = new ArrayList<LongQueryText.Line>();
    var unasked = new LinkedHashMap<InstanceKey, String>();
    for (Instance member : members) {
      InstanceKey key = member.key();
      if (!member.seen()) {
        // Each would take its whole deadline.
        unasked.put(key, member.condition().words());
        continue;
      }
      try {
        server.ask(key, seconds).forEach(query -> found.add(new LongQueryText.Line(key, query)));
      } catch (RequestRefused e) {
        unasked.put(key, e.getMessage());
      }
    }
    return answer(seconds, found, unasked);
  }

  private static Answer answer(
      int seconds, List<LongQueryText.Line> found, Map<InstanceKey, String> unasked) {
    found.sort(
        Comparator.comparingLong((LongQueryText.Line line) -> -line.query().seconds())
            .thenComparing(LongQueryText.Line::server));
    var json = new LinkedHashMap<String, Object>();
    json.put("seconds", seconds);
    json.put("queries", found.stream().map(LongQueries::json).toList());
    json.put(
        "unasked",
        unasked.entrySet().stream()
            .map(
                e -> {
                  var one = new LinkedHashMap<String, Object>();
                  one.put("instance", e.getKey().toString());
                  one.put("why", e.getValue());
                  return one;
                })
            .toList());
    return Answer.ok(json, ink -> new LongQueryText(ink).of(seconds, found, unasked));
  }

  private static Map<String, Object> json(LongQueryText.Line line) {
    LongQuery query = line.query();
    var json = new LinkedHashMap<String, Object>();
    json.put("instance", line.server().toString());
    json.put("id", query.id());
    json.put("user", query.user());
    json.put("host", query.host());
    json.put("database", query.database());
    json.put("command", query.command());
    json.put("seconds", query.seconds());
    json.put("state", query.state());
    json.put("text", query.text());
    return json;
  }
}
