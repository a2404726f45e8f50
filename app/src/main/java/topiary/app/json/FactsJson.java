package topiary.app.json;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.model.Background;
import topiary.engine.model.Channel;
import topiary.engine.model.Cloud;
import topiary.engine.model.Detected;
import topiary.engine.model.Events;
import topiary.engine.model.Facts;
import topiary.engine.model.Group;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ScheduledEvent;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Startup;

/**
 * What not every server has, as JSON and back: left out where there is nothing, and read as nothing
 * where it is left out, as nodes of earlier versions do.
 */
final class FactsJson {

  private FactsJson() {}

  static void write(Tree tree, Facts f) {
    tree.with("semiSync", f.semiSync().equals(SemiSync.NONE) ? null : semiSync(f.semiSync()))
        .with("group", f.group().map(FactsJson::group))
        .with("managedBy", f.background().cloud().map(Cloud::name))
        .with("credentialsAvailable", f.background().credentials())
        .with("dumpers", f.background().dumpers().stream().map(InstanceKey::toString).toList())
        .with("startup", f.background().startup().map(Startup::name))
        .with("events", f.background().events().map(FactsJson::events))
        .with(
            "detected",
            f.background().detected().equals(Detected.NOTHING)
                ? null
                : detected(f.background().detected()));
  }

  private static Map<String, Object> semiSync(SemiSync s) {
    return new Tree()
        .with("sourceWords", s.sourceWords())
        .with("sourceAvailable", s.source().available())
        .with("sourceEnabled", s.source().enabled())
        .with("timeoutMillis", s.source().timeoutMillis())
        .with("waitFor", s.source().waitFor())
        .with("sourceActive", s.source().active())
        .with("clients", s.source().clients())
        .with("replicaAvailable", s.replica().available())
        .with("replicaEnabled", s.replica().enabled())
        .with("replicaActive", s.replica().active())
        .done();
  }

  static SemiSync semiSync(Fields facts) throws BadField {
    if (!facts.has("semiSync")) {
      return SemiSync.NONE;
    }
    Fields s = facts.object("semiSync");
    return new SemiSync(
        s.flag("sourceWords"),
        new SemiSync.Source(
            s.flag("sourceAvailable"),
            s.flag("sourceEnabled"),
            s.number("timeoutMillis"),
            (int) s.number("waitFor"),
            s.flag("sourceActive"),
            (int) s.number("clients")),
        new SemiSync.Replica(
            s.flag("replicaAvailable"), s.flag("replicaEnabled"), s.flag("replicaActive")));
  }

  private static Map<String, Object> group(Group g) {
    return new Tree()
        .with("name", g.name())
        .with("singlePrimary", g.singlePrimary())
        .with("state", g.state())
        .with("role", g.role())
        .with("primary", g.primary().map(InstanceKey::toString))
        .with("members", g.members().stream().map(InstanceKey::toString).toList())
        .done();
  }

  static Optional<Group> group(Fields facts) throws BadField {
    if (!facts.has("group")) {
      return Optional.empty();
    }
    Fields g = facts.object("group");
    return Optional.of(
        new Group(
            g.text("name"),
            g.flag("singlePrimary"),
            g.text("state"),
            g.text("role"),
            g.made("primary", InstanceKey::parse),
            g.keys("members")));
  }

  private static Map<String, Object> detected(Detected d) {
    return new Tree()
        .with("dataCenter", d.dataCenter())
        .with("region", d.region())
        .with("environment", d.environment())
        .with("alias", d.alias())
        .with("promotionRule", d.promotionRule())
        .with("semiSyncPriority", d.semiSyncPriority())
        .with("clusterAlias", d.clusterAlias())
        .with("clusterDomain", d.clusterDomain())
        .done();
  }

  static Background background(Fields facts) throws BadField {
    return new Background(
        facts.made("managedBy", Cloud::valueOf),
        facts.has("credentialsAvailable")
            ? Optional.of(facts.flag("credentialsAvailable"))
            : Optional.empty(),
        facts.has("dumpers") ? facts.keys("dumpers") : List.of(),
        facts.made("startup", Startup::valueOf),
        events(facts),
        detected(facts));
  }

  private static Map<String, Object> events(Events e) {
    return new Tree()
        .with("scheduler", e.scheduler())
        .with(
            "all",
            e.all().stream()
                .map(
                    one ->
                        new Tree()
                            .with("schema", one.schema())
                            .with("name", one.name())
                            .with("altered", one.altered())
                            .with("runs", one.runs())
                            .done())
                .toList())
        .done();
  }

  private static Optional<Events> events(Fields facts) throws BadField {
    if (!facts.has("events")) {
      return Optional.empty();
    }
    Fields e = facts.object("events");
    return Optional.of(
        new Events(
            e.flag("scheduler"),
            e.objects(
                "all",
                one ->
                    new ScheduledEvent(
                        one.text("schema"),
                        one.text("name"),
                        one.number("altered"),
                        one.flag("runs")))));
  }

  private static Detected detected(Fields facts) throws BadField {
    if (!facts.has("detected")) {
      return Detected.NOTHING;
    }
    Fields d = facts.object("detected");
    return new Detected(
        d.text("dataCenter"),
        d.text("region"),
        d.text("environment"),
        d.text("alias"),
        d.optional("promotionRule"),
        (int) d.number("semiSyncPriority"),
        d.text("clusterAlias"),
        d.text("clusterDomain"));
  }

  static void write(Tree tree, Channel.Setup s) {
    tree.with("sourceUuid", s.sourceUuid().isEmpty() ? null : s.sourceUuid())
        .with("filters", s.filters().isEmpty() ? null : s.filters())
        .with("detached", s.detached() ? true : null);
    if (!s.encryption().equals(Channel.Encryption.NONE)) {
      tree.with(
          "encryption",
          new Tree()
              .with("options", s.encryption().options())
              .with("verify", s.encryption().verify())
              .with("getPublicKey", s.encryption().getPublicKey())
              .done());
    }
  }

  static Channel.Setup setup(Fields channel) throws BadField {
    return new Channel.Setup(
        channel.optional("sourceUuid").orElse(""),
        texts(channel, "filters"),
        encryption(channel),
        channel.has("detached") && channel.flag("detached"));
  }

  private static Channel.Encryption encryption(Fields channel) throws BadField {
    if (!channel.has("encryption")) {
      return Channel.Encryption.NONE;
    }
    Fields e = channel.object("encryption");
    return new Channel.Encryption(
        texts(e, "options"),
        e.has("verify") ? Optional.of(e.flag("verify")) : Optional.empty(),
        e.has("getPublicKey") ? Optional.of(e.flag("getPublicKey")) : Optional.empty());
  }

  private static SortedMap<String, String> texts(Fields of, String name) throws BadField {
    var texts = new TreeMap<String, String>();
    if (of.has(name)) {
      Fields inner = of.object(name);
      for (String key : inner.names()) {
        texts.put(key, inner.text(key));
      }
    }
    return texts;
  }
}
