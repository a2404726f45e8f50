package topiary.app.legacy;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is asked about the node itself, mostly by load balancers. */
final class NodeAnswers {

  private static final System.Logger LOG = System.getLogger(NodeAnswers.class.getName());

  private static final int NOT_FOUND = 404;

  /** How Go writes a time that was never set. */
  private static final String NEVER = "0001-01-01T00:00:00Z";

  private final Fleetview fleet;
  private final LegacyNode node;
  private final InstantSource clock;

  NodeAnswers(Fleetview fleet, LegacyNode node, InstantSource clock) {
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
    boolean active = healthy && fleet.active();
    return new Json()
        .with("Healthy", healthy)
        .with("Hostname", node.hostname())
        .with("Token", node.token())
        .with("IsActiveNode", active)
        // Of the active node orchestrator tells who it is and since when, but not what it runs.
        .with("ActiveNode", active ? nodeHealth("", "") : nobody())
        // A Go error has no fields that are written.
        .with("Error", healthy ? null : Map.of())
        .with(
            "AvailableNodes",
            healthy ? List.of(nodeHealth(node.appVersion(), node.databaseBackend())) : null)
        .with("RaftLeader", "")
        .with("IsRaftLeader", false)
        .with("RaftLeaderURI", "")
        .with("RaftAdvertise", "")
        .with("RaftHealthyMembers", null)
        .map();
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
    return fleet.active()
        ? Answer.raw("OK")
        : new Answer(wantedStatus(call.path("errorStatusCode")), "Not leader");
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
