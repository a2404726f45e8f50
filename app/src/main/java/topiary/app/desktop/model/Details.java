package topiary.app.desktop.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.Topology;

/** Everything known of a server, in groups. */
public final class Details {

  /**
   * Rows that belong together.
   *
   * @param title of the group
   * @param rows in order
   */
  public record Group(String title, List<Row> rows) {
    public Group {
      rows = List.copyOf(rows);
    }
  }

  /**
   * One thing known.
   *
   * @param name what
   * @param value how
   */
  public record Row(String name, String value) {}

  private final List<Row> rows = new ArrayList<>();

  private Details() {}

  /** All groups; those without anything to say are left out. */
  public static List<Group> of(Instance i, Topology in, Optional<ClusterId> cluster) {
    var groups = new ArrayList<Group>();
    ServerCard card = ServerCard.of(i, in);
    groups.add(
        new Details()
            .row("State", card.state())
            .row("Problem", card.problem())
            .row("Role", card.role())
            .row("Writes", card.writes())
            .row("Source", i.source().map(InstanceKey::toString).orElse(""))
            .row("Replicas", names(in.replicasOf(i.key())))
            .group("Now"));
    i.facts().ifPresent(f -> facts(groups, f));
    groups.add(
        new Details()
            .row("Cluster", cluster.map(ClusterId::text).orElse(""))
            .row("Looked at", i.lastAttempt().map(Instant::toString).orElse(""))
            .row("Last seen", i.lastSeen().map(Instant::toString).orElse(""))
            .row("The look took", i.latency().toMillis() + " ms")
            .group("Observation"));
    groups.removeIf(g -> g.rows().isEmpty());
    return List.copyOf(groups);
  }

  private static void facts(List<Group> groups, Facts f) {
    for (Channel c : f.channels()) {
      groups.add(channel(c, f.channels().size() > 1 ? " " + c.name() : ""));
    }
    var id = f.identity();
    var settings = f.settings();
    var positions = f.positions();
    groups.add(
        new Details()
            .row("Executed GTID", positions.executedGtid())
            .row("Logged GTID", positions.loggedGtid())
            .row("End of binary log", f.settings().logBin() ? positions.logEnd().toString() : "")
            .row("Up for", positions.uptimeSeconds() + " s")
            .group("Position"));
    groups.add(
        new Details()
            .row("Version", id.flavor().label() + " " + id.version().text())
            .row("Build", id.versionComment())
            .row("Host name", id.hostname())
            .row("Reported as", id.reported().map(InstanceKey::toString).orElse(""))
            .row("Server id", Long.toString(id.serverId()))
            .row("Server uuid", id.uuid().orElse(""))
            .group("Identity"));
    groups.add(
        new Details()
            .row("Read-only", onOff(settings.readOnly()))
            .row("Binary log", onOff(settings.logBin()))
            .row("Logs replica updates", onOff(settings.logReplicaUpdates()))
            .row("Binlog format", settings.binlogFormat().name())
            .row("Row image", settings.binlogRowImage())
            .row("Strict GTID mode", onOff(settings.gtidStrict()))
            .row("Complaints", String.join("; ", f.complaints()))
            .group("Settings"));
  }

  private static Group channel(Channel c, String name) {
    var progress = c.progress();
    return new Details()
        .row("Source", c.source().toString())
        .row("Receiving", c.io().name().toLowerCase(java.util.Locale.ROOT))
        .row("Applying", c.sql().name().toLowerCase(java.util.Locale.ROOT))
        .row("Behind", progress.secondsBehind().map(s -> s + " s").orElse("unknown"))
        .row("Held back", c.delaySeconds() == 0 ? "" : c.delaySeconds() + " s on purpose")
        .row("Receiving error", error(c.ioError()))
        .row("Applying error", error(c.sqlError()))
        .row("GTID", c.gtid().name())
        .row("Received GTID", progress.receivedGtid())
        .row("Read up to", progress.read().toString())
        .row("Applied up to", progress.executed().toString())
        .row("User", c.user())
        .row("TLS", onOff(c.tls()))
        .row("Filters", onOff(c.filtered()))
        .group("Replication" + name);
  }

  private static String error(ReplicationError e) {
    return e.present() ? e.code() + ": " + e.message() : "";
  }

  private static String names(List<InstanceKey> keys) {
    return keys.stream().map(InstanceKey::toString).collect(Collectors.joining(", "));
  }

  private static String onOff(boolean value) {
    return value ? "on" : "off";
  }

  private Details row(String name, String value) {
    if (!value.isEmpty()) {
      rows.add(new Row(name, value));
    }
    return this;
  }

  private Group group(String title) {
    return new Group(title, rows);
  }

  /** All of it as text, for the clipboard. */
  public static String text(InstanceKey key, List<Group> groups) {
    return groups.stream()
        .map(
            g ->
                g.rows().stream()
                    .map(r -> r.name() + ": " + r.value() + "\n")
                    .collect(Collectors.joining("", g.title() + "\n", "")))
        .collect(Collectors.joining("\n", key + "\n\n", ""));
  }
}
