package topiary.app.legacy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import topiary.app.json.JsonBytes;
import topiary.app.json.WrittenList;
import topiary.engine.model.ClusterId;
import topiary.engine.state.AutoRecovery;

/** What is asked about clusters. */
final class ClusterAnswers {

  private static final Comparator<LegacyInstance> MASTERS_FIRST =
      Comparator.comparing(LegacyInstance::readOnly).thenComparing(LegacyInstance::depth);

  private final Supplier<Picture> now;

  ClusterAnswers(Supplier<Picture> now) {
    this.now = now;
  }

  Answer names(Call call) {
    List<String> names = List.copyOf(now.get().clusters().keySet());
    // orchestrator says null, not [], when there is none.
    return Answer.raw(names.isEmpty() ? null : names);
  }

  Answer infos(Call call) {
    return Answer.raw(new Infos(now.get()));
  }

  /** Of all clusters, which hardly ever change, but are asked for often. */
  private static final class Infos extends WrittenList {

    private final Picture picture;
    private final List<String> names;

    Infos(Picture picture) {
      this.picture = picture;
      names = List.copyOf(picture.clusters().keySet());
    }

    @Override
    public Object get(int index) {
      return info(picture, names.get(index));
    }

    @Override
    public int size() {
      return names.size();
    }

    @Override
    protected int weight() {
      return 0;
    }

    @Override
    protected void write(JsonBytes out) throws IOException {
      out.list(picture.infos(() -> topiary.app.json.Json.bytes(List.copyOf(this))));
    }

    @Override
    protected void write(int index, JsonBytes out) throws IOException {
      out.value(get(index));
    }
  }

  Answer info(Call call) throws Trouble {
    Picture picture = now.get();
    return Answer.raw(info(picture, Hints.cluster(picture, call.path("clusterHint"))));
  }

  Answer infoByAlias(Call call) throws Trouble {
    Picture picture = now.get();
    return Answer.raw(info(picture, Hints.clusterByAlias(picture, call.path("clusterAlias"))));
  }

  static Object info(Picture picture, String name) {
    return info(picture, name, picture.id(name), picture.clusters().get(name).size());
  }

  /** Of a cluster that goes, or went, by this name. */
  static Object info(Picture picture, String name, Optional<ClusterId> id, int members) {
    AutoRecovery automatic = picture.automatic(id);
    return new Json()
        .with("ClusterName", name)
        // Without an alias anywhere orchestrator says the name.
        .with("ClusterAlias", picture.alias(id).orElse(name))
        .with("ClusterDomain", picture.domain(id).orElse(""))
        .with("CountInstances", members)
        // orchestrator measures this on request of another path only, and says 0 here.
        .with("HeuristicLag", 0)
        .with("HasAutomatedMasterRecovery", automatic.primary())
        .with("HasAutomatedIntermediateMasterRecovery", automatic.intermediate())
        .map();
  }

  Answer members(Call call) throws Trouble {
    Picture picture = now.get();
    return members(picture, Hints.cluster(picture, call.path("clusterHint")));
  }

  Answer membersByAlias(Call call) throws Trouble {
    Picture picture = now.get();
    return members(picture, Hints.clusterByAlias(picture, call.path("clusterAlias")));
  }

  Answer membersByInstance(Call call) throws Trouble {
    Picture picture = now.get();
    return members(picture, InstanceAnswers.known(picture, call).cluster());
  }

  private static Answer members(Picture picture, String cluster) {
    return Answer.raw(picture.json(picture.members(cluster)));
  }

  /** One writeable head of each cluster; of a server never seen nobody knows whether it is one. */
  Answer masters(Call call) {
    Picture picture = now.get();
    var masters = new ArrayList<LegacyInstance>();
    for (String cluster : picture.clusters().keySet()) {
      head(picture, cluster)
          .filter(m -> m.facts().isPresent() && !m.readOnly())
          .ifPresent(masters::add);
    }
    return Answer.raw(masters.isEmpty() ? null : picture.json(masters));
  }

  Answer master(Call call) throws Trouble {
    Picture picture = now.get();
    String cluster = Hints.cluster(picture, call.path("clusterHint"));
    return Answer.raw(
        head(picture, cluster)
            .map(InstanceJson::of)
            .orElseThrow(() -> new Trouble("No masters found for " + cluster)));
  }

  /** The writeable one of the heads, else the highest. */
  private static Optional<LegacyInstance> head(Picture picture, String cluster) {
    return picture.members(cluster).stream()
        .filter(m -> m.depth() == 0 || m.coMaster())
        .min(MASTERS_FIRST);
  }

  Answer topology(Call call) throws Trouble {
    return drawn(call, AsciiTopology::bracketed);
  }

  Answer topologyTabulated(Call call) throws Trouble {
    return drawn(call, AsciiTopology::tabulated);
  }

  Answer topologyTags(Call call) throws Trouble {
    return drawn(call, AsciiTopology::tagged);
  }

  private Answer drawn(Call call, Function<AsciiTopology, String> how) throws Trouble {
    Picture picture = now.get();
    String hint = call.path("clusterHint");
    String cluster =
        hint.isEmpty()
            ? InstanceAnswers.known(picture, call).cluster()
            : Hints.cluster(picture, hint);
    String drawing = how.apply(new AsciiTopology(picture.members(cluster)));
    return Answer.ok("Topology for cluster " + cluster, drawing);
  }
}
