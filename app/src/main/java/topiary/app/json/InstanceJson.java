package topiary.app.json;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Look;
import topiary.engine.model.ReplicationError;

/** Servers as JSON. */
public final class InstanceJson {

  private InstanceJson() {}

  /**
   * One server.
   *
   * @param cluster its tree's id, null when it has none
   */
  public static Map<String, Object> of(Instance i, ClusterId cluster) {
    var tree =
        new Tree()
            .with("instance", i.key().toString())
            .with("host", i.key().host())
            .with("port", i.key().port())
            .with("cluster", cluster == null ? null : cluster.text())
            .with("condition", i.condition().name())
            .with("sentence", i.sentence().isEmpty() ? null : i.sentence())
            .with("lastAttempt", i.lastAttempt().map(Instant::toString))
            .with("lastSeen", i.lastSeen().map(Instant::toString))
            .with("latencyMillis", millis(i.latency()));
    i.facts().ifPresent(f -> facts(tree, f));
    return tree.done();
  }

  /** What another look changes of a server that is as it was. */
  public static Map<String, Object> look(Instance i) {
    Look look = i.look();
    return new Tree()
        .with("instance", i.key().toString())
        .with("lastAttempt", look.lastAttempt().map(Instant::toString))
        .with("lastSeen", look.lastSeen().map(Instant::toString))
        .with("latencyMillis", millis(look.latency()))
        .with("uptimeSeconds", look.uptimeSeconds())
        .done();
  }

  private static double millis(Duration latency) {
    return latency.toNanos() / 1e6;
  }

  private static void facts(Tree tree, Facts f) {
    var id = f.identity();
    var settings = f.settings();
    var positions = f.positions();
    tree.with("flavor", id.flavor().label())
        .with("version", id.version().text())
        .with("versionComment", id.versionComment())
        .with("serverId", id.serverId())
        .with("serverUuid", id.uuid())
        .with("hostname", id.hostname())
        .with("reportedAddress", id.reported().map(InstanceKey::toString))
        .with("capabilities", id.capabilities().stream().sorted().map(Enum::name).toList())
        .with("readOnly", settings.readOnly())
        .with("superReadOnly", settings.superReadOnly())
        .with("logBin", settings.logBin())
        .with("logReplicaUpdates", settings.logReplicaUpdates())
        .with("binlogFormat", settings.binlogFormat().name())
        .with("binlogRowImage", settings.binlogRowImage())
        .with("gtidStrict", settings.gtidStrict())
        .with("gtidMode", settings.gtidMode())
        .with("source", f.primaryChannel().map(c -> c.source().toString()))
        .with("channels", f.channels().stream().map(InstanceJson::channel).toList())
        .with("reportedReplicas", f.reportedReplicas().stream().map(InstanceKey::toString).toList())
        .with("logFile", positions.logEnd().file())
        .with("logOffset", positions.logEnd().offset())
        .with("executedGtid", positions.executedGtid())
        .with("loggedGtid", positions.loggedGtid())
        .with("purgedGtid", positions.purgedGtid())
        .with("historyGtid", positions.historyGtid())
        .with("uptimeSeconds", positions.uptimeSeconds())
        .with("complaints", f.complaints());
  }

  private static Map<String, Object> channel(Channel c) {
    var progress = c.progress();
    return new Tree()
        .with("name", c.name())
        .with("source", c.source().toString())
        .with("user", c.user())
        .with("gtid", c.gtid().name())
        .with("io", c.io().name())
        .with("sql", c.sql().name())
        .with("filtered", c.filtered())
        .with("tls", c.tls())
        .with("delaySeconds", c.delaySeconds())
        .with("secondsBehind", progress.secondsBehind())
        .with("receivedGtid", progress.receivedGtid())
        .with("readPosition", progress.read().toString())
        .with("executedPosition", progress.executed().toString())
        .with("relayPosition", progress.relay().toString())
        .with("ioError", error(c.ioError()))
        .with("sqlError", error(c.sqlError()))
        .done();
  }

  private static Map<String, Object> error(ReplicationError e) {
    return e.present()
        ? new Tree().with("code", e.code()).with("message", e.message()).done()
        : null;
  }

  /** Several servers, in order. */
  public static List<Map<String, Object>> all(
      List<Instance> instances, Map<?, ClusterId> clusters) {
    return instances.stream().map(i -> of(i, clusters.get(i.key()))).toList();
  }
}
