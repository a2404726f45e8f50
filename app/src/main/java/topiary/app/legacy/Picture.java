package topiary.app.legacy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import topiary.app.json.JsonBytes;
import topiary.app.json.WrittenList;
import topiary.app.kept.Kept;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.said.OfServer;
import topiary.engine.said.Said;
import topiary.engine.state.AutoRecovery;
import topiary.engine.state.Recoveries;

/**
 * A topology at one moment, in orchestrator's terms: named clusters of servers with a depth. For
 * one answer, and one thread.
 */
final class Picture {

  private final Topology topology;
  private final Instant now;
  private final Duration poll;
  private final Said said;
  private final Map<InstanceKey, OfServer> saidOf;
  private final Map<InstanceKey, ClusterId> ids;
  private final Recoveries recoveries;
  private final Keep keep;
  private final Layout layout;
  private final Map<String, String> clusterAliases = new HashMap<>();

  /** Where nobody says anything. */
  Picture(Topology topology, Instant now, Duration poll) {
    this(topology, now, poll, Said.NOTHING, Map.of(), Recoveries.NONE, new Keep(new Kept()));
  }

  /**
   * A picture.
   *
   * @param poll from one look at a server to the next
   * @param said what people say of servers and clusters
   * @param ids the cluster each server belongs to
   * @param recoveries which of them begin by themselves
   * @param keep what there is of the pictures before it
   */
  Picture(
      Topology topology,
      Instant now,
      Duration poll,
      Said said,
      Map<InstanceKey, ClusterId> ids,
      Recoveries recoveries,
      Keep keep) {
    this.said = said;
    this.ids = ids;
    this.recoveries = recoveries;
    this.keep = keep;
    saidOf = keep.kept().said(said, ids);
    this.topology = topology;
    this.now = now;
    this.poll = poll;
    keep.kept().answering(topology);
    layout = keep.layout().of(() -> new Layout(topology), topology.trees());
  }

  /** The members of each cluster in order of their address, by cluster name. */
  SortedMap<String, List<InstanceKey>> clusters() {
    return layout.clusters();
  }

  /** What people call a cluster; nothing when they do not. */
  Optional<String> alias(String cluster) {
    return alias(id(cluster));
  }

  Optional<String> alias(Optional<ClusterId> cluster) {
    return cluster.map(said.aliases()::get);
  }

  /** The name by which applications find a cluster's primary. */
  Optional<String> domain(Optional<ClusterId> cluster) {
    return cluster.map(said.domains()::get);
  }

  /** Which recoveries begin by themselves in a cluster; of one without an id as everywhere. */
  AutoRecovery automatic(Optional<ClusterId> cluster) {
    return cluster.map(recoveries::of).orElse(recoveries.everywhere());
  }

  /**
   * What a cluster goes by now; the largest part of it, where a dead primary stands beside the
   * rest.
   */
  Optional<String> name(ClusterId cluster) {
    return names().entrySet().stream()
        .filter(e -> e.getValue().equals(cluster))
        .map(Map.Entry::getKey)
        .max(
            Comparator.comparing((String name) -> clusters().get(name).size())
                .thenComparing(Comparator.reverseOrder()));
  }

  /** The cluster that people call this. */
  Optional<String> named(String alias) {
    return layout.clusters().keySet().stream()
        .filter(name -> alias(name).filter(alias::equals).isPresent())
        .findFirst();
  }

  /** The id of a cluster; empty for one of which no member is looked after. */
  Optional<ClusterId> id(String cluster) {
    return Optional.ofNullable(names().get(cluster));
  }

  private Map<String, ClusterId> names() {
    return keep.ids().of(this::idsOfClusters, layout, ids);
  }

  private Map<String, ClusterId> idsOfClusters() {
    var of = new HashMap<String, ClusterId>();
    layout
        .clusters()
        .forEach(
            (name, members) ->
                members.stream()
                    .filter(ids::containsKey)
                    .findFirst()
                    .ifPresent(member -> of.put(name, ids.get(member))));
    return of;
  }

  /**
   * An answer about all clusters, as long as there are the same ones, called and recovered the
   * same.
   */
  byte[] infos(Supplier<byte[]> how) {
    return keep.infos().of(how, layout, ids, said, recoveries);
  }

  /** Every address, in order. */
  List<InstanceKey> keys() {
    return List.copyOf(topology.instances().keySet());
  }

  /** Everybody, in order of their address. */
  List<LegacyInstance> all() {
    return topology.instances().values().stream().map(this::legacy).toList();
  }

  /** Everybody as JSON, in the order of a search's answer. */
  List<Object> everybody() {
    List<InstanceKey> order = layout.searchOrder();
    Whole whole = keep.whole().of(() -> new Whole(layout, topology.instances().keySet()), layout);
    Instance[] servers = topology.instances().values().toArray(Instance[]::new);
    long second = now.getEpochSecond();
    boolean often = whole.asked(second);
    return new WrittenList() {
      @Override
      public Object get(int index) {
        return InstanceJson.of(legacy(find(order.get(index))));
      }

      @Override
      public int size() {
        return order.size();
      }

      @Override
      protected void write(int index, JsonBytes out) throws IOException {
        whole.write(
            index,
            servers,
            second,
            saidOf,
            often,
            out,
            server -> {
              Picture.this.write(legacy(server), out);
            });
      }
    };
  }

  /** Everybody, in the order of a search's answer. */
  List<LegacyInstance> inSearchOrder() {
    return layout.searchOrder().stream().map(key -> legacy(find(key))).toList();
  }

  private Instance find(InstanceKey key) {
    return topology.instance(key).orElse(null);
  }

  /** The members of a cluster, in order of their address; none when it does not exist. */
  List<LegacyInstance> members(String cluster) {
    return layout.members(cluster).stream().flatMap(key -> instance(key).stream()).toList();
  }

  /** Whoever replicates from a server, which itself need not be known. */
  List<LegacyInstance> replicas(InstanceKey source) {
    return layout.replicas(source).stream().flatMap(key -> instance(key).stream()).toList();
  }

  Optional<LegacyInstance> instance(InstanceKey key) {
    return Optional.ofNullable(find(key)).map(this::legacy);
  }

  boolean knows(InstanceKey key) {
    return topology.has(key);
  }

  private LegacyInstance legacy(Instance instance) {
    InstanceKey key = instance.key();
    Layout.Spot spot = layout.spot(key);
    return new LegacyInstance(
        instance,
        spot.cluster(),
        spot.depth(),
        spot.coMaster(),
        spot.replicas(),
        ancestry(spot),
        keep.kept().errants().of(topology, this::find, key),
        clusterAliases.computeIfAbsent(spot.cluster(), this::clusterAlias),
        now,
        poll,
        saidOf.getOrDefault(key, OfServer.NOTHING));
  }

  /** What an operator's query on a cluster's head says it is called; empty for nothing. */
  private String clusterAlias(String cluster) {
    return Optional.ofNullable(layout.head(cluster))
        .map(this::find)
        .flatMap(Instance::facts)
        .map(f -> f.background().detected().clusterAlias())
        .orElse("");
  }

  /** The ids of the servers from the head down to this one, of those that are known. */
  private String ancestry(Layout.Spot spot) {
    var ids = new String[spot.line().size()];
    for (int n = 0; n < ids.length; n++) {
      Instance i = find(spot.line().get(n));
      if (i != null && i.facts().isPresent()) {
        ids[n] = i.facts().get().identity().uuid().orElse(null);
      }
    }
    return spot.ancestry().of(ids);
  }

  /** Servers as JSON. */
  List<Object> json(List<LegacyInstance> servers) {
    return new WrittenList() {
      @Override
      public Object get(int index) {
        return InstanceJson.of(servers.get(index));
      }

      @Override
      public int size() {
        return servers.size();
      }

      @Override
      protected void write(int index, JsonBytes out) throws IOException {
        Picture.this.write(servers.get(index), out);
      }
    };
  }

  private void write(LegacyInstance server, JsonBytes out) throws IOException {
    keep.parts()
        .write(server.instance(), server.besides(), () -> InstanceJson.form(server), server, out);
  }
}
