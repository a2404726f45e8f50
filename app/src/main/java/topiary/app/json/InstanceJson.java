package topiary.app.json;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Look;
import topiary.engine.model.ReplicationError;
import topiary.engine.said.OfServer;

/** Servers as JSON. */
public final class InstanceJson {

  private final Instance of;
  private final boolean form;

  private InstanceJson(Instance of, boolean form) {
    this.of = of;
    this.form = form;
  }

  /**
   * One server.
   *
   * @param cluster its tree's id, null when it has none
   */
  public static Map<String, Object> of(Instance i, ClusterId cluster) {
    return new InstanceJson(i, false).write(cluster);
  }

  /** The same as a form, with everything that moves to be filled in of a server. */
  public static Map<String, Object> form(Instance i, ClusterId cluster) {
    return new InstanceJson(i, true).write(cluster);
  }

  private Map<String, Object> write(ClusterId cluster) {
    var tree =
        new Tree()
            .with("instance", of.key().toString())
            .with("host", of.key().host())
            .with("port", of.key().port())
            .with("cluster", cluster == null ? null : cluster.text())
            .with("condition", of.condition().name())
            .with("sentence", of.sentence().isEmpty() ? null : of.sentence())
            .with("lastAttempt", moment(Instance::lastAttempt))
            .with("lastSeen", moment(Instance::lastSeen))
            .with("latencyMillis", moving(i -> millis(i.latency())))
            .with("sourcesSince", moment(Instance::sourcesSince))
            .with("failingSince", moment(Instance::failingSince));
    of.facts().ifPresent(f -> facts(tree, f));
    return tree.done();
  }

  /** What is another for each look at the server. */
  private Object moving(Function<Instance, ?> value) {
    return form ? Moving.ofLook(value) : value.apply(of);
  }

  private Object moment(Function<Instance, Optional<Instant>> value) {
    return form ? Moving.ofLook(value) : value.apply(of).map(Instant::toString);
  }

  /** Of a server that has facts. */
  private Object fact(Function<Facts, ?> value) {
    return moving(i -> value.apply(i.facts().orElseThrow()));
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

  private void facts(Tree tree, Facts f) {
    var id = f.identity();
    var settings = f.settings();
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
        .with("tlsAvailable", settings.tls().available())
        .with("tlsRequired", settings.tls().required())
        .with("source", f.primaryChannel().map(c -> c.source().toString()))
        .with("channels", channels(f))
        .with("reportedReplicas", f.reportedReplicas().stream().map(InstanceKey::toString).toList())
        .with("logFile", fact(now -> now.positions().logEnd().file()))
        .with("logOffset", fact(now -> now.positions().logEnd().offset()))
        .with("executedGtid", fact(now -> now.positions().executedGtid()))
        .with("loggedGtid", fact(now -> now.positions().loggedGtid()))
        .with("purgedGtid", fact(now -> now.positions().purgedGtid()))
        .with("historyGtid", fact(now -> now.positions().historyGtid()))
        .with("uptimeSeconds", fact(now -> now.positions().uptimeSeconds()))
        .with("complaints", f.complaints());
    FactsJson.write(tree, f);
    tree.with("lagSeconds", fact(Facts::lagSeconds));
  }

  private List<Map<String, Object>> channels(Facts f) {
    return IntStream.range(0, f.channels().size()).mapToObj(n -> channel(f, n)).toList();
  }

  private Map<String, Object> channel(Facts of, int number) {
    Channel c = of.channels().get(number);
    Function<Function<Channel.Progress, ?>, Object> progress =
        value -> fact(now -> value.apply(now.channels().get(number).progress()));
    Tree tree =
        new Tree()
            .with("name", c.name())
            .with("source", c.source().toString())
            .with("user", c.user())
            .with("gtid", c.gtid().name())
            .with("io", c.io().name())
            .with("sql", c.sql().name())
            .with("filtered", c.filtered())
            .with("tls", c.tls())
            .with("delaySeconds", c.delaySeconds())
            .with("secondsBehind", progress.apply(Channel.Progress::secondsBehind))
            .with("receivedGtid", progress.apply(Channel.Progress::receivedGtid))
            .with("readPosition", progress.apply(p -> p.read().toString()))
            .with("executedPosition", progress.apply(p -> p.executed().toString()))
            .with("relayPosition", progress.apply(p -> p.relay().toString()))
            .with("ioError", error(c.ioError()))
            .with("sqlError", error(c.sqlError()));
    FactsJson.write(tree, c.setup());
    return tree.done();
  }

  private static Map<String, Object> error(ReplicationError e) {
    return e.present()
        ? new Tree().with("code", e.code()).with("message", e.message()).done()
        : null;
  }

  /**
   * Several servers, in order.
   *
   * @param said what people say of some of them
   * @param now the moment
   */
  public static List<Map<String, Object>> all(
      List<Instance> instances,
      Map<InstanceKey, ClusterId> clusters,
      Map<InstanceKey, OfServer> said,
      Instant now) {
    return instances.stream()
        .map(
            i -> {
              Map<String, Object> json = of(i, clusters.get(i.key()));
              SaidJson.put(json, said.getOrDefault(i.key(), OfServer.NOTHING), now);
              return json;
            })
        .toList();
  }
}
