package topiary.app.desktop.model;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import topiary.app.gateway.FindingView;
import topiary.engine.analysis.Errant;
import topiary.engine.finding.Evidence;
import topiary.engine.finding.Severity;
import topiary.engine.model.Background;
import topiary.engine.model.Channel;
import topiary.engine.model.Cloud;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Settings;
import topiary.engine.model.Topology;
import topiary.engine.said.Attribute;
import topiary.engine.said.OfServer;

/** Everything known of a server, in groups. */
public final class Details {

  /**
   * Rows that belong together.
   *
   * @param title of the group
   * @param seen since when it is not known to be so any more; empty while it is
   * @param rows in order
   */
  public record Group(String title, String seen, List<Row> rows) {
    public Group {
      rows = List.copyOf(rows);
    }

    /** The same with other rows. */
    Group with(List<Row> others) {
      return new Group(title, seen, others);
    }
  }

  /** What a value is, and so how it is shown. */
  public enum Kind {
    /** Words. */
    PLAIN,
    /** Taken from a server letter by letter. */
    CODE,
    /** Different at every look, so that a change of it is no news. */
    CLOCK,
    /** Said of the host by people, who can change it and take it away. */
    ATTRIBUTE
  }

  /**
   * One thing known.
   *
   * @param name what
   * @param value how, for people
   * @param exact the value behind it; empty when it is the value itself
   * @param kind what it is
   */
  public record Row(String name, String value, String exact, Kind kind) {

    private boolean contains(String text) {
      return (name + "\n" + value + "\n" + exact).toLowerCase(Locale.ROOT).contains(text);
    }

    /** What is copied: the exact value. */
    public String copied() {
      return exact.isEmpty() ? value : exact;
    }
  }

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private static final Map<Severity, String> SEVERITIES =
      Map.of(
          Severity.FAILURE, "Failure",
          Severity.TROUBLE, "Trouble",
          Severity.SUSPICION, "Suspicion",
          Severity.WARNING, "Warning");

  private final List<Row> rows = new ArrayList<>();

  private final ZonedDateTime now;

  private Details(ZonedDateTime now) {
    this.now = now;
  }

  /**
   * All groups; those without anything to say are left out.
   *
   * @param now the time, where the person is
   */
  static List<Group> of(Instance i, Topology in, Optional<ClusterId> cluster, ZonedDateTime now) {
    return of(i, in, cluster, OfServer.NOTHING, List.of(), List.of(), now);
  }

  /**
   * All groups, with what people say of it.
   *
   * @param found what is found of it
   * @param host what they say of its host
   * @param now the time, where the person is
   */
  public static List<Group> of(
      Instance i,
      Topology in,
      Optional<ClusterId> cluster,
      OfServer said,
      List<FindingView> found,
      List<Attribute> host,
      ZonedDateTime now) {
    var groups = new ArrayList<Group>();
    ServerCard card = ServerCard.of(i, in);
    groups.add(
        new Details(now)
            .row("State", card.state())
            .row("Problem", card.problem())
            .row("Role", card.role())
            .row("Writes", card.writes())
            .row("Source", i.source().map(InstanceKey::toString).orElse(""))
            .row("Replicas", names(in.replicasOf(i.key())))
            .group("Now"));
    groups.add(found(found, now));
    groups.add(said(said, now));
    groups.add(host(host, now));
    int known = groups.size();
    i.facts().ifPresent(f -> facts(groups, f, Errant.of(in, i.key()), now));
    if (!i.seen()) {
      // What was seen last is not how it is now.
      String seen =
          i.lastSeen().map(at -> "as of " + CLOCK.format(at.atZone(now.getZone()))).orElse("");
      groups.subList(known, groups.size()).replaceAll(g -> new Group(g.title(), seen, g.rows()));
    }
    groups.add(
        new Details(now)
            .row("Cluster", cluster.map(ClusterId::text).orElse(""))
            .moment("Looked at", i.lastAttempt())
            .moment("Last seen", i.lastSeen())
            .add("The look took", Human.count(i.latency().toMillis()) + " ms", "", Kind.CLOCK)
            .group("Observation"));
    groups.removeIf(g -> g.rows().isEmpty());
    return List.copyOf(groups);
  }

  private static Group found(List<FindingView> found, ZonedDateTime now) {
    var rows = new Details(now);
    for (FindingView f : found) {
      rows.row(SEVERITIES.get(f.severity()), f.code())
          .row("", Words.capital(f.words()) + "." + Alarm.waiting(f, now.toInstant()))
          .moment("Since", f.since());
      for (Evidence e : f.evidence()) {
        rows.row(e.server().toString(), Alarm.said(e));
      }
    }
    return rows.group("Found");
  }

  private static Group said(OfServer said, ZonedDateTime now) {
    var rows = new Details(now);
    said.downtime()
        .ifPresent(
            d ->
                rows.row("Downtime", words(d.owner(), d.reason()))
                    .ending("Downtime ends", d.until()));
    said.maintenance()
        .ifPresent(
            m ->
                rows.row("Maintenance", words(m.owner(), m.reason()))
                    .ending("Maintenance ends", m.until()));
    said.promotion()
        .ifPresent(
            p ->
                rows.row("Promotion", p.rule().word().replace('_', ' '))
                    .ending("Promotion rule ends", p.until()));
    return rows.row(
            "Tags",
            said.tags().entrySet().stream()
                .map(t -> t.getValue().isEmpty() ? t.getKey() : t.getKey() + "=" + t.getValue())
                .collect(Collectors.joining(", ")))
        .row("Pools", String.join(", ", said.pools()))
        .row("Cluster is called", said.clusterAlias())
        .group("Said of it");
  }

  private static Group host(List<Attribute> attributes, ZonedDateTime now) {
    var rows = new Details(now);
    for (Attribute a : attributes) {
      rows.add(a.name(), a.value(), "", Kind.ATTRIBUTE);
    }
    return rows.group("Said of its host");
  }

  private static String words(String owner, String reason) {
    return reason.isEmpty() ? owner : owner + ": " + reason;
  }

  private static void facts(
      List<Group> groups, Facts f, Optional<String> errant, ZonedDateTime now) {
    for (Channel c : f.channels()) {
      String which = c.name().isEmpty() ? "" : " " + c.name();
      groups.add(channel(c, f.channels().size() > 1 ? which : "", now));
    }
    f.lagSeconds()
        .ifPresent(
            late ->
                groups.add(new Details(now).span("By heartbeat", late, Kind.PLAIN).group("Lag")));
    groups.add(semiSync(f.semiSync(), now));
    f.group().ifPresent(g -> groups.add(replicationGroup(g, now)));
    groups.add(place(f.background(), now));
    var id = f.identity();
    var settings = f.settings();
    var positions = f.positions();
    // On MySQL both are one set.
    boolean maria = id.flavor() == Flavor.MARIADB;
    groups.add(
        new Details(now)
            .code("Executed GTID", positions.executedGtid())
            .code("Logged GTID", maria ? positions.loggedGtid() : "")
            .code("Purged GTID", positions.purgedGtid())
            .code("Errant GTID", errant.orElse(""))
            .code("End of binary log", f.settings().logBin() ? positions.logEnd().toString() : "")
            .span("Up for", positions.uptimeSeconds(), Kind.CLOCK)
            .group("Position"));
    groups.add(
        new Details(now)
            .row("Version", id.flavor().label() + " " + id.version().text())
            .row("Build", id.versionComment())
            .row("Host name", id.hostname())
            .row("Reported as", id.reported().map(InstanceKey::toString).orElse(""))
            .row("Server id", Long.toString(id.serverId()))
            .code("Server uuid", id.uuid().orElse(""))
            .group("Identity"));
    groups.add(
        new Details(now)
            .row("Read-only", onOff(settings.readOnly()))
            .row("Binary log", onOff(settings.logBin()))
            .row("Logs replica updates", onOff(settings.logReplicaUpdates()))
            .row("Binlog format", settings.binlogFormat().name())
            .row("Row image", settings.binlogRowImage())
            .row("Strict GTID mode", onOff(settings.gtidStrict()))
            .row("TLS connections", tls(settings.tls()))
            .row("Complaints", String.join("; ", f.complaints()))
            .group("Settings"));
  }

  private static String tls(Settings.Tls tls) {
    return tls.required()
        ? "no others are taken"
        : tls.available().map(can -> can ? "taken" : "not taken").orElse("");
  }

  private static Group channel(Channel c, String name, ZonedDateTime now) {
    var progress = c.progress();
    return new Details(now)
        .row("Source", c.source() + (c.detached() ? ", detached on purpose" : ""))
        .row("Receiving", c.io().name().toLowerCase(Locale.ROOT))
        .row("Applying", c.sql().name().toLowerCase(Locale.ROOT))
        .row("Behind", progress.secondsBehind().isEmpty() ? "unknown" : "")
        .span("Behind", progress.secondsBehind().orElse(-1L), Kind.PLAIN)
        .row("Held back", c.delaySeconds() == 0 ? "" : held(c.delaySeconds()))
        .row("Receiving error", c.detached() ? "" : error(c.ioError()))
        .row("Applying error", error(c.sqlError()))
        .row("GTID", c.gtid().name())
        .code("Received GTID", progress.receivedGtid())
        .code("Read up to", progress.read().toString())
        .code("Applied up to", progress.executed().toString())
        .row("User", c.user())
        .row("TLS", onOff(c.tls()))
        .row("Filters", filters(c))
        .group("Replication" + name);
  }

  private static String filters(Channel c) {
    String text = c.setup().filterText();
    return text.isEmpty() ? onOff(c.filtered()) : text;
  }

  private static Group semiSync(SemiSync s, ZonedDateTime now) {
    var source = s.source();
    var replica = s.replica();
    return new Details(now)
        .row("Waits", source.enabled() ? waits(source) : "")
        .row("Acknowledges", replica.enabled() ? (replica.active() ? "yes" : "not now") : "")
        .group("Semi-sync");
  }

  private static String waits(SemiSync.Source source) {
    return "for "
        + source.waitFor()
        + " of "
        + source.clients()
        + ", at most "
        + Human.count(source.timeoutMillis())
        + " ms"
        + (source.active() ? "" : "; not now");
  }

  private static Group replicationGroup(topiary.engine.model.Group g, ZonedDateTime now) {
    return new Details(now)
        .row("Member", (g.state() + " " + g.role()).strip().toLowerCase(Locale.ROOT))
        .row("Primary", g.primary().map(InstanceKey::toString).orElse(""))
        .row("Others", names(g.members()))
        .code("Name", g.name())
        .group("Group replication");
  }

  private static Group place(Background b, ZonedDateTime now) {
    var d = b.detected();
    return new Details(now)
        .row("Managed by", b.cloud().map(Cloud::label).orElse(""))
        .row("Alias", d.alias())
        .row("Data centre", d.dataCenter())
        .row("Region", d.region())
        .row("Environment", d.environment())
        .row("Promotion rule", d.promotionRule().orElse(""))
        .row("Semi-sync priority", d.semiSyncPriority() == 0 ? "" : "" + d.semiSyncPriority())
        .row("Cluster's alias", d.clusterAlias())
        .row("Cluster's domain", d.clusterDomain())
        .group("Place");
  }

  private static String held(long seconds) {
    return Human.span(seconds) + " on purpose";
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
    return add(name, value, "", Kind.PLAIN);
  }

  private Details code(String name, String value) {
    return add(name, value, "", Kind.CODE);
  }

  private Details span(String name, long seconds, Kind kind) {
    String words = seconds < 0 ? "" : Human.span(seconds);
    return add(name, words, seconds < 60 ? "" : Human.count(seconds) + " s", kind);
  }

  private Details ending(String name, Instant at) {
    return add(name, Human.ending(at, now), at.toString(), Kind.CLOCK);
  }

  private Details moment(String name, Optional<Instant> at) {
    return add(
        name,
        at.map(t -> Human.moment(t, now)).orElse(""),
        at.map(Instant::toString).orElse(""),
        Kind.CLOCK);
  }

  private Details add(String name, String value, String exact, Kind kind) {
    if (!value.isEmpty()) {
      rows.add(new Row(name, value, exact, kind));
    }
    return this;
  }

  private Group group(String title) {
    return new Group(title, "", rows);
  }

  /** What is left of it when only what contains a text is to be shown, by name or by value. */
  public static List<Group> matching(List<Group> groups, String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    return groups.stream()
        .map(
            g ->
                g.title().toLowerCase(Locale.ROOT).contains(wanted)
                    ? g
                    : g.with(g.rows().stream().filter(r -> r.contains(wanted)).toList()))
        .filter(g -> !g.rows().isEmpty())
        .toList();
  }

  /** All of it as text, for the clipboard. */
  public static String text(InstanceKey key, List<Group> groups) {
    return groups.stream()
        .map(
            g ->
                g.rows().stream()
                    .map(r -> r.name() + ": " + r.copied() + "\n")
                    .collect(
                        Collectors.joining(
                            "",
                            g.title() + (g.seen().isEmpty() ? "" : ", " + g.seen()) + "\n",
                            "")))
        .collect(Collectors.joining("\n", key + "\n\n", ""));
  }
}
