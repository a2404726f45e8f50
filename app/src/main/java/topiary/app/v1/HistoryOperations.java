package topiary.app.v1;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import topiary.app.json.BadField;
import topiary.app.json.Fields;
import topiary.app.json.InstanceReader;
import topiary.app.json.Json;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Names;
import topiary.engine.model.Topology;
import topiary.engine.port.History;
import topiary.engine.said.Said;

/** What is asked about what was seen. */
final class HistoryOperations {

  private final Optional<History> history;

  HistoryOperations(Optional<History> history) {
    this.history = history;
  }

  private History known() throws RequestRefused {
    return history.orElseThrow(
        () -> new RequestRefused(RequestRefused.Kind.REFUSED, "this node keeps no history"));
  }

  /**
   * The fleet at a moment.
   *
   * @param sight what was known of it
   * @param json what is to be said besides
   * @param words the same for people
   */
  record Then(Sight sight, Map<String, Object> json, String words) {}

  Then at(Instant at) throws RequestRefused {
    Optional<History.Moment> found = known().at(at);
    if (found.isEmpty()) {
      throw new RequestRefused(
          RequestRefused.Kind.UNKNOWN,
          "this node knows nothing of " + at + since(known().extent().from()));
    }
    History.Moment moment = found.get();
    var json = new LinkedHashMap<String, Object>();
    json.put("at", at.toString());
    json.put("recorded", moment.recorded().toString());
    json.put("running", moment.running());
    String words =
        moment.running()
            ? "As this node knew it at " + at + ".\n"
            : "This node was not running at "
                + at
                + ". As it knew it last, at "
                + moment.recorded()
                + ".\n";
    return new Then(sight(at, moment), json, words);
  }

  private static String since(Optional<Instant> from) {
    return from.map(first -> "; its history begins at " + first)
        .orElse("; its history has not begun yet");
  }

  private static Sight sight(Instant at, History.Moment moment) throws RequestRefused {
    SortedMap<InstanceKey, Instance> servers = new TreeMap<>();
    SortedMap<InstanceKey, ClusterId> clusters = new TreeMap<>();
    for (var server : moment.servers().entrySet()) {
      var fields = Fields.old(server.getValue());
      try {
        servers.put(server.getKey(), InstanceReader.instance(fields));
        InstanceReader.cluster(fields).ifPresent(id -> clusters.put(server.getKey(), id));
      } catch (BadField e) {
        throw new RequestRefused(
            RequestRefused.Kind.BROKEN,
            "what is kept of "
                + server.getKey()
                + " is none this version can read: "
                + e.getMessage(),
            e);
      }
    }
    return new Sight(
        new Topology(0, servers), clusters, new Names(new TreeMap<>()), Said.NOTHING, at);
  }

  Answer changes(History.Asked asked) throws RequestRefused {
    List<History.Event> events = known().changes(asked);
    return Answer.ok(
        events.stream().map(HistoryOperations::json).toList(),
        ink ->
            events.isEmpty()
                ? "Nothing changed from " + asked.from() + " to " + asked.to() + ".\n"
                : events.stream().map(HistoryOperations::line).collect(Collectors.joining()));
  }

  /** Since when there is a history here; empty when there is none. */
  Optional<Instant> since() {
    return history.flatMap(h -> h.extent().from());
  }

  /** What the document of a server has that was in a cluster. */
  static Map<String, Object> of(String cluster) {
    return Map.of("cluster", cluster);
  }

  Answer counts(History.Asked asked, int parts) throws RequestRefused {
    History.Extent kept = known().extent();
    List<History.Count> counts = known().counts(asked, parts);
    var extent = new LinkedHashMap<String, Object>();
    extent.put("from", kept.from().map(Instant::toString).orElse(null));
    extent.put("to", kept.to().map(Instant::toString).orElse(null));
    extent.put("bytes", kept.bytes());
    var json = new LinkedHashMap<String, Object>();
    json.put("from", asked.from().toString());
    json.put("to", asked.to().toString());
    json.put("kept", extent);
    json.put("counts", counts.stream().map(HistoryOperations::json).toList());
    return Answer.ok(
        json,
        ink ->
            kept.from()
                    .map(from -> "This node has a history since " + from + ".\n")
                    .orElse("The history of this node has not begun yet.\n")
                + counts.stream()
                    .map(c -> c.at() + "  " + c.changes() + "\n")
                    .collect(Collectors.joining()));
  }

  private static Map<String, Object> json(History.Count count) {
    var json = new LinkedHashMap<String, Object>();
    json.put("at", count.at().toString());
    json.put("changes", count.changes());
    return json;
  }

  private static Map<String, Object> json(History.Event event) {
    var json = new LinkedHashMap<String, Object>();
    json.put("at", event.at().toString());
    json.put("instance", event.server().toString());
    json.put("kind", event.kind().name());
    var fields = new LinkedHashMap<String, Object>();
    event
        .fields()
        .forEach(
            (path, different) -> {
              var values = new LinkedHashMap<String, Object>();
              values.put("before", different.before());
              values.put("after", different.after());
              fields.put(path, values);
            });
    json.put("fields", fields);
    return json;
  }

  private static String line(History.Event event) {
    String what =
        switch (event.kind()) {
          case CAME -> "is looked after from here on";
          case GONE -> "is looked after no more";
          case CHANGED ->
              event.fields().entrySet().stream()
                  .filter(f -> !TIMES.contains(f.getKey()))
                  .map(f -> f.getKey() + " " + text(f.getValue()))
                  .collect(Collectors.joining(", "));
        };
    return event.at() + "  " + event.server() + "  " + what + "\n";
  }

  /** What is another at every look, and says nothing to people. */
  private static final List<String> TIMES =
      List.of("lastAttempt", "lastSeen", "latencyMillis", "uptimeSeconds");

  private static String text(History.Different different) {
    return text(different.before()) + " → " + text(different.after());
  }

  private static String text(Object value) {
    return switch (value) {
      case null -> "nothing";
      case String s when s.isEmpty() -> "\"\"";
      case String s -> s.replaceAll("\\s*\\R\\s*", " ");
      case List<?> list -> Json.text(list);
      default -> value.toString();
    };
  }
}
