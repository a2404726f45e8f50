package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.app.gateway.FindingView;
import topiary.app.gateway.Seen;
import topiary.engine.model.Change;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;
import topiary.engine.said.OfServer;

/**
 * Thinks through what is seen, on the thread that hears of it, so that the window's own only shows
 * it; only what is not as it was is made anew.
 */
final class Digests {

  /** A server, and what it was made of. */
  private record Made(
      Instance of, boolean source, OfServer said, Optional<Alarm> alarm, Servers.Server server) {}

  private Map<InstanceKey, Made> made = new HashMap<>();
  private Map<String, ClusterRow> rows = new HashMap<>();
  private Digest last = Digest.NOTHING;

  /** What is seen, thought through. */
  synchronized Digest of(Seen seen) {
    if (same(last.seen(), seen)) {
      last = new Digest(seen, last.version(), last.clusters(), last.servers());
      return last;
    }
    Topology topology = seen.topology();
    Map<InstanceKey, Made> next = HashMap.newHashMap(topology.instances().size());
    Map<String, ClusterRow> nextRows = new HashMap<>();
    var clusters = new ArrayList<ClusterRow>();
    for (Tree tree : topology.trees()) {
      ClusterRow row = row(tree, seen, next);
      nextRows.put(row.id(), row);
      clusters.add(row);
    }
    var servers = new ArrayList<Servers.Server>(next.size());
    for (InstanceKey key : topology.instances().keySet()) {
      servers.add(next.get(key).server());
    }
    made = next;
    rows = nextRows;
    last =
        new Digest(
            seen,
            last.version() + 1,
            clusters.equals(last.clusters()) ? last.clusters() : clusters,
            new Servers(servers, names(seen)));
    return last;
  }

  private ShortNames names(Seen seen) {
    // As long as nobody came or went they are called the same.
    return seen.topology().instances().keySet().equals(last.seen().topology().instances().keySet())
        ? last.servers().names()
        : ShortNames.of(List.copyOf(seen.topology().instances().keySet()));
  }

  private static boolean same(Seen before, Seen now) {
    return before.clusters().equals(now.clusters())
        && before.said().equals(now.said())
        && Alarm.same(before.found(), now.found())
        && Change.between(before.topology(), now.topology()).compareTo(Change.LOOKED) <= 0;
  }

  private ClusterRow row(Tree tree, Seen seen, Map<InstanceKey, Made> next) {
    String id =
        Optional.ofNullable(seen.clusters().get(tree.head()))
            .map(Object::toString)
            .orElse(tree.head().toString());
    var sum = new Health.Sum(tree.head());
    for (Tree.Place place : tree.places()) {
      Made one = made(place.key(), id, seen);
      next.put(place.key(), one);
      sum.add(
          one.server().card(),
          one.said().downtime().isPresent(),
          one.said().maintenance().isPresent());
    }
    var row =
        new ClusterRow(id, tree.head(), seen.said(tree.head()).clusterAlias(), tree, sum.all());
    // One that is as it was stays the same value, which is compared at once.
    ClusterRow before = rows.get(id);
    return row.equals(before) ? before : row;
  }

  private Made made(InstanceKey key, String cluster, Seen seen) {
    Topology topology = seen.topology();
    Instance now = topology.instance(key).orElse(null);
    OfServer said = seen.said(key);
    List<FindingView> found = seen.found(key);
    boolean source = !topology.replicasOf(key).isEmpty();
    Made before = made.get(key);
    boolean asItWas =
        before != null
            && before.of() == now
            && before.source() == source
            && before.server().cluster().equals(cluster)
            && before.said().equals(said)
            && before.alarm().equals(Alarm.of(found));
    return asItWas
        ? before
        : new Made(
            now,
            source,
            said,
            Alarm.of(found),
            Servers.server(ServerCard.of(now, topology, said, found), said, cluster));
  }
}
