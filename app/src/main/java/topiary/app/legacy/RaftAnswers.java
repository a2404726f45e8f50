package topiary.app.legacy;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import topiary.app.cluster.Cluster;
import topiary.app.cluster.ClusterMember;
import topiary.app.cluster.ClusterRefused;
import topiary.app.cluster.ClusterView;

/** What is asked about the nodes' own cluster, in the words of orchestrator's raft. */
final class RaftAnswers {

  private static final int DEFAULT_PORT = 10_008;

  private final Optional<Cluster> cluster;

  RaftAnswers(Optional<Cluster> cluster) {
    this.cluster = cluster;
  }

  /** Does something with the cluster. */
  private interface Deed {
    void on(Cluster cluster) throws ClusterRefused;
  }

  /** orchestrator's sentence of a node without raft, with the name it has there, right or wrong. */
  private Cluster cluster(String name) throws Trouble {
    return cluster.orElseThrow(() -> new Trouble(name + ": not running with raft setup"));
  }

  private void run(String name, String failed, Deed deed) throws Trouble {
    Cluster known = cluster(name);
    try {
      deed.on(known);
    } catch (ClusterRefused e) {
      throw new Trouble(failed + e.getMessage(), e);
    }
  }

  // ---- how it is

  Answer state(Call call) throws Trouble {
    return Answer.raw(state(cluster("raft-state").view()));
  }

  Answer leader(Call call) throws Trouble {
    return Answer.raw(leader(cluster("raft-leader").view()));
  }

  Answer peers(Call call) throws Trouble {
    return Answer.raw(peers(cluster("raft-nodes").view()));
  }

  Answer health(Call call) throws Trouble {
    if (!healthy(cluster("raft-state").view())) {
      throw new Trouble("unhealthy");
    }
    return Answer.raw("healthy");
  }

  Answer status(Call call) throws Trouble {
    ClusterView view = cluster("raft-state").view();
    String own = own(view);
    return Answer.raw(
        new Json()
            .with("RaftBind", own)
            .with("RaftAdvertise", own)
            .with("State", state(view))
            .with("Healthy", healthy(view))
            .with("IsPartOfQuorum", healthy(view) && view.leader().isPresent())
            .with("Leader", leader(view))
            .with("LeaderURI", leaderUri(view))
            .with("Peers", peers(view))
            .map());
  }

  /** Nodes hear each other over the log; no token was given to anybody to report with. */
  Answer report(Call call) throws Trouble {
    cluster("raft-state");
    throw new Trouble(
        "Raft health report: unknown token " + Text.printable(call.path("authenticationToken")));
  }

  /** By what orchestrator calls the roles. */
  private static String state(ClusterView view) {
    return switch (view.role()) {
      case "leader" -> "Leader";
      case "follower" -> "Follower";
      case "ended" -> "Shutdown";
      default -> "Candidate";
    };
  }

  private static boolean healthy(ClusterView view) {
    return List.of("leader", "follower").contains(view.role());
  }

  /** Where a node that leads takes part in the log; empty when none is known to. */
  static String leader(ClusterView view) {
    return view.leaderMember().map(ClusterMember::address).orElse("");
  }

  /** Where a node that leads serves; empty when that is not known. */
  static String leaderUri(ClusterView view) {
    return view.leaderMember().flatMap(ClusterMember::http).map(URI::toString).orElse("");
  }

  /** Where this node takes part in the log. */
  static String own(ClusterView view) {
    return view.members().stream()
        .filter(ClusterMember::self)
        .map(ClusterMember::address)
        .findFirst()
        .orElse("");
  }

  private static List<String> peers(ClusterView view) {
    return view.members().stream().map(ClusterMember::address).toList();
  }

  // ---- what is changed

  Answer add(Call call) throws Trouble {
    ClusterView view = cluster("raft-add-peer").view();
    String address = address(call.path("addr"));
    if (peers(view).contains(address)) {
      return Answer.raw(address);
    }
    throw new Trouble(
        "Cannot add raft peer: a node comes in by itself here, so that it is known to be one before"
            + " it has a vote: start it with --join "
            + (leaderUri(view).isEmpty() ? "and the address of this node" : leaderUri(view)));
  }

  Answer remove(Call call) throws Trouble {
    String failed = "Cannot remove raft peer: ";
    String name = "raft-remove-peer";
    ClusterMember member = member(cluster(name).view(), call.path("addr"), failed);
    run(name, failed, c -> c.remove(member.id()));
    return Answer.raw(member.address());
  }

  Answer yieldNode(Call call) throws Trouble {
    String failed = "Cannot yield: ";
    String name = "raft-yield";
    ClusterMember member = member(cluster(name).view(), call.path("node"), failed);
    yieldTo(member, name, failed);
    return Answer.ok("Asynchronously yielded", null);
  }

  Answer yieldHint(Call call) throws Trouble {
    String failed = "Cannot yield: ";
    String name = "raft-yield-hint";
    String hint = call.path("hint");
    ClusterView view = cluster(name).view();
    List<ClusterMember> hinted = view.members().stream().filter(m -> hinted(m, hint)).toList();
    if (hinted.isEmpty()) {
      throw new Trouble(failed + "no node has \"" + Text.printable(hint) + "\" in its name");
    }
    // One that leads already is as good as any.
    ClusterMember to =
        hinted.stream().filter(ClusterMember::leads).findFirst().orElse(hinted.getFirst());
    yieldTo(to, name, failed);
    return Answer.ok("Asynchronously yielded by hint " + hint, hint);
  }

  private void yieldTo(ClusterMember member, String name, String failed) throws Trouble {
    if (!member.leads()) {
      run(name, failed, c -> c.transfer(member.id()));
    }
  }

  Answer snapshot(Call call) throws Trouble {
    run("raft-leader", "Cannot create snapshot: ", Cluster::snapshot);
    return Answer.raw("snapshot created");
  }

  /** A node that is alone is elected again at once. */
  Answer reelect(Call call) throws Trouble {
    if (cluster.isPresent()) {
      run("reelect", "Unable to re-elect: ", Cluster::stepDown);
    }
    return Answer.ok("Set re-elections", null);
  }

  Answer grab(Call call) throws Trouble {
    if (cluster.isPresent()) {
      throw new Trouble(
          "Unable to grab election: Cannot GrabElection on raft setup; hand the leadership over"
              + " with raft-yield");
    }
    return Answer.ok("Node elected as leader", null);
  }

  /** By the address in the log, with its port or without, or where it serves, or id, or name. */
  private static ClusterMember member(ClusterView view, String wanted, String failed)
      throws Trouble {
    return view.member(wanted)
        .or(() -> only(view, m -> m.address().equals(address(wanted))))
        .or(() -> only(view, m -> host(m.address()).equals(wanted)))
        .or(() -> only(view, m -> m.http().map(URI::getAuthority).equals(Optional.of(wanted))))
        .orElseThrow(() -> new Trouble(failed + "no one node is called " + Text.printable(wanted)));
  }

  private static Optional<ClusterMember> only(ClusterView view, Predicate<ClusterMember> which) {
    List<ClusterMember> all = view.members().stream().filter(which).limit(2).toList();
    return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }

  private static boolean hinted(ClusterMember member, String hint) {
    String names =
        String.join(
            "\n",
            member.id(),
            member.name(),
            host(member.address()),
            member.http().map(URI::getHost).orElse(""));
    return names.toLowerCase(Locale.ROOT).contains(hint.toLowerCase(Locale.ROOT));
  }

  private static String address(String given) {
    boolean port = given.matches(".*[^:]:\\d+") || given.matches("\\[.*]:\\d+");
    return port ? given : given + ":" + DEFAULT_PORT;
  }

  private static String host(String address) {
    int colon = address.lastIndexOf(':');
    return colon < 0 ? address : address.substring(0, colon);
  }
}
