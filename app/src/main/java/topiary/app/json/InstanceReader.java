package topiary.app.json;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Capability;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Identity;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Look;
import topiary.engine.model.Positions;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.Settings;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Version;

/** Servers from JSON: what {@link InstanceJson} wrote, read back. */
public final class InstanceReader {

  private InstanceReader() {}

  /**
   * One server.
   *
   * @throws BadField when it is not as {@link InstanceJson} writes it
   */
  public static Instance instance(Fields i) throws BadField {
    return new Instance(
        i.key("instance"),
        i.constant("condition", Condition.class),
        i.optional("sentence").orElse(""),
        i.has("serverId") ? Optional.of(facts(i)) : Optional.empty(),
        i.instant("lastAttempt"),
        i.instant("lastSeen"),
        latency(i),
        i.instant("sourcesSince"),
        i.instant("failingSince"));
  }

  private static Duration latency(Fields i) throws BadField {
    return Duration.ofNanos(Math.round(i.real("latencyMillis") * 1e6));
  }

  /** What another look has changed of a server that is as it was. */
  public static Look look(Fields i) throws BadField {
    return new Look(
        i.instant("lastAttempt"), i.instant("lastSeen"), latency(i), i.number("uptimeSeconds"));
  }

  /** The tree a server belongs to. */
  public static Optional<ClusterId> cluster(Fields i) throws BadField {
    return i.made("cluster", ClusterId::new);
  }

  private static Facts facts(Fields i) throws BadField {
    String flavor = i.text("flavor");
    return new Facts(
        new Identity(
            i.number("serverId"),
            i.optional("serverUuid"),
            Arrays.stream(Flavor.values())
                .filter(f -> f.label().equals(flavor))
                .findFirst()
                .orElse(Flavor.UNKNOWN),
            Version.parse(i.text("version")),
            i.text("versionComment"),
            i.text("hostname"),
            i.made("reportedAddress", InstanceKey::parse),
            capabilities(i)),
        new Settings(
            i.flag("readOnly"),
            i.flag("superReadOnly"),
            i.flag("logBin"),
            i.flag("logReplicaUpdates"),
            i.constant("binlogFormat", BinlogFormat.class),
            i.text("binlogRowImage"),
            i.flag("gtidStrict"),
            i.text("gtidMode"),
            tls(i)),
        i.objects("channels", InstanceReader::channel),
        i.keys("reportedReplicas"),
        new Positions(
            new BinlogPosition(i.text("logFile"), i.number("logOffset")),
            i.text("executedGtid"),
            i.text("loggedGtid"),
            i.text("purgedGtid"),
            i.text("historyGtid"),
            i.number("uptimeSeconds")),
        i.texts("complaints"),
        FactsJson.semiSync(i),
        FactsJson.group(i),
        FactsJson.background(i),
        i.has("lagSeconds") ? Optional.of(i.number("lagSeconds")) : Optional.empty());
  }

  /** Nodes of earlier versions do not tell. */
  private static Settings.Tls tls(Fields i) throws BadField {
    return new Settings.Tls(
        i.has("tlsAvailable") ? Optional.of(i.flag("tlsAvailable")) : Optional.empty(),
        i.has("tlsRequired") && i.flag("tlsRequired"));
  }

  /** Those known here; what a newer node knows besides is of no use to an older window. */
  private static Set<Capability> capabilities(Fields i) throws BadField {
    List<String> names = i.texts("capabilities");
    return Stream.of(Capability.values())
        .filter(c -> names.contains(c.name()))
        .collect(Collectors.toSet());
  }

  private static Channel channel(Fields c) throws BadField {
    return new Channel(
        c.text("name"),
        c.key("source"),
        c.text("user"),
        c.constant("gtid", GtidUse.class),
        c.constant("io", ThreadState.class),
        c.constant("sql", ThreadState.class),
        c.flag("filtered"),
        c.flag("tls"),
        (int) c.number("delaySeconds"),
        new Channel.Progress(
            position(c, "readPosition"),
            position(c, "executedPosition"),
            position(c, "relayPosition"),
            c.text("receivedGtid"),
            c.has("secondsBehind") ? Optional.of(c.number("secondsBehind")) : Optional.empty()),
        error(c, "ioError"),
        error(c, "sqlError"),
        FactsJson.setup(c));
  }

  private static BinlogPosition position(Fields c, String name) throws BadField {
    return c.made(
            name,
            text -> {
              int colon = text.lastIndexOf(':');
              return new BinlogPosition(
                  text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
            })
        .orElse(BinlogPosition.NONE);
  }

  private static ReplicationError error(Fields c, String name) throws BadField {
    if (!c.has(name)) {
      return ReplicationError.NONE;
    }
    Fields error = c.object(name);
    return new ReplicationError((int) error.number("code"), error.text("message"));
  }

  /** Several servers. */
  public static List<Instance> all(Fields of, String name) throws BadField {
    return of.objects(name, InstanceReader::instance);
  }
}
