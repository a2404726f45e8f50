package topiary.app.legacy;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import topiary.app.cluster.Cluster;
import topiary.app.cluster.ClusterMember;
import topiary.app.cluster.ClusterView;
import topiary.app.cluster.Quorum;

/** What is asked about the node itself, mostly by load balancers. */
final class NodeAnswers {

  private static final System.Logger LOG = System.getLogger(NodeAnswers.class.getName());

  private static final int NOT_FOUND = 404;

  private static final Set<String> SECRET = Set.of("authorization", "cookie");

  /** How Go writes a time that was never set. */
  private static final String NEVER = "0001-01-01T00:00:00Z";

  private final Fleetview fleet;
  private final LegacyNode node;
  private final InstantSource clock;
  private final Optional<Cluster> cluster;

  NodeAnswers(Fleetview fleet, LegacyNode node, InstantSource clock, Optional<Cluster> cluster) {
    this.cluster = cluster;
    this.fleet = fleet;
    this.node = node;
    this.clock = clock;
  }

  Answer health(Call call) {
    Optional<String> trouble = node.trouble().get();
    if (trouble.isPresent()) {
      return unhealthy(trouble.get());
    }
    try {
      fleet.checkStore();
    } catch (RuntimeException e) {
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      LOG.log(System.Logger.Level.WARNING, "the store does not answer: " + why);
      return unhealthy(why);
    }
    return Answer.ok("Application node is healthy", status(true));
  }

  private Answer unhealthy(String why) {
    return Answer.error("Application node is unhealthy " + why, status(false));
  }

  private Object status(boolean healthy) {
    Optional<ClusterView> view = cluster.map(Cluster::view);
    boolean active = healthy && active(view);
    String leader = view.map(RaftAnswers::leader).orElse("");
    return new Json()
        .with("Healthy", healthy)
        .with("Hostname", node.hostname())
        .with("Token", node.token())
        .with("IsActiveNode", active)
        .with("ActiveNode", activeNode(view, active))
        // A Go error has no fields that are written.
        .with("Error", healthy ? null : Map.of())
        .with(
            "AvailableNodes",
            healthy ? List.of(nodeHealth(node.appVersion(), node.databaseBackend())) : null)
        .with("RaftLeader", leader)
        .with("IsRaftLeader", view.filter(ClusterView::leading).isPresent())
        .with("RaftLeaderURI", view.map(RaftAnswers::leaderUri).orElse(""))
        .with("RaftAdvertise", view.map(RaftAnswers::own).orElse(""))
        .with("RaftHealthyMembers", view.map(NodeAnswers::heard).orElse(null))
        .map();
  }

  /**
   * Of the active node orchestrator tells who it is and since when, but not what it runs; among
   * several only where the one that leads takes part in the log.
   */
  private Object activeNode(Optional<ClusterView> view, boolean active) {
    if (view.isPresent()) {
      return nodeHealth(RaftAnswers.leader(view.get()), "", "", "", "", "");
    }
    return active ? nodeHealth("", "") : nobody();
  }

  /** The members that the one that leads hears, by address; null on any other, as nothing is. */
  private static List<String> heard(ClusterView view) {
    List<ClusterMember> silent = Quorum.of(view).silent();
    List<String> heard =
        view.members().stream()
            .filter(m -> m.heard().isPresent() && !m.self() && !silent.contains(m))
            .map(ClusterMember::address)
            .toList();
    return heard.isEmpty() ? null : heard;
  }

  private boolean active(Optional<ClusterView> view) {
    return view.map(ClusterView::leading).orElseGet(fleet::active);
  }

  private Object nodeHealth(String version, String backend) {
    return nodeHealth(
        node.hostname(),
        node.token(),
        version,
        Text.stamp(node.started()),
        Text.stamp(clock.instant()),
        backend);
  }

  private static Object nobody() {
    return nodeHealth("", "", "", "", "", "");
  }

  private static Object nodeHealth(
      String host, String token, String version, String first, String last, String backend) {
    return new Json()
        .with("Hostname", host)
        .with("Token", token)
        .with("AppVersion", version)
        .with("FirstSeenActive", first)
        .with("LastSeenActive", last)
        .with("ExtraInfo", "")
        .with("Command", "")
        .with("DBBackend", backend)
        .with("LastReported", NEVER)
        .map();
  }

  Answer ping(Call call) {
    return Answer.raw("OK");
  }

  Answer leaderCheck(Call call) {
    return active(cluster.map(Cluster::view))
        ? Answer.raw("OK")
        : new Answer(wantedStatus(call.path("errorStatusCode")), "Not leader");
  }

  /** What came with the request, by the names Go gives it; nobody's secrets, though. */
  Answer headers(Call call) {
    var headers = new TreeMap<String, List<String>>();
    call.headers()
        .forEach(
            (name, value) -> {
              if (!name.equals("host")) {
                headers.put(canonical(name), List.of(SECRET.contains(name) ? "(hidden)" : value));
              }
            });
    return Answer.raw(headers);
  }

  private static String canonical(String name) {
    return Arrays.stream(name.split("-", -1))
        .map(w -> w.isEmpty() ? w : w.substring(0, 1).toUpperCase(Locale.ROOT) + w.substring(1))
        .collect(Collectors.joining("-"));
  }

  private static int wantedStatus(String text) {
    try {
      int status = Integer.parseInt(text);
      return status >= 100 && status <= 999 ? status : NOT_FOUND;
    } catch (NumberFormatException e) {
      // Anything but a number means the default, and so does nothing.
      return NOT_FOUND;
    }
  }
}
