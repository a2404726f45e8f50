package topiary.app.v1;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import topiary.app.cluster.Cluster;
import topiary.app.cluster.ClusterRefused;
import topiary.app.cluster.ClusterView;
import topiary.app.cluster.Newcomer;
import topiary.app.json.BadField;
import topiary.app.json.ClusterJson;
import topiary.app.text.ClusterText;
import topiary.engine.catalogue.BadArgument;
import topiary.engine.manager.RequestRefused;

/** What is asked about the cluster of nodes, by people and by nodes. */
final class ClusterOperations {

  /** What a node says that has no others. */
  static final String ALONE =
      "this node is alone; start it with --bootstrap to make a cluster of it";

  private final Optional<Cluster> cluster;
  private final int auditDays;

  /**
   * What is done with a cluster.
   *
   * @param auditDays how many days this node's file keeps who did what
   */
  ClusterOperations(Optional<Cluster> cluster, int auditDays) {
    this.cluster = cluster;
    this.auditDays = auditDays;
  }

  /** Does something with the cluster, or refuses to. */
  private interface Deed {
    void on(Cluster cluster) throws ClusterRefused;
  }

  private Cluster cluster() throws RequestRefused {
    return cluster.orElseThrow(() -> new RequestRefused(RequestRefused.Kind.REFUSED, ALONE));
  }

  private void run(Deed deed) throws RequestRefused {
    Cluster known = cluster();
    try {
      deed.on(known);
    } catch (ClusterRefused e) {
      RequestRefused.Kind kind =
          switch (e.kind()) {
            case UNKNOWN -> RequestRefused.Kind.UNKNOWN;
            case REFUSED -> RequestRefused.Kind.REFUSED;
            case NOT_LEADING -> RequestRefused.Kind.NOT_LEADING;
            case BROKEN -> RequestRefused.Kind.BROKEN;
          };
      throw new RequestRefused(kind, e.getMessage(), e);
    }
  }

  /** How it is, when there is one. */
  Optional<ClusterView> view() {
    return cluster.map(Cluster::view);
  }

  Answer show() throws RequestRefused {
    ClusterView view = cluster().view();
    return Answer.ok(ClusterJson.of(view), ink -> new ClusterText(ink).of(view));
  }

  /**
   * All a newcomer has to know before it asks to be taken in, and what the others compare with
   * their own.
   */
  Answer id() throws RequestRefused {
    String id = cluster().view().cluster();
    return Answer.ok(Map.of("cluster", id, "auditDays", auditDays), ink -> id + "\n");
  }

  Answer remove(String node) throws RequestRefused {
    run(c -> c.remove(node));
    return done("node", node, node + " is none of the cluster any more.");
  }

  Answer transfer(String node) throws RequestRefused {
    run(c -> c.transfer(node));
    return done("node", node, node + " leads the cluster.");
  }

  Answer stepDown() throws RequestRefused {
    String self = cluster().view().self();
    run(Cluster::stepDown);
    return done("node", self, self + " leads the cluster no more; the others elect another one.");
  }

  Answer snapshot() throws RequestRefused {
    run(Cluster::snapshot);
    long index = cluster().view().snapshotIndex();
    return Answer.ok(
        Map.of("snapshotIndex", index),
        ink -> "There is a snapshot on this node, at " + index + ".\n");
  }

  private static Answer done(String name, String value, String sentence) {
    return Answer.ok(Map.of(name, value), ink -> sentence + "\n");
  }

  /**
   * A node wants to be a member; the answer has everything a member has to know.
   *
   * @param body what it says of itself
   */
  Answer join(Map<String, Object> body) throws BadArgument, RequestRefused {
    Newcomer newcomer = newcomer(body);
    run(c -> c.join(newcomer));
    return welcome(newcomer);
  }

  /** A member says who it is now. */
  Answer announce(Map<String, Object> body) throws BadArgument, RequestRefused {
    Newcomer member = newcomer(body);
    run(c -> c.announce(member));
    return welcome(member);
  }

  private Answer welcome(Newcomer newcomer) throws RequestRefused {
    ClusterView view = cluster().view();
    return Answer.ok(
        ClusterJson.of(view), ink -> newcomer.name() + " is a member of " + view.cluster() + ".\n");
  }

  private Newcomer newcomer(Map<String, Object> body) throws BadArgument, RequestRefused {
    Newcomer newcomer;
    try {
      newcomer = ClusterJson.newcomer(new LinkedHashMap<>(body));
    } catch (BadField e) {
      throw new BadArgument(e.getMessage());
    }
    String own = cluster().view().cluster();
    if (!newcomer.cluster().equals(own)) {
      throw new RequestRefused(
          RequestRefused.Kind.CHANGED,
          newcomer.name()
              + " means the cluster "
              + newcomer.cluster()
              + ", and this is "
              + own
              + "; nothing was done");
    }
    return newcomer;
  }
}
