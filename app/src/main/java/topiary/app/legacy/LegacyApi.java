package topiary.app.legacy;

import static topiary.app.legacy.Route.read;
import static topiary.app.legacy.Route.readByLeader;
import static topiary.app.legacy.Route.write;
import static topiary.app.legacy.Route.writeHere;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import topiary.app.cluster.Cluster;
import topiary.app.face.Answerer;
import topiary.app.kept.Kept;
import topiary.engine.intent.Doing;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Audit;
import topiary.store.StoreException;

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
    this(manager, node, clock, background, Optional.empty());
  }

  /**
   * The API of one node of a cluster, which keeps no audit.
   *
   * @param cluster the cluster; empty when the node is alone
   */
  public LegacyApi(
      Manager manager,
      LegacyNode node,
      InstantSource clock,
      Executor background,
      Optional<Cluster> cluster) {
    this(manager, node, clock, background, cluster, Optional.empty());
  }

  /**
   * The API of one node of a cluster.
   *
   * @param cluster the cluster; empty when the node is alone
   * @param audit who did what; empty where nothing is kept
   */
  public LegacyApi(
      Manager manager,
      LegacyNode node,
      InstantSource clock,
      Executor background,
      Optional<Cluster> cluster,
      Optional<Audit> audit) {
    this(manager, node, clock, background, cluster, audit, new Kept());
  }

  /**
   * The API of one node of a cluster.
   *
   * @param cluster the cluster; empty when the node is alone
   * @param audit who did what; empty where nothing is kept
   * @param kept what answers are made of
   */
  public LegacyApi(
      Manager manager,
      LegacyNode node,
      InstantSource clock,
      Executor background,
      Optional<Cluster> cluster,
      Optional<Audit> audit,
      Kept kept) {
    this(new ManagerFleet(manager), node, clock, background, cluster, audit, kept);
  }

  LegacyApi(
      Fleetview fleet,
      LegacyNode node,
      InstantSource clock,
      Executor background,
      Optional<Cluster> cluster) {
    this(fleet, node, clock, background, cluster, Optional.empty());
  }

  LegacyApi(
      Fleetview fleet,
      LegacyNode node,
      InstantSource clock,
      Executor background,
      Optional<Cluster> cluster,
      Optional<Audit> audit) {
    this(fleet, node, clock, background, cluster, audit, new Kept());
  }

  private LegacyApi(
      Fleetview fleet,
      LegacyNode node,
      InstantSource clock,
      Executor background,
      Optional<Cluster> cluster,
      Optional<Audit> audit,
      Kept kept) {
    var keep = new Keep(kept);
    Supplier<Picture> now =
        () ->
            new Picture(
                fleet.topology(),
                clock.instant(),
                fleet.pollInterval(),
                fleet.registry().said(),
                fleet.registry().clusters(),
                fleet.recoveries(),
                keep);
    this.fleet = fleet;
    var deeds = new DeedAnswers(fleet, now, background);
    var recoveries = new RecoveryAnswers(fleet, now, node, audit);
    routes =
        routes(
            new ClusterAnswers(now),
            new InstanceAnswers(fleet, now, clock),
            deeds,
            new ReshapeAnswers(fleet, deeds),
            new QuestionAnswers(fleet, deeds),
            new NodeAnswers(fleet, node, clock, cluster),
            new RaftAnswers(cluster),
            new AuditAnswers(audit),
            new SaidAnswers(fleet, now),
            new AnalysisAnswers(fleet, now, node, audit),
            recoveries,
            new TakeoverAnswers(fleet, now, recoveries));
  }

  /** Every path there is, in the groups of orchestrator's documentation. */
  private static List<Route> routes(
      ClusterAnswers cluster,
      InstanceAnswers instance,
      DeedAnswers deed,
      ReshapeAnswers reshape,
      QuestionAnswers question,
      NodeAnswers node,
      RaftAnswers raft,
      AuditAnswers audit,
      SaidAnswers said,
      AnalysisAnswers analysis,
      RecoveryAnswers recovery,
      TakeoverAnswers takeover) {
    return List.of(
        // Relocation
        write("relocate/:host/:port/:belowHost/:belowPort", deed::relocate),
        write("relocate-below/:host/:port/:belowHost/:belowPort", deed::relocate),
        write("relocate-slaves/:host/:port/:belowHost/:belowPort", reshape::relocateReplicas),
        write("relocate-replicas/:host/:port/:belowHost/:belowPort", reshape::relocateReplicas),
        write("move-below-gtid/:host/:port/:belowHost/:belowPort", deed::relocateByGtid),
        write("move-slaves-gtid/:host/:port/:belowHost/:belowPort", reshape::moveReplicas),
        write("move-replicas-gtid/:host/:port/:belowHost/:belowPort", reshape::moveReplicas),
        write("move-up/:host/:port", reshape::moveUp),
        write("move-up-slaves/:host/:port", reshape::moveUpReplicas),
        write("move-up-replicas/:host/:port", reshape::moveUpReplicas),
        write("move-below/:host/:port/:siblingHost/:siblingPort", reshape::moveBelow),
        write("repoint/:host/:port/:belowHost/:belowPort", reshape::repoint),
        write("repoint-slaves/:host/:port", reshape::repointReplicas),
        write("repoint-replicas/:host/:port", reshape::repointReplicas),
        write("enslave-siblings/:host/:port", reshape::takeSiblings),
        write("take-siblings/:host/:port", reshape::takeSiblings),
        write("enslave-master/:host/:port", reshape::takeSource),
        write("take-master/:host/:port", reshape::takeSource),
        write("make-co-master/:host/:port", reshape::coSource),
        write("move-equivalent/:host/:port/:belowHost/:belowPort", reshape::moveEquivalent),
        write("regroup-slaves/:host/:port", reshape::regroup),
        write("regroup-replicas/:host/:port", reshape::regroup),
        write("regroup-slaves-gtid/:host/:port", reshape::regroup),
        write("regroup-replicas-gtid/:host/:port", reshape::regroup),
        // Replication
        write("start-slave/:host/:port", deed::start),
        write("start-replica/:host/:port", deed::start),
        write("stop-slave/:host/:port", deed::stop),
        write("stop-replica/:host/:port", deed::stop),
        write("restart-slave/:host/:port", deed::restart),
        write("restart-replica/:host/:port", deed::restart),
        write("stop-slave-nice/:host/:port", deed::stopNicely),
        write("stop-replica-nice/:host/:port", deed::stopNicely),
        write("reset-slave/:host/:port", deed::reset),
        write("reset-replica/:host/:port", deed::reset),
        write(
            "skip-query/:host/:port",
            call -> deed.on(call, new Doing.SkipTransaction(), "Query skipped on ")),
        write(
            "enable-gtid/:host/:port",
            call -> deed.on(call, new Doing.UseGtid(true), "Enabled GTID on ")),
        write(
            "disable-gtid/:host/:port",
            call -> deed.on(call, new Doing.UseGtid(false), "Disabled GTID on ")),
        write(
            "gtid-errant-inject-empty/:host/:port",
            call -> deed.on(call, new Doing.InjectEmpty(), "Have injected transactions for ")),
        write(
            "gtid-errant-reset-master/:host/:port",
            call -> deed.on(call, new Doing.ForgetErrant(), "Removed errant GTID on ")),
        write("delay-replication/:host/:port/:seconds", deed::delay),
        write(
            "enable-semi-sync-master/:host/:port",
            call -> deed.semiSync(call, Doing.Side.SOURCE, true)),
        write(
            "disable-semi-sync-master/:host/:port",
            call -> deed.semiSync(call, Doing.Side.SOURCE, false)),
        write(
            "enable-semi-sync-replica/:host/:port",
            call -> deed.semiSync(call, Doing.Side.REPLICA, true)),
        write(
            "disable-semi-sync-replica/:host/:port",
            call -> deed.semiSync(call, Doing.Side.REPLICA, false)),
        write(
            "flush-binary-logs/:host/:port",
            call -> deed.on(call, new Doing.FlushLogs(1), "Binary logs flushed on: ")),
        write("purge-binary-logs/:host/:port/:logFile", deed::purge),
        write("kill-query/:host/:port/:process", deed::kill),
        write("detach-slave/:host/:port", deed::detach),
        write("detach-replica/:host/:port", deed::detach),
        write("detach-slave-master-host/:host/:port", deed::detach),
        write("detach-replica-master-host/:host/:port", deed::detach),
        write("reattach-slave/:host/:port", deed::reattach),
        write("reattach-replica/:host/:port", deed::reattach),
        write("reattach-slave-master-host/:host/:port", deed::reattach),
        write("reattach-replica-master-host/:host/:port", deed::reattach),
        write("restart-slave-statements/:host/:port", question::statements),
        write("restart-replica-statements/:host/:port", question::statements),
        read("locate-gtid-errant/:host/:port", question::locateErrant),
        read("can-replicate-from/:host/:port/:belowHost/:belowPort", question::canReplicateFrom),
        read("can-replicate-from-gtid/:host/:port/:belowHost/:belowPort", deed::canReplicateFrom),
        // Instance
        write("set-read-only/:host/:port", call -> deed.readOnly(call, true)),
        write("set-writeable/:host/:port", call -> deed.readOnly(call, false)),
        // Pools
        write("submit-pool-instances/:pool", said::submitPool),
        read("cluster-pool-instances/:clusterName", said::pools),
        read("cluster-pool-instances/:clusterName/:pool", said::pools),
        read("heuristic-cluster-pool-instances/:clusterName", said::poolInstances),
        read("heuristic-cluster-pool-instances/:clusterName/:pool", said::poolInstances),
        read("heuristic-cluster-pool-lag/:clusterName", said::poolLag),
        read("heuristic-cluster-pool-lag/:clusterName/:pool", said::poolLag),
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
        read("topology-tags/:clusterHint", cluster::topologyTags),
        read("topology-tags/:host/:port", cluster::topologyTags),
        write("set-cluster-alias/:clusterName", said::setAlias),
        read("downtimed", said::downtimed),
        read("downtimed/:clusterHint", said::downtimed),
        // Tags
        read("tagged", said::tagged),
        read("tags/:host/:port", said::tags),
        read("tag-value/:host/:port", said::tagValue),
        read("tag-value/:host/:port/:tagName", said::tagValue),
        write("tag/:host/:port", said::tag),
        write("tag/:host/:port/:tagName/:tagValue", said::tag),
        write("untag/:host/:port", said::untag),
        write("untag/:host/:port/:tagName", said::untag),
        write("untag-all", said::untagAll),
        write("untag-all/:tagName/:tagValue", said::untagAll),
        // Instance management
        read("instance/:host/:port", instance::one),
        write("discover/:host/:port", deed::discover),
        write("async-discover/:host/:port", deed::asyncDiscover),
        write("refresh/:host/:port", deed::refresh),
        write("forget/:host/:port", deed::forget),
        write("begin-maintenance/:host/:port/:owner/:reason", said::beginMaintenance),
        write("end-maintenance/:host/:port", said::endMaintenance),
        write("end-maintenance/:maintenanceKey", said::endMaintenanceByKey),
        read("in-maintenance/:host/:port", said::inMaintenance),
        read("maintenance", said::maintenance),
        write("begin-downtime/:host/:port/:owner/:reason", said::beginDowntime),
        write("begin-downtime/:host/:port/:owner/:reason/:duration", said::beginDowntime),
        write("end-downtime/:host/:port", said::endDowntime),
        write("register-candidate/:host/:port/:promotionRule", said::registerCandidate),
        // Hosts; of orchestrator's agents
        read("host-attribute/attr/:attr", said::attributes),
        write("host-attribute/:host/:attrVame/:attrValue", said::setAttribute),
        // General
        read("problems", instance::problems),
        read("problems/:clusterName", instance::problems),
        // Recovery
        read("replication-analysis", analysis::all),
        read("replication-analysis/:clusterName", analysis::ofCluster),
        read("replication-analysis/instance/:host/:port", analysis::ofInstance),
        read("replication-analysis-changelog", analysis::changelog),
        read("audit-failure-detection", analysis::detections),
        read("audit-failure-detection/:page", analysis::detections),
        read("audit-failure-detection/id/:id", analysis::detections),
        read("audit-failure-detection/alias/:clusterAlias", analysis::detections),
        read("audit-failure-detection/alias/:clusterAlias/:page", analysis::detections),
        write("recover/:host/:port", recovery::recover),
        write("recover/:host/:port/:candidateHost/:candidatePort", recovery::recover),
        write("recover-lite/:host/:port", recovery::recoverLite),
        write("recover-lite/:host/:port/:candidateHost/:candidatePort", recovery::recoverLite),
        write("submit-masters-to-kv-stores", recovery::submitPrimaries),
        write("submit-masters-to-kv-stores/:clusterHint", recovery::submitPrimaries),
        write("graceful-master-takeover/:host/:port", takeover::graceful),
        write(
            "graceful-master-takeover/:host/:port/:designatedHost/:designatedPort",
            takeover::graceful),
        write("graceful-master-takeover/:clusterHint", takeover::graceful),
        write(
            "graceful-master-takeover/:clusterHint/:designatedHost/:designatedPort",
            takeover::graceful),
        write("graceful-master-takeover-auto/:host/:port", takeover::automatic),
        write(
            "graceful-master-takeover-auto/:host/:port/:designatedHost/:designatedPort",
            takeover::automatic),
        write("graceful-master-takeover-auto/:clusterHint", takeover::automatic),
        write(
            "graceful-master-takeover-auto/:clusterHint/:designatedHost/:designatedPort",
            takeover::automatic),
        write("force-master-failover/:host/:port", takeover::forcedFailover),
        write("force-master-failover/:clusterHint", takeover::forcedFailover),
        write(
            "force-master-takeover/:clusterHint/:designatedHost/:designatedPort",
            takeover::forcedTakeover),
        write(
            "force-master-takeover/:host/:port/:designatedHost/:designatedPort",
            takeover::forcedTakeover),
        read("automated-recovery-filters", recovery::filters),
        read("audit-recovery", recovery::all),
        read("audit-recovery/:page", recovery::all),
        read("audit-recovery/id/:id", recovery::byId),
        read("audit-recovery/uid/:uid", recovery::byUid),
        read("audit-recovery/cluster/:clusterName", recovery::ofCluster),
        read("audit-recovery/cluster/:clusterName/:page", recovery::ofCluster),
        read("audit-recovery/alias/:clusterAlias", recovery::ofAlias),
        read("audit-recovery/alias/:clusterAlias/:page", recovery::ofAlias),
        read("audit-recovery-steps/:uid", recovery::steps),
        read("active-cluster-recovery/:clusterName", recovery::active),
        read("recently-active-cluster-recovery/:clusterName", recovery::recentlyActive),
        read("recently-active-instance-recovery/:host/:port", recovery::recentlyActiveOfServer),
        write("ack-recovery/cluster/:clusterHint", recovery::acknowledgeCluster),
        write("ack-recovery/cluster/alias/:clusterAlias", recovery::acknowledgeCluster),
        write("ack-recovery/instance/:host/:port", recovery::acknowledgeServer),
        write("ack-recovery/:recoveryId", recovery::acknowledge),
        write("ack-recovery/uid/:uid", recovery::acknowledge),
        write("ack-all-recoveries", recovery::acknowledgeAll),
        read("blocked-recoveries", recovery::blocked),
        read("blocked-recoveries/cluster/:clusterName", recovery::blocked),
        write("disable-global-recoveries", recovery::disable),
        write("enable-global-recoveries", recovery::enable),
        read("check-global-recoveries", recovery::check),
        // Audit
        read("audit", audit::page),
        read("audit/:page", audit::page),
        read("audit/instance/:host/:port", audit::page),
        read("audit/instance/:host/:port/:page", audit::page),
        // Meta
        read("health", node::health),
        read("status", node::health),
        read("lb-check", node::ping),
        read("_ping", node::ping),
        read("leader-check", node::leaderCheck),
        read("leader-check/:errorStatusCode", node::leaderCheck),
        readByLeader("routed-leader-check", node::leaderCheck),
        read("headers", node::headers),
        write("reelect", raft::reelect),
        writeHere("grab-election", raft::grab),
        // Meta: the nodes' own cluster
        read("raft-state", raft::state),
        read("raft-leader", raft::leader),
        read("raft-peers", raft::peers),
        read("raft-health", raft::health),
        read("raft-status", raft::status),
        read(
            "raft-follower-health-report/:authenticationToken/:raftBind/:raftAdvertise",
            raft::report),
        writeHere("raft-snapshot", raft::snapshot),
        write("raft-add-peer/:addr", raft::add),
        write("raft-remove-peer/:addr", raft::remove),
        write("raft-yield/:node", raft::yieldNode),
        write("raft-yield-hint/:hint", raft::yieldHint),
        // Bulk
        read("bulk-instances", instance::keys),
        read("bulk-promotion-rules", said::promotionRules),
        // Processes
        read("long-queries/:host/:port", instance::longQueries));
  }

  /**
   * Answers a request. What goes wrong is an answer too: an ERROR envelope with a sentence.
   *
   * @param segments the decoded path behind {@code /api/}, one empty segment at its end ignored
   * @param query what followed the question mark
   * @param headers by lower-case name
   * @param by on whose behalf
   * @return empty when there is no such path
   */
  public Optional<Answer> answer(
      List<String> segments, Map<String, String> query, Map<String, String> headers, By by) {
    List<String> path = withoutTrailing(segments);
    for (Route route : routes) {
      Optional<Map<String, String>> values = route.match(path);
      if (values.isPresent()) {
        return Optional.of(
            answer(
                route, new Call(known(values.get()), Map.copyOf(query), Map.copyOf(headers), by)));
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
    } catch (Trouble | RequestRefused | StoreException e) {
      return Answer.error(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.error("This node is shutting down; what was begun may still be under way.");
    }
  }

  /** Whether a path changes anything, so that a request from another site must not reach it. */
  public boolean writes(List<String> segments) {
    return route(segments).filter(Route::writes).isPresent();
  }

  /** Which node of a cluster answers a path. */
  public Answerer answerer(List<String> segments) {
    return route(segments).map(Route::answerer).orElse(Answerer.ASKED);
  }

  private Optional<Route> route(List<String> segments) {
    List<String> path = withoutTrailing(segments);
    return routes.stream().filter(route -> route.match(path).isPresent()).findFirst();
  }

  private static List<String> withoutTrailing(List<String> segments) {
    boolean trailing = segments.size() > 1 && segments.getLast().isEmpty();
    return trailing ? segments.subList(0, segments.size() - 1) : segments;
  }
}
