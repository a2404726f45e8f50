package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import topiary.app.gateway.Changed;
import topiary.engine.model.Condition;

/** What was different of a server, in words for people. Pure. */
final class PastWords {

  /** So many values are told one by one; of more, how many. */
  private static final int MOST = 6;

  /** The fields of the error of a thread. */
  private static final String ERROR = "channels\\.\\d+\\.(io|sql)Error\\..*";

  /** Longer values are cut off. */
  private static final int LONG = 90;

  /** What is another at every look, or follows from something else that is told. */
  private static final Set<String> SILENT =
      Set.of(
          "instance",
          "host",
          "port",
          "lastAttempt",
          "lastSeen",
          "latencyMillis",
          "sourcesSince",
          "failingSince",
          "uptimeSeconds",
          "logFile",
          "logOffset",
          "executedGtid",
          "loggedGtid",
          "purgedGtid",
          "historyGtid",
          "lagSeconds",
          "secondsBehind",
          "receivedGtid",
          "readPosition",
          "executedPosition",
          "relayPosition",
          "sourceUuid");

  /** As the details have them. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("io", "receiving"),
          Map.entry("sql", "applying"),
          Map.entry("ioError", "receiving error"),
          Map.entry("sqlError", "applying error"),
          Map.entry("delaySeconds", "held back, seconds"),
          Map.entry("gtid", "GTID"),
          Map.entry("tls", "TLS"),
          Map.entry("readOnly", "read-only"),
          Map.entry("superReadOnly", "super read-only"),
          Map.entry("logBin", "binary log"),
          Map.entry("logReplicaUpdates", "logs replica updates"),
          Map.entry("binlogFormat", "binlog format"),
          Map.entry("binlogRowImage", "row image"),
          Map.entry("gtidStrict", "strict GTID mode"),
          Map.entry("gtidMode", "GTID mode"),
          Map.entry("tlsAvailable", "takes TLS"),
          Map.entry("tlsRequired", "takes TLS only"),
          Map.entry("serverUuid", "server uuid"),
          Map.entry("serverId", "server id"),
          Map.entry("versionComment", "build"),
          Map.entry("hostname", "host name"),
          Map.entry("reportedAddress", "reported as"),
          Map.entry("reportedReplicas", "replicas"),
          Map.entry("semiSync", "semi-sync"));

  private final Changed of;
  private final List<String> said = new ArrayList<>();

  private PastWords(Changed of) {
    this.of = of;
  }

  /** What happened, in words after the server's name. */
  static String of(Changed event) {
    return switch (event.kind()) {
      case CAME -> "is looked after from here on";
      case GONE -> "is looked after no more";
      case CHANGED -> new PastWords(event).changed();
    };
  }

  /** How much it matters. */
  static Notice.Severity severity(Changed event) {
    if (event.kind() != Changed.Kind.CHANGED) {
      return Notice.Severity.NEWS;
    }
    var words = new PastWords(event);
    Optional<Changed.Values> condition = words.field("condition");
    if (condition.isPresent()) {
      String after = String.valueOf(condition.get().after());
      return after.equals(Condition.SEEN.name())
          ? words.first() ? Notice.Severity.NEWS : Notice.Severity.GOOD
          : after.equals(Condition.UNSEEN.name()) ? Notice.Severity.NEWS : Notice.Severity.ERROR;
    }
    boolean fails = event.fields().entrySet().stream().anyMatch(e -> error(e, true));
    boolean heals = event.fields().entrySet().stream().anyMatch(e -> error(e, false));
    return fails
        ? Notice.Severity.ERROR
        : heals
            ? Notice.Severity.GOOD
            : words.stops() ? Notice.Severity.WARNING : Notice.Severity.NEWS;
  }

  private static boolean error(Map.Entry<String, Changed.Values> field, boolean now) {
    boolean about = field.getKey().matches(ERROR);
    Changed.Values is = field.getValue();
    return about && (now ? is.after() != null : is.before() != null && is.after() == null);
  }

  private boolean stops() {
    return of.fields().entrySet().stream()
        .anyMatch(
            e ->
                e.getKey().matches("channels\\.\\d+\\.(io|sql)")
                    && "STOPPED".equals(e.getValue().after()));
  }

  private Optional<Changed.Values> field(String path) {
    return Optional.ofNullable(of.fields().get(path));
  }

  /** Whether it is the first look after the node began. */
  private boolean first() {
    return field("condition").filter(d -> "UNSEEN".equals(d.before())).isPresent();
  }

  private String changed() {
    Optional<Changed.Values> condition = field("condition");
    if (first()) {
      String now = condition(condition.get().after());
      return now.equals(Condition.SEEN.words())
          ? "was seen for the first time since the node began"
          : "was looked at for the first time since the node began: " + now + why();
    }
    condition.ifPresent(
        d -> said.add(condition(d.before()) + " → " + condition(d.after()) + why()));
    field("uptimeSeconds").filter(PastWords::less).ifPresent(d -> said.add("was restarted"));
    for (int channel : channels()) {
      source(channel);
      error(channel, "io");
      error(channel, "sql");
    }
    for (Map.Entry<String, Changed.Values> e : of.fields().entrySet()) {
      if (told(e.getKey()) && !e.getKey().matches(ERROR)) {
        said.add(
            name(e.getKey())
                + ": "
                + value(e.getValue().before())
                + " → "
                + value(e.getValue().after()));
      }
    }
    if (said.isEmpty()) {
      return Human.many(of.fields().size(), "value") + " of little weight differ";
    }
    int more = said.size() - MOST;
    return String.join("; ", more > 1 ? said.subList(0, MOST) : said)
        + (more > 1 ? "; and " + Human.many(more, "value") + " more" : "");
  }

  private String why() {
    return field("sentence")
        .map(Changed.Values::after)
        .map(why -> ": " + cut(why.toString()))
        .orElse("");
  }

  /** The numbers of the streams of which something is told. */
  private SortedSet<Integer> channels() {
    return of.fields().keySet().stream()
        .map(path -> path.split("\\."))
        .filter(parts -> parts[0].equals("channels") && parts.length > 2)
        .map(parts -> Integer.valueOf(parts[1]))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A stream that begins, ends or comes from elsewhere. */
  private void source(int channel) {
    field("channels." + channel + ".source")
        .ifPresent(
            d ->
                said.add(
                    d.before() == null
                        ? "replicates from " + d.after()
                        : d.after() == null
                            ? "replicates from " + d.before() + " no more"
                            : "source: " + d.before() + " → " + d.after()));
  }

  /** An error that came, is another, or is gone. */
  private void error(int channel, String thread) {
    String path = "channels." + channel + "." + thread + "Error.";
    Optional<Changed.Values> code = field(path + "code");
    Optional<Changed.Values> message = field(path + "message");
    if (!told(path + "code") || code.isEmpty() && message.isEmpty()) {
      return;
    }
    Object now = code.map(Changed.Values::after).orElse(null);
    Object text = message.map(Changed.Values::after).orElse(null);
    boolean gone = code.isPresent() && now == null;
    said.add(
        name("channels." + channel + "." + thread + "Error")
            + (gone
                ? " " + value(code.get().before()) + " is gone"
                : (now == null ? "" : " " + now) + (text == null ? "" : ": " + value(text))));
  }

  /** Whether a field is told with its values. */
  private boolean told(String path) {
    String[] parts = path.split("\\.");
    if (parts[0].equals("channels") && parts.length > 2) {
      Optional<Changed.Values> source = field("channels." + parts[1] + ".source");
      boolean whole = source.filter(d -> d.before() == null || d.after() == null).isPresent();
      return !whole && !parts[2].equals("source") && !SILENT.contains(parts[2]);
    }
    return !SILENT.contains(parts[0])
        && !List.of("condition", "sentence", "source", "channels").contains(parts[0]);
  }

  private static boolean less(Changed.Values d) {
    return d.before() instanceof Number before
        && d.after() instanceof Number after
        && after.longValue() < before.longValue();
  }

  private static String condition(Object value) {
    return Arrays.stream(Condition.values())
        .filter(c -> c.name().equals(value))
        .map(Condition::words)
        .findFirst()
        .orElse(value(value));
  }

  private static String name(String path) {
    String[] parts = path.split("\\.");
    boolean channel = parts[0].equals("channels") && parts.length > 2;
    String words =
        Arrays.stream(parts, channel ? 2 : 0, parts.length)
            .map(part -> NAMES.getOrDefault(part, spaced(part)))
            .collect(Collectors.joining(", "));
    return channel && !parts[1].equals("0")
        ? words + " of stream " + (Integer.parseInt(parts[1]) + 1)
        : words;
  }

  /** {@code dataCenter} is {@code data center}. */
  private static String spaced(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  private static String value(Object value) {
    return switch (value) {
      case null -> "nothing";
      case Boolean yes -> yes ? "on" : "off";
      case String s when s.isEmpty() -> "nothing";
      case String s -> cut(s.matches("[A-Z_]+") ? s.toLowerCase(Locale.ROOT).replace('_', ' ') : s);
      case List<?> list when list.isEmpty() -> "none";
      case List<?> list ->
          cut(list.stream().map(String::valueOf).collect(Collectors.joining(", ")));
      default -> cut(value.toString());
    };
  }

  private static String cut(String text) {
    String line = text.replaceAll("\\s*\\R\\s*", " ");
    return line.length() <= LONG ? line : line.substring(0, LONG - 1) + "…";
  }
}
