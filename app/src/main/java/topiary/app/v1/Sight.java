package topiary.app.v1;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import topiary.app.json.InstanceJson;
import topiary.app.json.JsonBytes;
import topiary.app.json.SaidJson;
import topiary.app.json.WrittenList;
import topiary.app.kept.Kept;
import topiary.app.text.Ink;
import topiary.app.text.TreeText;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Names;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;
import topiary.engine.said.OfServer;
import topiary.engine.said.Said;

/** The fleet as it is, or was, and how it is told. For one answer. */
final class Sight {

  private final Topology topology;
  private final Map<InstanceKey, ClusterId> clusters;
  private final Said said;
  private final Instant at;
  private final Keep keep;
  private final Map<InstanceKey, OfServer> saidOf;
  private final Map<InstanceKey, List<String>> names = new HashMap<>();

  /** A sight of what was: nothing of it is kept for the next. */
  Sight(
      Topology topology, Map<InstanceKey, ClusterId> clusters, Names names, Said said, Instant at) {
    this(topology, clusters, names, said, at, new Keep(new Kept()));
  }

  /**
   * A sight.
   *
   * @param topology its servers
   * @param clusters the tree each belongs to
   * @param names by which they go besides
   * @param said what people say of them; nothing of former times
   * @param at when that is
   * @param keep what there is of the answers before this one
   */
  Sight(
      Topology topology,
      Map<InstanceKey, ClusterId> clusters,
      Names names,
      Said said,
      Instant at,
      Keep keep) {
    this.topology = topology;
    this.clusters = keep.clusters(clusters);
    this.said = said;
    this.at = at;
    this.keep = keep;
    keep.kept().answering(topology);
    saidOf = keep.kept().said(said, clusters);
    names
        .aliases()
        .forEach(
            (alias, server) ->
                this.names.computeIfAbsent(server, k -> new ArrayList<>()).add(alias.toString()));
  }

  Topology topology() {
    return topology;
  }

  Map<InstanceKey, ClusterId> clusters() {
    return clusters;
  }

  String id(Tree tree) {
    return cluster(tree).map(ClusterId::text).orElse("");
  }

  private Optional<ClusterId> cluster(Tree tree) {
    return Optional.ofNullable(clusters.get(tree.head()));
  }

  /** What people call a cluster. */
  Optional<String> called(Tree tree) {
    return cluster(tree).map(said.aliases()::get);
  }

  Map<String, Object> summary(Tree tree) {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("id", id(tree));
    summary.put("alias", called(tree).orElse(null));
    summary.put("domain", cluster(tree).map(said.domains()::get).orElse(null));
    summary.put("head", tree.head().toString());
    summary.put("instances", tree.places().size());
    summary.put("troubled", troubled(tree));
    return summary;
  }

  /** How many members cannot be seen or do not replicate. */
  long troubled(Tree tree) {
    return tree.places().stream().filter(place -> troubled(place.key())).count();
  }

  private boolean troubled(InstanceKey key) {
    return TreeText.troubled(find(key), keep.cutOff(topology).contains(key), errant(key));
  }

  private Optional<String> errant(InstanceKey key) {
    return keep.kept().errants().of(topology, this::find, key);
  }

  private Instance find(InstanceKey key) {
    return topology.instance(key).orElse(null);
  }

  /** A tree with all its servers. */
  Map<String, Object> whole(Tree tree) {
    Map<String, Object> json = summary(tree);
    json.put("instances", new Members(tree.places()));
    return json;
  }

  /** The servers of a tree, with how far each is from its head. */
  private final class Members extends WrittenList {

    private final List<Tree.Place> places;

    Members(List<Tree.Place> places) {
      this.places = places;
    }

    @Override
    public int size() {
      return places.size();
    }

    @Override
    public Object get(int index) {
      Tree.Place place = places.get(index);
      return deep(json(find(place.key())), place.depth());
    }

    @Override
    protected void write(int index, JsonBytes out) throws IOException {
      Tree.Place place = places.get(index);
      Instance instance = find(place.key());
      keep.parts()
          .write(
              instance,
              besides(instance, place.depth()),
              () ->
                  deep(
                      more(instance, InstanceJson.form(instance, clusters.get(instance.key()))),
                      place.depth()),
              instance,
              out);
    }
  }

  private static Map<String, Object> deep(Map<String, Object> json, int depth) {
    json.put("depth", depth);
    return json;
  }

  /** A server, with what only its tree tells of it. */
  Map<String, Object> json(Instance instance) {
    return more(instance, InstanceJson.of(instance, clusters.get(instance.key())));
  }

  private Map<String, Object> more(Instance instance, Map<String, Object> json) {
    errant(instance.key()).ifPresent(gtids -> json.put("errantGtid", gtids));
    SaidJson.put(json, said(instance.key()), at);
    json.put("otherNames", names(instance.key()));
    return json;
  }

  private OfServer said(InstanceKey key) {
    // Of a server that has no tree yet something may have been said all the same.
    return clusters.containsKey(key)
        ? saidOf.getOrDefault(key, OfServer.NOTHING)
        : said.of(key, null);
  }

  private List<String> names(InstanceKey key) {
    return names.getOrDefault(key, List.of());
  }

  /** All that the JSON of a member follows from beside what is known of it by looking. */
  private record Besides(
      ClusterId cluster,
      int depth,
      Optional<String> errant,
      OfServer said,
      boolean promoted,
      boolean downtimed,
      boolean maintained,
      List<String> names) {

    /** As a record's own, which is slow where code is compiled quickly. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Besides b
          && depth == b.depth
          && promoted == b.promoted
          && downtimed == b.downtimed
          && maintained == b.maintained
          && (said == b.said || said.equals(b.said))
          && Objects.equals(cluster, b.cluster)
          && errant.equals(b.errant)
          && names.equals(b.names);
    }

    @Override
    public int hashCode() {
      return depth;
    }
  }

  private Besides besides(Instance instance, int depth) {
    InstanceKey key = instance.key();
    OfServer said = said(key);
    return new Besides(
        clusters.get(key),
        depth,
        errant(key),
        said,
        said.promotion().filter(p -> p.holds(at)).isPresent(),
        said.downtime().filter(d -> d.holds(at)).isPresent(),
        said.maintenance().filter(m -> m.holds(at)).isPresent(),
        names(key));
  }

  String text(Tree tree, Ink ink) {
    return new TreeText(topology, ink, at, this::said).of(tree);
  }
}
