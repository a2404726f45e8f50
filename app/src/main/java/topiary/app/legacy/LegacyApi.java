package topiary.app.legacy;

import static topiary.app.legacy.Route.read;
import static topiary.app.legacy.Route.write;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.InstanceKey;

/** orchestrator's HTTP API without the HTTP. Thread-safe. */
public final class LegacyApi {

  private final Fleetview fleet;
  private final List<Route> routes;

  /**
   * The API of one node.
   *
   * @param manager whose fleet it is about
   * @param node what the answers say of this node
   * @param clock now
   * @param background runs what a request does not wait for
   */
  public LegacyApi(Manager manager, LegacyNode node, InstantSource clock, Executor background) {
    this(new ManagerFleet(manager), node, clock, background);
  }

  LegacyApi(Fleetview fleet, LegacyNode node, InstantSource clock, Executor background) {
    Supplier<Picture> now =
        () -> new Picture(fleet.topology(), clock.instant(), fleet.pollInterval());
    this.fleet = fleet;
    routes =
        routes(
            new ClusterAnswers(now),
            new InstanceAnswers(now),
            new DeedAnswers(fleet, now, background),
            new NodeAnswers(fleet, node, clock));
  }

  /** Every path there is, in the groups of orchestrator's documentation. */
  private static List<Route> routes(
      ClusterAnswers cluster, InstanceAnswers instance, DeedAnswers deed, NodeAnswers node) {
    return List.of(
        // Relocation
        write("relocate/:host/:port/:belowHost/:belowPort", deed::relocate),
        write("relocate-below/:host/:port/:belowHost/:belowPort", deed::relocate),
        // Replication
        write("start-slave/:host/:port", deed::start),
        write("start-replica/:host/:port", deed::start),
        write("stop-slave/:host/:port", deed::stop),
        write("stop-replica/:host/:port", deed::stop),
        read("can-replicate-from-gtid/:host/:port/:belowHost/:belowPort", deed::canReplicateFrom),
        // Instance
        write("set-read-only/:host/:port", call -> deed.readOnly(call, true)),
        write("set-writeable/:host/:port", call -> deed.readOnly(call, false)),
        // Information
        read("search/:searchString", instance::search),
        read("search", instance::search),
        // Cluster
        read("cluster/:clusterHint", cluster::members),
        read("cluster/alias/:clusterAlias", cluster::membersByAlias),
        read("cluster/instance/:host/:port", cluster::membersByInstance),
        read("cluster-info/:clusterHint", cluster::info),
        read("cluster-info/alias/:clusterAlias", cluster::infoByAlias),
        read("clusters", cluster::names),
        read("clusters-info", cluster::infos),
        read("masters", cluster::masters),
        read("master/:clusterHint", cluster::master),
        read("instance-replicas/:host/:port", instance::replicas),
        read("all-instances", instance::all),
        read("topology/:clusterHint", cluster::topology),
        read("topology/:host/:port", cluster::topology),
        read("topology-tabulated/:clusterHint", cluster::topologyTabulated),
        read("topology-tabulated/:host/:port", cluster::topologyTabulated),
        // Instance management
        read("instance/:host/:port", instance::one),
        write("discover/:host/:port", deed::discover),
        write("async-discover/:host/:port", deed::asyncDiscover),
        write("refresh/:host/:port", deed::refresh),
        write("forget/:host/:port", deed::forget),
        // General
        read("problems", instance::problems),
        read("problems/:clusterName", instance::problems),
        // Meta
        read("health", node::health),
        read("status", node::health),
        read("lb-check", node::ping),
        read("_ping", node::ping),
        read("leader-check", node::leaderCheck),
        read("leader-check/:errorStatusCode", node::leaderCheck),
        read("routed-leader-check", node::leaderCheck),
        // Bulk
        read("bulk-instances", instance::keys));
  }

  /**
   * Answers a request. What goes wrong is an answer too: an ERROR envelope with a sentence.
   *
   * @param segments the decoded path behind {@code /api/}, one empty segment at its end ignored
   * @param query what followed the question mark
   * @param by on whose behalf
   * @return empty when there is no such path
   */
  public Optional<Answer> answer(List<String> segments, Map<String, String> query, By by) {
    List<String> path = withoutTrailing(segments);
    for (Route route : routes) {
      Optional<Map<String, String>> values = route.match(path);
      if (values.isPresent()) {
        return Optional.of(answer(route, new Call(known(values.get()), Map.copyOf(query), by)));
      }
    }
    return Optional.empty();
  }

  /** Servers that a path names by another name are those that are known. */
  private Map<String, String> known(Map<String, String> path) {
    var known = new HashMap<>(path);
    known(known, "host", "port");
    known(known, "belowHost", "belowPort");
    return known;
  }

  private void known(Map<String, String> path, String host, String port) {
    if (path.containsKey(host) && path.containsKey(port)) {
      try {
        InstanceKey given = Hints.exactly(path.get(host), path.get(port));
        InstanceKey real = fleet.real(given);
        if (!real.equals(given)) {
          path.put(host, real.host());
          path.put(port, Integer.toString(real.port()));
        }
      } catch (Trouble e) {
        // Whoever answers says what is wrong with it.
        return;
      }
    }
  }

  private static Answer answer(Route route, Call call) {
    try {
      return route.handler().answer(call);
    } catch (Trouble | RequestRefused e) {
      return Answer.error(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.error("This node is shutting down; what was begun may still be under way.");
    }
  }

  /** Whether a path changes anything, so that a request from another site must not reach it. */
  public boolean writes(List<String> segments) {
    List<String> path = withoutTrailing(segments);
    return routes.stream()
        .filter(route -> route.match(path).isPresent())
        .findFirst()
        .filter(Route::writes)
        .isPresent();
  }

  private static List<String> withoutTrailing(List<String> segments) {
    boolean trailing = segments.size() > 1 && segments.getLast().isEmpty();
    return trailing ? segments.subList(0, segments.size() - 1) : segments;
  }
}
